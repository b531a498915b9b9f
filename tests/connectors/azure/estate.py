"""A small hospital on Azure as Resource Graph and Resource Manager tell of it, and everything that is true of it."""

from __future__ import annotations

from typing import Any

SUB = "5aeb0000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUB}/resourceGroups/Hospital"
VAULT = "https://ward-keys.vault.azure.net"
KEY, HSM_KEY = f"{VAULT}/keys/soft/0123", f"{VAULT}/keys/hard"
POOL_KEY = "https://ward-hsm.managedhsm.azure.net/keys/pool"
FAR_KEY = "https://elsewhere.vault.azure.net/keys/k"


def rid(type_: str, name: str, group: str = GROUP) -> str:
    """The id of a resource; a name of several steps for a part."""
    namespace, *types = type_.split("/")
    pairs = "/".join(f"{kind}/{step}" for kind, step in zip(types, name.split("/"), strict=True))
    return f"{group}/providers/{namespace}/{pairs}"


def arm(type_: str, name: str, location: str | None = None, *, top: dict[str, Any] | None = None,
        **properties: Any) -> dict[str, Any]:  # fmt: skip
    """An object as Resource Graph and Resource Manager give it; `top` are members beside `properties`."""
    item = {"id": rid(type_, name), "name": name.rpartition("/")[2], "type": type_, "properties": properties}
    return {**item, **({"location": location, "tags": {}} if location else {}), **(top or {})}


def sku(name: str) -> dict[str, Any]:
    return {"sku": {"name": name}}


def setting(of: str, name: str, **properties: Any) -> dict[str, Any]:
    type_ = "Microsoft.Insights/diagnosticSettings"
    return {"id": f"{of}/providers/{type_}/{name}", "name": name, "type": type_, "properties": properties}


STORE, SQL, COMPUTE = "Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers", "Microsoft.Compute"
BACKUP = "Microsoft.RecoveryServices/vaults"
WORKSPACE = "Microsoft.OperationalInsights/workspaces"
CUSTOMER = {
    "encryption": {"keySource": "Microsoft.Keyvault", "keyvaultproperties": {"keyvaulturi": VAULT, "keyname": "soft"}}
}

