"""What there is to read: tenants, the subscriptions in them, the management groups above, and the regions in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from residency.connectors.azure.calls import BOUNDARY, LOCATIONS, SUBSCRIPTIONS, TENANTS
from residency.connectors.azure.errors import CallFailed, OutOfTime
from residency.connectors.azure.graph import ABOVE, GROUP, POLICIES, Pace, rows
from residency.connectors.azure.graph import SUBSCRIPTIONS as NAMED
from residency.connectors.azure.hierarchy import Hierarchy, Subscription, Tenant
from residency.connectors.azure.item import GRAPH, Item, NotAnItem, item_of, place
from residency.connectors.azure.wire import Wire
from residency.connectors.interface import Scope
from residency.errors import Problem, UserError
from residency.model import Coverage, Status

_GONE = "Deleted"
_HIERARCHY = "microsoft.resources"


@dataclass(slots=True)
class Estate:
    """What was found to read. `wires` are the clients by subscription id, `tenants` those whose subscriptions were
    listed, `pairs` the paired region of each region, `items` the subscriptions themselves and their
    policies."""

    wires: dict[str, Wire] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    tenants: list[Tenant] = field(default_factory=list)
    regions: set[str] = field(default_factory=set)
    pairs: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    gaps: list[Coverage] = field(default_factory=list)

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids of the subscriptions that are read, in order."""
        return tuple(sorted(self.wires))

    def groups(self) -> Iterator[tuple[Wire, tuple[str, ...]]]:
        """The subscriptions that one query may ask for: of one tenant, and not too many."""
        for wire in dict.fromkeys(self.wires[subscription] for subscription in self.asked):
            own = [subscription for subscription in self.asked if self.wires[subscription] is wire]
            for start in range(0, len(own), GROUP):
                yield wire, tuple(own[start : start + GROUP])


def gap(account: str, status: Status, detail: str, service: str = "*") -> Coverage:
    """A coverage row about a service of a subscription or tenant, in all its regions."""
    return Coverage("azure", account, "*", service, status, detail)


def find_estate(wire: Wire, pace: Pace, scope: Scope) -> Estate:
    """The subscriptions that are asked for and may be seen. One that may not is a gap, and so is seeing none at all.

    Raises `UserError` when Azure cannot be reached or no region has a name that is asked for.
    """
    estate = Estate()
    tenants = _tenants(wire, estate)
    found: dict[str, tuple[Wire, Subscription]] = {}
    for tenant, client in _clients(wire, tenants):
        found |= {uid: (client, entry) for uid, entry in _subscriptions(client, tenant, estate).items()}
    _choose(found, scope, estate)
    with ThreadPoolExecutor(max(1, min(scope.jobs, 16)), thread_name_prefix="azure") as pool:
        for told in pool.map(lambda subscription: _pairs(estate.wires[subscription], subscription), estate.asked):
            if isinstance(told, Coverage):
                estate.gaps.append(told)
            else:
                estate.regions |= {*told}
                estate.pairs |= {region: pair for region, pair in told.items() if pair is not None}
    _check_regions(scope.regions, estate.regions)
    for client, group in estate.groups():
        _name(client, pace, group, estate)
    return estate


def _tenants(wire: Wire, estate: Estate) -> dict[str, Tenant]:
    """Every tenant that the credentials are known in, by id."""
    found: dict[str, Tenant] = {}
    try:
        for page in wire.pages(TENANTS.at(), TENANTS.name):
            for entry in page:
                uid = _id(entry, "tenantId", TENANTS.name)
                found[uid] = Tenant(uid, entry.get("countryCode"), entry.get("displayName"))
    except CallFailed as failure:
        if failure.status is Status.UNREACHABLE and not isinstance(failure, OutOfTime):
            raise _unreachable(failure) from None
        estate.gaps.append(gap("*", failure.status, str(failure), _HIERARCHY))
    return found


def _clients(wire: Wire, tenants: Mapping[str, Tenant]) -> Iterator[tuple[Tenant | None, Wire]]:
    """A client for each tenant. Signing in happens with its first call."""
    if len(tenants) < 2:
        yield next(iter(tenants.values()), None), wire
        return
    for uid in sorted(tenants):
        yield tenants[uid], wire.of_tenant(uid)


def _subscriptions(wire: Wire, tenant: Tenant | None, estate: Estate) -> dict[str, Subscription]:
    found: dict[str, Subscription] = {}
    account = "*" if tenant is None or wire.tenant is None else tenant.id
    try:
        for page in wire.pages(SUBSCRIPTIONS.at(), SUBSCRIPTIONS.name):
            for entry in page:
                if entry.get("state") != _GONE:
                    uid = _id(entry, "subscriptionId", SUBSCRIPTIONS.name)
                    of = str(entry.get("tenantId") or (tenant.id if tenant else "")).lower() or None
                    found[uid] = Subscription(entry.get("displayName"), (), of)
    except UserError as error:
        if wire.tenant is None:
            raise
        estate.gaps.append(gap(account, Status.DENIED, f"{SUBSCRIPTIONS.name}: {error.problems[0].message}"))
        return {}
    except CallFailed as failure:
        if failure.status is Status.UNREACHABLE and wire.tenant is None and not isinstance(failure, OutOfTime):
            raise _unreachable(failure) from None
        estate.gaps.append(gap(account, failure.status, str(failure)))
    if tenant is not None:
        estate.tenants.append(replace(tenant, boundary=_boundary(wire)))
    return found


def _id(entry: Mapping[str, Any], field: str, call: str) -> str:
    told = entry.get(field)
    if not isinstance(told, str) or not told:
        raise CallFailed(Status.UNREACHABLE, f"no text `{field}` in the answer", call)
    return told.lower()


def _boundary(wire: Wire) -> str | None:
    """The EU Data Boundary setting of the tenant; `None` when it may not be read."""
    try:
        told = wire.get(BOUNDARY.at(), BOUNDARY.name).get("properties")
    except CallFailed:
        return None
    boundary = told.get("dataBoundary") if isinstance(told, dict) else None
    return boundary if isinstance(boundary, str) else None


def _choose(found: Mapping[str, tuple[Wire, Subscription]], scope: Scope, estate: Estate) -> None:
    wanted = {name.lower() for name in scope.accounts}
    seen: set[str] = set()
    for uid, (client, entry) in found.items():
        names = {uid, (entry.name or uid).lower()}
        if not wanted or names & wanted:
            estate.wires[uid], estate.subscriptions[uid] = client, entry
            seen |= names
    estate.gaps += [
        gap(name, Status.DENIED, f"{SUBSCRIPTIONS.name} does not name this subscription")
        for name in scope.accounts
        if name.lower() not in seen
    ]
    if not found and not estate.gaps:
        detail = f"{SUBSCRIPTIONS.name} names no subscription: the credentials need a role on one"
        estate.gaps.append(gap("*", Status.DENIED, detail))


def _pairs(wire: Wire, subscription: str) -> dict[str, str | None] | Coverage:
    """The regions that a subscription knows, each with the one it is paired with."""
    found: dict[str, str | None] = {}
    try:
        for page in wire.pages(LOCATIONS.at(subscription), LOCATIONS.name):
            for entry in page:
                if (name := place(entry.get("name"))) is not None:
                    found[name] = _pair(entry.get("metadata"))
    except CallFailed as failure:
        return gap(subscription, failure.status, f"{failure}: paired regions are not known", _HIERARCHY)
    return found


def _pair(metadata: Any) -> str | None:
    paired = metadata.get("pairedRegion") if isinstance(metadata, dict) else None
    first = paired[0] if isinstance(paired, list) and paired else None
    return place(first.get("name")) if isinstance(first, dict) else None


def _check_regions(asked: Sequence[str], known: set[str]) -> None:
    import difflib

    for name in asked:
        if known and name not in known:
            close = ", ".join(difflib.get_close_matches(name, sorted(known), n=3) or sorted(known)[:5])
            raise UserError(Problem(f"there is no Azure region {name!r}.", remedy=f"There is: {close}."))


def _name(wire: Wire, pace: Pace, group: Sequence[str], estate: Estate) -> None:
    """The subscriptions and their policies as Resource Graph tells of them. A refusal here costs names, and is told."""
    hierarchy = Hierarchy({})
    for query, more, what in ((NAMED, {}, "management groups"), (POLICIES, ABOVE, "policies of locations")):
        try:
            for page in rows(wire, pace, query, group, more):
                items = [item_of(entry, GRAPH) for entry in page]
                estate.items += items
                for item in items:
                    hierarchy.learn(item)
        except (CallFailed, NotAnItem) as failure:
            status = failure.status if isinstance(failure, CallFailed) else Status.UNREACHABLE
            detail = f"{failure}: {what} are not known"
            estate.gaps += [gap(subscription, status, detail, _HIERARCHY) for subscription in group]
    for uid in estate.subscriptions.keys() & hierarchy.subscriptions.keys():
        told = hierarchy.subscriptions[uid]
        estate.subscriptions[uid] = replace(estate.subscriptions[uid], path=told.path, tags=told.tags)


def _unreachable(failure: CallFailed) -> UserError:
    remedy = "Check the network, the proxy and RESIDENCY_AZURE_ENDPOINT."
    return UserError(Problem(f"Azure cannot be reached: {failure}.", remedy=remedy))
