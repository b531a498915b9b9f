"""Services without a region: Front Door, CDN, Traffic Manager, DNS, and other resources that are `global`."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place
from residency.connectors.azure.rows import (
    LOCATION,
    Found,
    Read,
    each,
    key_of,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_MAPS_KEY = "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl"


def _everywhere(role: Role, via: str) -> Read:
    """A reader of a type whose traffic is handled at every edge site, whatever its settings."""

    def read(item: Item) -> Iterator[Found]:
        """A service without a region: requests are handled, and answers kept, at every edge site."""
        yield told(item, location=where(item)[0])
        yield from primary(item)
        yield Placement(item.uid, role, "global", via, item.evidence("type", item.type))

    return read


_EDGE = Tells("type", Role.PROCESSING, "documented")
for _type, _kind in (
    ("Microsoft.Network/frontDoors", "cdn"),
    ("Microsoft.Cdn/profiles", "cdn"),
    ("Microsoft.Cdn/profiles/endpoints", "cdn"),
    ("Microsoft.Cdn/profiles/afdEndpoints", "cdn"),
    ("Microsoft.Network/frontDoorWebApplicationFirewallPolicies", "waf"),
    ("Microsoft.Cdn/cdnWebApplicationFirewallPolicies", "waf"),
):
    _role = Role.PROCESSING if _kind == "waf" else Role.CACHE
    reads(_type, _kind, LOCATION, Tells("type", _role, "documented"))(_everywhere(_role, "edge-network"))


@reads(
    "Microsoft.Network/trafficManagerProfiles", "dns-zone", LOCATION, _EDGE,
    Tells("properties.endpoints[].properties.endpointLocation", Role.PROCESSING, "model"),
)  # fmt: skip
def traffic_manager(item: Item) -> Iterator[Found]:
    """Traffic Manager answers names everywhere, and sends people to endpoints, some of which say where they are."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield Placement(item.uid, Role.PROCESSING, "global", "dns-routing", item.evidence("type", item.type))
    for path, entry in each(item, "properties.endpoints"):
        inner = entry.get("properties")
        told_place = inner.get("endpointLocation") if isinstance(inner, dict) else None
        if told_place:
            evidence = item.evidence(f"{path}.properties.endpointLocation", told_place)
            target = inner.get("target") if isinstance(inner, dict) else None
            target = target if isinstance(target, str) else None
            yield Placement(item.uid, Role.PROCESSING, place(told_place), "endpoint", evidence, target=target)


regional("Microsoft.Network/dnsZones", "dns-zone")
regional("Microsoft.Network/privateDnsZones", "dns-zone", stores=StoresData.NO)
regional("Microsoft.DomainRegistration/domains", "dns-zone")
regional("Microsoft.AzureActiveDirectory/b2cDirectories", "user-pool")
regional("Microsoft.AzureActiveDirectory/ciamDirectories", "user-pool")


@reads(
    "Microsoft.Maps/accounts", None, LOCATION, Tells(_MAPS_KEY, Role.KEY, "model"),
    Tells("properties.locations[].locationName", Role.PROCESSING, "documented"),
)  # fmt: skip
def maps(item: Item) -> Iterator[Found]:
    """Maps: addresses and routes that are asked for, in the region of the account, in others that it lists, or
    anywhere when it is `global`."""
    custody, uses = key_of(item, _MAPS_KEY)
    yield told(item, location=where(item)[0], custody=custody, stores=StoresData.TRANSIT)
    yield from primary(item)
    yield from uses
    for path, entry in each(item, "properties.locations"):
        if place(entry.get("locationName")) != item.location:
            field = f"{path}.locationName"
            yield placed(item, Role.PROCESSING, "service-region", field, entry.get("locationName"))


@reads(
    "Microsoft.AAD/domainServices", "user-pool", LOCATION,
    Tells("properties.replicaSets[].location", Role.REPLICA, "documented"),
)  # fmt: skip
def domain_services(item: Item) -> Iterator[Found]:
    """A managed domain, with a copy of its directory in each of its replica sets."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for path, entry in each(item, "properties.replicaSets"):
        if place(entry.get("location")) != item.location:
            evidence = item.evidence(f"{path}.location", entry.get("location"))
            yield Placement(item.uid, Role.REPLICA, place(entry.get("location")), "replica-set", evidence)
