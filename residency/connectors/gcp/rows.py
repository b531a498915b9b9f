"""What a reader hands over, the register of readers, and rows as every reader builds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from residency.connectors.gcp.access import Grants, NoPublic
from residency.connectors.gcp.asset import Asset, code, full_name, place_in
from residency.connectors.gcp.members import Grant, Party
from residency.connectors.tells import Proof, Tells
from residency.connectors.told import Told
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData


@dataclass(frozen=True, slots=True)
class At:
    """A placement that is wherever the resource `placement.target` is."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A resource encrypted with a key of Cloud KMS, told by its resource name, with or without a version.

    `decides` is false for the key of a copy: it has a place of its own but says nothing of the resource's custody.
    """

    uid: str
    key: str
    evidence: Evidence
    decides: bool = True


@dataclass(frozen=True, slots=True)
class KnownKey:
    """Who holds a key; `None` when its protection level was not told or has a name that we do not know."""

    uid: str
    custody: KeyCustody | None


@dataclass(frozen=True, slots=True)
class KnownAlias:
    """A setting that stands for a key: what names the setting is encrypted with that key."""

    uid: str
    key: str


@dataclass(frozen=True, slots=True)
class NoPlace:
    """A thing that others name and that puts their data nowhere: an `At` it is no placement."""

    uid: str


Found = Told | Placement | At | KeyUse | KnownKey | KnownAlias | NoPlace | Grants | NoPublic
ROW_TYPES = (
    Told, Placement, At, KeyUse, KnownKey, KnownAlias, NoPlace, Grants, NoPublic, Evidence, Grant, Party,
)  # fmt: skip
Read = Callable[[Asset], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one asset type is read, the kind of the atlas that it is, and the fields it is read from."""

    type: str
    kind: str | None
    read: Read
    fields: tuple[Tells, ...]


READERS: dict[str, Reader] = {}


def tells(role: Role | None, *fields: str, proof: Proof = "specified") -> tuple[Tells, ...]:
    """Fields of `resource.data`, with `[]` for each entry of a list, or with `@` those of the asset itself."""
    return tuple(Tells(field, role, proof) for field in fields)


NAME = tells(Role.PRIMARY, "@name")
# Where an asset is that has no field of its own for it: see `where`.
PLACE = (*NAME, *tells(Role.PRIMARY, "@resource.location"))


def reads(type_: str, kind: str | None, *fields: Tells) -> Callable[[Read], Read]:
    """Register the decorated function as the reader of an asset type."""

    def register(read: Read) -> Read:
        READERS[type_] = Reader(type_, kind, read, fields)
        return read

    return register


def told(
    asset: Asset,
    *,
    location: str | None,
    labels: str = "labels",
    custody: KeyCustody | None = None,
    stores: StoresData | None = None,
) -> Told:
    """An asset as a resource. What is stored in it follows from its kind, unless it is said here."""
    reader = READERS.get(asset.type)
    name = asset.name.rpartition("/")[2]
    return Told(
        asset.type, reader.kind if reader else None, asset.name, name, location, asset.labels(labels), stores, custody
    )


def where(asset: Asset, field: str | None = None) -> tuple[str | None, Evidence | None]:
    """Where an asset is, and how that is known: a field of its data, else its name, else what Cloud Asset says."""
    if field is not None and (found := code(asset.get(field))) is not None:
        return found, asset.evidence(field, asset.get(field))
    if (found := place_in(asset.name)) is not None:
        return found, asset.evidence("@name", asset.name)
    return asset.location, asset.evidence("@resource.location", asset.location) if asset.location else None


def primary(asset: Asset, field: str | None = None) -> Iterator[Placement]:
    """Where an asset itself is. Nothing when that is not told: its place is then unknown."""
    location, evidence = where(asset, field)
    if location is not None:
        yield Placement(asset.name, Role.PRIMARY, location, "location", evidence)


def primaries(asset: Asset, field: str, via: str, codes: Iterable[Any]) -> Iterator[Placement]:
    """Several places that an asset is in at once, from a list of its data."""
    for index, value in enumerate(codes):
        yield Placement(asset.name, Role.PRIMARY, code(value), via, asset.evidence(f"{field}[{index}]", value))


def copy(asset: Asset, role: Role, via: str, field: str, service: str, target: str) -> At:
    """A copy or an outflow to another resource, which is wherever that one is."""
    uid = full_name(service, target)
    return At(Placement(asset.name, role, place_in(uid), via, asset.evidence(field, target), target=uid))


def to_bucket(asset: Asset, role: Role, via: str, field: str, bucket: str) -> At:
    """An outflow to a bucket, told by its name or its `gs://` address."""
    name = bucket.removeprefix("gs://").partition("/")[0]
    uid = full_name("storage", name)
    return At(Placement(asset.name, role, None, via, asset.evidence(field, bucket), target=uid))


def to_table(asset: Asset, role: Role, via: str, field: str, told: str) -> At | None:
    """An outflow to a table or dataset of BigQuery, told as `project.dataset.table`, with `:` or `bq://` as some APIs
    write it; `None` when the text is none of these."""
    parts = told.removeprefix("bq://").replace(":", ".").split(".")
    if len(parts) < 2 or not all(parts):
        return None
    return copy(asset, role, via, field, "bigquery", f"projects/{parts[0]}/datasets/{parts[1]}")


def of_other(asset: Asset, uid: str, role: Role, via: str, field: str, target: str | None = None) -> At:
    """A placement that this asset tells of another resource: it is where this one is, or where `target` is."""
    evidence = asset.evidence(field, asset.name if field == "@name" else asset.get(field))
    return At(Placement(uid, role, place_in(asset.name), via, evidence, target=target or asset.name))


def key_of(asset: Asset, *fields: str) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody and key of an asset. Google encrypts whatever names no key with keys of its own."""
    for field in fields:
        if (key := asset.text(field)) is not None:
            return None, [KeyUse(asset.name, key, asset.evidence(field, key))]
    return KeyCustody.PROVIDER_MANAGED, []


def kept(asset: Asset, *keys: str, field: str | None = None, labels: str = "labels") -> Iterator[Found]:
    """An asset that keeps data in one place: itself, that place, and the key it is encrypted with. Without `keys` its
    custody is not told."""
    custody, uses = key_of(asset, *keys) if keys else (None, [])
    yield told(asset, location=where(asset, field)[0], labels=labels, custody=custody)
    yield from primary(asset, field)
    yield from uses


def regional(
    type_: str,
    kind: str | None,
    *,
    field: str | None = None,
    keys: tuple[str, ...] = (),
    labels: str = "labels",
    proof: Proof = "specified",
) -> None:
    """Register an asset type that lives in one location and whose data is only there. Without `keys` its custody is
    not told. `proof` is how `field` and `keys` are known."""

    def read(asset: Asset) -> Iterator[Found]:
        yield from kept(asset, *keys, field=field, labels=labels)

    own = tells(Role.PRIMARY, field, proof=proof) if field else ()
    READERS[type_] = Reader(type_, kind, read, (*own, *PLACE, *tells(Role.KEY, *keys, proof=proof)))
