"""Which roles let somebody get content out of what holds it. The knowledge is in `data/reading-roles.yaml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from residency.yamlfile import read_yaml

FILE = Path(__file__).resolve().parent / "data" / "reading-roles.yaml"
_PREDEFINED = "roles/"


@dataclass(frozen=True, slots=True)
class Service:
    """What reading is in a service: prefixes of its roles, permissions, and the roles that have none of these."""

    roles: frozenset[str]
    permissions: frozenset[str]
    nothing_out: frozenset[str]
    not_basic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The file: the basic roles, the services by name, and what roles of other prefixes read."""

    basic: frozenset[str]
    services: dict[str, Service]
    others: dict[str, frozenset[str]]


@cache
def knowledge() -> Knowledge:
    """What the file says."""
    told = read_yaml(FILE).value
    services = {
        name: Service(
            frozenset(entry["roles"]), frozenset(entry["permissions"]), frozenset(entry["nothing_out"]),
            frozenset(entry.get("not_basic", ())),
        )
        for name, entry in told["services"].items()
    }  # fmt: skip
    others = {role: frozenset(names) for role, names in told["others"].items()}
    return Knowledge(frozenset(told["basic"]), services, others)


@dataclass(slots=True)
class Roles:
    """Roles, those that customers made included: `custom` are the permissions of each that was listed."""

    custom: dict[str, frozenset[str]] = field(default_factory=dict)

    def learn(self, name: str, permissions: Iterable[str]) -> None:
        """Take in the permissions of a custom role, named `projects/p/roles/r` or `organizations/1/roles/r`."""
        self.custom[name] = frozenset(permissions)

    def reads(self, role: str, service: str) -> bool:
        """Whether a role that is given on a resource of a service gets content out of it. A role that is not known
        does."""
        known = knowledge()
        of = known.services.get(service)
        if not role.startswith(_PREDEFINED):
            permissions = self.custom.get(role)
            return permissions is None or of is None or bool(permissions & of.permissions)
        if of is None:
            return True
        if role in known.basic:
            return role not in of.not_basic
        prefix, _, name = role.removeprefix(_PREDEFINED).partition(".")
        return prefix not in of.roles or name not in of.nothing_out

    def reach(self, role: str, service: str) -> bool:
        """Whether a role that is given on a project, or above it, gets content out of its resources of a service. Only
        services whose content is weighed count, and predefined roles that concern them."""
        known = knowledge()
        of = known.services.get(service)
        if of is None:
            return False
        if role in known.others:
            return service in known.others[role]
        concerns = role in known.basic or role.removeprefix(_PREDEFINED).partition(".")[0] in of.roles
        return (concerns or not role.startswith(_PREDEFINED)) and self.reads(role, service)
