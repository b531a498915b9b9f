"""How tools write an object of Azure: PowerShell with other names, some commands without a frame of properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What stands beside `properties` in an object of Resource Manager, and what tools add there; in lower case.
_BESIDE = frozenset({
    "id", "name", "type", "location", "tags", "sku", "kind", "identity", "zones", "resourcegroup", "managedby", "plan",
    "etag", "systemdata", "extendedlocation", "subscriptionid", "tenantid", "createdtime", "changedtime",
    "provisioningstate", "displayname", "resourceid", "resourcetype", "resourcename", "resourcegroupname", "apiversion",
    "parentresource", "extensionresourcename", "extensionresourcetype",
})  # fmt: skip
_POWERSHELL = {"resourceid": "id", "resourcetype": "type"}


def spelt_out(found: Any) -> tuple[Any, bool]:
    """The object with the names of Resource Manager, and whether its properties stood without their frame, as
    `az storage account show` writes them."""
    if not isinstance(found, dict):
        return found, False
    entry = found if isinstance(found.get("id"), str) else _renamed(found)
    rest = {name: value for name, value in entry.items() if str(name).lower() not in _BESIDE}
    if "properties" in entry or not rest or not isinstance(entry.get("id"), str):
        return entry, False
    return {**entry, "properties": rest}, True


def _renamed(found: Mapping[str, Any]) -> dict[str, Any]:
    """Names as PowerShell writes them (`ResourceId`, `Location`) in their own spelling."""
    named = {f"{name[:1].lower()}{name[1:]}": value for name, value in found.items()}
    for theirs, ours in _POWERSHELL.items():
        told = next((value for name, value in named.items() if name.lower() == theirs), None)
        if told is not None and not named.get(ours):
            named[ours] = told
    return named