STORAGE = [
    arm(STORE, "patients", "francecentral", top={**sku("Standard_GRS"), "tags": {"data-class": "health"}},
        secondaryLocation="francesouth", **CUSTOMER),
    arm(STORE, "images", "West Europe", top=sku("StandardV2_GZRS"), encryption={"keySource": "Microsoft.Storage"}),
    arm(STORE, "logs", "eastus", top=sku("Standard_LRS")),
    arm(STORE, "nopair", "polandcentral", top=sku("Standard_GRS")),
    arm(STORE, "lost", "francecentral", top=sku("Standard_ZRS"), encryption={"keySource": "Microsoft.Keyvault"}),
    arm(f"{STORE}/objectReplicationPolicies", "patients/p", sourceAccount="patients", destinationAccount=rid(STORE, "logs")),
    arm(f"{STORE}/objectReplicationPolicies", "logs/p", sourceAccount="patients", destinationAccount="logs"),
    arm(f"{STORE}/objectReplicationPolicies", "images/q", sourceAccount="images", destinationAccount="unseen"),
]  # fmt: skip
KEYS = [
    arm("Microsoft.KeyVault/vaults", "ward-keys", "francecentral", vaultUri=f"{VAULT}/", sku={"name": "premium"}),
    arm("Microsoft.KeyVault/vaults/keys", "ward-keys/soft", kty="RSA", keyUri=f"{VAULT}/keys/soft"),
    arm("Microsoft.KeyVault/vaults/keys", "ward-keys/hard", kty="RSA-HSM", keyUri=f"{VAULT}/keys/hard"),
    arm("Microsoft.KeyVault/vaults", "warsaw", "polandcentral", vaultUri="https://warsaw.vault.azure.net/"),
    arm("Microsoft.KeyVault/vaults", "somewhere", "newregion", vaultUri="https://somewhere.vault.azure.net/"),
    arm("Microsoft.KeyVault/vaults", "sao-paulo", "brazilsouth", vaultUri="https://sao-paulo.vault.azure.net/"),
    arm("Microsoft.KeyVault/managedHSMs", "ward-hsm", "westeurope", hsmUri="https://ward-hsm.managedhsm.azure.net:443/",
        regions=[{"name": "westeurope", "isPrimary": True}, {"name": "uksouth", "isPrimary": False}]),
    arm("Microsoft.AppConfiguration/configurationStores", "settings", "francecentral",
        encryption={"keyVaultProperties": {"keyIdentifier": HSM_KEY}}),
    arm("Microsoft.AppConfiguration/configurationStores/replicas", "settings/us", top={"location": "East US"}),
]  # fmt: skip
SQLS = [
    arm(SQL, "ward-sql", "francecentral", version="12.0"),
    arm(f"{SQL}/encryptionProtector", "ward-sql/current", serverKeyType="AzureKeyVault", uri=KEY),
    arm(f"{SQL}/databases", "ward-sql/records", "francecentral", currentBackupStorageRedundancy="Geo"),
    arm(f"{SQL}/databases", "ward-sql/local", "francecentral", requestedBackupStorageRedundancy="Local"),
    arm(f"{SQL}/databases", "ward-sql/master", "francecentral", requestedBackupStorageRedundancy="Geo"),
    arm(f"{SQL}/databases/replicationLinks", "ward-sql/records/l", role="Primary", partnerRole="Secondary",
        partnerLocation="North Europe", partnerServer="ward-sql-2"),
    arm(f"{SQL}/databases/replicationLinks", "ward-sql/local/l", role="Secondary", partnerLocation="East US"),
    arm(f"{SQL}/failoverGroups", "ward-sql/fog", replicationRole="Primary",
        partnerServers=[{"id": rid(SQL, "us-sql"), "location": "East US", "replicationRole": "Secondary"}],
        databases=[rid(f"{SQL}/databases", "ward-sql/local")]),
    arm("Microsoft.Sql/managedInstances", "mi", "westeurope", currentBackupStorageRedundancy="GeoZone", keyId=POOL_KEY),
    arm("Microsoft.Sql/managedInstances/databases", "mi/inner", "westeurope"),
    arm("Microsoft.Sql/locations/instanceFailoverGroups", "westeurope/g", replicationRole="Primary",
        partnerRegions=[{"location": "uksouth"}],
        managedInstancePairs=[{"primaryManagedInstanceId": rid("Microsoft.Sql/managedInstances", "mi"),
                               "partnerManagedInstanceId": rid("Microsoft.Sql/managedInstances", "mi-uk")}]),
]  # fmt: skip
PG = "Microsoft.DBforPostgreSQL/flexibleServers"
DATABASES = [
    arm("Microsoft.DocumentDB/databaseAccounts", "cosmos", "West Europe", keyVaultKeyUri=FAR_KEY,
        locations=[{"locationName": "West Europe", "failoverPriority": 0}, {"locationName": "East US", "failoverPriority": 1}],
        backupPolicy={"type": "Periodic", "periodicModeProperties": {"backupStorageRedundancy": "Geo"}}),
    arm("Microsoft.DocumentDB/databaseAccounts", "calm", "francecentral", backupPolicy={"type": "Continuous"},
        locations=[{"locationName": "France Central", "failoverPriority": 0}]),
    arm(PG, "pg", "francecentral", backup={"geoRedundantBackup": "Enabled"}, replicationRole="Primary",
        dataEncryption={"type": "AzureKeyVault", "primaryKeyURI": KEY, "geoBackupKeyURI": FAR_KEY}),
    arm(PG, "pg-copy", "uksouth", replicationRole="AsyncReplica", sourceServerResourceId=rid(PG, "pg"),
        backup={"geoRedundantBackup": "Disabled"}),
    arm("Microsoft.DBforMySQL/servers", "old", "westeurope", storageProfile={"geoRedundantBackup": "Enabled"}, replicationRole="None"),
]  # fmt: skip
DISK, SET = f"{COMPUTE}/disks", f"{COMPUTE}/diskEncryptionSets"
VMS = [
    arm(f"{COMPUTE}/virtualMachines", "web", "francecentral", hardwareProfile={}),
    arm(DISK, "data", "francecentral", encryption={"type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": rid(SET, "des")}),
    arm(DISK, "edge", "westus", encryption={"type": "EncryptionAtRestWithPlatformKey"},
        top={"extendedLocation": {"type": "EdgeZone", "name": "losangeles"}}),
    arm(SET, "des", "francecentral", activeKey={"keyUrl": HSM_KEY, "sourceVault": {"id": rid("Microsoft.KeyVault/vaults", "ward-keys")}}),
    arm(f"{COMPUTE}/snapshots", "nightly", "northeurope", creationData={"createOption": "CopyStart", "sourceResourceId": rid(DISK, "data")},
        encryption={"type": "EncryptionAtRestWithPlatformKey"}),
    arm(f"{COMPUTE}/images", "golden", "francecentral", sourceVirtualMachine={"id": rid(f"{COMPUTE}/virtualMachines", "web")}),
    arm(f"{COMPUTE}/galleries/images/versions", "g/i/1.0.0", "francecentral",
        publishingProfile={"targetRegions": [{"name": "France Central"}, {"name": "West US"}]}),
    arm(f"{COMPUTE}/restorePointCollections", "points", "westeurope", source={"id": rid(f"{COMPUTE}/virtualMachines", "web")}),
    arm("Microsoft.HybridCompute/machines", "basement", "francecentral", status="Connected"),
]  # fmt: skip
FILES = [
    arm("Microsoft.NetApp/netAppAccounts", "anf", "francecentral",
        encryption={"keySource": "Microsoft.KeyVault", "keyVaultProperties": {"keyVaultUri": VAULT, "keyName": "hard"}}),
    arm("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "anf/p/scans", "francecentral",
        dataProtection={"replication": {"endpointType": "src", "remoteVolumeRegion": "uksouth", "remoteVolumeResourceId": "/x/y"}}),
    arm("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "anf/p/in", "francecentral",
        dataProtection={"replication": {"endpointType": "dst", "remoteVolumeRegion": "eastus"}}),
    arm("Microsoft.ContainerRegistry/registries", "acr", "francecentral", encryption={"keyVaultProperties": {"keyIdentifier": KEY}}),
    arm("Microsoft.ContainerRegistry/registries/replications", "acr/eastus", "eastus", regionEndpointEnabled=True),
]  # fmt: skip
_ITEM = "backupFabrics/protectionContainers/protectedItems"
_COPY = "replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
BACKUPS = [
    arm(BACKUP, "rsv", "westeurope", redundancySettings={"standardTierStorageRedundancy": "GeoRedundant", "crossRegionRestore": "Enabled"}),
    arm(BACKUP, "aged", "francecentral", provisioningState="Succeeded"),
    arm(f"{BACKUP}/backupstorageconfig", "aged/vaultstorageconfig", storageModelType="GeoRedundant"),
    arm(f"{BACKUP}/{_ITEM}", "rsv/Azure/c/vm", sourceResourceId=rid(f"{COMPUTE}/virtualMachines", "web")),
    arm(f"{BACKUP}/{_COPY}", "aged/f/c/vm", providerSpecificDetails={
        "instanceType": "A2A", "fabricObjectId": rid(f"{COMPUTE}/virtualMachines", "web"), "primaryFabricLocation": "francecentral",
        "recoveryFabricLocation": "uksouth"}),
    arm("Microsoft.DataProtection/backupVaults", "bv", "francecentral",
        storageSettings=[{"datastoreType": "VaultStore", "type": "GeoRedundant"}]),
    arm("Microsoft.DataProtection/backupVaults/backupInstances", "bv/blob", dataSourceInfo={"resourceID": rid(STORE, "lost")}),
]  # fmt: skip
LOGS = [
    arm(WORKSPACE, "us-logs", "eastus", replication={"enabled": True, "location": "westus"}),
    arm(WORKSPACE, "fr-logs", "francecentral", features={"clusterResourceId": rid("Microsoft.OperationalInsights/clusters", "cl")}),
    arm("Microsoft.OperationalInsights/clusters", "cl", "francecentral", keyVaultProperties={"keyVaultUri": VAULT, "keyName": "soft"}),
    arm(f"{WORKSPACE}/dataExports", "fr-logs/e", enable=True, destination={"resourceId": rid(STORE, "logs")}),
    setting(f"{rid(STORE, 'patients')}/blobServices/default", "out", workspaceId=rid(WORKSPACE, "us-logs"),
            marketplacePartnerId="/subscriptions/x/providers/Microsoft.Datadog/monitors/dd"),
    setting(rid(f"{SQL}/databases", "ward-sql/records"), "hub", storageAccountId=rid(STORE, "logs"),
            eventHubAuthorizationRuleId=rid("Microsoft.EventHub/namespaces/authorizationRules", "eh/Root")),
    setting(f"/subscriptions/{SUB}", "activity", workspaceId=rid(WORKSPACE, "us-logs")),
    arm("Microsoft.Insights/components", "app", "francecentral", WorkspaceResourceId=rid(WORKSPACE, "fr-logs")),
    arm("Microsoft.OperationsManagement/solutions", "SecurityInsights(fr-logs)", "francecentral", workspaceResourceId=rid(WORKSPACE, "fr-logs")),
    arm("Microsoft.Insights/dataCollectionRules", "dcr", "francecentral",
        destinations={"logAnalytics": [{"workspaceResourceId": rid(WORKSPACE, "us-logs"), "name": "a"}]}),
    arm("Microsoft.Network/networkWatchers/flowLogs", "w/fl", "francecentral", enabled=True, storageId=rid(STORE, "logs"),
        flowAnalyticsConfiguration={"networkWatcherFlowAnalyticsConfiguration": {
            "workspaceResourceId": rid(WORKSPACE, "unseen"), "workspaceRegion": "westus2"}}),
]  # fmt: skip
EH, SB = "Microsoft.EventHub/namespaces", "Microsoft.ServiceBus/namespaces"
MESSAGES = [
    arm(EH, "eh", "francecentral", geoDataReplication={"locations": [{"locationName": "francecentral", "roleType": "Primary"},
                                                                     {"locationName": "eastus", "roleType": "Secondary"}]},
        encryption={"keySource": "Microsoft.KeyVault", "keyVaultProperties": [{"keyVaultUri": VAULT, "keyName": "soft"}]}),
    arm(f"{EH}/eventhubs", "eh/h", captureDescription={"enabled": True, "destination": {"properties": {"storageAccountResourceId": rid(STORE, "logs")}}}),
    arm(f"{EH}/disasterRecoveryConfigs", "eh/dr", partnerNamespace=rid(EH, "eh-2"), role="Primary"),
    arm(EH, "eh-2", "uksouth"),
    arm(SB, "sb", "westeurope"),
    arm(f"{SB}/disasterRecoveryConfigs", "sb/dr", partnerNamespace="sb-2", role="Secondary"),
    arm("Microsoft.EventGrid/topics", "grid", "francecentral", dataResidencyBoundary="WithinGeopair"),
    arm("Microsoft.Devices/IotHubs", "iot", "northeurope", locations=[{"location": "North Europe", "role": "primary"},
                                                                     {"location": "West Europe", "role": "secondary"}],
        routing={"endpoints": {"storageContainers": [{"endpointUri": "https://logs.blob.core.windows.net/"}]}}),
    arm("Microsoft.Cache/redis", "cache", "francecentral", sslPort=6380),
    arm("Microsoft.Cache/redis/linkedServers", "cache/far", linkedRedisCacheLocation="East US", serverRole="Secondary",
        linkedRedisCacheId=rid("Microsoft.Cache/redis", "far")),
    arm("Microsoft.Cache/redisEnterprise", "rc", "francecentral",
        encryption={"customerManagedKeyEncryption": {"keyEncryptionKeyUrl": KEY}}),
    arm("Microsoft.Cache/redisEnterprise", "rc-us", "eastus"),
    arm("Microsoft.Cache/redisEnterprise/databases", "rc/default", geoReplication={"linkedDatabases": [
        {"id": rid("Microsoft.Cache/redisEnterprise/databases", "rc/default")},
        {"id": rid("Microsoft.Cache/redisEnterprise/databases", "rc-us/default")}]}),
    arm("Microsoft.Communication/communicationServices", "acs", "global", dataLocation="United States"),
]  # fmt: skip
AI = "Microsoft.CognitiveServices/accounts"
AIS = [
    arm(AI, "gpt", "francecentral", top={"kind": "OpenAI"},
        encryption={"keySource": "Microsoft.KeyVault", "keyVaultProperties": {"keyVaultUri": VAULT, "keyName": "hard"}}),
    arm(f"{AI}/deployments", "gpt/anywhere", top=sku("GlobalStandard")),
    arm(f"{AI}/deployments", "gpt/union", top=sku("DataZoneStandard")),
    arm(f"{AI}/deployments", "gpt/here", top=sku("Standard")),
    arm(f"{AI}/deployments", "gpt/new", top=sku("SomethingNew")),
    arm(AI, "speech", "uksouth", userOwnedStorage=[{"resourceId": rid(STORE, "logs")}]),
    arm(f"{AI}/deployments", "speech/zone", top=sku("DataZoneBatch")),
    arm("Microsoft.Search/searchServices", "find", "francecentral", hostingMode="default"),
    arm("Microsoft.MachineLearningServices/workspaces", "ml", "francecentral", storageAccount=rid(STORE, "logs"),
        applicationInsights=rid("Microsoft.Insights/components", "app")),
]  # fmt: skip
ADF = "Microsoft.DataFactory/factories"
ANALYTICS = [
    arm(ADF, "adf", "francecentral", encryption={"vaultBaseUrl": VAULT, "keyName": "soft"}),
    arm(f"{ADF}/integrationRuntimes", "adf/auto", type="Managed", typeProperties={"computeProperties": {"location": "AutoResolve"}}),
    arm(f"{ADF}/integrationRuntimes", "adf/us", type="Managed", typeProperties={"computeProperties": {"location": "East US"}}),
    arm(f"{ADF}/integrationRuntimes", "adf/own", type="SelfHosted"),
    arm("Microsoft.Synapse/workspaces", "syn", "francecentral", defaultDataLakeStorage={"resourceId": rid(STORE, "images")},
        encryption={"cmk": {"key": {"name": "k", "keyVaultUrl": KEY}}}),
    arm("Microsoft.Databricks/workspaces", "dbx", "francecentral",
        encryption={"entities": {"managedServices": {"keyVaultProperties": {"keyVaultUri": VAULT, "keyName": "soft"}}}}),
    arm("Microsoft.Kusto/clusters", "adx", "francecentral"),
    arm("Microsoft.Kusto/clusters", "adx-us", "eastus"),
    arm("Microsoft.Kusto/clusters/attachedDatabaseConfigurations", "adx-us/a", top={"location": "East US"},
        clusterResourceId=rid("Microsoft.Kusto/clusters", "adx")),
    arm("Microsoft.Purview/accounts", "cat", "westeurope"),
    arm("Microsoft.HealthcareApis/workspaces/fhirServices", "h/fhir", "francecentral",
        exportConfiguration={"storageAccountName": "logs"}),
]  # fmt: skip
OTHERS = [
    arm("Microsoft.ContainerService/managedClusters", "aks", "francecentral", diskEncryptionSetID=rid(SET, "des"),
        securityProfile={"azureKeyVaultKms": {"enabled": True, "keyId": FAR_KEY}},
        addonProfiles={"omsagent": {"config": {"logAnalyticsWorkspaceResourceID": rid(WORKSPACE, "us-logs")}}}),
    arm("Microsoft.Web/sites", "portal", "France Central", state="Running"),
    arm("Microsoft.Web/staticSites", "front", "westeurope"),
    arm("Microsoft.ApiManagement/service", "apim", "francecentral", additionalLocations=[{"location": "East US"}]),
    arm("Microsoft.Network/privateEndpoints", "pe", "francecentral",
        privateLinkServiceConnections=[{"properties": {"privateLinkServiceId": rid(STORE, "logs")}}]),
    arm("Microsoft.Network/frontDoors", "fd", "global"),
    arm("Microsoft.Network/trafficManagerProfiles", "tm", "global",
        endpoints=[{"properties": {"endpointLocation": "West US", "target": "a.example"}}]),
    arm("Microsoft.AAD/domainServices", "aad", "francecentral", replicaSets=[{"location": "France Central"}, {"location": "East US"}]),
    arm("Microsoft.Network/virtualNetworks", "net", "francecentral"),
]  # fmt: skip
SUBSCRIPTION = {
    "id": f"/subscriptions/{SUB}", "type": "microsoft.resources/subscriptions", "name": "prod", "tenantId": "T",
    "properties": {"managementGroupAncestorsChain": [{"displayName": "Health"}, {"displayName": "Root"}]},
}  # fmt: skip
ESTATE = [
    SUBSCRIPTION, *STORAGE, *KEYS, *SQLS, *DATABASES, *VMS, *FILES, *BACKUPS, *LOGS, *MESSAGES, *AIS, *ANALYTICS, *OTHERS,
]  # fmt: skip

