"""IoT Hub, its provisioning, IoT Central and Digital Twins: where devices and what they tell are kept."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyUse,
    Paired,
    each,
    in_store,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Evidence, Placement, Role, StoresData

_KEYS = "properties.encryption.keyVaultProperties"
_BOUND = "properties.enableDataResidency"


def _failover(item: Item) -> Iterator[Found]:
    """The paired region, to which what is not bound to its own can fail over."""
    if item.get(_BOUND) is not True:
        evidence = Evidence("rule:azure-paired-region", _BOUND, str(item.get(_BOUND)))
        placement = Placement(item.uid, Role.REPLICA, None, "failover-region", evidence)
        yield Paired(placement, item.location, by_itself=True)


_STORAGE = "properties.routing.endpoints.storageContainers"


@reads(
    "Microsoft.Devices/IotHubs", "stream", LOCATION, Tells("properties.locations[].location", Role.REPLICA, "model"),
    Tells(_BOUND, Role.REPLICA, "model"), Tells(f"{_STORAGE}[].endpointUri", Role.REPLICA, "model"),
    Tells(f"{_KEYS}[].keyIdentifier", Role.KEY, "model"),
)  # fmt: skip
def iot_hub(item: Item) -> Iterator[Found]:
    """An IoT hub. Unless it is bound to its region, its devices and settings are also in the paired one, to which it
    can fail over; `locations` tells both."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    listed = list(each(item, "properties.locations"))
    for path, entry in listed:
        if str(entry.get("role")).lower() == "secondary":
            yield placed(item, Role.REPLICA, "failover-region", f"{path}.location", entry.get("location"))
    if not listed:
        yield from _failover(item)
    for path, entry in each(item, _KEYS):
        if isinstance(entry.get("keyIdentifier"), str):
            key = entry["keyIdentifier"]
            yield KeyUse(item.uid, key, item.evidence(f"{path}.keyIdentifier", key))
    for path, entry in each(item, _STORAGE):
        if isinstance(entry.get("endpointUri"), str):
            field = f"{path}.endpointUri"
            yield from in_store(item, item.uid, Role.REPLICA, "message-routing", field, entry["endpointUri"])


@reads("Microsoft.Devices/provisioningServices", "stream", LOCATION, Tells(_BOUND, Role.REPLICA, "documented"))
def provisioning(item: Item) -> Iterator[Found]:
    """What gives devices their hub. Unless it is bound to its region, its records are also in the paired one (IoT Hub
    Device Provisioning Service, data residency: learn.microsoft.com/azure/iot-dps)."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield from _failover(item)


@reads(
    "Microsoft.DigitalTwins/digitalTwinsInstances/timeSeriesDatabaseConnections", None,
    Tells("properties.adxResourceId", Role.REPLICA, "model"),
)  # fmt: skip
def history(item: Item) -> Iterator[Found]:
    """The cluster of Data Explorer that keeps the history of twins."""
    if (target := item.text("properties.adxResourceId")) is not None:
        evidence = item.evidence("properties.adxResourceId", target)
        yield At(Placement(item.parent, Role.REPLICA, None, "data-history", evidence, target=uid_of(target)))


regional("Microsoft.IoTCentral/iotApps", "stream", stores=StoresData.YES)
regional("Microsoft.DigitalTwins/digitalTwinsInstances", None, stores=StoresData.YES)
regional("Microsoft.DeviceUpdate/accounts", None, stores=StoresData.YES)
regional("Microsoft.DeviceRegistry/namespaces", None, stores=StoresData.YES)
