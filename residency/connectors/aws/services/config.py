"""AWS Config: where the history of the account's settings is delivered to, and what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, Indexed
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

CHANNELS = operation("config:DescribeDeliveryChannels", lists="DeliveryChannels")
RECORDERS = operation("config:DescribeConfigurationRecorders", lists="ConfigurationRecorders")
COUNTS = operation("config:GetDiscoveredResourceCounts", lists="resourceCounts")


@collector(
    service="config",
    actions=(CHANNELS, RECORDERS, COUNTS),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The delivery channel of the region, one at most; and what is counted, where something records."""
    calls.each(_count)
    answer = calls.one(CHANNELS)
    for index, channel in enumerate(() if answer is None else answer["DeliveryChannels"]):
        calls.add(read_channel(calls.place, channel, index))


def _count(calls: Calls) -> None:
    recorders = calls.one(RECORDERS)
    if recorders is None or not recorders["ConfigurationRecorders"]:
        return
    pages: list[Answer] = []
    token: dict[str, Any] = {}
    # The client library has no rules for these pages.
    while token or not pages:
        page = calls.one(COUNTS, limit=100, **token)
        if page is None:
            return
        pages.append(page)
        token = {"nextToken": page["nextToken"]} if page.get("nextToken") else {}
    calls.add([read_counts(calls.place, pages)])


def read_counts(place: Place, pages: Iterable[Answer]) -> Indexed:
    """How many resources of each type Config records in the region."""
    counts = {entry["resourceType"]: entry["count"] for page in pages for entry in page["resourceCounts"]}
    return Indexed(place.region, "AWS Config", tuple(sorted(counts.items())))


def read_channel(place: Place, channel: Answer, index: int) -> Iterator[Found]:
    """A delivery channel and the bucket it fills. It has no ARN of AWS's and no tags."""
    name, path = channel["name"], f"DeliveryChannels[{index}]"
    uid = place.arn("config", f"delivery-channel/{name}")
    key = channel.get("s3KmsKeyArn")
    custody, keys = encrypted(place, uid, key, CHANNELS.call, f"{path}.s3KmsKeyArn", None)
    type_, stores = "AWS::Config::DeliveryChannel", StoresData.TRANSIT
    yield resource(place, uid, type_, "log-sink", name, tags={}, stores=stores, custody=custody)
    yield primary(place, uid, CHANNELS.call, f"{path}.name", name)
    yield from keys
    bucket = channel.get("s3BucketName")
    if bucket:
        evidence = Evidence(CHANNELS.call, f"{path}.s3BucketName", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "config-delivery", evidence)
