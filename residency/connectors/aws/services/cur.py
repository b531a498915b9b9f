"""Cost and usage reports of the older sort: names of resources, and what was used of them, in a bucket."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

REPORTS = operation("cur:DescribeReportDefinitions", lists="ReportDefinitions")
TAGS = operation("cur:ListTagsForResource", lists="Tags")


@collector(
    service="cur",
    actions=(REPORTS, TAGS),
    scope="global",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of reports, then the tags of each."""
    calls.each_of(REPORTS, _read, MaxResults=5)


def _read(calls: Calls, report: Answer, index: int) -> None:
    tags = calls.tags(TAGS, ReportName=report["ReportName"])
    calls.add(read_report(calls.place, calls.region, report, index, tags))


def read_report(place: Place, home: str, report: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A report, defined in the region that answers for billing, and the region of its bucket."""
    name, path, call = report["ReportName"], f"ReportDefinitions[{index}]", REPORTS.call
    uid, stores = place.arn("cur", f"definition/{name}", home), StoresData.TRANSIT
    type_ = "AWS::CUR::ReportDefinition"
    yield resource(place, uid, type_, "log-sink", name, tags=tags, stores=stores, location=home)
    yield primary(Place(place.partition, place.account, home), uid, call, f"{path}.ReportName", name)
    region, bucket = report["S3Region"], report.get("S3Bucket")
    if bucket:
        evidence = Evidence(call, f"{path}.S3Region", region)
        yield Placement(uid, Role.LOG, region, "usage-report", evidence, target=place.bucket(bucket))
