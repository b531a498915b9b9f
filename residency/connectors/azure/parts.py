"""What Resource Graph does not tell: parts and settings of resources, each a list of its own in Resource Manager.

An inventory that did not ask for them cannot say that nothing is copied or logged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from residency.connectors.azure.item import Item

SUBSCRIPTIONS = "Microsoft.Resources/subscriptions"
DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings"
DEFENDER = "Microsoft.Security/workspaceSettings"
DELEGATIONS = "Microsoft.ManagedServices/registrationAssignments"
SENTINEL = "Microsoft.SecurityInsights/onboardingStates"
_DIAGNOSTICS_PATH = f"providers/{DIAGNOSTICS}"
_DIAGNOSTICS_VERSION = "2021-05-01-preview"


@dataclass(frozen=True, slots=True)
class Part:
    """A list to ask of every resource of a type `of`: `GET {id}/{path}?api-version={version}`.

    `type` is the type of what it gives, and `action` what a role must grant. `single` is true where the answer is one
    object rather than a list under `value`. `unless` is a field of the resource that is false where there is nothing to
    ask for, and `options` what the address ends with after the version.
    """

    of: str
    type: str
    path: str
    version: str
    single: bool = False
    unless: str | None = None
    options: str = ""

    @property
    def action(self) -> str:
        """The action that a role must grant, and the api that evidence names."""
        if "providers/" in self.path:
            return f"{self.type}/read"
        return f"{self.of}/{'/'.join(self.path.split('/')[::2])}/read"


def _child(of: str, name: str, version: str, *, single: str = "") -> Part:
    return Part(of, f"{of}/{name}", f"{name}/{single}" if single else name, version, bool(single))


_BACKUPS = "Microsoft.RecoveryServices/vaults"
_PROTECTED = f"{_BACKUPS}/backupFabrics/protectionContainers/protectedItems"
_REPLICATED = f"{_BACKUPS}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
_LISTS: tuple[Part, ...] = (
    _child("Microsoft.Storage/storageAccounts", "objectReplicationPolicies", "2023-05-01"),
    Part("Microsoft.Storage/storageAccounts", "Microsoft.Storage/storageAccounts/blobServices/containers",
         "blobServices/default/containers", "2023-05-01", unless="properties.allowBlobPublicAccess"),
    _child("Microsoft.Sql/servers", "failoverGroups", "2023-08-01"),
    _child("Microsoft.Sql/servers", "encryptionProtector", "2023-08-01", single="current"),
    _child("Microsoft.Sql/servers", "auditingSettings", "2023-08-01", single="default"),
    _child("Microsoft.Sql/servers/databases", "replicationLinks", "2023-08-01"),
    _child("Microsoft.Sql/servers/databases", "auditingSettings", "2023-08-01", single="default"),
    _child("Microsoft.DocumentDB/cassandraClusters", "dataCenters", "2024-05-15"),
    _child("Microsoft.CognitiveServices/accounts", "deployments", "2024-10-01"),
    _child("Microsoft.KeyVault/vaults", "keys", "2023-07-01"),
    _child("Microsoft.AppConfiguration/configurationStores", "replicas", "2024-05-01"),
    _child("Microsoft.OperationalInsights/workspaces", "dataExports", "2023-09-01"),
    _child("Microsoft.OperationalInsights/workspaces", "linkedStorageAccounts", "2023-09-01"),
    _child("Microsoft.EventHub/namespaces", "disasterRecoveryConfigs", "2024-01-01"),
    _child("Microsoft.EventHub/namespaces", "eventhubs", "2024-01-01"),
    _child("Microsoft.ServiceBus/namespaces", "disasterRecoveryConfigs", "2024-01-01"),
    _child("Microsoft.EventGrid/topics", "eventSubscriptions", "2022-06-15"),
    _child("Microsoft.EventGrid/domains", "eventSubscriptions", "2022-06-15"),
    _child("Microsoft.EventGrid/systemTopics", "eventSubscriptions", "2022-06-15"),
    _child("Microsoft.SignalRService/SignalR", "replicas", "2024-03-01"),
    _child("Microsoft.SignalRService/WebPubSub", "replicas", "2024-03-01"),
    _child("Microsoft.DigitalTwins/digitalTwinsInstances", "timeSeriesDatabaseConnections", "2023-01-31"),
    _child("Microsoft.DataShare/accounts", "shares", "2021-08-01"),
    _child("Microsoft.DataShare/accounts/shares", "providerShareSubscriptions", "2021-08-01"),
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
    Part(SUBSCRIPTIONS, DEFENDER, f"providers/{DEFENDER}", "2017-08-01-preview"),
    Part(SUBSCRIPTIONS, DELEGATIONS, f"providers/{DELEGATIONS}", "2022-10-01",
         options="&$expandRegistrationDefinition=true"),
    Part("Microsoft.OperationalInsights/workspaces", SENTINEL, f"providers/{SENTINEL}", "2024-03-01"),
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
        if part.unless is not None and item.get(part.unless) is False:
            continue
        yield part, f"{item.id.rstrip('/')}/{part.path}"
    if item.key == INSTANCE_FAILOVER.of.lower():
        group = item.id.lower().partition("/providers/")[0]
        yield INSTANCE_FAILOVER, f"{group}/{INSTANCE_FAILOVER.path.format(location=item.location)}"
