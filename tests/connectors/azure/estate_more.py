"""More of the hospital: who else can reach what is kept, devices, watching, and services that have copies of their own."""

from __future__ import annotations

from tests.connectors.azure.objects import COMPUTE, KEY, SQL, STORE, SUB, VAULT, WORKSPACE, arm, rid

_DELEGATION = "Microsoft.ManagedServices/registrationAssignments"
SHARING = [
    arm(f"{STORE}/blobServices/containers", "patients/default/open", publicAccess="Blob"),
    arm(f"{STORE}/blobServices/containers", "patients/default/closed", publicAccess="None"),
    arm(STORE, "guarded", "francecentral", allowBlobPublicAccess=False, networkAcls={"resourceAccessRules": [
        {"tenantId": "Another-Tenant", "resourceId": "/subscriptions/another/resourceGroups/g/providers/Microsoft.Synapse/workspaces/s"}]}),
    {"id": f"/subscriptions/{SUB}/providers/{_DELEGATION}/partner", "name": "partner", "type": _DELEGATION,
     "properties": {"registrationDefinitionId": f"/subscriptions/{SUB}/providers/Microsoft.ManagedServices/registrationDefinitions/d",
                    "registrationDefinition": {"properties": {"managedByTenantId": "Another-Tenant"}}}},
    arm(f"{COMPUTE}/galleries", "club", "francecentral", sharingProfile={"permissions": "Community"}),
    arm(f"{COMPUTE}/galleries", "own", "francecentral", sharingProfile={"permissions": "Private"}),
    arm("Microsoft.DataShare/accounts", "give", "francecentral"),
    arm("Microsoft.DataShare/accounts/shares", "give/study", shareKind="CopyBased"),
    arm("Microsoft.DataShare/accounts/shares/providerShareSubscriptions", "give/study/taker",
        consumerTenantName="Laboratory", shareSubscriptionStatus="Active"),
    arm("Microsoft.Network/privateLinkServices", "pls", "francecentral", visibility={"subscriptions": [SUB.upper(), "*"]}),
    arm("Microsoft.Datadog/monitors", "dd", "westus2"),
]  # fmt: skip
TWINS, GRID = "Microsoft.DigitalTwins/digitalTwinsInstances", "Microsoft.EventGrid/topics"
DEVICES = [
    arm("Microsoft.Devices/provisioningServices", "dps", "westeurope"),
    arm("Microsoft.Devices/provisioningServices", "dps-bound", "westeurope", enableDataResidency=True),
    arm(TWINS, "twins", "westeurope"),
    arm(f"{TWINS}/timeSeriesDatabaseConnections", "twins/history", adxResourceId=rid("Microsoft.Kusto/clusters", "adx-us")),
    arm(f"{GRID}/eventSubscriptions", "grid/hook", destination={
        "endpointType": "WebHook", "properties": {"endpointBaseUrl": "https://user:pass@hook.example/x?code=secret"}},
        deadLetterDestination={"properties": {"resourceId": rid(STORE, "logs")}}),
]  # fmt: skip
WATCHING = [
    arm("Microsoft.App/managedEnvironments", "apps", "francecentral",
        appLogsConfiguration={"logAnalyticsConfiguration": {"customerId": "1f-agent"}}),
    {"id": f"{rid(WORKSPACE, 'us-logs')}/providers/Microsoft.SecurityInsights/onboardingStates/default", "name": "default",
     "type": "Microsoft.SecurityInsights/onboardingStates", "properties": {}},
    {"id": f"/subscriptions/{SUB}/providers/Microsoft.Security/workspaceSettings/watch", "name": "watch",
     "type": "Microsoft.Security/workspaceSettings",
     "properties": {"workspaceId": rid(WORKSPACE, "us-logs"), "scope": f"/subscriptions/{SUB}"}},
    arm("Microsoft.SecurityCopilot/capacities", "copilot", None, geo="EU", crossGeoCompute="Allowed"),
    arm("Microsoft.Dashboard/grafana", "panels", "francecentral", grafanaIntegrations={"azureMonitorWorkspaceIntegrations": [
        {"azureMonitorWorkspaceResourceId": rid("Microsoft.Monitor/accounts", "metrics")}]}),
    arm("Microsoft.Monitor/accounts", "metrics", "eastus"),
    arm("Microsoft.Network/networkWatchers/packetCaptures", "w/cap", storageLocation={"storageId": rid(STORE, "logs")}),
    arm(f"{SQL}/auditingSettings", "ward-sql/default", state="Enabled", storageEndpoint="https://logs.blob.core.windows.net/"),
    arm(f"{SQL}/databases/auditingSettings", "ward-sql/records/default", state="Disabled", storageEndpoint=""),
]  # fmt: skip
MONGO, CASSANDRA = "Microsoft.DocumentDB/mongoClusters", "Microsoft.DocumentDB/cassandraClusters"
COPIES = [
    arm("Microsoft.SignalRService/SignalR", "live", "francecentral"),
    arm("Microsoft.SignalRService/SignalR/replicas", "live/us", top={"location": "eastus"}),
    arm(MONGO, "docs", "francecentral"),
    arm(MONGO, "docs-uk", "uksouth", replica={"sourceResourceId": rid(MONGO, "docs")}),
    arm(CASSANDRA, "ring", "francecentral"),
    arm(f"{CASSANDRA}/dataCenters", "ring/dc-us", dataCenterLocation="East US", managedDiskCustomerKeyUri=KEY),
    arm("Microsoft.DBforPostgreSQL/serverGroupsv2", "citus", "westeurope", enableGeoBackup=True),
    arm("Microsoft.DBforPostgreSQL/serverGroupsv2", "citus-uk", "uksouth",
        sourceResourceId=rid("Microsoft.DBforPostgreSQL/serverGroupsv2", "citus")),
    arm("Microsoft.OracleDatabase/autonomousDatabases", "adb", "francecentral",
        peerDbIds=[rid("Microsoft.OracleDatabase/autonomousDatabases", "adb-us")]),
    arm("Microsoft.OracleDatabase/autonomousDatabases", "adb-us", "eastus"),
    arm("Microsoft.Synapse/workspaces/sqlPools", "syn/pool", "francecentral", storageAccountType="GRS"),
    arm("Microsoft.SqlVirtualMachine/sqlVirtualMachines", "sql-on-web", "francecentral",
        virtualMachineResourceId=rid(f"{COMPUTE}/virtualMachines", "web"),
        autoBackupSettings={"enable": True, "storageAccountUrl": "https://logs.blob.core.windows.net/"}),
    arm("Microsoft.Batch/batchAccounts", "batch", "francecentral", autoStorage={"storageAccountId": rid(STORE, "logs")}),
    arm("Microsoft.VirtualMachineImages/imageTemplates", "recipe", "francecentral", distribute=[
        {"type": "SharedImage", "replicationRegions": ["francecentral", "westus"]},
        {"type": "SharedImage", "targetRegions": [{"name": "East US"}]}, {"type": "ManagedImage", "location": "uksouth"}]),
    arm("Microsoft.Maps/accounts", "maps", "global", locations=[{"locationName": "East US"}]),
    arm("Microsoft.VideoIndexer/accounts", "videos", "westeurope", storageServices={"resourceId": rid(STORE, "logs")}),
    arm("Microsoft.HealthBot/healthBots", "bot", "westeurope", keyVaultProperties={"keyVaultUri": VAULT, "keyName": "soft"}),
    arm("Microsoft.PowerPlatform/enterprisePolicies", "flows", "europe", encryption={
        "keyVault": {"id": rid("Microsoft.KeyVault/vaults", "ward-keys"), "key": {"name": "soft"}}}),
    arm("Microsoft.Automation/automationAccounts", "runs", "francecentral", encryption={
        "keySource": "Microsoft.Keyvault", "keyVaultProperties": {"keyvaultUri": VAULT, "keyName": "soft"}}),
]  # fmt: skip
ITEMS = [*SHARING, *DEVICES, *WATCHING, *COPIES]
PLACES: dict[str, str] = {
    "guarded": "primary:francecentral share:?",
    "partner": "share:?",
    "club": "primary:francecentral share:?",
    "own": "primary:francecentral",
    "give": "primary:francecentral share:?",
    "pls": "primary:francecentral share:?",
    "dd": "primary:westus2 share:?",
    "dps": "primary:westeurope replica:northeurope",
    "dps-bound": "primary:westeurope",
    "twins": "primary:westeurope replica:eastus",
    "apps": "primary:francecentral log:eastus",
    "watch": "primary:eastus log:eastus",
    "copilot": "primary:eu processing:global",
    "panels": "primary:francecentral processing:eastus",
    "metrics": "primary:eastus",
    "cap": "primary:eastus",
    "live": "primary:francecentral processing:eastus",
    "docs": "primary:francecentral replica:uksouth",
    "docs-uk": "primary:uksouth",
    "ring": "primary:francecentral replica:eastus key:francecentral key:francesouth",
    "citus": "primary:westeurope backup:northeurope replica:uksouth",
    "citus-uk": "primary:uksouth",
    "adb": "primary:francecentral replica:eastus",
    "adb-us": "primary:eastus",
    "pool": "primary:francecentral backup:francesouth",
    "sql-on-web": "primary:francecentral",
    "batch": "primary:francecentral replica:eastus",
    "recipe": "primary:francecentral replica:eastus replica:uksouth replica:westus",
    "maps": "primary:global processing:eastus",
    "videos": "primary:westeurope replica:eastus",
    "bot": "primary:westeurope key:francecentral key:francesouth",
    "flows": "primary:europe key:francecentral key:francesouth",
    "runs": "primary:francecentral key:francecentral key:francesouth",
}
