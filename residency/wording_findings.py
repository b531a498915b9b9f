"""Verdicts put into words: from the tables of an audit to the result that every renderer reads.

Used by an audit and by a run that is read again. Pure: no network, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from residency.atlas.atlas import Atlas
from residency.atlas_used import atlas_used
from residency.columns import rows_at, rows_of
from residency.model import Severity, Verdict
from residency.policy import wording
from residency.policy.grading import pack_levels
from residency.policy.judge import COVERAGE_RULE
from residency.policy.pack import Pack, Rule
from residency.policy.papers import Papers
from residency.policy.stale import stale_reason, stale_remediation
from residency.result import (
    FINDING_TYPES,
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
from residency.spool import Kept
from residency.tables import Inventory

# Verdicts put into words at a time.
_SLICE = 20_000


@dataclass(frozen=True, slots=True)
class Judged:
    """The tables of an audit, and what it takes to put them into words.

    `verdicts` has the schema `residency.policy.judge.FINDINGS`. `atlas` is the one that was judged under.
    """

    inventory: Inventory
    facts: pa.Table
    verdicts: pa.Table
    atlas: Atlas
    packs: tuple[Pack, ...]
    papers: Papers
    as_of: date


def tell(
    judged: Judged,
    run: Run,
    counts: tuple[Count, ...],
    listed: Collection[Verdict],
    changes: tuple[VerdictChange, ...] = (),
) -> AuditResult:
    """The result of a run. The findings in it are those with a verdict of `listed`."""
    return AuditResult(
        run=run,
        policies=tuple(_policy_use(pack, counts) for pack in judged.packs),
        rules=tuple(_rule_use(pack, rule) for pack in judged.packs for rule in pack.rules),
        findings=Kept(_findings(judged, listed), *FINDING_TYPES),
        counts=counts,
        inventory=judged.inventory,
        facts=judged.facts,
        judged=judged.verdicts,
        changes=changes,
        levels=tuple(graded for pack in judged.packs if (graded := pack_levels(pack, judged.verdicts))),
        waived_until=tuple((waiver.id, waiver.expires.isoformat()) for waiver in judged.papers.waivers),
        papers=judged.papers,
        atlas=atlas_used(judged.atlas, judged.facts, judged.as_of),
    )


def count_verdicts(judged: pa.Table) -> tuple[Count, ...]:
    """How often each rule gave which verdict, in a fixed order."""
    grouped = judged.group_by(["policy", "rule", "verdict"]).aggregate([([], "count_all")]).to_pylist()
    counts = [Count(row["policy"], row["rule"], Verdict(row["verdict"]), row["count_all"]) for row in grouped]
    return tuple(sorted(counts, key=lambda c: (c.policy, c.rule, c.verdict.weight)))


def _policy_use(pack: Pack, counts: Sequence[Count]) -> PolicyUse:
    found = [count.verdict for count in counts if count.policy == pack.id]
    worst = max(found, key=lambda verdict: verdict.weight) if found else Verdict.UNPROVEN
    return PolicyUse(pack.id, pack.profile, pack.version, pack.sha256, pack.title, worst, pack.description)


def _rule_use(pack: Pack, rule: Rule) -> RuleUse:
    require = rule.require.text.strip() if rule.require else ""
    return RuleUse(
        pack.id, rule.id, rule.title, rule.severity, rule.view, rule.decide, rule.basis, require,
        rule.applies.text.strip(), rule.facts, rule.remediation,
    )  # fmt: skip


def _findings(judged: Judged, listed: Collection[Verdict]) -> Iterator[Finding]:
    """The findings, some verdicts at a time."""
    named = pa.array([str(verdict) for verdict in listed], pa.string())
    papers = judged.papers.by_id()
    coverage = judged.inventory.coverage.to_pylist()
    rules = {(pack.id, rule.id): rule for pack in judged.packs for rule in pack.rules}
    laws = _Laws(judged.atlas, judged.as_of)
    for batch in judged.verdicts.to_batches(max_chunksize=_SLICE):
        wanted = batch.filter(pc.is_in(batch["verdict"], value_set=named))
        is_coverage = pc.equal(wanted["per"], "coverage")
        supply = rows_of(rows_at(judged.facts, pc.drop_null(pc.if_else(is_coverage, None, wanted["row"]))))
        for entry in wanted.to_pylist():
            if entry["rule"] == COVERAGE_RULE:
                yield _coverage_finding(entry, coverage[entry["row"]])
            elif entry["per"] in ("attestation", "waiver"):
                paper = papers[entry["subject"]]
                told = (stale_reason(paper, judged.as_of), stale_remediation(paper))
                yield _paper_finding(entry, *told)
            else:
                yield _finding(entry, next(supply), rules[entry["policy"], entry["rule"]], laws)


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
