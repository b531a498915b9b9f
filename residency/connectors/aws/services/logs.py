"""CloudWatch Logs: log groups and the keys they are encrypted with."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

GROUPS = operation("logs:DescribeLogGroups", lists="logGroups")
TAGS = operation("logs:ListTagsForResource", lists="tags")


@collector(
    service="logs",
    actions=(GROUPS, TAGS),
    scope="regional",
    kinds=("log-group",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of log groups, then the tags of each."""
    index = 0
    for page in calls.pages(GROUPS, limit=50):
        for group in page["logGroups"]:
            calls.each(_read, group, index)
            index += 1


def _read(calls: Calls, group: Answer, index: int) -> None:
    answer = calls.one(TAGS, resourceArn=_arn(group))
    calls.add(read_group(calls.place, group, index, None if answer is None else answer["tags"]))


def read_group(place: Place, group: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A log group. Without a key of KMS it is encrypted with one that AWS owns."""
    uid, path = _arn(group), f"logGroups[{index}]"
    custody, keys = encrypted(
        place, uid, group.get("kmsKeyId"), GROUPS.call, f"{path}.kmsKeyId", KeyCustody.PROVIDER_MANAGED
    )
    yield resource(place, uid, "AWS::Logs::LogGroup", "log-group", group["logGroupName"], tags=tags, custody=custody)
    yield primary(place, uid, GROUPS.call, f"{path}.arn", group["arn"])
    yield from keys


def _arn(group: Answer) -> str:
    """The ARN of the group; the API adds `:*`, for the streams in it."""
    return str(group["arn"]).removesuffix(":*")
