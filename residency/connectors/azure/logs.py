"""Azure Monitor: where logs and telemetry rest, and where they are sent."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyFrom,
    KnownName,
    copy,
    each,
    key_in_vault,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role, StoresData

_REPLICA = Tells("properties.replication.location", Role.REPLICA, "model")
_VAULT = "properties.keyVaultProperties"


@reads(
    "Microsoft.OperationalInsights/workspaces", "log-group", LOCATION, _REPLICA,
    Tells("properties.features.clusterResourceId", Role.KEY, "model"),
    Tells("properties.customerId", None, "model"),
)  # fmt: skip
def workspace(item: Item) -> Iterator[Found]:
    """A workspace of Log Analytics, and the region it is replicated to. Its key is that of its cluster."""
    cluster = item.text("properties.features.clusterResourceId")
    custody = None if cluster else KeyCustody.PROVIDER_MANAGED
    yield told(item, location=where(item)[0], custody=custody)
    if (agent := item.text("properties.customerId")) is not None:
        yield KnownName(f"log-workspace:{agent.lower()}", item.uid)
    yield from primary(item)
    yield from _replication(item)
    if cluster:
        yield KeyFrom(item.uid, uid_of(cluster))


@reads(
    "Microsoft.OperationalInsights/clusters", "log-group", LOCATION, _REPLICA,
    Tells(f"{_VAULT}.keyVaultUri", Role.KEY, "model"),
)  # fmt: skip
def cluster(item: Item) -> Iterator[Found]:
    """A dedicated cluster, on which workspaces are kept."""
    uses = key_in_vault(item, f"{_VAULT}.keyVaultUri", f"{_VAULT}.keyName")
    yield told(item, location=where(item)[0], custody=None if uses else KeyCustody.PROVIDER_MANAGED)
    yield from primary(item)
    yield from _replication(item)
    yield from uses


def _replication(item: Item) -> Iterator[Placement]:
    if item.get("properties.replication.enabled") is True:
        field = "properties.replication.location"
        yield placed(item, Role.REPLICA, "workspace-replication", field, item.get(field))


@reads(
    "Microsoft.OperationalInsights/workspaces/dataExports", None,
    Tells("properties.destination.resourceId", Role.REPLICA, "model"),
)  # fmt: skip
def export(item: Item) -> Iterator[Found]:
    """A rule that sends new logs of a workspace on, to a storage account or an event hub."""
    field = "properties.destination.resourceId"
    if item.get("properties.enable") is not False and (target := item.text(field)) is not None:
        evidence = item.evidence(field, target)
        yield At(Placement(item.parent, Role.REPLICA, None, "log-export", evidence, target=uid_of(target)))


@reads(
    "Microsoft.OperationalInsights/workspaces/linkedStorageAccounts", None,
    Tells("properties.storageAccountIds[]", Role.REPLICA, "model"),
)  # fmt: skip
def linked_storage(item: Item) -> Iterator[Found]:
    """Storage accounts in which a workspace keeps queries and logs of its own."""
    for index, target in enumerate(item.list("properties.storageAccountIds")):
        if isinstance(target, str):
            evidence = item.evidence(f"properties.storageAccountIds[{index}]", target)
            yield At(Placement(item.parent, Role.REPLICA, None, "linked-storage", evidence, target=uid_of(target)))


_SINKS = (
    ("properties.workspaceId", "log-to-workspace"),
    ("properties.storageAccountId", "log-to-storage"),
    ("properties.eventHubAuthorizationRuleId", "log-to-event-hub"),
    ("properties.serviceBusRuleId", "log-to-event-hub"),
)
_PARTNER = "properties.marketplacePartnerId"


@reads(
    "Microsoft.Insights/diagnosticSettings", "log-sink",
    *(Tells(field, role, "specified") for field, _ in _SINKS for role in (Role.LOG, Role.PRIMARY)),
    Tells(_PARTNER, Role.LOG, "specified"),
)  # fmt: skip
def diagnostic_setting(item: Item) -> Iterator[Found]:
    """Where a resource, or the activity log of a subscription, sends its logs. A partner solution is another company,
    in a place that Azure does not tell."""
    monitored = item.parent
    if "/providers/" not in monitored:
        # The log of a subscription is nobody's but the setting's.
        monitored = item.uid
        yield told(item, location=None)
    for field, via in _SINKS:
        if (target := item.text(field)) is not None:
            evidence = item.evidence(field, target)
            uid = uid_of(target).partition("/authorizationrules/")[0]
            yield At(Placement(monitored, Role.LOG, None, via, evidence, target=uid))
            if monitored == item.uid:
                yield At(Placement(monitored, Role.PRIMARY, None, via, evidence, target=uid))
    if (target := item.text(_PARTNER)) is not None:
        evidence = item.evidence(_PARTNER, target)
        yield Placement(monitored, Role.LOG, None, "log-to-partner", evidence, target=uid_of(target))


@reads(
    "Microsoft.Insights/components", "log-group", LOCATION,
    Tells("properties.WorkspaceResourceId", Role.LOG, "model"),
)  # fmt: skip
def insights(item: Item) -> Iterator[Found]:
    """Application Insights: its telemetry rests in its workspace, if it has one."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    field = "properties.WorkspaceResourceId"
    if (target := item.text(field)) is not None:
        yield copy(item, Role.LOG, "telemetry-workspace", field, target)


