"""The least-privilege grant: an IAM policy made of the operations that the collectors declare."""

from __future__ import annotations

from typing import Any

from residency.connectors.aws.assume import ASSUME_ROLE
from residency.connectors.aws.collector import collectors
from residency.connectors.aws.config_items import query
from residency.connectors.aws.identity import IDENTITY
from residency.connectors.aws.organisation import OPERATIONS
from residency.connectors.aws.regions import DESCRIBE_REGIONS, LIST_REGIONS

_BASE = (IDENTITY, LIST_REGIONS, DESCRIBE_REGIONS)


def iam_policy() -> dict[str, Any]:
    """A policy document that allows what a complete run needs, of the services or of an aggregator of Config, and
    nothing else. Every action only reads."""
    statements = [("Account", sorted({entry.permission for entry in _BASE}))]
    for entry in collectors():
        statements.append((_sid(entry.service), sorted({action.permission for action in entry.operations})))
    statements.append(("ConfigAggregator", sorted(entry.permission for entry in query.OPERATIONS)))
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": f"Residency{name}", "Effect": "Allow", "Action": actions, "Resource": "*"}
            for name, actions in statements
        ],
    }


def _sid(service: str) -> str:
    """A service as a statement names it. IAM takes letters and digits only."""
    return service.title().replace("-", "")


def organisation_policy() -> dict[str, Any]:
    """A policy document for whoever lists an organisation and assumes a role in each of its accounts. The name of the
    role in it is to be replaced; in the accounts, the role itself has `iam_policy`."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ResidencyOrganisation", "Effect": "Allow",
                "Action": sorted({IDENTITY.permission, *(entry.permission for entry in OPERATIONS)}), "Resource": "*",
            },
            {
                "Sid": "ResidencyRole", "Effect": "Allow", "Action": ASSUME_ROLE.permission,
                "Resource": "arn:*:iam::*:role/residency-audit",
            },
        ],
    }  # fmt: skip
