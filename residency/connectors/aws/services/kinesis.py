"""Kinesis: data streams, the keys that their records are encrypted with, and who else may read them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted_if, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Role

STREAMS = operation("kinesis:ListStreams", lists="StreamNames")
STREAM = operation("kinesis:DescribeStreamSummary", lists="StreamDescriptionSummary")
TAGS = operation("kinesis:ListTagsForStream", lists="Tags")
POLICY = operation("kinesis:GetResourcePolicy")


@collector(
    service="kinesis",
    actions=(STREAMS, STREAM, TAGS, POLICY),
    scope="regional",
    kinds=("stream",),
    roles=(Role.PRIMARY, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The names of the streams, then each stream."""
    for page in calls.pages(STREAMS, Limit=1000):
        for name in page["StreamNames"]:
            calls.each(_read, name)


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(STREAM, StreamName=name)
    if answer is not None:
        tags = calls.one(TAGS, StreamName=name, Limit=50)
        calls.add(read_stream(calls.place, answer, tags_of(None if tags is None else tags["Tags"])))
        uid = answer["StreamDescriptionSummary"]["StreamARN"]
        policy = calls.one(POLICY, absent=("ResourceNotFoundException",), ResourceARN=uid) or {}
        calls.add(read_policy(calls.place, uid, policy.get("Policy"), "stream-policy", POLICY.call, "Policy"))


def read_stream(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A stream: encrypted with a key of KMS or not at all."""
    stream, path = answer["StreamDescriptionSummary"], "StreamDescriptionSummary"
    uid = stream["StreamARN"]
    flag = {"NONE": False, "KMS": True}.get(stream.get("EncryptionType", ""))
    custody, keys = encrypted_if(place, uid, flag, stream.get("KeyId"), STREAM.call, f"{path}.KeyId")
    yield resource(place, uid, "AWS::Kinesis::Stream", "stream", stream["StreamName"], tags=tags, custody=custody)
    yield primary(place, uid, STREAM.call, f"{path}.StreamARN", uid)
    yield from keys
