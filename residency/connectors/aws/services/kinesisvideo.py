"""Kinesis Video Streams: recordings of pictures and sound, and their keys."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

STREAMS = operation("kinesisvideo:ListStreams", lists="StreamInfoList")
TAGS = operation("kinesisvideo:ListTagsForStream", lists="Tags")


@collector(
    service="kinesisvideo",
    actions=(STREAMS, TAGS),
    scope="regional",
    kinds=("stream",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of streams, then the tags of each."""
    calls.each_of(STREAMS, _read, MaxResults=1000)


def _read(calls: Calls, stream: Answer, index: int) -> None:
    calls.add(read_stream(calls.place, stream, index, calls.tags(TAGS, StreamARN=stream["StreamARN"])))


def read_stream(place: Place, stream: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A stream of video."""
    uid, path = stream["StreamARN"], f"StreamInfoList[{index}]"
    custody, keys = encrypted(
        place, uid, stream.get("KmsKeyId"), STREAMS.call, f"{path}.KmsKeyId", KeyCustody.PROVIDER_MANAGED
    )
    yield resource(place, uid, "AWS::KinesisVideo::Stream", "stream", stream["StreamName"], tags=tags, custody=custody)
    yield primary(place, uid, STREAMS.call, f"{path}.StreamARN", uid)
    yield from keys
