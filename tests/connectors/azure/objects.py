"""Objects as Resource Graph and Resource Manager give them, of one subscription."""

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
