"""From Azure items to rows: accounts, resources, placements, and how well each subscription was read. No network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from residency.connectors.azure import (
    ai,
    analytics,
    applications,
    backup,
    compute,
    databases,
    devices,
    edge,
    files,
    keys,
    logs,
    messages,
    networks,
    partners,
    security,
    sharing,
    sql,
    storage,
)
from residency.connectors.azure.hierarchy import POLICY, Hierarchy, Subscription, Tenant
from residency.connectors.azure.ignored import holds_nothing
from residency.connectors.azure.item import Item
from residency.connectors.azure.knowledge import Knowledge, Rows
from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS, parts_of
from residency.connectors.azure.regions import regions_of
from residency.connectors.azure.resolve import resolve
from residency.connectors.azure.rows import READERS, ROW_TYPES, Found, primary, told
from residency.model import Coverage, Row, Status
from residency.spool import Spool

FAMILIES = (
    ai, analytics, applications, backup, compute, databases, devices, edge, files, keys, logs, messages, networks,
    partners, security, sharing, sql, storage,
)  # fmt: skip
SERVICES = tuple(sorted({reader.service for reader in READERS.values()}))


def read(
    items: Iterable[Item], *, offer: str | None = "azure",
    subscriptions: Mapping[str, Subscription] | None = None, tenants: Iterable[Tenant] = (),
    asked: Collection[str] | None = None, parts: Collection[str] = (),
    failures: Mapping[tuple[str, str], tuple[Status, str]] | None = None,
    pairs: Mapping[str, str] | None = None,
) -> Iterator[Row]:  # fmt: skip
    """The rows of what is listed. The items are taken one by one and not held.

    `subscriptions` are names and management groups by subscription id. `asked` are the subscriptions of which
    everything in Resource Graph was asked for: each has a coverage row for every service; without it, only what was
    seen is told of. `parts` are the types (`Part.type`) that were asked of every resource that can have them.
    `failures` says what was not obtained and why, by subscription and service (or part type, or `*`);
    it is looked at once the items are through. `pairs` are the
    paired regions; without it, those of the atlas.
    """
    hierarchy = Hierarchy({uid.lower(): entry for uid, entry in (subscriptions or {}).items()}, tuple(tenants))
    tally, owners = Tally(), set[str]()
    regions = regions_of(offer)
    known = Knowledge(regions if pairs is None else replace(regions, pairs=pairs))
    directories = ((tenant, (row,)) for row, tenant in hierarchy.directories(regions.directories))
    with Spool[tuple[str, Rows]](*ROW_TYPES) as spool:
        for account, rows in chain(directories, _told_of(items, hierarchy, tally, owners)):
            known.needs(rows)
            spool.add((account, rows))
        yield from hierarchy.accounts(owners, offer)
        yield from resolve(spool, offer, known)
    listed = {tenant.id.lower() for tenant in hierarchy.tenants}
    for tenant in sorted(listed):
        yield Coverage("azure", tenant, "*", "microsoft.azureactivedirectory", Status.READ)
    failed = {(account.lower(), service.lower()): why for (account, service), why in (failures or {}).items()}
    yield from tally.coverage(
        None if asked is None else frozenset(entry.lower() for entry in asked), hierarchy.whole | listed,
        frozenset(part.lower() for part in parts), failed,
    )  # fmt: skip


def _told_of(
    items: Iterable[Item], hierarchy: Hierarchy, tally: Tally, owners: set[str]
) -> Iterator[tuple[str, Rows]]:
    """The account of each item and what it tells. The accounts of all are the `owners`."""
    for item in items:
        hierarchy.learn(item)
        if item.key == POLICY and item.subscription is None:
            continue
        account = hierarchy.account(item)
        owners.add(account)
        tally.count(item, account)
        if rows := tuple(_read_one(item)):
            yield account, rows


def _read_one(item: Item) -> Iterator[Found]:
    reader = READERS.get(item.key)
    if reader is None and holds_nothing(item.key):
        return
    if reader is not None and item.configured:
        yield from reader.read(item)
        return
    # Nothing but the name and the place is known of it: no key, no copy.
    yield told(item, location=item.location)
    yield from primary(item)


class Tally:
    """What was seen, by account and service, and how far it could be read."""

    def __init__(self) -> None:
        self._read: Counter[tuple[str, str]] = Counter()
        self._unread: Counter[tuple[str, str]] = Counter()
        self._bare: Counter[tuple[str, str]] = Counter()
        self._parts: Counter[tuple[str, str]] = Counter()
        self._wanted: set[tuple[str, str]] = set()

    def count(self, item: Item, account: str) -> None:
        """Count an item, and note the lists that Resource Graph does not give of it."""
        if item.key in _PART_TYPES:
            self._parts[account, item.key] += 1
        elif item.key not in READERS and holds_nothing(item.key):
            self._read[account, item.service] += 1
        elif item.key not in READERS:
            self._unread[account, item.key] += 1
        elif not item.configured:
            self._bare[account, item.service] += 1
        else:
            self._read[account, item.service] += 1
        self._wanted |= {(account, part.type.lower()) for part, _ in parts_of(item)}

    def coverage(
        self, asked: frozenset[str] | None, whole: Collection[str], parts: frozenset[str],
        failures: Mapping[tuple[str, str], tuple[Status, str]],
    ) -> Iterator[Coverage]:  # fmt: skip
        """How each subscription was read. `whole` are those that the list itself holds."""
        counted = (self._read, self._unread, self._bare, self._parts)
        seen = {account for counter in counted for account, _ in counter} | {account for account, _ in failures}
        for account in sorted(seen | (asked or frozenset())):
            yield from self._account(account, asked is not None and account in asked, account in whole, failures)
            yield from self._settings(account, parts, failures)
        for (account, type_), count in sorted(self._unread.items()):
            detail = f"{count} of this type: only the location was read, not copies or keys"
            yield Coverage("azure", account, "*", type_, Status.UNSUPPORTED, detail)

    def _account(
        self, account: str, asked: bool, whole: bool, failures: Mapping[tuple[str, str], tuple[Status, str]]
    ) -> Iterator[Coverage]:
        services = {service for counter in (self._read, self._bare) for owner, service in counter if owner == account}
        services |= {service for owner, service in failures if owner == account and service not in _PART_TYPES}
        services |= set(SERVICES) if asked else set()
        everything = failures.get((account, "*"))
        for service in sorted(services):
            failure = failures.get((account, service)) or everything
            yield (
                self._service(account, service)
                if failure is None
                else Coverage("azure", account, "*", service, failure[0], failure[1])
            )
        if not asked and not whole and everything is None:
            detail = "the list does not hold the subscription itself: what else is in the subscription is not known"
            yield Coverage("azure", account, "*", "*", Status.UNSUPPORTED, detail)

    def _service(self, account: str, service: str) -> Coverage:
        bare, count = self._bare[account, service], self._read[account, service]
        if bare:
            detail = f"{bare} of {bare + count} without `properties`: list them with Resource Graph"
            return Coverage("azure", account, "*", service, Status.UNSUPPORTED, detail)
        return Coverage("azure", account, "*", service, Status.READ if count else Status.EMPTY)

    def _settings(
        self, account: str, parts: frozenset[str], failures: Mapping[tuple[str, str], tuple[Status, str]]
    ) -> Iterator[Coverage]:
        """How well the parts were read that only a list of their own tells."""
        types = {type_ for owner, type_ in self._wanted if owner == account}
        types |= {type_ for owner, type_ in self._parts if owner == account}
        types |= {service for owner, service in failures if owner == account and service in _PART_TYPES}
        for type_ in sorted(types):
            if (failure := failures.get((account, type_))) is not None:
                status, detail = failure
            elif type_ in parts:
                status, detail = Status.READ if self._parts[account, type_] else Status.EMPTY, ""
            else:
                status = Status.UNSUPPORTED
                detail = "not in Resource Graph, and not asked of Resource Manager: copies and logs may lie elsewhere"
            yield Coverage("azure", account, "*", type_, status, detail)


_PART_TYPES = frozenset(part.type.lower() for part in (*PARTS, INSTANCE_FAILOVER))
