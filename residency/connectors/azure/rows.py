"""What a reader hands over, the register of readers, and rows as every reader builds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.tells import Tells
from residency.connectors.told import Told
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData


@dataclass(frozen=True, slots=True)
class At:
    """A placement that is wherever the resource `placement.target` is; `placement.location` where that is not known."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class Paired:
    """A placement in the region that is paired with `region`, or with that of the resource `within`.

    `by_itself` is a copy that Azure makes on its own where there is a pair: a region without one has no such copy.
    One that was asked for there is in an unknown place.
    """

    placement: Placement
    region: str | None
    within: str | None = None
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class AtEach:
    """A placement that is wherever the resource `placement.target` is and is copied to."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class DataZone:
    """A placement in the data zone that the resource `within` lies in."""

    placement: Placement
    within: str


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A resource encrypted with a key: its address (`https://vault.vault.azure.net/keys/name`), or the id of a vault
    or of a disk encryption set.

    `decides` is false for the key of a copy: it has a place of its own but says nothing of the resource's custody.
    """

    uid: str
    key: str
    evidence: Evidence
    decides: bool = True


@dataclass(frozen=True, slots=True)
class KnownKey:
    """Who holds the keys at an address: of a whole vault (`name.vault.azure.net`) or of one key (`…/keys/name`).

    `uid` is the vault. `custody` is `None` when it was not told or has a name that we do not know.
    """

    address: str
    uid: str
    custody: KeyCustody | None


@dataclass(frozen=True, slots=True)
class KeyStand:
    """A resource that others name instead of a key: a disk encryption set stands for its key."""

    uid: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyFrom:
    """A resource encrypted as another one is, which it lies in: a database as its server."""

    uid: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name by which others may tell of a resource, where its id is not given: `storage-account:name`."""

    name: str
    uid: str


Found = Told | Placement | At | AtEach | Paired | DataZone | KeyUse | KeyFrom | KnownKey | KnownName | KeyStand
ROW_TYPES = (
    Told, Placement, At, AtEach, Paired, DataZone, KeyUse, KeyFrom, KnownKey, KnownName, KeyStand, Evidence,
)  # fmt: skip
Read = Callable[[Item], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one type is read, the kind of the atlas that it is, and the fields it is read from."""

    type: str
    kind: str | None
    read: Read
    fields: tuple[Tells, ...]

    @property
    def service(self) -> str:
        """The resource provider, in lower case."""
        return self.type.partition("/")[0].lower()


LOCATION = Tells("location", Role.PRIMARY, "recorded")
# What any type may have, and is never told by the type alone.
EVERYWHERE = (Tells("extendedLocation.name", Role.PRIMARY, "model"),)
READERS: dict[str, Reader] = {}


def reads(type_: str, kind: str | None, *fields: Tells) -> Callable[[Read], Read]:
    """Register the decorated function as the reader of a type."""

    def register(read: Read) -> Read:
        READERS[type_.lower()] = Reader(type_, kind, read, fields)
        return read

    return register


def told(
    item: Item, *, location: str | None, custody: KeyCustody | None = None, stores: StoresData | None = None
) -> Told:
    """An item as a resource. What is stored in it follows from its kind, unless it is said here."""
    reader = READERS.get(item.key)
    type_, kind = (reader.type, reader.kind) if reader else (item.type, None)
    return Told(type_, kind, item.uid, item.name, location, item.tags, stores, custody)


def where(item: Item) -> tuple[str | None, Evidence | None]:
    """Where an item is. An edge zone or a custom location is not in the region that the item also names."""
    outside = item.get("extendedLocation.type")
    if isinstance(outside, str) and outside.lower() == "edgezone":
        name = item.get("extendedLocation.name")
        return place(name), item.evidence("extendedLocation.name", name)
    if isinstance(outside, str):
        return None, item.evidence("extendedLocation.name", item.get("extendedLocation.name"))
    return item.location, item.evidence("location", item.get("location")) if item.location else None


def primary(item: Item) -> Iterator[Placement]:
    """Where an item itself is. Nothing when that is not told: its place is then unknown."""
    location, evidence = where(item)
    if evidence is not None:
        yield Placement(item.uid, Role.PRIMARY, location, "location", evidence)


