"""WAF: where the requests that a web access control list saw are logged."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Role, StoresData

LOGS = operation("wafv2:ListLoggingConfigurations", lists="LoggingConfigurations")
TAGS = operation("wafv2:ListTagsForResource", lists="TagInfoForResource.TagList")
# Lists for CloudFront are kept, and answered for, in this region only.
_EDGE = "us-east-1"


@collector(
    service="wafv2",
    actions=(LOGS, TAGS),
    scope="regional",
    kinds=("waf",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """Every access control list that logs. One that does not keeps nothing of what it sees."""
    for scope in ("REGIONAL", "CLOUDFRONT") if calls.region == _EDGE else ("REGIONAL",):
        calls.each_of(LOGS, _read, Scope=scope, Limit=100)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    calls.add(read_log(calls.place, entry, index, calls.tags(TAGS, ResourceARN=entry["ResourceArn"])))


def read_log(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """An access control list and where it logs: a bucket, a log group, a delivery stream."""
    uid, path = entry["ResourceArn"], f"LoggingConfigurations[{index}]"
    name = uid.split("/")[-2] if uid.count("/") > 1 else uid
    yield resource(place, uid, "AWS::WAFv2::WebACL", "waf", name, tags=tags, stores=StoresData.TRANSIT)
    yield primary(place, uid, LOGS.call, f"{path}.ResourceArn", uid)
    for at, arn in enumerate(entry["LogDestinationConfigs"]):
        yield towards(place, uid, Role.LOG, arn, "waf-logs", LOGS.call, f"{path}.LogDestinationConfigs[{at}]")
