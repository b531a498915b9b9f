"""CloudWatch Logs, outward: where services deliver logs of their own, and destinations that groups send on to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, tags_in, towards
from residency.connectors.aws.wire import Answer
from residency.model import Role, StoresData

DELIVERIES = operation("logs:DescribeDeliveryDestinations", lists="deliveryDestinations")
DESTINATIONS = operation("logs:DescribeDestinations", lists="destinations")
DELIVERY = (DELIVERIES, DESTINATIONS)


def collect_delivery(calls: Calls) -> None:
    """Both lists."""
    for index, entry in calls.items(DELIVERIES, limit=50):
        calls.add(read_delivery(calls.place, entry, index))
    for index, entry in calls.items(DESTINATIONS, limit=50):
        calls.add(read_destination(calls.place, entry, index))


def read_delivery(place: Place, entry: Answer, index: int) -> Iterator[Found]:
    """A bucket, log group or delivery stream that services of AWS, or other accounts, deliver logs to."""
    path, tags = f"deliveryDestinations[{index}]", tags_in(entry, "tags")
    yield from _sink(place, entry["arn"], "AWS::Logs::DeliveryDestination", entry["name"], tags, DELIVERIES.call, path)
    arn = entry.get("deliveryDestinationConfiguration", {}).get("destinationResourceArn")
    if arn:
        field = f"{path}.deliveryDestinationConfiguration.destinationResourceArn"
        yield towards(place, entry["arn"], Role.LOG, arn, "logs-delivery", DELIVERIES.call, field)


def read_destination(place: Place, entry: Answer, index: int) -> Iterator[Found]:
    """A stream offered to other accounts as where their log groups may send events. Its tags are not read."""
    path, name = f"destinations[{index}]", entry["destinationName"]
    yield from _sink(place, entry["arn"], "AWS::Logs::Destination", name, None, DESTINATIONS.call, path)
    arn = entry["targetArn"]
    yield towards(place, entry["arn"], Role.LOG, arn, "logs-destination", DESTINATIONS.call, f"{path}.targetArn")


def _sink(place: Place, uid: str, type_: str, name: str, tags: Tags, call: str, path: str) -> Iterator[Found]:
    yield resource(place, uid, type_, "log-sink", name, tags=tags, stores=StoresData.TRANSIT)
    yield primary(place, uid, call, f"{path}.arn", uid)
