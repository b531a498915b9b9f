"""The least-privilege grant: a custom role made of the permissions of the declared calls."""

from __future__ import annotations

import json

from residency.connectors.gcp.calls import CALLS

TITLE = "Residency audit"
DESCRIPTION = "Reads names, places and configuration. Never the content of a resource."
_ROLE = f"""\
# Create it where the projects are, then grant it there to whoever runs the audit:
#   gcloud iam roles create residencyAudit --organization=ORGANIZATION_ID --file=role.yaml
title: {TITLE}
description: {DESCRIPTION}
stage: GA
includedPermissions:
"""

_TERRAFORM = """\
variable "org_id" {{
  description = "The number of the organization."
  type        = string
}}

variable "member" {{
  description = "Whoever runs the audit: serviceAccount:name@project.iam.gserviceaccount.com"
  type        = string
}}

resource "google_organization_iam_custom_role" "residency_audit" {{
  org_id      = var.org_id
  role_id     = "residencyAudit"
  title       = {title}
  description = {description}
  permissions = {permissions}
}}

resource "google_organization_iam_member" "residency_audit" {{
  org_id = var.org_id
  role   = google_organization_iam_custom_role.residency_audit.id
  member = var.member
}}
"""


def permissions() -> list[str]:
    """The permissions that a complete run needs and nothing else."""
    return sorted({call.permission for call in CALLS})


def custom_role() -> str:
    """The YAML of a custom role with what a complete run needs and nothing else."""
    return _ROLE + "\n".join(f"- {permission}" for permission in permissions())


def terraform() -> str:
    """The same role and who has it, for the google provider of Terraform."""
    told = json.dumps(permissions())
    return _TERRAFORM.format(title=json.dumps(TITLE), description=json.dumps(DESCRIPTION), permissions=told)
