"""Rows as every reader of AWS builds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from residency.connectors.aws.found import KeyUse
from residency.connectors.aws.place import Place, offer_of
from residency.model import Evidence, KeyCustody, Placement, Resource, Role, StoresData

Tags = Mapping[str, str] | None


def tags_of(entries: Iterable[Mapping[str, Any]] | None, key: str = "Key", value: str = "Value") -> Tags:
    """Tags from AWS's list of pairs; `None` when they were not read."""
    return None if entries is None else {entry[key]: entry.get(value) or "" for entry in entries}


def resource(
    place: Place,
    uid: str,
    type_: str,
    kind: str | None,
    name: str | None,
    *,
    tags: Tags,
    stores: StoresData = StoresData.YES,
    custody: KeyCustody | None = None,
    location: str | None = None,
) -> Resource:
    """A resource of this account, in the region of `place` unless another location is told."""
    where = location or place.region
    return Resource(
        uid, "aws", offer_of(place.partition, where), place.account, type_, kind=kind, name=name, location=where,
        stores_data=stores, tags=tags, key_custody=custody,
    )  # fmt: skip


def primary(place: Place, uid: str, api: str, field: str, value: str | None) -> Placement:
    """Where the resource itself is: the region that answered."""
    return Placement(uid, Role.PRIMARY, place.region, "location", Evidence(api, field, value))


def encrypted(
    place: Place, uid: str, key: str | None, api: str, field: str, otherwise: KeyCustody | None
) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody and key of a resource: what the key tells when one is named, else `otherwise`."""
    if not key:
        return otherwise, []
    return None, [KeyUse(uid, key, place, Evidence(api, field, key))]


def encrypted_if(
    place: Place, uid: str, flag: bool | None, key: str | None, api: str, field: str
) -> tuple[KeyCustody | None, list[KeyUse]]:
    """The same for what says whether it is encrypted: a key that is named beside a `False` counts for nothing."""
    return (KeyCustody.NONE, []) if flag is False else encrypted(place, uid, key, api, field, None)
