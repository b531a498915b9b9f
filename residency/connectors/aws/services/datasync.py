"""DataSync: tasks, and the places they copy from and to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

LOCATIONS = operation("datasync:ListLocations", lists="Locations")
TASKS = operation("datasync:ListTasks", lists="Tasks")
TASK = operation("datasync:DescribeTask", lists="TaskArn")
TAGS = operation("datasync:ListTagsForResource", lists="Tags")
# File systems of AWS are told as `efs://eu-west-3.fs-0123/path`, as the documentation of `LocationUri` says.
_IN_REGION = re.compile(r"(?:efs|fsx[a-z]*)://([a-z0-9-]+)\.(fs[a-z]*-[0-9a-f]+)")

# The address of each location by its ARN.
Locations = Mapping[str, str]


@collector(
    service="datasync",
    actions=(TASKS, TASK, LOCATIONS, TAGS),
    scope="regional",
    kinds=("bulk-transfer",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The tasks; when there are any, the locations of the region, and then each task."""
    tasks = [task["TaskArn"] for _, task in calls.items(TASKS, MaxResults=100)]
    if tasks:
        locations = {row["LocationArn"]: row["LocationUri"] for _, row in calls.items(LOCATIONS, MaxResults=100)}
        for arn in tasks:
            calls.each(_read, arn, locations)


def _read(calls: Calls, arn: str, locations: Locations) -> None:
    answer = calls.one(TASK, TaskArn=arn)
    if answer is not None:
        tags = tags_of(calls.whole(TAGS, "Tags", ResourceArn=arn))
        calls.add(read_task(calls.place, answer, locations, tags))


def read_task(place: Place, task: Answer, locations: Locations, tags: Tags) -> Iterator[Found]:
    """A task, what it reads, what it writes, and its log."""
    uid, name = task["TaskArn"], task.get("Name") or task["TaskArn"].rpartition("/")[2]
    yield from kept(
        place, uid, "AWS::DataSync::Task", "bulk-transfer", name, TASK.call, "TaskArn", uid, tags=tags,
        stores=StoresData.TRANSIT,
    )  # fmt: skip
    for field, role in (("SourceLocationArn", Role.PROCESSING), ("DestinationLocationArn", Role.REPLICA)):
        arn = task.get(field) or ""
        if arn:
            yield _end(place, uid, role, Evidence(TASK.call, field, arn), locations.get(arn, ""), arn)
    group = task.get("CloudWatchLogGroupArn")
    if group:
        evidence, arn = Evidence(TASK.call, "CloudWatchLogGroupArn", group), group.removesuffix(":*")
        yield Placement(uid, Role.LOG, region_of(group), "datasync-log", evidence, target=arn)


def _end(place: Place, uid: str, role: Role, evidence: Evidence, address: str, arn: str) -> Found:
    """One end of a task. What is no bucket and no file system of AWS is in a place that nobody here knows."""
    if address.startswith("s3://"):
        return in_named_bucket(place, uid, role, "datasync", address, evidence)
    there = _IN_REGION.match(address)
    return Placement(uid, role, there and there[1], "datasync", evidence, target=address or arn)
