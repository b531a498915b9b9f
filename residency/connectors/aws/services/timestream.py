"""Timestream for LiveAnalytics: databases, their keys, and the buckets that take what a table refused."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

DATABASES = operation("timestream-write:ListDatabases", permission="timestream:ListDatabases", lists="Databases")
TABLES = operation("timestream-write:ListTables", permission="timestream:ListTables", lists="Tables")
TAGS = operation("timestream-write:ListTagsForResource", permission="timestream:ListTagsForResource", lists="Tags")
# Asked before the first of the others: it tells the host of the account in a region.
HOSTS = operation("timestream-write:DescribeEndpoints", permission="timestream:DescribeEndpoints", lists="Endpoints")


@collector(
    service="timestream-write",
    actions=(DATABASES, TABLES, TAGS, HOSTS),
    scope="regional",
    kinds=("time-series-db",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The databases of the region, then the tables of each."""
    for index, database in calls.items(DATABASES, MaxResults=20):
        calls.each(_read, database, index)


def _read(calls: Calls, database: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceARN=database["Arn"])
    calls.add(read_database(calls.place, database, index, tags_of(None if answer is None else answer["Tags"])))
    for at, table in calls.items(TABLES, DatabaseName=database["DatabaseName"], MaxResults=20):
        calls.add(read_table(calls.place, database["Arn"], table, at))


def read_database(place: Place, database: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A database and its key."""
    uid, path = database["Arn"], f"Databases[{index}]"
    yield from kept(
        place, uid, "AWS::Timestream::Database", "time-series-db", database["DatabaseName"], DATABASES.call,
        f"{path}.Arn", uid, tags=tags, key=database.get("KmsKeyId"), key_field=f"{path}.KmsKeyId",
        otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_table(place: Place, uid: str, table: Answer, index: int) -> Iterator[Found]:
    """The bucket that takes the rows which a table of a database refused."""
    field = "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration"
    told = table
    for member in field.split("."):
        told = told.get(member) or {}
    bucket = told.get("BucketName")
    if bucket:
        evidence = Evidence(TABLES.call, f"Tables[{index}].{field}.BucketName", bucket)
        yield in_named_bucket(place, uid, Role.REPLICA, "timestream-rejected-data", bucket, evidence)
