"""Once everything is read: where the buckets are that others name, who holds the keys, which original a copy has, and
which of those it is shared with were read too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from residency.connectors.aws.found import (
    CopyOf,
    Found,
    InBucket,
    KeyUse,
    KnownAlias,
    KnownBucket,
    KnownKey,
    KnownProfile,
    PublicAccessBlock,
    PublicShare,
    Routed,
    Trust,
)
from residency.connectors.aws.place import Place, offer_of, region_of
from residency.model import KeyCustody, Placement, Resource, Role

_ORGANISATION = re.compile(r"(?:^|/)(o-[a-z0-9]{10,32})(?:/|$)")


@dataclass(slots=True)
class Knowledge:
    """What the parts of a run know of each other. `accounts` were entered, and of `organisations` every active account
    was; `originals` are resources of other accounts that a copy tells of."""

    buckets: dict[str, str | None] = field(default_factory=dict)
    keys: dict[str, KeyCustody | None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    originals: set[str] = field(default_factory=set)
    profiles: dict[tuple[str, str], tuple[str | None, ...]] = field(default_factory=dict)
    blocked: dict[str, frozenset[str]] = field(default_factory=dict)

    def learn(self, found: Iterable[Found]) -> None:
        """Take in what was found of buckets, keys and aliases."""
        for row in found:
            match row:
                case KnownBucket():
                    self.buckets[row.name] = row.region or self.buckets.get(row.name)
                case KnownKey():
                    self.keys[row.arn] = row.custody
                case KnownAlias():
                    self.aliases[row.arn] = row.key
                case KnownProfile():
                    for name in (row.arn, row.id):
                        self.profiles[row.place.region, name] = row.regions
                case PublicAccessBlock():
                    self.blocked[row.account] = row.settings

    def custody(self, key_arn: str) -> KeyCustody | None:
        """Who holds a key; `None` when it was not read. The names `alias/aws/…` are reserved for keys of AWS itself."""
        if ":alias/aws/" in key_arn:
            return KeyCustody.PROVIDER_MANAGED
        return self.keys.get(self.aliases.get(key_arn, key_arn))

    def reads(self, recipient: str) -> bool:
        """Whether whom something is shared with, an account or a whole organisation, was itself read in this run."""
        organisation = _ORGANISATION.search(recipient)
        if organisation is not None:
            return organisation[1] in self.organisations
        parts = recipient.split(":", 5)
        return (parts[4] if len(parts) == 6 else recipient) in self.accounts


def named_buckets(found: Iterable[Found]) -> set[str]:
    """The buckets that somebody names."""
    return {row.bucket for row in found if isinstance(row, InBucket)}


def named_originals(found: Iterable[Found]) -> set[str]:
    """The resources that a copy tells of."""
    return {row.placement.uid for row in found if isinstance(row, CopyOf)}


def resolve(found: list[Found], knowledge: Knowledge, partition: str) -> Iterator[Resource | Placement]:
    """The finished rows."""
    resources: dict[str, Resource] = {}
    for row in found:
        if isinstance(row, Resource):
            told = resources.get(row.uid)
            resources[row.uid] = row if told is None else _better(told, row)
    for row in found:
        if isinstance(row, KeyUse) and row.decides and (user := resources.get(row.uid)) is not None:
            resources[row.uid] = replace(user, key_custody=knowledge.custody(key_arn(row.key, row.place)))
    yield from resources.values()
    for row in found:
        for placement in _placements(row, knowledge, resources):
            yield _with_offer(placement, resources.get(placement.uid), partition)


def key_arn(told: str, place: Place) -> str:
    """The ARN of a key or alias that the API of `place` names by ARN, id or alias."""
    if told.startswith("arn:"):
        return told
    return place.arn("kms", told if told.startswith("alias/") else f"key/{told}")


def _placements(row: Found, knowledge: Knowledge, resources: dict[str, Resource]) -> Iterator[Placement]:
    match row:
        case Placement():
            yield _within_run(row, knowledge, resources)
        case InBucket():
            if row.placement.uid in resources:
                yield replace(row.placement, location=knowledge.buckets.get(row.bucket))
        case CopyOf():
            if row.placement.uid in resources or row.placement.uid in knowledge.originals:
                yield _within_run(row.placement, knowledge, resources)
        case PublicShare() | Trust():
            if not _none_after_all(row, knowledge):
                yield _within_run(row.placement, knowledge, resources)
        case KeyUse() if row.uid in resources:
            arn = key_arn(row.key, row.place)
            yield Placement(row.uid, Role.KEY, region_of(arn), "encryption-key", row.evidence, target=arn)
        case Routed():
            otherwise = (None,) if "inference-profile/" in row.model else ()
            for region in knowledge.profiles.get((row.place.region, row.model), otherwise):
                if region != row.place.region:
                    via = "inference-profile"
                    yield Placement(row.uid, Role.PROCESSING, region, via, row.evidence, target=row.model)
        case _:
            pass


def _none_after_all(row: PublicShare | Trust, knowledge: Knowledge) -> bool:
    """Whether a share is none once everything is known: blocked for the whole account, or with one that is read too."""
    if isinstance(row, PublicShare):
        return row.setting in knowledge.blocked.get(row.account, ())
    return row.placement.target is not None and knowledge.reads(row.placement.target)


def _within_run(placement: Placement, knowledge: Knowledge, resources: dict[str, Resource]) -> Placement:
    """A share with an account that this run reads: what is shared stays where it is, and a copy that the account makes
    of it is there among what that account has."""
    owner = resources.get(placement.uid)
    if placement.role is not Role.SHARE or placement.location is not None or owner is None:
        return placement
    if placement.target is None or not knowledge.reads(placement.target):
        return placement
    return replace(placement, location=owner.location)


def _better(one: Resource, other: Resource) -> Resource:
    """Of two tellings of one resource, the one whose tags were read."""
    return min(one, other, key=lambda row: (row.tags is None, repr(row)))


def _with_offer(placement: Placement, owner: Resource | None, partition: str) -> Placement:
    """China has one offer a region: a copy into the other region is at another company."""
    offer = offer_of(partition, placement.location)
    if owner is None or offer is None or owner.offer is None or offer == owner.offer:
        return placement
    return replace(placement, offer=offer)
