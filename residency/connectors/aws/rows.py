"""Rows as every reader of AWS builds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from residency.connectors.aws.found import Found, InBucket, KeyUse
from residency.connectors.aws.place import Place, bucket_at, bucket_of, offer_of, region_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Resource, Role, StoresData

Tags = Mapping[str, str] | None


def tags_of(entries: Iterable[Mapping[str, Any]] | None, key: str = "Key", value: str = "Value") -> Tags:
    """Tags from AWS's list of pairs; `None` when they were not read."""
    return None if entries is None else {entry[key]: entry.get(value) or "" for entry in entries}


def tags_in(answer: Answer | None, member: str) -> Tags:
    """The tags at a dotted path of an answer, as a list of pairs in either spelling or as a map; `None` without one."""
    if answer is None:
        return None
    told: Any = answer
    for name in member.split("."):
        told = told.get(name) or {}
    if isinstance(told, Mapping):
        return {str(key): str(value) for key, value in told.items()}
    return {entry.get("Key", entry.get("key")): entry.get("Value", entry.get("value")) or "" for entry in told}


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


def kept(
    place: Place, uid: str, type_: str, kind: str, name: str | None, call: str, field: str, value: str,
    *, tags: Tags, key: str | None = None, key_field: str = "", otherwise: KeyCustody | None = None,
    stores: StoresData = StoresData.YES,
) -> Iterator[Resource | Placement | KeyUse]:  # fmt: skip
    """A resource of this region with its place, told by `field`, and the key that `key_field` names, if any."""
    custody, keys = encrypted(place, uid, key, call, key_field, otherwise)
    yield resource(place, uid, type_, kind, name, tags=tags, stores=stores, custody=custody)
    yield primary(place, uid, call, field, value)
    yield from keys


def in_named_bucket(place: Place, uid: str, role: Role, via: str, told: str, evidence: Evidence) -> InBucket:
    """The same for a bucket that is told by ARN, by `s3://` address or by name."""
    bucket = bucket_of(told.removeprefix("s3://")).partition("/")[0]
    return in_bucket(place, uid, role, bucket, via, evidence)


def primary(place: Place, uid: str, api: str, field: str, value: str | None) -> Placement:
    """Where the resource itself is: the region that answered."""
    return Placement(uid, Role.PRIMARY, place.region, "location", Evidence(api, field, value))


def in_bucket(place: Place, uid: str, role: Role, bucket: str, via: str, evidence: Evidence) -> InBucket:
    """A placement in a bucket, whose region is looked up once everything has been read."""
    return InBucket(Placement(uid, role, None, via, evidence, target=place.bucket(bucket)), bucket)


def at_address(place: Place, uid: str, role: Role, uri: str | None, via: str, call: str, field: str) -> Iterator[Found]:
    """A placement in the bucket of an `s3://` address; none for another address or without one."""
    bucket = bucket_at(uri)
    if bucket:
        yield in_bucket(place, uid, role, bucket, via, Evidence(call, field, uri))


def towards(place: Place, uid: str, role: Role, arn: str, via: str, call: str, field: str) -> Found:
    """A placement at what an ARN names: in the region that it names or, for a bucket, in that of the bucket."""
    evidence = Evidence(call, field, arn)
    if arn.split(":")[2:3] == ["s3"]:
        return in_bucket(place, uid, role, bucket_of(arn), via, evidence)
    return Placement(uid, role, region_of(arn), via, evidence, target=arn.removesuffix(":*"))


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
