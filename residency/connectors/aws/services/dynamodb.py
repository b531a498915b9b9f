"""DynamoDB tables: their replicas and witnesses in other regions, and their key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

TABLES = operation("dynamodb:ListTables", lists="TableNames")
TABLE = operation("dynamodb:DescribeTable", lists="Table")
TAGS = operation("dynamodb:ListTagsOfResource")


@collector(
    service="dynamodb",
    actions=(TABLES, TABLE, TAGS),
    scope="regional",
    kinds=("dynamodb",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The names of the tables, then each table."""
    for page in calls.pages(TABLES, Limit=100):
        for name in page["TableNames"]:
            calls.each(_read, name)


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(TABLE, TableName=name)
    if answer is not None:
        tags = tags_of(calls.whole(TAGS, "Tags", ResourceArn=answer["Table"]["TableArn"]))
        calls.add(read_table(calls.place, answer, tags))


def read_table(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A table. What has no encryption setting is encrypted with a key that AWS owns."""
    table = answer["Table"]
    uid, name = table["TableArn"], table["TableName"]
    custody, keys = encrypted(
        place, uid, table.get("SSEDescription", {}).get("KMSMasterKeyArn"), TABLE.call,
        "Table.SSEDescription.KMSMasterKeyArn", KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    yield resource(place, uid, "AWS::DynamoDB::Table", "dynamodb", name, tags=tags, custody=custody)
    yield primary(place, uid, TABLE.call, "Table.TableArn", uid)
    yield from keys
    for index, replica in enumerate(table.get("Replicas", ())):
        region = replica["RegionName"]
        if region == place.region or replica.get("ReplicaStatus") == "CREATION_FAILED":
            continue
        evidence = Evidence(TABLE.call, f"Table.Replicas[{index}].RegionName", region)
        target = place.arn("dynamodb", f"table/{name}", region)
        yield Placement(uid, Role.REPLICA, region, "dynamodb-global-table", evidence, target=target)
        key = replica.get("KMSMasterKeyId")
        if key:
            told = Evidence(TABLE.call, f"Table.Replicas[{index}].KMSMasterKeyId", key)
            yield KeyUse(uid, key, replace(place, region=region), told, decides=False)
    for index, witness in enumerate(table.get("GlobalTableWitnesses", ())):
        region = witness["RegionName"]
        evidence = Evidence(TABLE.call, f"Table.GlobalTableWitnesses[{index}].RegionName", region)
        yield Placement(uid, Role.REPLICA, region, "dynamodb-witness", evidence)