_DESTINATIONS = (
    ("properties.destinations.logAnalytics", "workspaceResourceId"),
    ("properties.destinations.eventHubs", "eventHubResourceId"),
    ("properties.destinations.eventHubsDirect", "eventHubResourceId"),
    ("properties.destinations.storageAccounts", "storageAccountResourceId"),
    ("properties.destinations.storageBlobsDirect", "storageAccountResourceId"),
    ("properties.destinations.storageTablesDirect", "storageAccountResourceId"),
    ("properties.destinations.monitoringAccounts", "accountResourceId"),
)


@reads(
    "Microsoft.Insights/dataCollectionRules", "log-sink", LOCATION,
    *(Tells(f"{field}[].{name}", Role.LOG, "model") for field, name in _DESTINATIONS),
)  # fmt: skip
def collection_rule(item: Item) -> Iterator[Found]:
    """What agents collect and where they send it."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for field, name in _DESTINATIONS:
        for path, entry in each(item, field):
            if isinstance(entry.get(name), str):
                yield copy(item, Role.LOG, "data-collection", f"{path}.{name}", entry[name])


_ANALYTICS = "properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration"


@reads(
    "Microsoft.Network/networkWatchers/flowLogs", "log-sink", LOCATION,
    Tells("properties.storageId", Role.LOG, "model"),
    Tells(f"{_ANALYTICS}.workspaceResourceId", Role.LOG, "model"),
    Tells(f"{_ANALYTICS}.workspaceRegion", Role.LOG, "model"),
)  # fmt: skip
def flow_log(item: Item) -> Iterator[Found]:
    """Flow logs of a network: the storage account and the workspace they are kept in."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    if item.get("properties.enabled") is False:
        return
    if (target := item.text("properties.storageId")) is not None:
        yield copy(item, Role.LOG, "flow-log", "properties.storageId", target)
    if (target := item.text(f"{_ANALYTICS}.workspaceResourceId")) is not None:
        evidence = item.evidence(f"{_ANALYTICS}.workspaceResourceId", target)
        region = place(item.get(f"{_ANALYTICS}.workspaceRegion"))
        yield At(Placement(item.uid, Role.LOG, region, "flow-analytics", evidence, target=uid_of(target)))


regional("Microsoft.Monitor/accounts", "log-group", stores=StoresData.YES)
regional("Microsoft.Insights/dataCollectionEndpoints", "log-sink")


_SOURCES = "properties.grafanaIntegrations.azureMonitorWorkspaceIntegrations"


@reads(
    "Microsoft.Dashboard/grafana", None, LOCATION,
    Tells(f"{_SOURCES}[].azureMonitorWorkspaceResourceId", Role.PROCESSING, "model"),
)  # fmt: skip
def grafana(item: Item) -> Iterator[Found]:
    """Dashboards, and the workspaces of metrics that they show."""
    yield told(item, location=where(item)[0], stores=StoresData.TRANSIT)
    yield from primary(item)
    for path, entry in each(item, _SOURCES):
        if isinstance(target := entry.get("azureMonitorWorkspaceResourceId"), str) and target:
            yield copy(item, Role.PROCESSING, "dashboard", f"{path}.azureMonitorWorkspaceResourceId", target)
regional("Microsoft.Insights/workbooks", None, stores=StoresData.NO)
