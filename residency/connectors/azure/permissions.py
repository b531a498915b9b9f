"""The least-privilege grant: a custom role made of the actions of the declared calls."""

from __future__ import annotations

import json
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

_TERRAFORM = """\
variable "scope" {{
  description = "Where the role is made and given: the id of a management group or of a subscription."
  type        = string
}}

variable "principal_id" {{
  description = "The object id of whoever runs the audit."
  type        = string
}}

resource "azurerm_role_definition" "residency_audit" {{
  name              = {name}
  description       = {description}
  scope             = var.scope
  assignable_scopes = [var.scope]

  permissions {{
    actions     = {actions}
    not_actions = {not_actions}
  }}
}}

resource "azurerm_role_assignment" "residency_audit" {{
  scope              = var.scope
  role_definition_id = azurerm_role_definition.residency_audit.role_definition_resource_id
  principal_id       = var.principal_id
}}
"""


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


def terraform() -> str:
    """The same role and its assignment, for the azurerm provider of Terraform."""
    return _TERRAFORM.format(
        name=json.dumps(NAME), description=json.dumps(DESCRIPTION), actions=json.dumps(actions()),
        not_actions=json.dumps(list(RECORDS)),
    )  # fmt: skip
