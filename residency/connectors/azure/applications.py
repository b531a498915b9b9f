"""What runs programs and lets people reach them: App Service, containers, Kubernetes, API Management, networks."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyUse,
    copy,
    each,
    key_in_vault,
    key_of,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role, StoresData

_DISKS = "properties.diskEncryptionSetID"
_KMS = "properties.securityProfile.azureKeyVaultKms"
_INSIGHTS = "properties.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID"


@reads(
    "Microsoft.ContainerService/managedClusters", "kubernetes", LOCATION, Tells(_DISKS, Role.KEY, "model"),
    Tells(f"{_KMS}.keyId", Role.KEY, "model"), Tells(_INSIGHTS, Role.LOG, "documented"),
)  # fmt: skip
def kubernetes(item: Item) -> Iterator[Found]:
    """A cluster, the keys of its disks and of its secrets, and the workspace that gets its logs."""
    custody, uses = key_of(item, _DISKS)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    if item.get(f"{_KMS}.enabled") is True and (key := item.text(f"{_KMS}.keyId")) is not None:
        yield KeyUse(item.uid, key, item.evidence(f"{_KMS}.keyId", key), decides=False)
    if (target := item.text(_INSIGHTS)) is not None:
        yield copy(item, Role.LOG, "container-insights", _INSIGHTS, target)


_GROUP = "properties.encryptionProperties"


@reads(
    "Microsoft.ContainerInstance/containerGroups", "ecs-service", LOCATION,
    Tells(f"{_GROUP}.vaultBaseUrl", Role.KEY, "model"),
    Tells("properties.diagnostics.logAnalytics.workspaceResourceId", Role.LOG, "model"),
)  # fmt: skip
def container_group(item: Item) -> Iterator[Found]:
    """A group of containers, and the workspace that gets its logs where that is told by its id."""
    uses = key_in_vault(item, f"{_GROUP}.vaultBaseUrl", f"{_GROUP}.keyName")
    yield told(item, location=where(item)[0], custody=None if uses else KeyCustody.PROVIDER_MANAGED)
    yield from primary(item)
    yield from uses
    field = "properties.diagnostics.logAnalytics.workspaceResourceId"
    if (target := item.text(field)) is not None:
        yield copy(item, Role.LOG, "container-log", field, target)


@reads(
    "Microsoft.Web/staticSites", "web-app", LOCATION, Tells("type", Role.CACHE, "documented")
)  # fmt: skip
def static_site(item: Item) -> Iterator[Found]:
    """A static site: its functions are in its region, its files are handed out from everywhere."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield Placement(item.uid, Role.CACHE, "global", "static-content", item.evidence("type", item.type))


@reads(
    "Microsoft.ApiManagement/service", "api-gateway", LOCATION,
    Tells("properties.additionalLocations[].location", Role.PROCESSING, "model"),
)  # fmt: skip
def api_management(item: Item) -> Iterator[Found]:
    """A gateway, and the other regions it runs in."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for path, entry in each(item, "properties.additionalLocations"):
        yield placed(item, Role.PROCESSING, "gateway-region", f"{path}.location", entry.get("location"))


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


regional("Microsoft.Web/sites", "function")
regional("Microsoft.Web/sites/slots", "function")
regional("Microsoft.Web/serverfarms", "web-app")
regional("Microsoft.Web/hostingEnvironments", "web-app")
regional("Microsoft.App/containerApps", "ecs-service")
regional("Microsoft.App/jobs", "ecs-service")
regional("Microsoft.App/managedEnvironments", "ecs-service")
regional("Microsoft.RedHatOpenShift/openShiftClusters", "kubernetes")
regional("Microsoft.ServiceFabric/managedClusters", "kubernetes")
regional("Microsoft.ServiceFabric/clusters", "kubernetes")
regional("Microsoft.Logic/workflows", "state-machine")
regional("Microsoft.Automation/automationAccounts", "state-machine")
regional("Microsoft.Web/connections", None, stores=StoresData.NO)
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
regional("Microsoft.Network/privateLinkServices", "private-endpoint")
