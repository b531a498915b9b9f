"""One audit, from an inventory to a result: classify, judge, put the verdicts into words.

Pure: no network, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from residency import __version__
from residency.atlas.atlas import Atlas
from residency.atlas.scenario import Scenario
from residency.classify.data_class import ClassRule
from residency.classify.rows import classify
from residency.model import DataClass, Severity, Status, Verdict
from residency.policy import wording
from residency.policy.compare import CHANGES, changes
from residency.policy.grading import pack_levels
from residency.policy.judge import COVERAGE_RULE, judge
from residency.policy.pack import Pack, Rule
from residency.policy.papers import NO_PAPERS, Papers
from residency.policy.stale import stale_papers, stale_reason, stale_remediation
from residency.result import (
    AuditResult,
    ControlRef,
    Count,
    Finding,
    LawRef,
    PlacementRef,
    PolicyUse,
    ResourceRef,
    RuleUse,
    Run,
    Text,
    VerdictChange,
)
from residency.tables import Inventory


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an inventory: the packs, the day whose law counts, the class of what carries no tag, the
    attestations and waivers there are, and a scenario in which the law is changed on purpose."""

    packs: tuple[Pack, ...]
    as_of: date
    untagged: DataClass | None = None
    papers: Papers = NO_PAPERS
    scenario: Scenario | None = None
    class_rules: tuple[ClassRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the inventory came from. `started` is UTC in ISO form; `endpoints` are overridden ones."""

    sources: tuple[str, ...]
    started: str
    live: bool
    endpoints: tuple[str, ...] = ()


def audit(
    inventory: Inventory, atlas: Atlas, question: Question, origin: Origin, verdicts: Collection[Verdict]
) -> AuditResult:
    """Judge an inventory. The findings listed are those with one of `verdicts`; counts speak of all of them.

    Under a scenario the result is what holds there, and `changes` what it turns against the law as it is.
    """
    present, facts = _judged(inventory, atlas, question)
    judged, changed = present, pa.Table.from_pylist([], schema=CHANGES)
    if question.scenario is not None:
        atlas = atlas.under(question.scenario)
        judged, facts = _judged(inventory, atlas, question)
        changed = changes(present, judged)
    counts = _counts(judged)
    statuses = inventory.coverage["status"].unique().to_pylist()
    complete = bool(statuses) and all(Status(status).complete for status in statuses)
    return AuditResult(
        run=_run(counts, atlas, question, origin, complete=complete),
        policies=tuple(_policy_use(pack, counts) for pack in question.packs),
        rules=tuple(_rule_use(pack, rule) for pack in question.packs for rule in pack.rules),
        findings=_findings(judged, facts, inventory, atlas, question, verdicts),
        counts=counts,
        inventory=inventory,
        facts=facts,
        judged=judged,
        changes=_changes(changed, facts),
        levels=tuple(graded for pack in question.packs if (graded := pack_levels(pack, judged))),
    )


def _judged(inventory: Inventory, atlas: Atlas, question: Question) -> tuple[pa.Table, pa.Table]:
    """Every verdict, and the fact rows they speak of."""
    facts = classify(inventory, atlas, question.as_of, question.untagged, question.class_rules)
    judged = judge(facts, inventory.coverage, question.packs, question.papers.valid_on(question.as_of))
    stale = stale_papers(question.papers, judged, question.packs)
    return pa.concat_tables([judged, stale]).unify_dictionaries(), facts


def _changes(changed: pa.Table, facts: pa.Table) -> tuple[VerdictChange, ...]:
    """The changed verdicts with the names of what they are about. Rows are the same under both laws."""
    rows = changed.to_pylist()
    about = facts.select(["resource.name", "place.location", "place.offer"]).take(changed["row"]).to_pylist()
    told = []
    for row, fact in zip(rows, about, strict=True):
        subject = fact["place.offer"] if row["per"] == "offer" else fact["resource.name"]
        before, after = (row[side] and Verdict(row[side]) for side in ("before", "after"))
        told.append(
            VerdictChange(row["id"], row["policy"], row["rule"], subject or "", fact["place.location"], before, after)
        )
    return tuple(told)


def exit_code(result: AuditResult, fail_on: Severity) -> int:
    """0, 1 or 3 of the contract. A violation below `fail_on` does not fail the run, but something unproven is 3."""
    severities = {(rule.policy, rule.id): rule.severity for rule in result.rules}
    for count in result.counts:
        severity = severities.get((count.policy, count.rule), Severity.HIGH)
        if count.verdict is Verdict.VIOLATION and severity.weight >= fail_on.weight:
            return 1
    unproven = any(count.verdict is Verdict.UNPROVEN for count in result.counts)
    nothing = any(use.verdict is Verdict.UNPROVEN for use in result.policies)
    return 3 if unproven or nothing or not result.run.complete else 0


def _counts(judged: pa.Table) -> tuple[Count, ...]:
    grouped = judged.group_by(["policy", "rule", "verdict"]).aggregate([([], "count_all")]).to_pylist()
    counts = [Count(row["policy"], row["rule"], Verdict(row["verdict"]), row["count_all"]) for row in grouped]
    return tuple(sorted(counts, key=lambda c: (c.policy, c.rule, c.verdict.weight)))


def _policy_use(pack: Pack, counts: Sequence[Count]) -> PolicyUse:
    found = [count.verdict for count in counts if count.policy == pack.id]
    worst = max(found, key=lambda verdict: verdict.weight) if found else Verdict.UNPROVEN
    return PolicyUse(pack.id, pack.profile, pack.version, pack.sha256, pack.title, worst)


def _rule_use(pack: Pack, rule: Rule) -> RuleUse:
    require = rule.require.text.strip() if rule.require else ""
    return RuleUse(pack.id, rule.id, rule.title, rule.severity, rule.view, rule.decide, rule.basis, require)


def _run(counts: Sequence[Count], atlas: Atlas, question: Question, origin: Origin, *, complete: bool) -> Run:
    packs = [(pack.id, pack.profile, pack.sha256) for pack in question.packs]
    told = repr((origin, packs, question.as_of, atlas.sha256, counts))
    digest = hashlib.sha256(told.encode())
    stamp = origin.started.replace("-", "").replace(":", "")
    return Run(
        id=f"{stamp}-{digest.hexdigest()[:8]}", started=origin.started, as_of=question.as_of.isoformat(),
        scenario=question.scenario.id if question.scenario else None,
        sources=origin.sources, endpoints=origin.endpoints, atlas_version=atlas.version, atlas_sha256=atlas.sha256,
        tool_version=__version__, complete=complete, live=origin.live,
    )  # fmt: skip


def _findings(
    judged: pa.Table,
    facts: pa.Table,
    inventory: Inventory,
    atlas: Atlas,
    question: Question,
    verdicts: Collection[Verdict],
) -> tuple[Finding, ...]:
    wanted = judged.filter(pc.is_in(judged["verdict"], value_set=pa.array([str(v) for v in verdicts], pa.string())))
    is_coverage = pc.equal(wanted["per"], "coverage")
    row_numbers = pc.if_else(is_coverage, None, wanted["row"])
    papers = question.papers.by_id()
    rows = facts.take(pc.drop_null(row_numbers)).to_pylist()
    coverage = inventory.coverage.to_pylist()
    rules = {(pack.id, rule.id): rule for pack in question.packs for rule in pack.rules}
    laws = _Laws(atlas, question.as_of)
    findings = []
    supply = iter(rows)
    for entry in wanted.to_pylist():
        if entry["rule"] == COVERAGE_RULE:
            findings.append(_coverage_finding(entry, coverage[entry["row"]]))
        elif entry["per"] in ("attestation", "waiver"):
            paper = papers[entry["subject"]]
            told = (stale_reason(paper, question.as_of), stale_remediation(paper))
            findings.append(_paper_finding(entry, *told))
        else:
            findings.append(_finding(entry, next(supply), rules[entry["policy"], entry["rule"]], laws))
    return tuple(findings)


class _Laws:
    """The laws that reach an offer, asked of the atlas once for each."""

    def __init__(self, atlas: Atlas, as_of: date) -> None:
        self._atlas, self._as_of = atlas, as_of
        self._known: dict[str | None, tuple[LawRef, ...]] = {None: ()}

    def name(self, law: str, language: str) -> str:
        return self._atlas.law_name(law, "fr" if language == "fr" else "en")

    def of(self, offer: str | None) -> tuple[LawRef, ...]:
        if offer not in self._known:
            links = self._atlas.laws(offer, self._as_of) if offer else None
            self._known[offer] = tuple(
                LawRef(link.law, link.via, link.certainty or "memory") for link in links or () if link.access
            )
        return self._known[offer]


def _finding(entry: dict[str, Any], facts: dict[str, Any], rule: Rule, laws: _Laws) -> Finding:
    verdict = Verdict(entry["verdict"])
    offer = facts["place.offer"]
    control = ControlRef(
        facts["control.operator"], facts["control.parent"], facts["control.parent_country"], laws.of(offer)
    )
    return Finding(
        id=entry["id"], policy=entry["policy"], rule=rule.id, verdict=verdict, severity=rule.severity,
        resource=_resource_ref(rule, facts),
        placement=_placement_ref(facts) if rule.per in ("placement", "resource") else None,
        control=control if rule.per != "account" else None, data_class=facts["resource.data_class"],
        reason=wording.reason(rule, verdict, facts, entry["missing"], laws.name),
        remediation=wording.remediation(rule, verdict, facts, entry["missing"], laws.name),
        basis=tuple(basis.en for basis in rule.basis), missing=tuple(entry["missing"]), waiver=entry["waiver"],
        attestation=entry["attestation"],
    )  # fmt: skip


def _resource_ref(rule: Rule, facts: dict[str, Any]) -> ResourceRef:
    provider, account, offer = facts["resource.provider"], facts["resource.account"], facts["place.offer"]
    if rule.per == "account":
        return ResourceRef(
            f"account:{provider}/{account}", provider, facts["resource.offer"], account, "account", None, account
        )
    if rule.per == "offer":
        return ResourceRef(f"offer:{provider}/{offer or '?'}", provider, offer, "", "offer", None, offer)
    return ResourceRef(
        facts["resource.uid"], provider, facts["resource.offer"], account, facts["resource.type"],
        facts["resource.kind"], facts["resource.name"],
    )  # fmt: skip


def _placement_ref(facts: dict[str, Any]) -> PlacementRef:
    return PlacementRef(
        facts["place.role"], facts["place.location"], tuple(facts["place.countries"] or ()),
        facts["place.extent"] == "anywhere", facts["place.via"], facts["place.target"], facts["evidence.api"],
        facts["evidence.field"], facts["evidence.value"],
    )  # fmt: skip


def _coverage_finding(entry: dict[str, Any], row: dict[str, str]) -> Finding:
    uid = f"coverage:{row['provider']}/{row['account']}/{row['region']}/{row['service']}"
    name = f"{row['region']} {row['service']}"
    return Finding(
        id=entry["id"], policy=entry["policy"], rule=COVERAGE_RULE, verdict=Verdict.UNPROVEN, severity=Severity.HIGH,
        resource=ResourceRef(uid, row["provider"], None, row["account"], "coverage", None, name),
        placement=None, control=None, data_class=None, reason=wording.coverage_reason(row),
        remediation=wording.coverage_remediation(row), basis=(), missing=(), waiver=None, attestation=None,
    )  # fmt: skip


def _paper_finding(entry: dict[str, Any], reason: Text, remediation: Text) -> Finding:
    subject, per = entry["subject"], entry["per"]
    return Finding(
        id=entry["id"], policy=entry["policy"], rule=entry["rule"], verdict=Verdict.UNPROVEN,
        severity=Severity(entry["severity"]),
        resource=ResourceRef(f"{per}:{subject}", "", None, "", per, None, subject), placement=None, control=None,
        data_class=None, reason=reason, remediation=remediation, basis=(), missing=(), waiver=None, attestation=None,
    )  # fmt: skip
