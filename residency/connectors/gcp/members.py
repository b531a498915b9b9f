"""Who a member of an access policy is: everyone, the people of a domain, what belongs to a project.

Sources: "Principal identifiers" and "Service agents" of Google's IAM documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

EVERYONE = "*"
_PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers", "principalSet://goog/public:all"})
_CONVENIENCE = frozenset({"projectOwner", "projectEditor", "projectViewer"})
# `service-123@…`, `123-compute@…`, `project-123@…`, `p123-456@…`: agents of the project with this number; `o123-…` and
# `service-org-123` are those of an organization, `service-folder-123` of a folder.
_AGENT = re.compile(r"(?:(?:service-|project-)?(\d+)|(?:bqcx-|p|c)(\d{6,}))(?:-.*)?")
_AGENT_OF_ABOVE = re.compile(r"(?:service-(org|folder)-(\d+)|o(\d{6,}))(?:-.*)?")
_KUBERNETES = re.compile(r"([^/\[]+)\.svc\.id\.goog\[.*\]")
_OWNED = re.compile(r"//(?:iam|cloudresourcemanager)\.googleapis\.com/((?:projects|folders|organizations)/[^/]+)")
_GROUP = re.compile(r"//goog/(?:group|subject)/(.+)")


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a member belongs to. `names` are those that it has, such as the id and the number of a project; a member is
    the organization's own when one of them is."""

    kind: Literal["everyone", "domain", "container", "other"]
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As evidence names it: `*`, `domain:example.org`, `projects/123`. Never the address of a person."""
        return f"domain:{self.names[0]}" if self.kind == "domain" else self.names[0]


@lru_cache(maxsize=65_536)
def party(member: str) -> Party | None:
    """Whom a member belongs to; `None` for one that has been deleted, which nobody can sign in as any more."""
    if member in _PUBLIC:
        return Party("everyone", (EVERYONE,))
    sort, _, name = member.partition(":")
    if sort == "deleted":
        return None
    if sort in _CONVENIENCE:
        return Party("container", (f"projects/{name}",))
    if sort == "domain":
        return Party("domain", (name.lower(),))
    if sort in ("user", "group") and "@" in name and not name.endswith("gserviceaccount.com"):
        return Party("domain", (name.rpartition("@")[2].lower(),))
    if (sort in ("serviceAccount", "user", "group") and "@" in name) or ".svc.id.goog" in name:
        return _service_account(name)
    if sort in ("principal", "principalSet"):
        if (owned := _OWNED.match(name)) is not None and not owned.group(1).endswith("/-"):
            return Party("container", (owned.group(1),))
        if (person := _GROUP.match(name)) is not None:
            return Party("domain", (person.group(1).rpartition("@")[2].lower(),))
    return Party("other", (sort if "@" in name else member,))


def _service_account(name: str) -> Party:
    if (cluster := _KUBERNETES.fullmatch(name)) is not None:
        return Party("container", (f"projects/{cluster.group(1)}",))
    local, _, host = name.partition("@")
    names: list[str] = []
    project = host.removesuffix(".iam.gserviceaccount.com")
    if project != host:
        # The project `example.com:name` is written `name.example.com` here.
        scoped, _, domain = project.partition(".")
        names.append(f"projects/{domain}:{scoped}" if domain else f"projects/{project}")
    elif host == "appspot.gserviceaccount.com":
        names.append(f"projects/{local}")
    if (above := _AGENT_OF_ABOVE.fullmatch(local)) is not None:
        kind = "folders" if above.group(1) == "folder" else "organizations"
        return Party("container", (f"{kind}/{above.group(2) or above.group(3)}", *names))
    if (agent := _AGENT.fullmatch(local)) is not None:
        return Party("container", (f"projects/{agent.group(1) or agent.group(2)}", *names))
    return Party("container", tuple(names)) if names else Party("other", (f"serviceAccount:{host}",))


@dataclass(slots=True)
class Own:
    """What is the organization's own: containers (`projects/ward`, `organizations/1`) and domains of mail addresses."""

    containers: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)

    def has(self, party: Party) -> bool | None:
        """Whether somebody is one of us; `None` for a mail address when no domain of ours is known."""
        if party.kind == "domain":
            return party.names[0] in self.domains if self.domains else None
        return party.kind == "container" and any(name in self.containers for name in party.names)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a member has. `path` is where in the asset that is told."""

    party: Party
    role: str
    via: str
    path: str


def grants_of(policy: object, path: str, reads: Callable[[str], bool]) -> Iterator[Grant]:
    """The grants of an access policy whose role `reads`: the first of each party and role."""
    bindings = policy.get("bindings") if isinstance(policy, dict) else None
    seen: set[tuple[Party, str]] = set()
    for index, binding in enumerate(_objects(bindings)):
        role = str(binding.get("role"))
        if not reads(role):
            continue
        members = binding.get("members")
        for at, member in enumerate(members if isinstance(members, list) else ()):
            found = party(str(member))
            if found is not None and (found, role) not in seen:
                seen.add((found, role))
                yield Grant(found, role, "iam-policy", f"{path}.bindings[{index}].members[{at}]")


def _objects(told: object) -> Iterable[dict[str, object]]:
    return [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []
