"""The accounts of an organisation: which there are, what each is called, where it hangs in the tree, its tags.

AWS answers these calls to the management account and to delegated administrators, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import CallFailed

ACCOUNTS = operation("organizations:ListAccounts", lists="Accounts")
ROOTS = operation("organizations:ListRoots", lists="Roots")
UNITS = operation("organizations:ListOrganizationalUnitsForParent", lists="OrganizationalUnits")
CHILDREN = operation("organizations:ListAccountsForParent", lists="Accounts")
TAGS = operation("organizations:ListTagsForResource", lists="Tags")
OPERATIONS = (ACCOUNTS, ROOTS, UNITS, CHILDREN, TAGS)
NOT_IN_USE = "AWSOrganizationsNotInUseException"
# The organisation answers few calls a second; more at a time would only be refused.
_SIDE_BY_SIDE = 8

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as the organisation tells of it. `path` runs from the root down to the unit that the account is in;
    `tags` are `None` when they were not read."""

    id: str
    name: str | None
    active: bool
    state: str
    path: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """`accounts` by id, `None` when the list itself was refused. `failures` are what else could not be read of them."""

    id: str | None = None
    accounts: Mapping[str, Listed] | None = None
    failures: tuple[CallFailed, ...] = ()


def read_organisation(caller: Caller, region: str, asked: Iterable[str] = ()) -> Organisation:
    """The organisation that the caller may list. Units and tags are read for the accounts in `asked`, or for all."""
    try:
        told = _all(caller, region, ACCOUNTS)
    except CallFailed as failure:
        return Organisation(failures=(failure,))
    wanted = {entry["Id"] for entry in told} & set(asked) if asked else {entry["Id"] for entry in told}
    failures: list[CallFailed] = []
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="organisation") as pool:
        each = _Each(pool, failures)
        tagged = each.of(lambda name: _all(caller, region, TAGS, ResourceId=name), sorted(wanted))
        paths = _paths(caller, region, each)
    tags = {name: {tag["Key"]: tag.get("Value") or "" for tag in entries} for name, entries in tagged.items()}
    accounts = {entry["Id"]: _listed(entry, paths, tags) for entry in told}
    return Organisation(_organisation_of(told), accounts, tuple(failures))


def _listed(
    entry: Mapping[str, Any], paths: Mapping[str, tuple[str, ...]], tags: Mapping[str, Mapping[str, str]]
) -> Listed:
    """`Status` is what `State` was called before 2025."""
    state = str(entry.get("State") or entry.get("Status") or "unknown")
    name = entry["Id"]
    return Listed(name, entry.get("Name"), state == "ACTIVE", state, paths.get(name, ()), tags.get(name))


def _organisation_of(told: list[Mapping[str, Any]]) -> str | None:
    """The id of the organisation, from the ARN of an account in it: `…:account/o-exampleorgid/111111111111`."""
    parts = str(told[0].get("Arn", "")).split("/") if told else []
    return parts[1] if len(parts) == 3 else None


class _Each:
    """Asks for many things side by side. A failure is noted once for each kind of call."""

    def __init__(self, pool: ThreadPoolExecutor, failures: list[CallFailed]) -> None:
        self._pool = pool
        self._failures = failures

    def of(self, ask: Callable[[_T], _R], things: Iterable[_T]) -> dict[_T, _R]:
        """The answers by thing, without those that failed."""
        found: dict[_T, _R] = {}
        for thing, answer in self._pool.map(lambda thing: (thing, _tried(ask, thing)), things):
            if isinstance(answer, CallFailed):
                if str(answer) not in {str(known) for known in self._failures}:
                    self._failures.append(answer)
            else:
                found[thing] = answer
        return found


def _tried(ask: Callable[[_T], _R], thing: _T) -> _R | CallFailed:
    try:
        return ask(thing)
    except CallFailed as failure:
        return failure


def _paths(caller: Caller, region: str, each: _Each) -> dict[str, tuple[str, ...]]:
    """The names of the units above each account, walked down from the root one level at a time."""
    roots = each.of(lambda _: _all(caller, region, ROOTS), [""]).get("", [])
    level: dict[str, tuple[str, ...]] = {root["Id"]: (str(root.get("Name") or root["Id"]),) for root in roots}
    paths: dict[str, tuple[str, ...]] = {}
    while level:
        inside = each.of(lambda parent: _all(caller, region, CHILDREN, ParentId=parent), sorted(level))
        below = each.of(lambda parent: _all(caller, region, UNITS, ParentId=parent), sorted(level))
        for parent, accounts in inside.items():
            paths |= {account["Id"]: level[parent] for account in accounts}
        upper, level = level, {}
        for parent, units in below.items():
            level |= {unit["Id"]: (*upper[parent], str(unit.get("Name") or unit["Id"])) for unit in units}
    return paths


def _all(caller: Caller, region: str, wanted: Any, **params: str) -> list[Mapping[str, Any]]:
    return [entry for page in caller.pages(wanted, region, params) for entry in page[wanted.lists]]
