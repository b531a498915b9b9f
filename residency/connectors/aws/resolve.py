"""Once everything is read: where the buckets are that others name, who holds the keys, which original a copy has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from residency.connectors.aws.found import CopyOf, Found, InBucket, KeyUse, KnownAlias, KnownBucket, KnownKey
from residency.connectors.aws.place import Place, offer_of, region_of
from residency.model import KeyCustody, Placement, Resource, Role


@dataclass(slots=True)
class Knowledge:
    """What the parts of an account know of each other."""

    buckets: dict[str, str | None] = field(default_factory=dict)
    keys: dict[str, KeyCustody | None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def learn(self, found: Iterable[Found]) -> None:
        """Take in what was found of buckets, keys and aliases."""
        for row in found:
            match row:
                case KnownBucket():
                    self.buckets[row.name] = row.region
                case KnownKey():
                    self.keys[row.arn] = row.custody
                case KnownAlias():
                    self.aliases[row.arn] = row.key

    def custody(self, key_arn: str) -> KeyCustody | None:
        """Who holds a key; `None` when it was not read. The names `alias/aws/…` are reserved for keys of AWS itself."""
        if ":alias/aws/" in key_arn:
            return KeyCustody.PROVIDER_MANAGED
        return self.keys.get(self.aliases.get(key_arn, key_arn))


def unknown_buckets(found: Iterable[Found], knowledge: Knowledge) -> list[str]:
    """The buckets that somebody names and the account does not have."""
    return sorted({row.bucket for row in found if isinstance(row, InBucket)} - set(knowledge.buckets))


def resolve(found: list[Found], knowledge: Knowledge, partition: str) -> Iterator[Resource | Placement]:
    """The finished rows."""
    resources: dict[str, Resource] = {}
    for row in found:
        if isinstance(row, Resource):
            resources[row.uid] = _better(resources.get(row.uid, row), row)
    for row in found:
        if isinstance(row, KeyUse) and row.decides and (user := resources.get(row.uid)) is not None:
            resources[row.uid] = replace(user, key_custody=knowledge.custody(key_arn(row.key, row.place)))
    yield from resources.values()
    for row in found:
        placement = _placement(row, knowledge, resources)
        if placement is not None:
            owner = resources.get(placement.uid)
            yield _with_offer(placement, owner, partition)


def key_arn(told: str, place: Place) -> str:
    """The ARN of a key or alias that the API of `place` names by ARN, id or alias."""
    if told.startswith("arn:"):
        return told
    return place.arn("kms", told if told.startswith("alias/") else f"key/{told}")


def _placement(row: Found, knowledge: Knowledge, resources: dict[str, Resource]) -> Placement | None:
    match row:
        case Placement():
            return row
        case InBucket():
            return replace(row.placement, location=knowledge.buckets.get(row.bucket))
        case CopyOf():
            return row.placement if row.placement.uid in resources else None
        case KeyUse():
            arn = key_arn(row.key, row.place)
            return Placement(row.uid, Role.KEY, region_of(arn), "encryption-key", row.evidence, target=arn)
        case _:
            return None


def _better(one: Resource, other: Resource) -> Resource:
    """Of two tellings of one resource, the one whose tags were read."""
    return min(one, other, key=lambda row: (row.tags is None, repr(row)))


def _with_offer(placement: Placement, owner: Resource | None, partition: str) -> Placement:
    """China has one offer a region: a copy into the other region is at another company."""
    offer = offer_of(partition, placement.location)
    if owner is None or offer is None or owner.offer is None or offer == owner.offer:
        return placement
    return replace(placement, offer=offer)
