"""Data Firehose: delivery streams, and where each delivers: a bucket, a service of a region, somebody's web address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

STREAMS = operation("firehose:ListDeliveryStreams", lists="DeliveryStreamNames")
STREAM = operation("firehose:DescribeDeliveryStream", lists="DeliveryStreamDescription")
TAGS = operation("firehose:ListTagsForDeliveryStream", lists="Tags")

# Where a destination says, by ARN, what it delivers to.
_SERVICES = (
    ("AmazonopensearchserviceDestinationDescription", "DomainARN"),
    ("ElasticsearchDestinationDescription", "DomainARN"),
)
# Where it gives only an address, from which no region is learnt.
_ADDRESSES = (
    ("HttpEndpointDestinationDescription", ("EndpointConfiguration", "Url")),
    ("SplunkDestinationDescription", ("HECEndpoint",)),
    ("SnowflakeDestinationDescription", ("AccountUrl",)),
    ("RedshiftDestinationDescription", ("ClusterJDBCURL",)),
    ("AmazonOpenSearchServerlessDestinationDescription", ("CollectionEndpoint",)),
)


@collector(
    service="firehose",
    actions=(STREAMS, STREAM, TAGS),
    scope="regional",
    kinds=("firehose",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The names of the delivery streams, then each. The list has no pages that the client library knows of."""
    start: dict[str, Any] = {}
    while (answer := calls.one(STREAMS, Limit=10000, **start)) is not None:
        names = answer["DeliveryStreamNames"]
        for name in names:
            calls.each(_read, name)
        if not answer.get("HasMoreDeliveryStreams") or not names:
            return
        start = {"ExclusiveStartDeliveryStreamName": names[-1]}


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(STREAM, DeliveryStreamName=name)
    if answer is not None:
        tags = calls.one(TAGS, DeliveryStreamName=name, Limit=50)
        calls.add(read_stream(calls.place, answer, tags_of(None if tags is None else tags["Tags"])))


def read_stream(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A delivery stream, through which data passes, and its destinations."""
    stream, path = answer["DeliveryStreamDescription"], "DeliveryStreamDescription"
    uid = stream["DeliveryStreamARN"]
    told = stream.get("DeliveryStreamEncryptionConfiguration", {})
    key = told.get("KeyARN") if told.get("Status") in ("ENABLED", "ENABLING") else None
    field = f"{path}.DeliveryStreamEncryptionConfiguration.KeyARN"
    custody, keys = encrypted(place, uid, key, STREAM.call, field, KeyCustody.PROVIDER_MANAGED)
    yield resource(
        place, uid, "AWS::KinesisFirehose::DeliveryStream", "firehose", stream["DeliveryStreamName"], tags=tags,
        stores=StoresData.TRANSIT, custody=custody,
    )  # fmt: skip
    yield primary(place, uid, STREAM.call, f"{path}.DeliveryStreamARN", uid)
    yield from keys
    for index, destination in enumerate(stream.get("Destinations", ())):
        yield from _destination(place, uid, destination, f"{path}.Destinations[{index}]")


def _destination(place: Place, uid: str, destination: Answer, path: str) -> Iterator[Found]:
    """The buckets of a destination, whatever it is, and then what it delivers to beside them."""
    for member, told in destination.items():
        if not isinstance(told, dict) or (
            member == "S3DestinationDescription" and "ExtendedS3DestinationDescription" in destination
        ):
            continue
        yield from _bucket(place, uid, told, f"{path}.{member}")
        for inner in ("S3DestinationDescription", "S3BackupDescription"):
            yield from _bucket(place, uid, told.get(inner) or {}, f"{path}.{member}.{inner}")
    for member, name in _SERVICES:
        arn = destination.get(member, {}).get(name)
        if arn:
            yield towards(place, uid, Role.REPLICA, arn, "firehose-delivery", STREAM.call, f"{path}.{member}.{name}")
    for member, names in _ADDRESSES:
        value = destination.get(member)
        for name in names:
            value = (value or {}).get(name)
        if value:
            evidence = Evidence(STREAM.call, ".".join((path, member, *names)), value)
            yield Placement(uid, Role.REPLICA, None, "firehose-delivery", evidence, target=value)


def _bucket(place: Place, uid: str, told: Answer, path: str) -> Iterator[Found]:
    arn = told.get("BucketARN")
    if arn:
        yield towards(place, uid, Role.REPLICA, arn, "firehose-delivery", STREAM.call, f"{path}.BucketARN")
