"""The words of the program as frozen values: account, resource, placement, coverage, and their vocabularies.

`None` always means *unknown*: not read, not told, not in the atlas. It is never a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a placement is to its resource."""

    PRIMARY = "primary"
    REPLICA = "replica"
    BACKUP = "backup"
    SNAPSHOT = "snapshot"
    CACHE = "cache"
    PROCESSING = "processing"
    LOG = "log"
    KEY = "key"
    SHARE = "share"
    CONTROL_PLANE = "control-plane"


class StoresData(StrEnum):
    """Whether customer content rests in a resource (`yes`), only passes through (`transit`), or neither (`no`)."""

    YES = "yes"
    TRANSIT = "transit"
    NO = "no"


class KeyCustody(StrEnum):
    """Who can use the key that encrypts a resource. `unknown` is written in files; in memory it is `None`."""

    PROVIDER_MANAGED = "provider-managed"
    CUSTOMER_MANAGED = "customer-managed"
    IMPORTED = "imported"
    HSM = "hsm"
    EXTERNAL = "external"
    CLIENT_SIDE = "client-side"
    NONE = "none"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """How the reading of one (account, region, service) ended."""

    READ = "read"
    EMPTY = "empty"
    DENIED = "denied"
    DISABLED = "disabled"
    UNREACHABLE = "unreachable"
    THROTTLED = "throttled"
    UNSUPPORTED = "unsupported"

    @property
    def complete(self) -> bool:
        """True when nothing was left unseen: read, empty, or the service or region is switched off."""
        return self in (Status.READ, Status.EMPTY, Status.DISABLED)


class DataClass(StrEnum):
    """The kind of data a resource holds, as the rules ask for it."""

    HEALTH = "health"
    PERSONAL = "personal"
    SPECIAL_CATEGORY = "special-category"
    STATE_SENSITIVE = "state-sensitive"
    INTERNAL = "internal"
    PUBLIC = "public"
    UNCLASSIFIED = "unclassified"


class Verdict(StrEnum):
    """What a rule says of one fact row."""

    COMPLIANT = "compliant"
    WAIVED = "waived"
    UNPROVEN = "unproven"
    VIOLATION = "violation"

    @property
    def weight(self) -> int:
        """Rank by which the worst of several verdicts is chosen: 0 compliant to 3 violation."""
        return list(Verdict).index(self)


class Duty(StrEnum):
    """The role of the organisation for personal data: GDPR art. 4(7) and 4(8)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class Severity(StrEnum):
    """How much a violation of a rule matters, as the policy pack says."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """Rank for `--fail-on`: 0 low to 3 critical."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a placement was learnt: the API call (`s3:GetBucketLocation`), the field in its answer, the value there.

    For a derived placement `api` names the rule as `rule:<name>`.
    """

    api: str
    field: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account, Google Cloud project, Azure subscription or OpenStack project. `path` runs from the root down.

    `settings` are what the provider says of the whole account that bears on residency, such as the locations that an
    organisation's policy allows. They are shown, and prove nothing about what is there already.
    """

    provider: str
    offer: str | None
    id: str
    name: str | None = None
    path: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """One cloud object. `uid` is the provider's own full id; `kind` is an id of the atlas's resource types."""

    uid: str
    provider: str
    offer: str | None
    account: str
    type: str
    kind: str | None = None
    name: str | None = None
    location: str | None = None
    stores_data: StoresData | None = None
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    data_class: DataClass | None = None
    key_custody: KeyCustody | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """One place where a resource's data is. `location` is the provider's code, `None` when it could not be learnt.

    `target` is the id of what receives the data (a bucket, an account). `offer` is set only when the place belongs to
    another offer than the resource.
    """

    uid: str
    role: Role
    location: str | None
    via: str
    evidence: Evidence | None = None
    target: str | None = None
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How reading one (account, region, service) ended. `detail` names what was not obtained and why."""

    provider: str
    account: str
    region: str
    service: str
    status: Status
    detail: str = ""


Row = Account | Resource | Placement | Coverage
