"""AWS Config: where the history of the account's settings is delivered to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

CHANNELS = operation("config:DescribeDeliveryChannels", lists="DeliveryChannels")


@collector(
    service="config",
    actions=(CHANNELS,),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The delivery channel of the region; there is one at most."""
    answer = calls.one(CHANNELS)
    for index, channel in enumerate(() if answer is None else answer["DeliveryChannels"]):
        calls.add(read_channel(calls.place, channel, index))


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
