"""What S3 tells elsewhere of a bucket: inventories, analyses, tables of metadata, and notices of its events."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import in_named_bucket
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

INVENTORY = operation("s3:ListBucketInventoryConfigurations", permission="s3:GetInventoryConfiguration")
NOTICES = operation("s3:GetBucketNotificationConfiguration", permission="s3:GetBucketNotification")
ANALYSES = operation("s3:ListBucketAnalyticsConfigurations", permission="s3:GetAnalyticsConfiguration")
METADATA = operation(
    "s3:GetBucketMetadataConfiguration",
    permission="s3:GetBucketMetadataTableConfiguration",
    lists="GetBucketMetadataConfigurationResult",
)
REPORTS = (INVENTORY, ANALYSES, METADATA, NOTICES)
_NOTIFIED = (
    ("TopicConfigurations", "TopicArn"), ("QueueConfigurations", "QueueArn"),
    ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
)  # fmt: skip


def collect_reports(calls: Calls, name: str) -> None:
    """Each kind of report of a bucket, side by side."""
    calls.each(_inventories, name)
    calls.each(_analyses, name)
    calls.each(_metadata, name)
    calls.each(_notices, name)


def _inventories(calls: Calls, name: str) -> None:
    for page in calls.pages(INVENTORY, Bucket=name):
        calls.add(read_inventories(calls.place, name, page))


def _analyses(calls: Calls, name: str) -> None:
    for page in calls.pages(ANALYSES, Bucket=name):
        calls.add(read_analyses(calls.place, name, page))


def _metadata(calls: Calls, name: str) -> None:
    answer = calls.one(METADATA, absent=("MetadataConfigurationNotFound",), Bucket=name) or {}
    calls.add(read_metadata(calls.place, name, answer))


def _notices(calls: Calls, name: str) -> None:
    calls.add(read_notices(calls.place, name, calls.one(NOTICES, Bucket=name) or {}))


def read_inventories(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The buckets that lists of the objects of a bucket are written to."""
    for index, entry in enumerate(answer.get("InventoryConfigurationList") or ()):
        if not entry.get("IsEnabled"):
            continue
        told = entry["Destination"]["S3BucketDestination"]["Bucket"]
        field = f"InventoryConfigurationList[{index}].Destination.S3BucketDestination.Bucket"
        evidence = Evidence(INVENTORY.call, field, told)
        yield in_named_bucket(place, place.bucket(name), Role.LOG, "s3-inventory", told, evidence)


def read_analyses(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The buckets that analyses of how a bucket is used are written to."""
    for index, entry in enumerate(answer.get("AnalyticsConfigurationList") or ()):
        export = (entry.get("StorageClassAnalysis") or {}).get("DataExport") or {}
        told = ((export.get("Destination") or {}).get("S3BucketDestination") or {}).get("Bucket")
        if told:
            path = "StorageClassAnalysis.DataExport.Destination.S3BucketDestination.Bucket"
            evidence = Evidence(ANALYSES.call, f"AnalyticsConfigurationList[{index}].{path}", told)
            yield in_named_bucket(place, place.bucket(name), Role.LOG, "s3-analytics", told, evidence)


def read_metadata(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The table bucket that S3 keeps names, tags and owners of the objects of a bucket in."""
    path = "GetBucketMetadataConfigurationResult.MetadataConfigurationResult.DestinationResult.TableBucketArn"
    told = answer
    for member in path.split(".")[:-1]:
        told = told.get(member) or {}
    arn = told.get("TableBucketArn")
    if arn:
        evidence, uid = Evidence(METADATA.call, path, arn), place.bucket(name)
        yield Placement(uid, Role.LOG, region_of(arn), "s3-metadata", evidence, target=arn)


def read_notices(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """Who is told, by the names of the objects, what happens in a bucket."""
    for member, field in _NOTIFIED:
        for index, entry in enumerate(answer.get(member) or ()):
            arn = entry[field]
            evidence = Evidence(NOTICES.call, f"{member}[{index}].{field}", arn)
            uid = place.bucket(name)
            yield Placement(uid, Role.PROCESSING, region_of(arn), "s3-notification", evidence, target=arn)
