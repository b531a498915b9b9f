"""The shapes of the files about law: country groups, adequacy, laws, rules, frameworks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from residency.atlas.shapes import Certainty, Country, CountryOrUnion, Day, Fact, Origin, PartialDate, Shape, Text

Stage = Literal["proposed", "draft"]


class MemberShape(Fact):
    """A country in a group, with the days of its membership."""

    country: Country
    basis: str | None = None
    gdpr_from: Day | None = None


def _member(value: Any) -> Any:
    return {"country": value} if isinstance(value, str) else value


Member = Annotated[MemberShape, BeforeValidator(_member, json_schema_input_type=MemberShape | str)]


class TreatedShape(Fact):
    """A country outside the group that a text treats as inside, for the purposes it names."""

    country: Country
    basis: str
    counts_for: list[str]
    conditional: bool | None = None
    reason: Text | None = None


class GdprBasisShape(Fact):
    """The act that made the GDPR apply in a group of countries."""

    act: str
    adopted: Day
    in_force: Day
    before: str | None = None


class GroupShape(Fact):
    """A group of countries: members with dates, members without, or the union of other groups."""

    name: Text
    union_of: list[str] | None = None
    members: list[Member] | None = None
    parent: Country | None = None
    other_codes: dict[str, Country] | None = None
    basis: str | None = None
    date_note: str | None = None
    replay_note: str | None = None
    gdpr_effect: str | None = None
    gdpr_from: dict[str, Day] | None = None
    gdpr_basis: GdprBasisShape | None = None
    treated_as_inside: list[TreatedShape] | None = None


class GroupsFile(Shape):
    """country-groups.yaml."""

    defaults: Origin
    groups: dict[str, GroupShape]


class PeriodShape(Fact):
    """A part of the life of a decision, under one act."""

    act: str
    celex: str
    limits: str | None = None


class DecisionShape(Fact):
    """An adequacy decision: GDPR art. 45, before it directive 95/46 art. 25."""

    id: str
    name: str
    countries: list[Country]
    instrument: str
    celex: str
    adopted: Day
    conditional: bool
    scope: str
    published: Day | None = None
    renewed: Day | None = None
    renewal_number: str | None = None
    renewal_celex: str | None = None
    renewal_published: Day | None = None
    limits: str | None = None
    limits_certainty: Certainty | None = None
    review: str | None = None
    volatile: bool | None = None
    challenge: str | None = None
    pressure: str | None = None
    pressure_certainty: Certainty | None = None
    periods: list[PeriodShape] | None = None
    eea_note: str | None = None
    struck_down: Day | None = None
    case: str | None = None
    ecli: str | None = None


class AdequacyFile(Shape):
    """adequacy.yaml."""

    defaults: Origin
    date_rule: str
    rules: list[str]
    decisions: list[DecisionShape]
    revoked: list[DecisionShape]


class PartnerShape(Fact):
    """A state with which an agreement is in force."""

    country: Country
    signed: Day | None = None
    in_force: Day
    in_force_note: str | None = None


class ChangeShape(Fact):
    """An act that changed a law."""

    id: str | None = None
    citation: str | None = None
    date: Day | None = None
    adopted: Day | None = None
    in_force: Day | None = None
    effect: str | None = None


class EventShape(Fact):
    """What happened to a law on a day."""

    date: Day
    event: str


class LapseShape(Shape):
    """A law that expired and is still counted, with the sentence that a report must show."""

    on: Day
    counted_until_at_least: Day
    note: Text


class LawShape(Fact):
    """A law by which an authority can reach data, or one that limits this. Citations as in its own text."""

    id: str
    name: str
    name_fr: str
    short: Text
    citation: str
    country: CountryOrUnion
    kind: Literal["law_enforcement", "intelligence", "both", "localisation", "safeguard", "blocking", "availability"]
    reach: str
    effect: str
    location_matters: bool | None = None
    mitigations_seen: list[str] | None = None
    partners: list[PartnerShape] | None = None
    partners_note: str | None = None
    eu_agreement: str | None = None
    widened_by: ChangeShape | None = None
    amended: ChangeShape | None = None
    volatile: bool | None = None
    status_history: list[EventShape] | None = None
    status_on_record: str | None = None
    checker_default: str | None = None
    lapse: LapseShape | None = None
    status_note: str | None = None
    date_note: str | None = None
    numbering_note: str | None = None
    citation_certainty: Certainty | None = None
    statute_certainty: Certainty | None = None


class LawsFile(Shape):
    """laws.yaml."""

    defaults: Origin
    links: dict[str, str]
    laws: list[LawShape]


class RuleShape(Fact):
    """A rule of Union law and what it means for a place or a contract."""

    id: str
    citation: str
    effect: str
    effect_note: str | None = None
    applies_from: Day | None = None
    stage: Stage | None = None
    volatile: bool | None = None


class RulesFile(Shape):
    """eu-rules.yaml."""

    defaults: Origin
    rules: list[RuleShape]


class CriterionShape(Fact):
    """One criterion of a framework, in own words."""

    id: str
    name: str | None = None
    topic: str | None = None
    asks: str
    scope: str | None = None
    machine_checkable: Literal["yes", "partial"] | None = None
    area: str | None = None
    area_countries: list[Country] | None = None
    thresholds: dict[str, int] | None = None
    level: int | None = None
    levels: dict[str, str] | None = None
    evidence: str | None = None
    accepts: list[str] | None = None
    sentences: dict[str, str] | None = None


class SealShape(Shape):
    """A level of the Commission's framework."""

    level: int
    name: str


class ScoringShape(Fact):
    """How the Commission's framework counts; there are two official sets of weights."""

    seal_levels: list[SealShape]
    weights_v1_2_1: dict[str, int]
    weights_implementation_guidance: dict[str, int]
    score_rule: str
    gate_rule: str


class RelatedShape(Fact):
    """A text that goes with a framework."""

    id: str
    citation: str
    effect: str


class FrameworkShape(Fact):
    """A reference text with its criteria."""

    id: str
    name: str
    issuer: str
    country: CountryOrUnion | None = None
    date: PartialDate | None = None
    dates: dict[str, Day] | None = None
    date_certainty: Certainty | None = None
    legal_base: str | None = None
    stage: Stage | None = None
    applies_from: Day | None = None
    in_force_new_applicants: Day | None = None
    transition_end: Day | None = None
    who: str | None = None
    status: str | None = None
    volatile: bool | None = None
    evidence_rule: str | None = None
    versions_seen: list[str] | None = None
    current: str | None = None
    anchor_pattern: str | None = None
    levels: list[str] | None = None
    codes: dict[str, str] | None = None
    scoring: ScoringShape | None = None
    related: RelatedShape | None = None
    traps: list[str] | None = None
    criteria: list[CriterionShape]


class FrameworksFile(Shape):
    """frameworks.yaml."""

    defaults: Origin
    frameworks: list[FrameworkShape]
