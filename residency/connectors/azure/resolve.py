"""Once everything is listed: where the resources are that others name, which regions are paired, who holds the keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from residency.connectors.azure.item import parent_of, type_in
from residency.connectors.azure.regions import Regions
from residency.connectors.azure.rows import (
    At,
    AtEach,
    DataZone,
    Found,
    KeyFrom,
    KeyStand,
    KeyUse,
    KnownKey,
    KnownName,
    Paired,
    Told,
)
from residency.model import KeyCustody, Placement, Resource, Role

_MOST_STEPS = 8


@dataclass(slots=True)
class Knowledge:
    """What the items of an estate know of each other."""

    regions: Regions
    places: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    copies: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    custody: dict[str, KeyCustody | None] = field(default_factory=dict)
    vaults: dict[str, str] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def learn(self, found: Iterable[Found]) -> None:
        """Take in places, keys and what stands for a key."""
        rows = list(found)
        for row in rows:
            match row:
                case KnownKey():
                    self.custody[row.address] = row.custody
                    self.vaults[row.address] = row.uid
                    self.custody.setdefault(row.uid, row.custody)
                case KnownName():
                    self.names[row.name] = row.uid
                case KeyStand():
                    self.stands[row.uid] = row.key
                case Placement(role=Role.PRIMARY):
                    self.places[row.uid].append(row.location)
                case Placement(role=Role.REPLICA):
                    self.copies[row.uid].append(row.location)
        for row in rows:
            if isinstance(row, Paired) and row.placement.role is Role.REPLICA:
                self.copies[row.placement.uid] += self.paired(row)

    def paired(self, row: Paired) -> list[str | None]:
        """The regions paired with where something is; an unknown one where that is not known or has no pair."""
        known = (self.where(row.within) if row.within is not None else [row.region]) or [None]
        pairs = self.regions.pairs
        return [pairs.get(one or "") for one in known if not (row.by_itself and one in self.regions.single)]

    def with_copies(self, uid: str) -> list[str | None]:
        """The places of a resource and of its copies, each once; empty when it was not listed."""
        return list(dict.fromkeys([*self.where(uid), *self.copies.get(uid, [])]))

    def where(self, uid: str) -> list[str | None]:
        """The places of a resource, or of the nearest one that it is a part of; empty when none was listed."""
        while uid:
            if uid in self.places:
                return self.places[uid]
            uid = parent_of(uid) if "/" in uid else ""
        return []

    def key(self, told: str) -> tuple[str, str | None]:
        """What a key is called without its version, and the vault it is in if that was listed."""
        name = key_name(told)
        for _ in range(_MOST_STEPS):
            if name not in self.stands:
                break
            name = key_name(self.stands[name])
        if name.startswith("/"):
            vault = name.partition("/keys/")[0]
            return name, vault if vault in self.places else None
        return name, self.vaults.get(name) or self.vaults.get(name.partition("/")[0])

    def key_custody(self, told: str) -> KeyCustody | None:
        """Who holds a key: what the key says of itself, else what its vault does."""
        name, vault = self.key(told)
        for known in (name, name.partition("/")[0], vault):
            if known and known in self.custody:
                return self.custody[known]
        return None


def key_name(told: str) -> str:
    """`vault.vault.azure.net/keys/name` for the address of a key, whatever its version; an id as it is compared."""
    if told.startswith("/"):
        return told.rstrip("/").lower()
    steps = told.lower().rpartition("://")[2].strip("/").split("/")
    steps[0] = steps[0].partition(":")[0]
    return "/".join(steps[:3] if steps[1:2] == ["keys"] else steps[:1])


def resolve(found: list[tuple[Found, str]], offer: str | None, regions: Regions) -> Iterator[Resource | Placement]:
    """The finished rows.

    What is told of something that was not listed belongs to the nearest listed resource it is a part of; if there is
    none, the thing that is named is a resource of which nothing else is known.
    """
    knowledge = Knowledge(regions)
    knowledge.learn(row for row, _ in found)
    resources = {row.uid: row.resource(account, offer) for row, account in found if isinstance(row, Told)}
    uses: dict[str, list[KeyUse]] = defaultdict(list)
    for row, _ in found:
        if isinstance(row, KeyUse):
            uses[row.uid].append(row)
            if row.decides and row.uid in resources:
                resources[row.uid] = replace(resources[row.uid], key_custody=knowledge.key_custody(row.key))
    for row, account in list(found):
        if isinstance(row, KeyFrom) and row.uid in resources:
            source = resources.get(row.source)
            custody = None if source is None else source.key_custody
            resources[row.uid] = replace(resources[row.uid], key_custody=custody)
            found += [(replace(use, uid=row.uid), account) for use in uses[row.source]]
    placements: list[Placement] = []
    for row, account in found:
        for placement in _placements(row, knowledge):
            uid = _owner(placement.uid, resources)
            if uid is None:
                uid = placement.uid
                type_ = type_in(uid) or "unknown"
                resources[uid] = Resource(uid, "azure", offer, account, type_, name=uid.rpartition("/")[2])
            placements.append(placement if uid == placement.uid else replace(placement, uid=uid))
    own: dict[str, set[str | None]] = defaultdict(set)
    for placement in placements:
        if placement.role is Role.PRIMARY:
            own[placement.uid].add(placement.location)
    for uid, resource in resources.items():
        only = next(iter(own[uid])) if len(own[uid]) == 1 else None
        yield replace(resource, location=only) if resource.location is None else resource
    yield from placements


def _owner(uid: str, resources: Mapping[str, Resource]) -> str | None:
    while "/" in uid:
        if uid in resources:
            return uid
        uid = parent_of(uid)
    return None


def _placements(row: Found, knowledge: Knowledge) -> Iterator[Placement]:
    match row:
        case Placement():
            yield row
        case At(placement):
            target = knowledge.names.get(placement.target or "", placement.target or "")
            for location in knowledge.where(target) or [placement.location]:
                yield replace(placement, location=location, target=target)
        case AtEach(placement):
            for location in knowledge.with_copies(placement.target or "") or [placement.location]:
                yield replace(placement, location=location)
        case Paired():
            for location in knowledge.paired(row):
                yield replace(row.placement, location=location)
        case DataZone(placement, within):
            for location in knowledge.where(within) or [None]:
                yield replace(placement, location=knowledge.regions.zones.get(location or ""))
        case KeyUse():
            name, vault = knowledge.key(row.key)
            for location in knowledge.with_copies(vault or "") or [None]:
                yield Placement(row.uid, Role.KEY, location, "encryption-key", row.evidence, target=name)
