"""Exports of cost and usage data: names of resources, and what was used of them, in a bucket."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

EXPORTS = operation("bcm-data-exports:ListExports", lists="Exports")
EXPORT = operation("bcm-data-exports:GetExport", lists="Export")
TAGS = operation("bcm-data-exports:ListTagsForResource", lists="ResourceTags")


@collector(
    service="bcm-data-exports",
    actions=(EXPORTS, EXPORT, TAGS),
    scope="global",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of exports, then each."""
    for _, export in calls.items(EXPORTS, MaxResults=100):
        calls.each(_read, export["ExportArn"])


def _read(calls: Calls, arn: str) -> None:
    answer = calls.one(EXPORT, ExportArn=arn)
    if answer is not None:
        calls.add(read_export(calls.place, arn, answer, calls.tags(TAGS, ResourceArn=arn)))


def read_export(place: Place, uid: str, answer: Answer, tags: Tags) -> Iterator[Found]:
    """An export, defined in the region that its ARN names, and the region of its bucket."""
    export, call = answer["Export"], EXPORT.call
    home, stores = region_of(uid), StoresData.TRANSIT
    type_ = "AWS::BCMDataExports::Export"
    yield resource(place, uid, type_, "log-sink", export["Name"], tags=tags, stores=stores, location=home)
    yield Placement(uid, Role.PRIMARY, home, "location", Evidence(call, "Export.ExportArn", uid))
    told, path = export.get("DestinationConfigurations", {}).get("S3Destination", {}), "DestinationConfigurations"
    region, bucket = told.get("S3Region"), told.get("S3Bucket")
    if bucket:
        evidence = Evidence(call, f"Export.{path}.S3Destination.S3Region", region)
        yield Placement(uid, Role.LOG, region, "usage-report", evidence, target=place.bucket(bucket))
