"""AWS Config: where the history of the account's settings is delivered to, who else gathers it, and what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, Indexed
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

CHANNELS = operation("config:DescribeDeliveryChannels", lists="DeliveryChannels")
RECORDERS = operation("config:DescribeConfigurationRecorders", lists="ConfigurationRecorders")
AGGREGATORS = operation("config:DescribeConfigurationAggregators", lists="ConfigurationAggregators")
GRANTS = operation("config:DescribeAggregationAuthorizations", lists="AggregationAuthorizations")
COUNTS = operation("config:GetDiscoveredResourceCounts", lists="resourceCounts")


@collector(
    service="config",
    actions=(CHANNELS, RECORDERS, COUNTS, GRANTS, AGGREGATORS),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The delivery channel of the region, one at most; and what is counted, where something records."""
    calls.each(_count)
    answer = calls.one(CHANNELS)
    for index, channel in enumerate(() if answer is None else answer["DeliveryChannels"]):
        calls.add(read_channel(calls.place, channel, index))
    for index, grant in calls.items(GRANTS, Limit=100):
        calls.add(read_grant(calls.place, grant, index))
    for index, aggregator in calls.items(AGGREGATORS, Limit=100):
        calls.add(read_aggregator(calls.place, aggregator, index))


def _count(calls: Calls) -> None:
    recorders = calls.one(RECORDERS)
    if recorders is None or not recorders["ConfigurationRecorders"]:
        return
    counts = calls.whole(COUNTS, "resourceCounts", limit=100)
    if counts is not None:
        calls.add([read_counts(calls.place, counts)])


def read_counts(place: Place, told: Iterable[Answer]) -> Indexed:
    """How many resources of each type Config records in the region."""
    counts = {entry["resourceType"]: entry["count"] for entry in told}
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


def read_grant(place: Place, grant: Answer, index: int) -> Iterator[Found]:
    """An account and region that may gather what is recorded here. It has no tags of its own in the list."""
    uid, path, stores = grant["AggregationAuthorizationArn"], f"AggregationAuthorizations[{index}]", StoresData.TRANSIT
    region, account = grant["AuthorizedAwsRegion"], grant["AuthorizedAccountId"]
    type_ = "AWS::Config::AggregationAuthorization"
    yield resource(place, uid, type_, "log-sink", f"{account}/{region}", tags=None, stores=stores)
    yield primary(place, uid, GRANTS.call, f"{path}.AggregationAuthorizationArn", uid)
    evidence = Evidence(GRANTS.call, f"{path}.AuthorizedAwsRegion", region)
    yield Placement(uid, Role.LOG, region, "config-aggregation", evidence, target=account)
    if account != place.account:
        yield share(uid, "config-aggregation", Evidence(GRANTS.call, f"{path}.AuthorizedAccountId", account), account)


def read_aggregator(place: Place, aggregator: Answer, index: int) -> Iterator[Found]:
    """An aggregator: what is recorded in other regions and accounts is gathered here."""
    uid, path = aggregator["ConfigurationAggregatorArn"], f"ConfigurationAggregators[{index}]"
    name, stores = aggregator["ConfigurationAggregatorName"], StoresData.TRANSIT
    type_ = "AWS::Config::ConfigurationAggregator"
    yield resource(place, uid, type_, "log-sink", name, tags=None, stores=stores)
    yield primary(place, uid, AGGREGATORS.call, f"{path}.ConfigurationAggregatorArn", uid)
