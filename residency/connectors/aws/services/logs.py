"""CloudWatch Logs: log groups, the keys they are encrypted with, and where their events are sent on or exported to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, in_bucket, primary, resource
from residency.connectors.aws.services.logs_delivery import DELIVERY, collect_delivery
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

GROUPS = operation("logs:DescribeLogGroups", lists="logGroups")
TAGS = operation("logs:ListTagsForResource", lists="tags")
FILTERS = operation("logs:DescribeSubscriptionFilters", lists="subscriptionFilters")
EXPORTS = operation("logs:DescribeExportTasks", lists="exportTasks")
_NEVER_WRITTEN = frozenset({"CANCELLED", "FAILED", "PENDING_CANCEL"})


@collector(
    service="logs",
    actions=(GROUPS, TAGS, FILTERS, EXPORTS, *DELIVERY),
    scope="regional",
    kinds=("log-group", "log-sink"),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of log groups, then each; and, where there is one, the exports that the service still remembers."""
    calls.each(collect_delivery)
    exports = None
    for index, group in calls.items(GROUPS, limit=50):
        if exports is None:
            exports = calls.whole(EXPORTS, "exportTasks") or []
        calls.each(_read, group, index, exports)


def _read(calls: Calls, group: Answer, index: int, exports: list[Answer]) -> None:
    answer = calls.one(TAGS, resourceArn=_arn(group))
    calls.add(read_group(calls.place, group, index, None if answer is None else answer["tags"]))
    filters = calls.whole(FILTERS, "subscriptionFilters", logGroupName=group["logGroupName"])
    calls.add(read_filters(group, filters or ()))
    calls.add(read_exports(calls.place, group, exports))


def read_group(place: Place, group: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A log group. Without a key of KMS it is encrypted with one that AWS owns."""
    uid, path = _arn(group), f"logGroups[{index}]"
    custody, keys = encrypted(
        place, uid, group.get("kmsKeyId"), GROUPS.call, f"{path}.kmsKeyId", KeyCustody.PROVIDER_MANAGED
    )
    yield resource(place, uid, "AWS::Logs::LogGroup", "log-group", group["logGroupName"], tags=tags, custody=custody)
    yield primary(place, uid, GROUPS.call, f"{path}.arn", group["arn"])
    yield from keys


def read_filters(group: Answer, filters: Iterable[Answer]) -> Iterator[Found]:
    """Where the events of a group are sent on to: a stream, a function, a destination that another account offers."""
    for index, entry in enumerate(filters):
        arn = entry["destinationArn"]
        evidence = Evidence(FILTERS.call, f"subscriptionFilters[{index}].destinationArn", arn)
        yield Placement(_arn(group), Role.LOG, region_of(arn), "logs-subscription", evidence, target=arn)


def read_exports(place: Place, group: Answer, exports: Iterable[Answer]) -> Iterator[Found]:
    """The buckets that a group was exported to."""
    for index, task in enumerate(exports):
        if task.get("logGroupName") != group["logGroupName"] or task.get("status", {}).get("code") in _NEVER_WRITTEN:
            continue
        bucket = task["destination"]
        evidence = Evidence(EXPORTS.call, f"exportTasks[{index}].destination", bucket)
        yield in_bucket(place, _arn(group), Role.LOG, bucket, "logs-export", evidence)


def _arn(group: Answer) -> str:
    """The ARN of the group; the API adds `:*`, for the streams in it."""
    return str(group["arn"]).removesuffix(":*")
