"""Keyspaces (for Apache Cassandra): keyspaces and the regions each is kept in."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

# IAM knows one right for every reading operation of Keyspaces, which also lets its holder read rows. Nothing here does:
# only `List` and `Get` operations are ever sent.
SELECT = "cassandra:Select"
KEYSPACES = operation("keyspaces:ListKeyspaces", permission=SELECT, lists="keyspaces")
TABLES = operation("keyspaces:ListTables", permission=SELECT, lists="tables")
TABLE = operation("keyspaces:GetTable", permission=SELECT, lists="resourceArn")
TAGS = operation("keyspaces:ListTagsForResource", permission=SELECT, lists="tags")
# Those that Cassandra itself keeps; they hold no data of the customer and are in every region.
_SYSTEM = frozenset({"system", "system_schema", "system_schema_mcs", "system_multiregion_info"})


@collector(
    service="keyspaces",
    actions=(KEYSPACES, TABLES, TABLE, TAGS),
    scope="regional",
    kinds=("wide-column", "wide-column-table"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The keyspaces, the tables of each, and each table, which alone has a key."""
    for index, keyspace in calls.items(KEYSPACES, maxResults=1000):
        if keyspace["keyspaceName"] not in _SYSTEM:
            calls.each(_keyspace, keyspace, index)


def _keyspace(calls: Calls, keyspace: Answer, index: int) -> None:
    answer = calls.one(TAGS, resourceArn=keyspace["resourceArn"])
    tags = tags_of(None if answer is None else answer["tags"], "key", "value")
    calls.add(read_keyspace(calls.place, keyspace, index, tags))
    for _, table in calls.items(TABLES, keyspaceName=keyspace["keyspaceName"], maxResults=1000):
        calls.each(_table, keyspace, table["tableName"], tags)


def _table(calls: Calls, keyspace: Answer, name: str, tags: Tags) -> None:
    answer = calls.one(TABLE, keyspaceName=keyspace["keyspaceName"], tableName=name)
    if answer is not None:
        calls.add(read_table(calls.place, answer, tags))


def read_keyspace(place: Place, keyspace: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A keyspace, and the other regions that have all of it."""
    uid, path, name = keyspace["resourceArn"], f"keyspaces[{index}]", keyspace["keyspaceName"]
    field = f"{path}.resourceArn"
    yield from kept(place, uid, "AWS::Cassandra::Keyspace", "wide-column", name, KEYSPACES.call, field, uid, tags=tags)
    for at, region in enumerate(keyspace.get("replicationRegions") or ()):
        if region != place.region:
            evidence = Evidence(KEYSPACES.call, f"{path}.replicationRegions[{at}]", region)
            target = uid.replace(f":{place.region}:", f":{region}:", 1)
            yield Placement(uid, Role.REPLICA, region, "keyspaces-replication", evidence, target=target)


def read_table(place: Place, table: Answer, tags: Tags) -> Iterator[Found]:
    """A table with its key, and the replicas that it has of its own. `tags` are those of its keyspace."""
    uid = table["resourceArn"]
    yield from kept(
        place, uid, "AWS::Cassandra::Table", "wide-column-table", table["tableName"], TABLE.call, "resourceArn", uid,
        tags=tags, key=(table.get("encryptionSpecification") or {}).get("kmsKeyIdentifier"),
        key_field="encryptionSpecification.kmsKeyIdentifier", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    for at, replica in enumerate(table.get("replicaSpecifications") or ()):
        region = replica.get("region")
        if region and region != place.region:
            evidence = Evidence(TABLE.call, f"replicaSpecifications[{at}].region", region)
            target = uid.replace(f":{place.region}:", f":{region}:", 1)
            yield Placement(uid, Role.REPLICA, region, "keyspaces-replication", evidence, target=target)
