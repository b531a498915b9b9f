"""Once everything is listed: where the resources are that others name, which regions are paired, who holds the keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from residency.connectors.azure.item import type_in
from residency.connectors.azure.knowledge import Knowledge, Rows
from residency.connectors.azure.rows import At, AtEach, DataZone, Found, KeyFrom, KeyUse, Paired
from residency.connectors.told import Told
from residency.model import KeyCustody, Placement, Resource, Role


def resolve(items: Iterable[tuple[str, Rows]], offer: str | None, known: Knowledge) -> Iterator[Resource | Placement]:
    """The finished rows of all items, each with its account, which have told what they need. The items are gone
    through several times.

    What is told of something that was not listed belongs to the nearest listed resource it is a part of; if there is
    none, the thing that is named is a resource of which nothing else is known.
    """
    if known.asked_names:
        for _, rows in items:
            known.name(rows)
    known.ready()
    for _, rows in items:
        known.take(rows)
    known.settle()
    finish = Finish(known, offer)
    for account, rows in items:
        yield from finish.rows(rows, account)
    yield from finish.rest()


@dataclass(slots=True)
class Finish:
    """Finishes the rows of one item after the other. A resource whose place only others tell comes at the end."""

    known: Knowledge
    offer: str | None
    waiting: dict[str, Resource] = field(default_factory=dict)
    own: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))

    def rows(self, rows: Rows, account: str) -> Iterator[Resource | Placement]:
        """The finished rows of an item."""
        told = {row.uid: self._resource(row, rows, account) for row in rows if isinstance(row, Told)}
        lent = (
            replace(use, uid=row.uid)
            for row in rows
            if isinstance(row, KeyFrom)
            for use in self.known.uses.get(row.source, ())
        )
        for found in (*rows, *lent):
            for placement in self._placements(found):
                uid = placement.uid if placement.uid in told else self.known.owner(placement.uid)
                if uid is None:
                    uid = placement.uid
                    self._invent(uid, account)
                if placement.role is Role.PRIMARY and (uid not in told or told[uid].location is None):
                    self.own[uid].add(placement.location)
                yield placement if uid == placement.uid else replace(placement, uid=uid)
        for uid, resource in told.items():
            if resource.location is None:
                self.waiting[uid] = resource
            else:
                yield resource

    def rest(self) -> Iterator[Resource]:
        """The resources that told no place of themselves, with it where their placements leave only one."""
        for uid, resource in self.waiting.items():
            places = self.own.get(uid, set())
            yield replace(resource, location=next(iter(places))) if len(places) == 1 else resource

    def _resource(self, told: Told, rows: Rows, account: str) -> Resource:
        return told.resource("azure", account, self.offer, self._custody(told, rows))

    def _custody(self, told: Told, rows: Rows) -> KeyCustody | None:
        """Who holds the key: of what it is encrypted like, else of the key that it names or another item names for
        it, else what it says itself."""
        for row in rows:
            if isinstance(row, KeyFrom) and row.uid == told.uid:
                return self.known.source_custody(row.source)
        own = [row for row in rows if isinstance(row, KeyUse) and row.uid == told.uid]
        uses = [use for use in (*own, *self.known.uses.get(told.uid, ())) if use.decides]
        return self.known.key_custody(uses[-1].key) if uses else told.custody

    def _invent(self, uid: str, account: str) -> None:
        named = Resource(uid, "azure", self.offer, account, type_in(uid) or "unknown", name=uid.rpartition("/")[2])
        self.waiting[uid] = min(self.waiting.get(uid, named), named, key=lambda entry: entry.account)

    def _placements(self, row: Found) -> Iterator[Placement]:
        known = self.known
        match row:
            case Placement():
                yield row
            case At(placement):
                target = known.names.get(placement.target or "", placement.target or "")
                for location in known.where(target) or [placement.location]:
                    yield replace(placement, location=location, target=target)
            case AtEach(placement):
                for location in known.with_copies(placement.target or "") or [placement.location]:
                    yield replace(placement, location=location)
            case Paired():
                for location in known.paired(row):
                    yield replace(row.placement, location=location)
            case DataZone(placement, within):
                for location in known.where(within) or [None]:
                    yield replace(placement, location=known.regions.zones.get(location or ""))
            case KeyUse():
                name, vault = known.key(row.key)
                for location in known.with_copies(vault or "") or [None]:
                    yield Placement(row.uid, Role.KEY, location, "encryption-key", row.evidence, target=name)
