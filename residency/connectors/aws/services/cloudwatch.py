"""CloudWatch: metric streams, and the deliveries that they feed."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Role, StoresData

STREAMS = operation("cloudwatch:ListMetricStreams", lists="Entries")
TAGS = operation("cloudwatch:ListTagsForResource", lists="Tags")


@collector(
    service="cloudwatch",
    actions=(STREAMS, TAGS),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of metric streams, then the tags of each."""
    calls.each_of(STREAMS, _read, MaxResults=500)


def _read(calls: Calls, stream: Answer, index: int) -> None:
    calls.add(read_stream(calls.place, stream, index, calls.tags(TAGS, ResourceARN=stream["Arn"])))


def read_stream(place: Place, stream: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A stream of metrics, and the delivery stream that takes them on."""
    uid, path, stores = stream["Arn"], f"Entries[{index}]", StoresData.TRANSIT
    yield resource(place, uid, "AWS::CloudWatch::MetricStream", "log-sink", stream["Name"], tags=tags, stores=stores)
    yield primary(place, uid, STREAMS.call, f"{path}.Arn", uid)
    yield towards(place, uid, Role.LOG, stream["FirehoseArn"], "metric-stream", STREAMS.call, f"{path}.FirehoseArn")
