"""What runs programs and lets people reach them: App Service, containers, Kubernetes, API Management."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item
from residency.connectors.azure.rows import (
    LOCATION,
    Found,
    KeyUse,
    copy,
    each,
    encrypted,
    key_in_vault,
    key_of,
    log_of_agent,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_DISKS = "properties.diskEncryptionSetID"
_KMS = "properties.securityProfile.azureKeyVaultKms"
_INSIGHTS = "properties.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID"
_DEFENDER = "properties.securityProfile.defender.logAnalyticsWorkspaceResourceId"


@reads(
    "Microsoft.ContainerService/managedClusters", "kubernetes", LOCATION, Tells(_DISKS, Role.KEY, "model"),
    Tells(f"{_KMS}.keyId", Role.KEY, "model"), Tells(_INSIGHTS, Role.LOG, "documented"),
    Tells(_DEFENDER, Role.LOG, "model"),
)  # fmt: skip
def kubernetes(item: Item) -> Iterator[Found]:
    """A cluster, the keys of its disks and of its secrets, and the workspace that gets its logs."""
    custody, uses = key_of(item, _DISKS)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    if item.get(f"{_KMS}.enabled") is True and (key := item.text(f"{_KMS}.keyId")) is not None:
        yield KeyUse(item.uid, key, item.evidence(f"{_KMS}.keyId", key), decides=False)
    for field, via in ((_INSIGHTS, "container-insights"), (_DEFENDER, "defender")):
        if (target := item.text(field)) is not None:
            yield copy(item, Role.LOG, via, field, target)


_GROUP = "properties.encryptionProperties"


@reads(
    "Microsoft.ContainerInstance/containerGroups", "ecs-service", LOCATION,
    Tells(f"{_GROUP}.vaultBaseUrl", Role.KEY, "model"),
    Tells("properties.diagnostics.logAnalytics.workspaceResourceId", Role.LOG, "model"),
    Tells("properties.diagnostics.logAnalytics.workspaceId", Role.LOG, "model"),
)  # fmt: skip
def container_group(item: Item) -> Iterator[Found]:
    """A group of containers, and the workspace that gets its logs, told by its id or by the id that agents use."""
    uses = key_in_vault(item, f"{_GROUP}.vaultBaseUrl", f"{_GROUP}.keyName")
    yield from encrypted(item, uses)
    field = "properties.diagnostics.logAnalytics.workspaceResourceId"
    if (target := item.text(field)) is not None:
        yield copy(item, Role.LOG, "container-log", field, target)
    else:
        yield from log_of_agent(item, "container-log", "properties.diagnostics.logAnalytics.workspaceId")


_APP_LOG = "properties.appLogsConfiguration.logAnalyticsConfiguration.customerId"


@reads("Microsoft.App/managedEnvironments", "ecs-service", LOCATION, Tells(_APP_LOG, Role.LOG, "model"))
def environment(item: Item) -> Iterator[Found]:
    """What container apps run in, and the workspace that gets their logs."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield from log_of_agent(item, "container-log", _APP_LOG)


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


regional("Microsoft.Web/sites", "function")
regional("Microsoft.Web/sites/slots", "function")
regional("Microsoft.Web/serverfarms", "web-app")
regional("Microsoft.Web/hostingEnvironments", "web-app")
regional("Microsoft.App/containerApps", "ecs-service")
regional("Microsoft.App/jobs", "ecs-service")
regional("Microsoft.RedHatOpenShift/openShiftClusters", "kubernetes")
regional("Microsoft.ServiceFabric/managedClusters", "kubernetes")
regional("Microsoft.ServiceFabric/clusters", "kubernetes")
regional("Microsoft.Logic/workflows", "state-machine")
regional("Microsoft.Web/sites/slots/functions", "function")
regional("Microsoft.ContainerService/fleets", "kubernetes")
regional("Microsoft.LoadTestService/loadTests", None, stores=StoresData.YES)
regional("Microsoft.DevTestLab/labs", None, stores=StoresData.NO)
regional("Microsoft.AppPlatform/Spring", "web-app")


@reads(
    "Microsoft.Automation/automationAccounts", "state-machine", LOCATION,
    Tells("properties.encryption.keyVaultProperties.keyvaultUri", Role.KEY, "model"),
)  # fmt: skip
def automation(item: Item) -> Iterator[Found]:
    """An account of Automation: runbooks, their variables and the records of their runs."""
    vault = "properties.encryption.keyVaultProperties"
    uses = key_in_vault(item, f"{vault}.keyvaultUri", f"{vault}.keyName")
    yield from encrypted(item, uses)


regional("Microsoft.Web/connections", None, stores=StoresData.NO)
