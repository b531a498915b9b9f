"""Networks: what passes through them, and what they are joined to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    copy,
    each,
    each_text,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_CONNECTIONS = ("properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections")


@reads(
    "Microsoft.Network/privateEndpoints", "private-endpoint", LOCATION,
    *(Tells(f"{field}[].properties.privateLinkServiceId", Role.PROCESSING, "model") for field in _CONNECTIONS),
)  # fmt: skip
def private_endpoint(item: Item) -> Iterator[Found]:
    """An endpoint in a network, and the service that it reaches, which may be in another region."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for field in _CONNECTIONS:
        for path, entry in each(item, field):
            inner = entry.get("properties")
            target = inner.get("privateLinkServiceId") if isinstance(inner, dict) else None
            if isinstance(target, str) and target:
                evidence = item.evidence(f"{path}.properties.privateLinkServiceId", target)
                placement = Placement(item.uid, Role.PROCESSING, None, "private-link", evidence, target=uid_of(target))
                yield At(placement)


_PEERINGS = "properties.virtualNetworkPeerings"
_REMOTE = "properties.remoteVirtualNetwork.id"


@reads(
    "Microsoft.Network/virtualNetworks", "vpc", LOCATION, Tells(f"{_PEERINGS}[].{_REMOTE}", Role.PROCESSING, "model")
)  # fmt: skip
def network(item: Item) -> Iterator[Found]:
    """A network, and those that it is peered with. One in a subscription that is not read, of whichever tenant, is in
    an unknown place."""
    yield told(item, location=where(item)[0], stores=StoresData.NO)
    yield from primary(item)
    for path, entry in each(item, _PEERINGS):
        inner = entry.get("properties")
        remote = inner.get("remoteVirtualNetwork") if isinstance(inner, dict) else None
        target = remote.get("id") if isinstance(remote, dict) else None
        if isinstance(target, str) and target:
            yield copy(item, Role.PROCESSING, "vnet-peering", f"{path}.{_REMOTE}", target)


_SEEN_BY = "properties.visibility.subscriptions"


@reads(
    "Microsoft.Network/privateLinkServices", "private-endpoint", LOCATION, Tells(f"{_SEEN_BY}[]", Role.SHARE, "model")
)  # fmt: skip
def private_link_service(item: Item) -> Iterator[Found]:
    """A service that other networks may reach by endpoints of their own, and the subscriptions that are let see it;
    `*` is anyone."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for path, subscription in each_text(item, _SEEN_BY):
        if subscription.lower() != item.subscription:
            evidence = item.evidence(path, subscription)
            target = subscription.lower()
            yield Placement(item.uid, Role.SHARE, None, "private-link-visibility", evidence, target=target)


@reads(
    "Microsoft.Network/networkWatchers/packetCaptures", "log-sink",
    Tells("properties.storageLocation.storageId", Role.LOG, "model"),
    Tells("properties.storageLocation.storageId", Role.PRIMARY, "model"),
)  # fmt: skip
def packet_capture(item: Item) -> Iterator[Found]:
    """Copies of what passed through a network, in a storage account."""
    yield told(item, location=None)
    field = "properties.storageLocation.storageId"
    if (target := item.text(field)) is not None:
        yield copy(item, Role.PRIMARY, "packet-capture", field, target)


regional("Microsoft.Network/loadBalancers", "load-balancer")
regional("Microsoft.Network/applicationGateways", "load-balancer")
regional("Microsoft.Network/azureFirewalls", "waf")
regional("Microsoft.Network/bastionHosts", "vpn")
regional("Microsoft.Network/virtualNetworkGateways", "vpn")
regional("Microsoft.Network/vpnGateways", "vpn")
regional("Microsoft.Network/expressRouteCircuits", "direct-connect")
regional("Microsoft.Network/expressRouteGateways", "direct-connect")
regional("Microsoft.Network/virtualWans", "transit-gateway")
regional("Microsoft.Network/virtualHubs", "transit-gateway")
