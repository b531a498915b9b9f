"""The least-privilege grant: a custom role made of the actions of the declared calls."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from residency.connectors.azure.calls import ACTIONS
from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS

NAME = "Residency audit"
DESCRIPTION = "Reads names, places and configuration. Never the content of a resource, and not the records in logs."
SCOPE = "/providers/Microsoft.Management/managementGroups/MANAGEMENT_GROUP_ID"
# `*/read` includes the records of log workspaces, which are content:
# https://learn.microsoft.com/azure/azure-monitor/logs/manage-access
RECORDS = (
    "Microsoft.Insights/logs/*",
    "Microsoft.OperationalInsights/workspaces/query/*",
)


def actions() -> list[str]:
    """The actions that a complete run needs, without those that another one includes."""
    declared = sorted({*ACTIONS, *(part.action for part in (*PARTS, INSTANCE_FAILOVER))})
    return [
        action
        for action in declared
        if not any(other != action and fnmatchcase(action.lower(), other.lower()) for other in declared)
    ]


def role_definition() -> dict[str, Any]:
    """A role definition for `az role definition create`, to be created in the management group that is put into it."""
    return {
        "Name": NAME, "IsCustom": True, "Description": DESCRIPTION, "Actions": actions(), "NotActions": list(RECORDS),
        "DataActions": [], "NotDataActions": [], "AssignableScopes": [SCOPE],
    }  # fmt: skip