def copy(item: Item, role: Role, via: str, field: str, target: str) -> At:
    """A copy or an outflow to another resource, which is wherever that one is."""
    return At(Placement(item.uid, role, None, via, item.evidence(field, target), target=uid_of(target)))


def log_of_agent(item: Item, via: str, field: str) -> Iterator[At]:
    """Logs in a workspace that is told by the id that agents use of it, not by that of the resource."""
    if (agent := item.text(field)) is not None:
        target = f"log-workspace:{agent.lower()}"
        yield At(Placement(item.uid, Role.LOG, None, via, item.evidence(field, agent), target=target))


def in_store(item: Item, uid: str, role: Role, via: str, field: str, address: Any) -> Iterator[At]:
    """A place of `uid` in the storage account that an address leads to: `https://name.blob.core.windows.net/`."""
    if isinstance(address, str) and "://" in address:
        name = address.partition("://")[2].partition(".")[0].lower()
        evidence = item.evidence(field, address.partition("?")[0])
        yield At(Placement(uid, role, None, via, evidence, target=f"storage-account:{name}"))


def placed(item: Item, role: Role, via: str, field: str, told_place: Any, target: str | None = None) -> Placement:
    """A place that a field names: `westeurope` or `West Europe`."""
    return Placement(item.uid, role, place(told_place), via, item.evidence(field, told_place), target=target)


def paired(item: Item, role: Role, via: str, field: str, value: Any, region: str | None = None) -> Paired:
    """A copy in the region paired with `region` (where the item is), which a setting asks for without naming it."""
    evidence = Evidence("rule:azure-paired-region", field, None if value is None else str(value))
    return Paired(Placement(item.uid, role, None, via, evidence), region or item.location)


def key_of(item: Item, *fields: str) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody and key of an item. Azure encrypts whatever names no key with keys of its own."""
    for field in fields:
        if (key := item.text(field)) is not None:
            return None, [KeyUse(item.uid, key, item.evidence(field, key))]
    return KeyCustody.PROVIDER_MANAGED, []


def key_in_vault(item: Item, vault: str, name: str, *, decides: bool = True) -> list[KeyUse]:
    """The use of a key that is told by the address of its vault and its name; none when the vault is not told."""
    if (address := item.text(vault)) is None:
        return []
    key = item.text(name)
    whole = f"{address.rstrip('/')}/keys/{key}" if key else address
    return [KeyUse(item.uid, whole, item.evidence(vault, address), decides)]


def encrypted(item: Item, uses: Sequence[KeyUse], *, stores: StoresData | None = None) -> Iterator[Found]:
    """An item in one place, and the keys it is encrypted with; where it names none, Azure encrypts with its own."""
    custody = None if uses else KeyCustody.PROVIDER_MANAGED
    yield told(item, location=where(item)[0], custody=custody, stores=stores)
    yield from primary(item)
    yield from uses


def kept(item: Item, *keys: str, stores: StoresData | None = None) -> Iterator[Found]:
    """An item that keeps data in one place: itself, that place, and the key it is encrypted with. Without `keys` its
    custody is not told."""
    custody, uses = key_of(item, *keys) if keys else (None, [])
    yield told(item, location=where(item)[0], custody=custody, stores=stores)
    yield from primary(item)
    yield from uses


def regional(type_: str, kind: str | None, *keys: Tells, stores: StoresData | None = None) -> None:
    """Register a type that lives in one location and whose data is only there. Without `keys` its custody is not
    told."""

    def read(item: Item) -> Iterator[Found]:
        yield from kept(item, *(key.field for key in keys), stores=stores)

    READERS[type_.lower()] = Reader(type_, kind, read, (LOCATION, *keys))


def each(item: Item, field: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list, each with its path."""
    for index, entry in enumerate(item.list(field)):
        if isinstance(entry, Mapping):
            yield f"{field}[{index}]", entry


def each_text(item: Item, field: str) -> Iterator[tuple[str, str]]:
    """The texts of a list, each with its path."""
    for index, entry in enumerate(item.list(field)):
        if isinstance(entry, str) and entry:
            yield f"{field}[{index}]", entry


def distinct(places: Iterable[str | None]) -> str | None:
    """The one place of several mentions; `None` when there are several."""
    found = set(places)
    return next(iter(found)) if len(found) == 1 else None
