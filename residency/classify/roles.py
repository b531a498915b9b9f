"""Which role the organisation has for the data in an account: controller, or processor for a controller it serves.

GDPR art. 30 wants two registers, and no inventory tells to which of them an account belongs: the configuration does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from sqlglot import exp

from residency.model import Duty
from residency.patterns import first_that_fits, fits


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A rule of the configuration: for an account that fits every pattern given, the organisation has this role.

    `path` is held against the names from the organisation's root down to the account, joined by `/`. `controller` is
    the one served, with its contact; it is `None` for own processing.
    """

    role: Duty
    account: str | None = None
    path: str | None = None
    controller: str | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """Names and contacts that art. 30 wants, as the configuration has them. `organisation` is the one that audits."""

    organisation: str | None = None
    joint_controller: str | None = None
    representative: str | None = None
    dpo: str | None = None


NOBODY = Contacts()


@dataclass(frozen=True, slots=True)
class AccountRole:
    """The role for one account. `controller` is the one served; `None` for own processing."""

    account: str
    role: Duty
    controller: str | None


@dataclass(frozen=True, slots=True)
class Roles:
    """The accounts that have a role, in the order of their ids, and whom to name."""

    accounts: tuple[AccountRole, ...] = ()
    contacts: Contacts = NOBODY


NO_ROLES = Roles()


def roles_of(facts: pa.Table, rules: Sequence[RoleRule], contacts: Contacts) -> Roles:
    """The role for each account of the fact rows, by the first rule that fits it; an account may have none."""
    if not rules:
        return Roles((), contacts)
    number = first_that_fits([(_fits(rule), str(number)) for number, rule in enumerate(rules)])
    query = f"""SELECT "resource.account" AS account, min(CAST({number} AS INTEGER)) AS first FROM facts
        GROUP BY account HAVING first IS NOT NULL ORDER BY account"""  # noqa: S608 - built by sqlglot
    with duckdb.connect(config={"enable_external_access": False}) as db:
        db.register("facts", facts.select(["resource.account", "resource.account_path"]))
        found = [(account, rules[first]) for account, first in db.sql(query).fetchall()]
    return Roles(tuple(AccountRole(account, rule.role, rule.controller) for account, rule in found), contacts)


def _fits(rule: RoleRule) -> exp.Condition:
    names = exp.column("resource.account_path", quoted=True)
    path = exp.Anonymous(this="array_to_string", expressions=[names, exp.Literal.string("/")])
    held = ((exp.column("resource.account", quoted=True), rule.account), (path, rule.path))
    return exp.and_(*(fits(value, pattern) for value, pattern in held if pattern is not None))
