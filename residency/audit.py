"""One audit, from an inventory to a result: classify, judge, put the verdicts into words.

Pure: no network, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from residency import __version__
from residency.atlas.atlas import Atlas
from residency.atlas.scenario import Scenario
from residency.classify.data_class import ClassRule
from residency.classify.roles import NOBODY, Contacts, RoleRule, roles_of
from residency.classify.rows import classify
from residency.model import DataClass, Severity, Status, Verdict
from residency.policy.compare import CHANGES, changes
from residency.policy.judge import judge
from residency.policy.pack import Pack
from residency.policy.papers import NO_PAPERS, Papers
from residency.policy.stale import stale_papers
from residency.result import AuditResult, Count, Run, VerdictChange
from residency.tables import Inventory
from residency.wording_findings import Judged, count_verdicts, tell


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an inventory: the packs, the day whose law counts, the class of what carries no tag, the
    attestations and waivers there are, a scenario in which the law is changed on purpose, and for whom the organisation
    processes what an account holds."""

    packs: tuple[Pack, ...]
    as_of: date
    untagged: DataClass | None = None
    papers: Papers = NO_PAPERS
    scenario: Scenario | None = None
    class_rules: tuple[ClassRule, ...] = ()
    role_rules: tuple[RoleRule, ...] = ()
    contacts: Contacts = NOBODY


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
    counts = count_verdicts(judged)
    statuses = inventory.coverage["status"].unique().to_pylist()
    complete = bool(statuses) and all(Status(status).complete for status in statuses)
    run = _run(counts, atlas, question, origin, complete=complete)
    tables = Judged(inventory, facts, judged, atlas, question.packs, question.papers, question.as_of)
    told = tell(tables, run, counts, verdicts, _changes(changed, facts))
    return replace(told, roles=roles_of(facts, question.role_rules, question.contacts))


def _judged(inventory: Inventory, atlas: Atlas, question: Question) -> tuple[pa.Table, pa.Table]:
    """Every verdict, and the fact rows they speak of."""
    facts = classify(inventory, atlas, question.as_of, question.untagged, question.class_rules)
    judged = judge(facts, inventory.coverage, question.packs, question.papers.valid_on(question.as_of))
    stale = stale_papers(question.papers, judged, question.packs)
    return pa.concat_tables([judged, stale]).unify_dictionaries() if stale.num_rows else judged, facts


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
