"""What an audit concluded, as values that every renderer reads: the run, its findings, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from residency.atlas_used import NOTHING_USED, AtlasUsed
from residency.classify.roles import NO_ROLES, Roles
from residency.model import Severity, Verdict
from residency.policy.papers import NO_PAPERS, Papers
from residency.tables import Inventory


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the reports."""

    en: str
    fr: str


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """What a finding is about. For a coverage, account or offer finding, `type` is that word and starts `uid`."""

    uid: str
    provider: str
    offer: str | None
    account: str
    type: str
    kind: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class PlacementRef:
    """The place a finding is about; `countries` is empty when they are unknown (see `anywhere`)."""

    role: str
    location: str | None
    countries: tuple[str, ...]
    anywhere: bool
    via: str
    target: str | None
    evidence_api: str | None
    evidence_field: str | None
    evidence_value: str | None


@dataclass(frozen=True, slots=True)
class LawRef:
    """A law that reaches the offer, the link it acts through, and how sure that is."""

    id: str
    via: str
    certainty: str


@dataclass(frozen=True, slots=True)
class ControlRef:
    """Who runs the place. A missing name or country is unknown."""

    operator: str | None
    parent: str | None
    parent_country: str | None
    laws: tuple[LawRef, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule applied to one fact row. `missing` names the facts whose absence keeps it from being proven."""

    id: str
    policy: str
    rule: str
    verdict: Verdict
    severity: Severity
    resource: ResourceRef
    placement: PlacementRef | None
    control: ControlRef | None
    data_class: str | None
    reason: Text
    remediation: Text
    basis: tuple[str, ...]
    missing: tuple[str, ...]
    waiver: str | None
    attestation: str | None = None


FINDING_TYPES = (Finding, ResourceRef, PlacementRef, ControlRef, LawRef, Text)


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule that was applied, as the report shows it. `view` is `transfers`, `sovereignty` or `both`.

    `facts` names the facts that it asks about. `remediation` still has its placeholders; it and `applies` are empty for
    a rule that only a document names.
    """

    policy: str
    id: str
    title: Text
    severity: Severity
    view: str
    decide: str
    basis: tuple[Text, ...]
    require: str
    applies: str = ""
    facts: tuple[str, ...] = ()
    remediation: Text | None = None


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """A pack that was applied: its verdict is the worst of its findings, `unproven` when it looked at nothing."""

    id: str
    profile: str | None
    version: str
    sha256: str
    title: Text
    verdict: Verdict
    description: Text | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One audit. `started` is UTC in ISO form; `live` is false when files were read or an endpoint was overridden.

    `redacted` is true when ids and names stand as pseudonyms.
    """

    id: str
    started: str
    as_of: str
    scenario: str | None
    sources: tuple[str, ...]
    endpoints: tuple[str, ...]
    atlas_version: str
    atlas_sha256: str
    tool_version: str
    complete: bool
    live: bool
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many fact rows got a verdict from a rule."""

    policy: str
    rule: str
    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class ObjectiveLevel:
    """The level that the findings show for one objective of a pack, or for the whole where it has none.

    `level` is a name in words; `None` when none is shown. `proven` tells whether that is a fact. `blocked_by` and
    `open` are the rules that keep it from the next level: violated, and unproven.
    """

    objective: Text | None
    level: Text | None
    proven: bool
    blocked_by: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackLevels:
    """The levels of a pack that grades. `overall` is the lowest; `scores` are pairs of a set of weights and percent."""

    policy: str
    objectives: tuple[ObjectiveLevel, ...]
    overall: ObjectiveLevel
    scores: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A finding whose verdict a scenario turns. `before` is under present law; `None` where a rule says nothing."""

    id: str
    policy: str
    rule: str
    subject: str
    location: str | None
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is not the same in two runs.

    `kind` is `new` (not in the run before), `gone` (not in this one), `changed` (another verdict) or `moved` (the same
    setting puts the data somewhere else). `cause` is `estate` (the cloud changed), `law` (only what the atlas says of
    the same place did), `rules` (the pack), `papers` (a document or waiver) or `reading` (what could be read). `before`
    and `after` are `None` where the finding was not. `facts` names the facts that differ; it is empty for a finding
    that is new or gone.
    """

    kind: str
    cause: str
    id: str
    policy: str
    rule: str
    subject: str
    account: str
    role: str | None
    location_before: str | None
    location_after: str | None
    before: Verdict | None
    after: Verdict | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputChange:
    """Something that two runs were made from and that differs: `what` is `as_of`, `scenario`, `atlas`, `tool`,
    `sources` or `policy:<id>`. `None` means that one of them had none."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many findings changed alike. The fields are those of `FindingChange`."""

    kind: str
    cause: str
    before: Verdict | None
    after: Verdict | None
    count: int


@dataclass(frozen=True, slots=True)
class RunChanges:
    """What changed since an earlier run, `old`, which started at `old_started` (UTC, ISO).

    `counts` speak of every change. `findings` lists those that are, or were, anything but compliant: worst first.
    """

    old: str
    old_started: str
    old_as_of: str
    inputs: tuple[InputChange, ...]
    counts: tuple[ChangeCount, ...]
    findings: tuple[FindingChange, ...]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything a renderer may show.

    `findings` are those of the verdicts that were asked for, in a fixed order; they are on disk where they are many, so
    go through them one by one. `counts` speak of all of them. `judged` is the Arrow table of every verdict (schema
    `residency.policy.judge.FINDINGS`), `facts` the Arrow table of the fact rows (schema
    `residency.facts.arrow_schema()`). `changes` is what a scenario turns against present law, `levels` the levels that
    packs with a scale show, `waived_until` the waivers that were given, each with its last day. `since` is what changed
    since the run before in the ledger; `None` where there is no such run.
    `first_seen` has the candidate transfers of earlier runs in the ledger, each with the day it was first seen; `None`
    where there is no ledger.
    `papers` are the attestations and waivers themselves, `atlas` what the atlas says of what was found, `roles` which
    role the organisation has for an account.
    """

    run: Run
    policies: tuple[PolicyUse, ...]
    rules: tuple[RuleUse, ...]
    findings: Sequence[Finding]
    counts: tuple[Count, ...]
    inventory: Inventory
    facts: pa.Table
    judged: pa.Table
    changes: tuple[VerdictChange, ...] = ()
    levels: tuple[PackLevels, ...] = ()
    waived_until: tuple[tuple[str, str], ...] = ()
    since: RunChanges | None = None
    first_seen: tuple[tuple[str, str], ...] | None = None
    papers: Papers = NO_PAPERS
    atlas: AtlasUsed = NOTHING_USED
    roles: Roles = NO_ROLES