# Every place that the estate has: name of the resource -> role:location, `?` where it cannot be known. Nothing else may be found.
PLACES: dict[str, str] = {
    "patients": "primary:francecentral replica:eastus replica:francesouth log:? log:eastus key:francecentral key:francesouth",
    "images": "primary:westeurope replica:? replica:northeurope",
    "logs": "primary:eastus",
    "nopair": "primary:polandcentral replica:?",
    "lost": "primary:francecentral backup:francecentral backup:francesouth key:?",
    "ward-keys": "primary:francecentral replica:francesouth",
    "sao-paulo": "primary:brazilsouth",
    "warsaw": "primary:polandcentral",
    "somewhere": "primary:newregion replica:?",
    "ward-hsm": "primary:westeurope replica:uksouth",
    "settings": "primary:francecentral replica:eastus key:francecentral key:francesouth",
    "ward-sql": "primary:francecentral key:francecentral key:francesouth",
    "records": "primary:francecentral replica:northeurope backup:francesouth key:francecentral key:francesouth log:eastus log:francecentral",
    "local": "primary:francecentral replica:eastus key:francecentral key:francesouth",
    "master": "primary:francecentral key:francecentral key:francesouth",
    "mi": "primary:westeurope replica:uksouth backup:northeurope key:uksouth key:westeurope",
    "inner": "primary:westeurope key:uksouth key:westeurope",
    "cosmos": "primary:westeurope replica:eastus backup:northeurope key:?",
    "calm": "primary:francecentral",
    "pg": "primary:francecentral replica:uksouth backup:francesouth key:? key:francecentral key:francesouth",
    "pg-copy": "primary:uksouth",
    "old": "primary:westeurope backup:northeurope",
    "web": "primary:francecentral replica:uksouth backup:northeurope backup:westeurope snapshot:francecentral snapshot:westeurope",
    "data": "primary:francecentral snapshot:northeurope key:francecentral key:francesouth",
    "edge": "primary:losangeles",
    "des": "primary:francecentral key:francecentral key:francesouth",
    "nightly": "primary:northeurope",
    "golden": "primary:francecentral",
    "1.0.0": "primary:francecentral replica:westus",
    "points": "primary:westeurope",
    "basement": "primary:? control-plane:francecentral",
    "anf": "primary:francecentral key:francecentral key:francesouth",
    "scans": "primary:francecentral replica:uksouth key:francecentral key:francesouth",
    "in": "primary:francecentral key:francecentral key:francesouth",
    "acr": "primary:francecentral replica:eastus key:francecentral key:francesouth",
    "rsv": "primary:westeurope replica:northeurope",
    "aged": "primary:francecentral replica:francesouth",
    "bv": "primary:francecentral replica:francesouth",
    "us-logs": "primary:eastus replica:westus",
    "fr-logs": "primary:francecentral replica:eastus processing:francecentral key:francecentral key:francesouth",
    "cl": "primary:francecentral key:francecentral key:francesouth",
    "activity": "primary:eastus log:eastus",
    "app": "primary:francecentral log:francecentral",
    "dcr": "primary:francecentral log:eastus",
    "fl": "primary:francecentral log:eastus log:westus2",
    "eh": "primary:francecentral replica:eastus key:francecentral key:francesouth control-plane:uksouth",
    "eh-2": "primary:uksouth",
    "sb": "primary:westeurope",
    "grid": "primary:francecentral replica:francesouth",
    "iot": "primary:northeurope replica:eastus replica:westeurope",
    "cache": "primary:francecentral replica:eastus",
    "rc": "primary:francecentral replica:eastus key:francecentral key:francesouth",
    "rc-us": "primary:eastus",
    "acs": "primary:unitedstates",
    "gpt": "primary:francecentral processing:? processing:eudatazone processing:francecentral processing:global key:francecentral key:francesouth",
    "speech": "primary:uksouth replica:eastus processing:?",
    "find": "primary:francecentral",
    "ml": "primary:francecentral replica:eastus log:francecentral",
    "adf": "primary:francecentral processing:? processing:eastus processing:global key:francecentral key:francesouth",
    "syn": "primary:francecentral replica:westeurope key:francecentral key:francesouth",
    "dbx": "primary:francecentral key:francecentral key:francesouth",
    "adx": "primary:francecentral share:eastus",
    "adx-us": "primary:eastus",
    "cat": "primary:westeurope",
    "fhir": "primary:francecentral replica:eastus",
    "aks": "primary:francecentral log:eastus key:? key:francecentral key:francesouth",
    "portal": "primary:francecentral",
    "front": "primary:westeurope cache:global",
    "apim": "primary:francecentral processing:eastus",
    "pe": "primary:francecentral processing:eastus",
    "fd": "primary:global cache:global",
    "tm": "primary:global processing:global processing:westus",
    "aad": "primary:francecentral replica:eastus",
}  # fmt: skip
CUSTODY: dict[str, str | None] = {
    "patients": "customer-managed",
    "images": "provider-managed",
    "lost": None,
    "ward-keys": "customer-managed",
    "ward-hsm": "hsm",
    "settings": "hsm",
    "ward-sql": "customer-managed",
    "records": "customer-managed",
    "inner": "hsm",
    "cosmos": None,
    "pg": "customer-managed",
    "pg-copy": "provider-managed",
    "data": "hsm",
    "edge": "provider-managed",
    "nightly": "provider-managed",
    "golden": None,
    "scans": "hsm",
    "us-logs": "provider-managed",
    "fr-logs": "customer-managed",
    "eh": "customer-managed",
    "gpt": "hsm",
    "speech": "provider-managed",
    "aks": "hsm",
}
