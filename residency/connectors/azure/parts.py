"""What Resource Graph does not tell: parts and settings of resources, each a list of its own in Resource Manager.

An inventory that did not ask for them cannot say that nothing is copied or logged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from residency.connectors.azure.item import Item

SUBSCRIPTIONS = "Microsoft.Resources/subscriptions"
DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings"
_DIAGNOSTICS_PATH = f"providers/{DIAGNOSTICS}"
_DIAGNOSTICS_VERSION = "2021-05-01-preview"


@dataclass(frozen=True, slots=True)
class Part:
    """A list to ask of every resource of a type `of`: `GET {id}/{path}?api-version={version}`.

    `type` is the type of what it gives, and `action` what a role must grant. `single` is true where the answer is one
    object rather than a list under `value`.
    """

    of: str
    type: str
    path: str
    version: str
    single: bool = False

    @property
    def action(self) -> str:
        """The action that a role must grant, and the api that evidence names."""
        within = "providers/" in self.path
        return f"{self.type}/read" if within else f"{self.of}/{self.path.partition('/')[0]}/read"


def _child(of: str, name: str, version: str, *, single: str = "") -> Part:
    return Part(of, f"{of}/{name}", f"{name}/{single}" if single else name, version, bool(single))


_BACKUPS = "Microsoft.RecoveryServices/vaults"
_PROTECTED = f"{_BACKUPS}/backupFabrics/protectionContainers/protectedItems"
_REPLICATED = f"{_BACKUPS}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
_LISTS: tuple[Part, ...] = (
    _child("Microsoft.Storage/storageAccounts", "objectReplicationPolicies", "2023-05-01"),
    _child("Microsoft.Sql/servers", "failoverGroups", "2023-08-01"),
    _child("Microsoft.Sql/servers", "encryptionProtector", "2023-08-01", single="current"),
    _child("Microsoft.Sql/servers/databases", "replicationLinks", "2023-08-01"),
    _child("Microsoft.CognitiveServices/accounts", "deployments", "2024-10-01"),
    _child("Microsoft.KeyVault/vaults", "keys", "2023-07-01"),
    _child("Microsoft.AppConfiguration/configurationStores", "replicas", "2024-05-01"),
    _child("Microsoft.OperationalInsights/workspaces", "dataExports", "2023-09-01"),
    _child("Microsoft.OperationalInsights/workspaces", "linkedStorageAccounts", "2023-09-01"),
    _child("Microsoft.EventHub/namespaces", "disasterRecoveryConfigs", "2024-01-01"),
    _child("Microsoft.EventHub/namespaces", "eventhubs", "2024-01-01"),
    _child("Microsoft.ServiceBus/namespaces", "disasterRecoveryConfigs", "2024-01-01"),
    _child("Microsoft.Cache/redis", "linkedServers", "2024-03-01"),
    _child("Microsoft.Cache/redisEnterprise", "databases", "2024-10-01"),
    _child("Microsoft.DataFactory/factories", "integrationRuntimes", "2018-06-01"),
    _child("Microsoft.Synapse/workspaces", "integrationRuntimes", "2021-06-01"),
    _child("Microsoft.Kusto/clusters", "attachedDatabaseConfigurations", "2024-04-13"),
    _child("Microsoft.DataProtection/backupVaults", "backupInstances", "2024-04-01"),
    _child(_BACKUPS, "backupstorageconfig", "2024-04-01", single="vaultstorageconfig"),
    Part(_BACKUPS, _PROTECTED, "backupProtectedItems", "2024-04-01"),
    Part(_BACKUPS, _REPLICATED, "replicationProtectedItems", "2024-04-01"),
    Part(SUBSCRIPTIONS, DIAGNOSTICS, _DIAGNOSTICS_PATH, _DIAGNOSTICS_VERSION),
)  # fmt: skip

# Types whose diagnostic settings are asked for; those of a storage account are set on each of its services.
_LOGGED: dict[str, tuple[str, ...]] = {
    "ApiManagement": ("service",),
    "App": ("managedEnvironments",),
    "AppConfiguration": ("configurationStores",),
    "Automation": ("automationAccounts",),
    "Batch": ("batchAccounts",),
    "Cache": ("redis",),
    "Cdn": ("profiles",),
    "CognitiveServices": ("accounts",),
    "Communication": ("communicationServices",),
    "ContainerRegistry": ("registries",),
    "ContainerService": ("managedClusters",),
    "DBforMySQL": ("flexibleServers",),
    "DBforPostgreSQL": ("flexibleServers",),
    "DataFactory": ("factories",),
    "DataProtection": ("backupVaults",),
    "Databricks": ("workspaces",),
    "DesktopVirtualization": ("hostPools",),
    "Devices": ("IotHubs",),
    "DocumentDB": ("databaseAccounts",),
    "EventGrid": ("domains", "topics"),
    "EventHub": ("namespaces",),
    "HealthcareApis": ("services", "workspaces/dicomServices", "workspaces/fhirServices"),
    "Insights": ("components",),
    "KeyVault": ("managedHSMs", "vaults"),
    "Kusto": ("clusters",),
    "Logic": ("workflows",),
    "MachineLearningServices": ("workspaces",),
    "Network": (
        "applicationGateways",
        "azureFirewalls",
        "bastionHosts",
        "frontDoors",
        "loadBalancers",
        "trafficManagerProfiles",
        "virtualNetworkGateways",
    ),
    "NotificationHubs": ("namespaces",),
    "OperationalInsights": ("workspaces",),
    "Purview": ("accounts",),
    "RecoveryServices": ("vaults",),
    "Relay": ("namespaces",),
    "Search": ("searchServices",),
    "ServiceBus": ("namespaces",),
    "SignalRService": ("SignalR", "WebPubSub"),
    "Sql": ("managedInstances", "servers/databases"),
    "StreamAnalytics": ("streamingjobs",),
    "Synapse": ("workspaces",),
    "Web": ("hostingEnvironments", "serverfarms", "sites"),
}
_STORES = ("blobServices", "fileServices", "queueServices", "tableServices")

PARTS: tuple[Part, ...] = (
    *_LISTS,
    *(
        Part(f"Microsoft.{provider}/{name}", DIAGNOSTICS, _DIAGNOSTICS_PATH, _DIAGNOSTICS_VERSION)
        for provider, names in _LOGGED.items()
        for name in names
    ),
    *(
        Part(
            "Microsoft.Storage/storageAccounts",
            DIAGNOSTICS,
            f"{store}/default/{_DIAGNOSTICS_PATH}",
            _DIAGNOSTICS_VERSION,
        )
        for store in _STORES
    ),
)

# Lists that hang on a place in a resource group rather than on a resource: `GET {group}/{path}` with the region of an
# instance in it.
INSTANCE_FAILOVER = Part(
    "Microsoft.Sql/managedInstances", "Microsoft.Sql/locations/instanceFailoverGroups",
    "providers/Microsoft.Sql/locations/{location}/instanceFailoverGroups", "2023-08-01",
)  # fmt: skip

_OF: dict[str, tuple[Part, ...]] = {}
for _part in PARTS:
    _OF[_part.of.lower()] = (*_OF.get(_part.of.lower(), ()), _part)


def parts_of(item: Item) -> Iterator[tuple[Part, str]]:
    """The lists to ask of a resource, each with the address that it is asked at, without the API version."""
    for part in _OF.get(item.key, ()):
        yield part, f"{item.id.rstrip('/')}/{part.path}"
    if item.key == INSTANCE_FAILOVER.of.lower():
        group = item.id.lower().partition("/providers/")[0]
        yield INSTANCE_FAILOVER, f"{group}/{INSTANCE_FAILOVER.path.format(location=item.location)}"
