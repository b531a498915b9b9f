"""The Azure of the demonstration: the estate behind the emulator, asked by whoever has the role that we publish."""

from __future__ import annotations

from residency.connectors.azure.parts import INSTANCE_FAILOVER
from residency.connectors.azure.parts import PARTS as LISTS
from residency.connectors.azure.permissions import role_definition
from residency.connectors.azure.regions import regions_of
from residency.demo.azure_emulator import LocalAzure, Subscription
from residency.demo.azure_estate import PARTS, RESOURCES, SUBSCRIPTIONS, TENANTS


def hub() -> LocalAzure:
    """The emulator, not yet running. Its regions are those that the atlas knows."""
    role = role_definition()
    paired = regions_of("azure").pairs
    (tenant,), (subscription,) = TENANTS, SUBSCRIPTIONS
    return LocalAzure(
        subscriptions=(
            Subscription(
                subscription["subscriptionId"], subscription["displayName"], (tenant["displayName"], "Production"),
                tenant["tenantId"], tags=subscription["tags"],
            ),
        ),
        items=[*RESOURCES, *PARTS], parts=frozenset(part.type.lower() for part in (*LISTS, INSTANCE_FAILOVER)),
        pairs={**dict.fromkeys(paired.values()), **paired}, tenants={tenant["tenantId"]: tenant["displayName"]},
        allowed=tuple(role["Actions"]), refused_actions=tuple(role["NotActions"]),
    )  # fmt: skip
