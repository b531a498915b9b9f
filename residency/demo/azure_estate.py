"""An Azure estate modelled on the French Health Data Hub, as the plain objects that Azure answers with.

What it must show: a health-data lake that moved from the Netherlands to Paris and is copied to Marseille because its
account is geo-redundant; logs sent to Virginia; keys in Key Vault, also in Marseille; a model whose prompts may be
worked on anywhere; and what was left behind in Amsterdam.
"""

from __future__ import annotations

from typing import Any

SUBSCRIPTION, TENANT = "4d445331-2019-4191-9002-000000000001", "4d445331-2019-4191-9002-0000000000aa"
PARIS, MARSEILLE, AMSTERDAM, VIRGINIA = "francecentral", "francesouth", "westeurope", "eastus"
HEALTH = {"data-class": "health", "project": "emc2"}
TECHNICAL = {"data-class": "personal", "project": "emc2"}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hdh-production"
VAULT = "https://hdh-keys.vault.azure.net"

Object = dict[str, Any]


def _id(type_: str, name: str) -> str:
    namespace, *kinds = type_.split("/")
    steps = "/".join(f"{kind}/{step}" for kind, step in zip(kinds, name.split("/"), strict=True))
    return f"{GROUP}/providers/{namespace}/{steps}"


def _resource(
    type_: str, name: str, location: str, properties: Object, *, tags: dict[str, str] = HEALTH, **more: Any
) -> Object:
    return {
        "id": _id(type_, name), "name": name.rpartition("/")[2], "type": type_, "location": location,
        "subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "tags": tags, "properties": properties, **more,
    }  # fmt: skip


def _part(type_: str, name: str, properties: Object, **more: Any) -> Object:
    return {"id": _id(type_, name), "name": name.rpartition("/")[2], "type": type_, "properties": properties, **more}


def _setting(of: str, name: str, workspace: str) -> Object:
    type_ = "Microsoft.Insights/diagnosticSettings"
    logs = [{"categoryGroup": "allLogs", "enabled": True}]
    return {
        "id": f"{of}/providers/{type_}/{name}", "name": name, "type": type_,
        "properties": {"workspaceId": workspace, "logs": logs, "metrics": []},
    }  # fmt: skip


_STORE, _SQL = "Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers"
_AI, _LOGS = "Microsoft.CognitiveServices/accounts", "Microsoft.OperationalInsights/workspaces"
_VAULTS = "Microsoft.KeyVault/vaults"
LAKE, LEFT_BEHIND = _id(_STORE, "hdhsndslake"), _id(_STORE, "hdhfirstlake")
LOGS_HERE, LOGS_FAR = _id(_LOGS, "hdh-logs"), _id(_LOGS, "hdh-operations")

# What `GET /tenants`, `GET /subscriptions` and the EU Data Boundary setting answer with.
TENANTS: list[Object] = [
    {
        "id": f"/tenants/{TENANT}",
        "tenantId": TENANT,
        "countryCode": "FR",
        "displayName": "Plateforme des données de santé",
    }
]
SUBSCRIPTIONS: list[Object] = [
    {"id": f"/subscriptions/{SUBSCRIPTION}", "subscriptionId": SUBSCRIPTION, "tenantId": TENANT,
     "displayName": "hdh-production", "state": "Enabled", "tags": {"project": "emc2"}}
]  # fmt: skip
DATA_BOUNDARY: Object = {"properties": {"dataBoundary": "EU", "provisioningState": "Succeeded"}}

# What Resource Graph answers with.
RESOURCES: list[Object] = [
    _resource(_STORE, "hdhsndslake", PARIS, {
        "primaryLocation": PARIS, "secondaryLocation": MARSEILLE, "allowCrossTenantReplication": False,
        "encryption": {"keySource": "Microsoft.Keyvault",
                       "keyvaultproperties": {"keyvaulturi": VAULT, "keyname": "snds-lake"}},
    }, kind="StorageV2", sku={"name": "Standard_GRS", "tier": "Standard"}),
    _resource(_STORE, "hdhfirstlake", AMSTERDAM, {
        "primaryLocation": AMSTERDAM, "encryption": {"keySource": "Microsoft.Storage"},
    }, kind="StorageV2", sku={"name": "Standard_LRS", "tier": "Standard"}),
    _resource(_VAULTS, "hdh-keys", PARIS, {
        "vaultUri": f"{VAULT}/", "tenantId": TENANT, "sku": {"family": "A", "name": "premium"},
        "enablePurgeProtection": True,
    }),
    _resource(_SQL, "hdh-cohorts", PARIS, {"version": "12.0", "state": "Ready"}, kind="v12.0"),
    _resource(f"{_SQL}/databases", "hdh-cohorts/emc2", PARIS, {
        "status": "Online", "currentBackupStorageRedundancy": "Geo", "requestedBackupStorageRedundancy": "Geo",
    }, sku={"name": "GP_Gen5", "tier": "GeneralPurpose"}),
    _resource("Microsoft.Compute/virtualMachines", "hdh-research", PARIS, {
        "hardwareProfile": {"vmSize": "Standard_D8s_v5"},
    }),
    _resource("Microsoft.Compute/disks", "hdh-research-data", PARIS, {
        "diskState": "Attached", "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
    }, sku={"name": "Premium_ZRS", "tier": "Premium"}),
    _resource(_LOGS, "hdh-logs", PARIS, {"retentionInDays": 365, "features": {}}, tags=TECHNICAL),
    _resource(_LOGS, "hdh-operations", VIRGINIA, {"retentionInDays": 90, "features": {}}, tags=TECHNICAL),
    _resource(_AI, "hdh-assistant", PARIS, {
        "endpoint": "https://hdh-assistant.openai.azure.com/",
        "encryption": {"keySource": "Microsoft.KeyVault",
                       "keyVaultProperties": {"keyVaultUri": VAULT, "keyName": "assistant"}},
    }, kind="OpenAI", sku={"name": "S0"}),
    _resource("Microsoft.Network/virtualNetworks", "hdh-network", PARIS, {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
    }),
]  # fmt: skip

# What Resource Manager answers with when it is asked for the parts of these resources.
PARTS: list[Object] = [
    _part(f"{_VAULTS}/keys", "hdh-keys/snds-lake", {"kty": "RSA", "keyUri": f"{VAULT}/keys/snds-lake"}),
    _part(f"{_VAULTS}/keys", "hdh-keys/assistant", {"kty": "RSA-HSM", "keyUri": f"{VAULT}/keys/assistant"}),
    _part(f"{_SQL}/encryptionProtector", "hdh-cohorts/current", {
        "serverKeyType": "ServiceManaged", "serverKeyName": "ServiceManaged",
    }),
    _part(f"{_AI}/deployments", "hdh-assistant/summaries", {
        "model": {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}, "provisioningState": "Succeeded",
    }, sku={"name": "GlobalStandard", "capacity": 50}),
    _setting(f"{LAKE}/blobServices/default", "to-operations", LOGS_FAR),
    _setting(_id(_VAULTS, "hdh-keys"), "to-logs", LOGS_HERE),
]  # fmt: skip
