"""The least-privilege grant: a custom role made of the permissions of the declared calls."""

from __future__ import annotations

from residency.connectors.gcp.calls import CALLS

_ROLE = """\
# Create it where the projects are, then grant it there to whoever runs the audit:
#   gcloud iam roles create residencyAudit --organization=ORGANIZATION_ID --file=role.yaml
title: Residency audit
description: Reads names, places and configuration. Never the content of a resource.
stage: GA
includedPermissions:
"""


def custom_role() -> str:
    """The YAML of a custom role with what a complete run needs and nothing else."""
    return _ROLE + "\n".join(f"- {permission}" for permission in sorted({call.permission for call in CALLS}))
