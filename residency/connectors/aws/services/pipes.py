"""EventBridge Pipes: what is taken from one place, enriched at another and put in a third, and where that is logged."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource, tags_in, towards
from residency.connectors.aws.services.events import event_target
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

PIPES = operation("pipes:ListPipes", lists="Pipes")
PIPE = operation("pipes:DescribePipe", lists="Arn")


@collector(
    service="pipes",
    actions=(PIPES, PIPE),
    scope="regional",
    kinds=("event-pipe",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of pipes, then each."""
    for _, pipe in calls.items(PIPES, Limit=100):
        calls.each(_read, pipe["Name"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(PIPE, Name=name)
    if answer is not None:
        calls.add(read_pipe(calls.place, answer))


def read_pipe(place: Place, pipe: Answer) -> Iterator[Found]:
    """A pipe, its target, whatever enriches what flows through it, and its log."""
    uid, call = pipe["Arn"], PIPE.call
    key = pipe.get("KmsKeyIdentifier")
    custody, keys = encrypted(place, uid, key, call, "KmsKeyIdentifier", KeyCustody.PROVIDER_MANAGED)
    yield resource(
        place, uid, "AWS::Pipes::Pipe", "event-pipe", pipe["Name"], tags=tags_in(pipe, "Tags"),
        stores=StoresData.TRANSIT, custody=custody,
    )  # fmt: skip
    yield primary(place, uid, call, "Arn", uid)
    yield from keys
    if pipe.get("Target"):
        yield event_target(place, uid, pipe["Target"], "pipe-target", call, "Target")
    if pipe.get("Enrichment"):
        arn = pipe["Enrichment"]
        region = None if ":api-destination/" in arn else region_of(arn)
        yield Placement(uid, Role.PROCESSING, region, "pipe-enrichment", Evidence(call, "Enrichment", arn), target=arn)
    yield from _logs(place, uid, pipe.get("LogConfiguration") or {})


def _logs(place: Place, uid: str, told: Answer) -> Iterator[Found]:
    path = "LogConfiguration"
    bucket = told.get("S3LogDestination", {}).get("BucketName")
    if bucket:
        evidence = Evidence(PIPE.call, f"{path}.S3LogDestination.BucketName", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "pipe-logs", evidence)
    others = (("FirehoseLogDestination", "DeliveryStreamArn"), ("CloudwatchLogsLogDestination", "LogGroupArn"))
    for member, name in others:
        arn = told.get(member, {}).get(name)
        if arn:
            yield towards(place, uid, Role.LOG, arn, "pipe-logs", PIPE.call, f"{path}.{member}.{name}")
