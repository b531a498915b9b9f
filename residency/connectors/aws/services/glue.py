"""Glue databases: the catalog of a region, the buckets whose data it describes, and links into other regions."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, bucket_at
from residency.connectors.aws.rows import Tags, in_bucket, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

DATABASES = operation("glue:GetDatabases", lists="DatabaseList")
TAGS = operation("glue:GetTags", lists="Tags")


@collector(
    service="glue",
    actions=(DATABASES, TAGS),
    scope="regional",
    kinds=("glue-catalog",),
    roles=(Role.PRIMARY,),
)
def collect(calls: Calls) -> None:
    """The databases of the account's own catalog, then the tags of each."""
    index = 0
    for page in calls.pages(DATABASES, MaxResults=100):
        for database in page["DatabaseList"]:
            calls.each(_read, database, index)
            index += 1


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


def _uid(place: Place, database: Answer) -> str:
    return place.arn("glue", f"database/{database['Name']}")
