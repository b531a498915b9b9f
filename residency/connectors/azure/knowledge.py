"""What the items of an estate know of each other: places, copies, keys and names.

An estate can have a million resources, so only what others ask for is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from residency.connectors.azure.item import parent_of
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
)
from residency.connectors.told import Told
from residency.model import KeyCustody, Placement, Role

Rows = tuple[Found, ...]
_MOST_STEPS = 8


@dataclass(slots=True)
class Knowledge:
    """Questions and answers. `Rows` are those of one item.

    First every item says what it `needs`; then the items are gone through for `name`, and then to `take` answers.
    """

    regions: Regions
    asked: set[str] = field(default_factory=set)
    asked_names: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    places: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    copies: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    custody: dict[str, KeyCustody | None] = field(default_factory=dict)
    vaults: dict[str, str] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    uses: dict[str, list[KeyUse]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, KeyCustody | None] = field(default_factory=dict)
    pairs: list[Paired] = field(default_factory=list)

    def needs(self, rows: Rows) -> None:
        """Take in what an item asks of others, and the keys that it knows."""
        own = {row.uid for row in rows if isinstance(row, Told)}
        for row in rows:
            match row:
                case At(placement) | AtEach(placement):
                    target = placement.target or ""
                    (self.asked if "/" in target else self.asked_names).add(target)
                case Paired(within=str(within)) | DataZone(within=within):
                    self.asked.add(within)
                case KeyUse(key=key) | KeyStand(key=key):
                    self.asked.add(key_name(key).partition("/keys/")[0])
                case KeyFrom():
                    self.sources.add(row.source)
                case KnownKey():
                    self.asked.add(row.uid)
                    self.custody[row.address] = row.custody
                    self.vaults[row.address] = row.uid
                    # A key may also be named by the id of its vault.
                    _, one_key, key = row.address.partition("/keys/")
                    self.custody[f"{row.uid}/keys/{key}" if one_key else row.uid] = row.custody
            if isinstance(row, KeyStand):
                self.stands[row.uid] = row.key
            if isinstance(row, KeyUse) and row.uid not in own:
                # Told by another item than the resource, as the key of a server is by its protector.
                self.uses[row.uid].append(row)
            if (uid := _speaks_of(row)) is not None and uid not in own:
                self.elsewhere.update(nearest_first(uid))

    def name(self, rows: Rows) -> None:
        """Take in the resources behind the names that were asked for."""
        for row in rows:
            if isinstance(row, KnownName) and row.name in self.asked_names:
                self.names[row.name] = row.uid

    def ready(self) -> None:
        """What is asked for is known: a resource, or the nearest one that it is a part of."""
        self.asked = {above for uid in {*self.asked, *self.names.values()} for above in nearest_first(uid)}

    def take(self, rows: Rows) -> None:
        """Take in of an item what others asked for."""
        for row in rows:
            match row:
                case Told():
                    if row.uid in self.elsewhere:
                        self.listed.add(row.uid)
                    if row.uid in self.sources:
                        self.told[row.uid] = row.custody
                        own = (use for use in rows if isinstance(use, KeyUse) and use.uid == row.uid)
                        self.uses[row.uid][:0] = own
                case Placement(role=Role.PRIMARY) if row.uid in self.asked:
                    self.places[row.uid].append(row.location)
                case Placement(role=Role.REPLICA) if row.uid in self.asked:
                    self.copies[row.uid].append(row.location)
                case Paired() if row.placement.role is Role.REPLICA and row.placement.uid in self.asked:
                    self.pairs.append(row)

    def settle(self) -> None:
        """Once every place is known: the copies in paired regions."""
        for row in self.pairs:
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
        return next((self.places[above] for above in nearest_first(uid) if above in self.places), [])

    def owner(self, uid: str) -> str | None:
        """The nearest listed resource that something is a part of."""
        return next((above for above in nearest_first(uid) if "/" in above and above in self.listed), None)

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

    def source_custody(self, uid: str) -> KeyCustody | None:
        """Who holds the key of a resource that others are encrypted like; `None` when it was not listed."""
        if uid not in self.told:
            return None
        deciding = [use for use in self.uses[uid] if use.decides]
        return self.key_custody(deciding[-1].key) if deciding else self.told[uid]


def nearest_first(uid: str) -> Iterator[str]:
    """A resource, and what it is a part of, from the nearest up."""
    while uid:
        yield uid
        uid = parent_of(uid) if "/" in uid else ""


def key_name(told: str) -> str:
    """`vault.vault.azure.net/keys/name` for the address of a key, whatever its version; an id as it is compared."""
    if told.startswith("/"):
        return told.rstrip("/").lower()
    steps = told.lower().rpartition("://")[2].strip("/").split("/")
    steps[0] = steps[0].partition(":")[0]
    return "/".join(steps[:3] if steps[1:2] == ["keys"] else steps[:1])


def _speaks_of(row: Found) -> str | None:
    """The resource whose place or key a row tells of."""
    match row:
        case Placement() | KeyUse():
            return row.uid
        case At(placement) | AtEach(placement) | Paired(placement) | DataZone(placement):
            return placement.uid
    return None
