"""Findings put in the order in which somebody should deal with them, and grouped into decisions to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from residency.model import Severity, Verdict
from residency.policy.papers import Attestation, Waiver
from residency.result import AuditResult, ControlRef, Finding, RuleUse, Text

SHOWN = 10
COVERAGE = "COVERAGE"
_Counted = TypeVar("_Counted", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Decision:
    """Findings of one rule with one cause: the same place for what is not compliant, the same gap for what is unproven.

    `example` is the first of them: its reason and remedy speak for all. `decide` is how the rule is decided, `None` for
    a rule that is not known. `classes` and `offers` count the findings by data class and by offer, `reach` by who runs
    the places and which laws reach them; each has the most frequent first. `accounts` are pairs of provider and id.
    """

    policy: str
    rule: str
    title: Text | None
    verdict: Verdict
    severity: Severity
    decide: str | None
    one_place: bool
    location: str | None
    countries: tuple[str, ...]
    anywhere: bool
    missing: tuple[str, ...]
    basis: tuple[Text, ...]
    example: Finding
    count: int
    accounts: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str | None, int], ...]
    offers: tuple[tuple[str | None, int], ...]
    reach: tuple[tuple[ControlRef, int], ...]

    @property
    def about_place(self) -> bool:
        """True when the decision is about a place, not about an account, an offer or a paper."""
        return self.example.placement is not None


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper on file for the rule of a decision, whether it counts on the date, and the findings that it accepts.

    `accepted` counts findings of the rule, and is 0 for an attestation.
    """

    paper: Waiver | Attestation
    valid: bool
    accepted: int


def by_urgency(findings: Sequence[Finding]) -> list[Finding]:
    """Findings rule by rule, the rule with the worst verdict and severity first, and within a rule the worst first."""
    worst: dict[tuple[str, str], tuple[int, int]] = {}
    for finding in findings:
        rule = (finding.policy, finding.rule)
        worst[rule] = min(worst.get(rule, (0, 0)), (-finding.verdict.weight, -finding.severity.weight))
    return sorted(findings, key=lambda f: (worst[f.policy, f.rule], f.policy, f.rule, -f.verdict.weight))


def rules_by_id(result: AuditResult) -> dict[tuple[str, str], RuleUse]:
    """The rules that were applied, by pack and id."""
    return {(rule.policy, rule.id): rule for rule in result.rules}


def decisions(result: AuditResult, ordered: Sequence[Finding]) -> list[Decision]:
    """What somebody has to decide, most urgent first. Coverage has a section of its own and is left out."""
    rules = rules_by_id(result)
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in ordered:
        if finding.verdict in (Verdict.VIOLATION, Verdict.UNPROVEN) and finding.rule != COVERAGE:
            rule = rules.get((finding.policy, finding.rule))
            groups.setdefault(_cause(finding, rule), []).append(finding)
    made = [_decision(members, rules.get((members[0].policy, members[0].rule))) for members in groups.values()]
    return sorted(made, key=lambda d: (-d.verdict.weight, -d.severity.weight, -d.count))


def open_questions(found: Sequence[Decision]) -> list[Decision]:
    """The decisions about what is unproven."""
    return [decision for decision in found if decision.verdict is Verdict.UNPROVEN]


def filed_for(result: AuditResult, decision: Decision) -> tuple[Filed, ...]:
    """The waivers and attestations that name the rule of a decision, those that count on the date first."""
    day = date.fromisoformat(result.run.as_of)
    named = any(waiver.rule == decision.rule for waiver in result.papers.waivers)
    accepted = Counter(
        f.waiver
        for f in (result.findings if named else ())
        if (f.policy, f.rule) == (decision.policy, decision.rule) and f.waiver
    )
    found = [
        Filed(waiver, day <= waiver.expires, accepted[waiver.id])
        for waiver in result.papers.waivers
        if waiver.rule == decision.rule and waiver.policy in (None, decision.policy)
    ]
    found += [
        Filed(paper, paper.issued <= day <= paper.valid_until, 0)
        for paper in result.papers.attestations
        if decision.rule in paper.rules
    ]
    return tuple(sorted(found, key=lambda filed: (not filed.valid, filed.paper.id)))


def _cause(finding: Finding, rule: RuleUse | None) -> tuple[object, ...]:
    """What findings of one decision share: what is missing, else the place if the rule asks about it."""
    cause: list[object] = [finding.policy, finding.rule, finding.verdict]
    place, asked = finding.placement, rule.require if rule else ""
    if finding.verdict is Verdict.UNPROVEN:
        cause.append(tuple(sorted(finding.missing)))
    elif place and "place." in asked:
        cause.append((place.location, place.countries, place.anywhere))
    return tuple(cause)


def _decision(members: list[Finding], rule: RuleUse | None) -> Decision:
    first = members[0]
    place = first.placement
    one_place = len({f.placement.location if f.placement else None for f in members}) == 1
    return Decision(
        policy=first.policy,
        rule=first.rule,
        title=rule.title if rule else None,
        verdict=first.verdict,
        severity=first.severity,
        decide=rule.decide if rule else None,
        one_place=one_place,
        location=place.location if place and one_place else None,
        countries=place.countries if place and one_place else (),
        anywhere=bool(place and one_place and place.anywhere),
        missing=tuple(sorted(first.missing)) if first.verdict is Verdict.UNPROVEN else (),
        basis=rule.basis if rule else (),
        example=first,
        count=len(members),
        accounts=tuple(sorted({(f.resource.provider, f.resource.account) for f in members})),
        classes=_frequent(f.data_class for f in members),
        offers=_frequent(f.resource.offer for f in members),
        reach=_frequent(f.control for f in members if f.control is not None),
    )


def _frequent(found: Iterable[_Counted]) -> tuple[tuple[_Counted, int], ...]:
    return tuple(sorted(Counter(found).items(), key=lambda entry: (-entry[1], str(entry[0]))))
