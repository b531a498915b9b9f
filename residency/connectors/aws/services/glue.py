"""Glue: the catalog of a region, the buckets whose data it describes, links into other regions, and connections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, bucket_at
from residency.connectors.aws.rows import Tags, in_bucket, kept, primary, resource
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

DATABASES = operation("glue:GetDatabases", lists="DatabaseList")
CONNECTIONS = operation("glue:GetConnections", lists="ConnectionList")
CATALOG_POLICY = operation("glue:GetResourcePolicy")
TAGS = operation("glue:GetTags", lists="Tags")
# Where a connection leads to, by the property that says so; the others hold names and secrets and are never read.
_HOSTS = ("JDBC_CONNECTION_URL", "CONNECTION_URL", "KAFKA_BOOTSTRAP_SERVERS", "INSTANCE_URL")


@collector(
    service="glue",
    actions=(DATABASES, CONNECTIONS, CATALOG_POLICY, TAGS),
    scope="regional",
    kinds=("glue-catalog", "data-connection"),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The databases of the account's own catalog, the connections, and whom the catalog's policy lets in."""
    calls.each(_connections)
    calls.each(_policy)
    for index, database in calls.items(DATABASES, MaxResults=100):
        calls.each(_read, database, index)


def _connections(calls: Calls) -> None:
    # Passwords are left out of the answer.
    for index, connection in calls.items(CONNECTIONS, MaxResults=100, HidePassword=True):
        calls.add(read_connection(calls.place, connection, index))


def _policy(calls: Calls) -> None:
    answer = calls.one(CATALOG_POLICY, absent=("EntityNotFoundException",)) or {}
    calls.add(read_catalog_policy(calls.place, answer.get("PolicyInJson")))


def _read(calls: Calls, database: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceArn=_uid(calls.place, database))
    calls.add(read_database(calls.place, database, index, None if answer is None else answer["Tags"]))


def read_database(place: Place, database: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A database: its descriptions lie here, its data in a bucket, or in the region of the database it links to."""
    uid, path, call = _uid(place, database), f"DatabaseList[{index}]", DATABASES.call
    yield resource(place, uid, "AWS::Glue::Database", "glue-catalog", database["Name"], tags=tags)
    yield primary(place, uid, call, f"{path}.Name", database["Name"])
    told = database.get("LocationUri")
    bucket = bucket_at(told)
    if bucket:
        evidence = Evidence(call, f"{path}.LocationUri", told)
        yield in_bucket(place, uid, Role.PRIMARY, bucket, "glue-location", evidence)
    link = database.get("TargetDatabase", {})
    region = link.get("Region")
    if region and region != place.region:
        account = link.get("CatalogId") or place.account
        target = f"arn:{place.partition}:glue:{region}:{account}:database/{link['DatabaseName']}"
        evidence = Evidence(call, f"{path}.TargetDatabase.Region", region)
        yield Placement(uid, Role.PRIMARY, region, "glue-link", evidence, target=target)


def read_connection(place: Place, connection: Answer, index: int) -> Iterator[Found]:
    """A connection to a database or a service, and the host it leads to, which is in a place that AWS does not tell."""
    name, path = connection["Name"], f"ConnectionList[{index}]"
    uid, field = place.arn("glue", f"connection/{name}"), f"{path}.Name"
    yield from kept(
        place, uid, "AWS::Glue::Connection", "data-connection", name, CONNECTIONS.call, field, name, tags=None,
        stores=StoresData.NO,
    )  # fmt: skip
    properties = connection.get("ConnectionProperties") or {}
    for told in _HOSTS:
        hosts = host_of(properties.get(told) or "")
        if hosts:
            evidence = Evidence(CONNECTIONS.call, f"{path}.ConnectionProperties.{told}", hosts)
            yield Placement(uid, Role.PROCESSING, None, "glue-connection", evidence, target=hosts)


def host_of(url: str) -> str:
    """The hosts of a connection's address, without the user, the password and the options that some addresses hold."""
    rest = url.partition("://")[2] or url.rpartition("@//")[2]
    return re.split(r"[/;?]", rest.rpartition("@")[2] or rest)[0]


def read_catalog_policy(place: Place, policy: str | None) -> Iterator[Found]:
    """The catalog itself, when other accounts may read it."""
    uid = place.arn("glue", "catalog")
    shares = list(read_policy(place, uid, policy, "catalog-policy", CATALOG_POLICY.call, "PolicyInJson"))
    if shares:
        yield resource(place, uid, "AWS::Glue::Catalog", "glue-catalog", place.account, tags=None)
        yield primary(place, uid, CATALOG_POLICY.call, "PolicyInJson", None)
        yield from shares


def _uid(place: Place, database: Answer) -> str:
    return place.arn("glue", f"database/{database['Name']}")
