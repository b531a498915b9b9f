"""EventBridge Scheduler: what is called at a time, with which content, and where."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

SCHEDULES = operation("scheduler:ListSchedules", lists="Schedules")
SCHEDULE = operation("scheduler:GetSchedule", lists="Arn")


@collector(
    service="scheduler",
    actions=(SCHEDULES, SCHEDULE),
    scope="regional",
    kinds=("schedule",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of schedules of every group, then each."""
    for _, schedule in calls.items(SCHEDULES, MaxResults=100):
        calls.each(_read, schedule)


def _read(calls: Calls, schedule: Answer) -> None:
    answer = calls.one(SCHEDULE, Name=schedule["Name"], GroupName=schedule.get("GroupName", "default"))
    if answer is not None:
        calls.add(read_schedule(calls.place, answer))


def read_schedule(place: Place, schedule: Answer) -> Iterator[Found]:
    """A schedule and its target. A universal target names an operation, called in the region of the schedule. Schedules
    have no tags, only groups of them."""
    uid, call = schedule["Arn"], SCHEDULE.call
    custody, keys = encrypted(place, uid, schedule.get("KmsKeyArn"), call, "KmsKeyArn", KeyCustody.PROVIDER_MANAGED)
    type_, stores = "AWS::Scheduler::Schedule", StoresData.TRANSIT
    yield resource(place, uid, type_, "schedule", schedule["Name"], tags={}, stores=stores, custody=custody)
    yield primary(place, uid, call, "Arn", uid)
    yield from keys
    target = schedule.get("Target", {})
    arn = target.get("Arn")
    if arn and ":aws-sdk:" in arn:
        evidence = Evidence(call, "Target.Arn", arn)
        yield Placement(uid, Role.REPLICA, place.region, "schedule-target", evidence, target=arn)
    elif arn:
        yield towards(place, uid, Role.REPLICA, arn, "schedule-target", call, "Target.Arn")
    lost = target.get("DeadLetterConfig", {}).get("Arn")
    if lost:
        yield towards(place, uid, Role.REPLICA, lost, "schedule-dead-letters", call, "Target.DeadLetterConfig.Arn")
