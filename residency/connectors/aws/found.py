"""What a reader hands over: rows that are finished, and rows that need what another service knows.

A replication rule names a bucket, not its region; an encrypted volume names a key, not who holds it. Readers stay pure
by saying so; `resolve` answers once everything has been read.
"""

from __future__ import annotations

from dataclasses import dataclass

from residency.connectors.aws.place import Place
from residency.model import Evidence, KeyCustody, Placement, Resource


@dataclass(frozen=True, slots=True)
class InBucket:
    """A placement whose location is that of a bucket."""

    placement: Placement
    bucket: str


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A resource encrypted with a key, told as the API tells it: an ARN, an id or an alias of the key.

    `decides` is false for the key of a copy: it has a place of its own but says nothing of the resource's custody.
    """

    uid: str
    key: str
    place: Place
    evidence: Evidence
    decides: bool = True


@dataclass(frozen=True, slots=True)
class CopyOf:
    """A placement told by the copy, for an original that may lie outside of what was read."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class Routed:
    """A resource that asks a model of Bedrock, told by ARN or by the id that it has in the region of `place`. Where
    that is an inference profile, each of its regions may answer."""

    uid: str
    model: str
    place: Place
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """The regions that an inference profile may route to, by its ARN and its id. `None` among them is any region."""

    arn: str
    id: str
    place: Place
    regions: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class KnownBucket:
    """Where a bucket is; `None` when the lookup found no answer."""

    name: str
    region: str | None


@dataclass(frozen=True, slots=True)
class KnownKey:
    """Who holds a key."""

    arn: str
    custody: KeyCustody | None


@dataclass(frozen=True, slots=True)
class KnownAlias:
    """Which key an alias stands for."""

    arn: str
    key: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index of the account (`by`) counts in a region, by type. No counts: it has nothing there."""

    region: str
    by: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """A share of something that has no place, such as a role of IAM. With an account that the run reads too it is none:
    what that account reads stays where it is."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class PublicShare:
    """A share that a setting of S3's Block Public Access takes away when the account has it switched on."""

    placement: Placement
    account: str
    setting: str


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The settings of Block Public Access that an account has switched on for all its buckets."""

    account: str
    settings: frozenset[str]


Found = (
    Resource | Placement | InBucket | KeyUse | CopyOf | Routed | KnownBucket | KnownKey | KnownAlias | KnownProfile
    | Indexed | PublicShare | PublicAccessBlock | Trust
)  # fmt: skip
