"""`findings.json`: the document that other programs read (schema `residency/findings/v1`).

Keys stand in a fixed order and every element of a long list has a line of its own, so that two runs compare well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from residency.columns import rows_of
from residency.model import Verdict
from residency.render.formats import Output
from residency.result import (
    AuditResult,
    ControlRef,
    Finding,
    ObjectiveLevel,
    PackLevels,
    PlacementRef,
    RunChanges,
    Text,
    VerdictChange,
)

SCHEMA = "residency/findings/v1"


def findings_json(result: AuditResult) -> Iterator[bytes]:
    """The document in pieces, as UTF-8."""
    yield b"{\n"
    yield _line("schema", SCHEMA)
    yield _line("run", run_document(result))
    yield _line("verdict", verdicts(result))
    yield _line("summary", {verdict.value: n for verdict, n in summary(result).items()})
    yield from _list("counts", _counts(result))
    yield b",\n"
    yield from _list("findings", (finding_document(finding) for finding in result.findings))
    yield b",\n"
    yield from _list("levels", (_levels(graded) for graded in result.levels))
    yield b",\n"
    yield from _list("scenario_changes", (_change(change) for change in result.changes))
    yield b",\n"
    yield compact("since") + b": " + compact(change_values(result.since) if result.since else None) + b",\n"
    yield from _list("coverage", rows_of(result.inventory.coverage))
    yield b"\n}\n"


def run_document(result: AuditResult) -> dict[str, Any]:
    """The `run` part: what was audited, when, with which rules and which knowledge."""
    run = result.run
    return {
        "id": run.id,
        "started": run.started,
        "as_of": run.as_of,
        "scenario": run.scenario,
        "sources": sorted(run.sources),
        "policies": policy_documents(result),
        "atlas": {"version": run.atlas_version, "sha256": run.atlas_sha256},
        "complete": run.complete,
        "live": run.live,
        "endpoints": sorted(run.endpoints),
        "tool": run.tool_version,
        "redacted": run.redacted,
    }


def policy_documents(result: AuditResult) -> list[dict[str, Any]]:
    """The packs that were applied, with what identifies their text."""
    return [{"id": p.id, "version": p.version, "sha256": p.sha256, "profile": p.profile} for p in result.policies]


def verdicts(result: AuditResult) -> dict[str, str]:
    """The verdict of each pack: its worst one, should a pack stand there with two profiles."""
    worst: dict[str, Verdict] = {}
    for policy in result.policies:
        known = worst.get(policy.id, policy.verdict)
        worst[policy.id] = max(known, policy.verdict, key=lambda verdict: verdict.weight)
    return {policy: verdict.value for policy, verdict in worst.items()}


def summary(result: AuditResult) -> dict[Verdict, int]:
    """How often each verdict was given, over all counts and not only the findings that are listed."""
    totals = dict.fromkeys((Verdict.VIOLATION, Verdict.UNPROVEN, Verdict.COMPLIANT, Verdict.WAIVED), 0)
    for count in result.counts:
        totals[count.verdict] += count.count
    return totals


def finding_document(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    resource = finding.resource
    return {
        "id": finding.id,
        "policy": finding.policy,
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "resource": {
            "uid": resource.uid, "provider": resource.provider, "offer": resource.offer, "account": resource.account,
            "type": resource.type, "kind": resource.kind, "name": resource.name,
        },
        "placement": _placement(finding.placement),
        "control": _control(finding.control),
        "data_class": finding.data_class,
        "reason": _text(finding.reason),
        "remediation": _text(finding.remediation),
        "basis": list(finding.basis),
        "missing": sorted(finding.missing),
        "waiver": finding.waiver,
    }  # fmt: skip


def _levels(graded: PackLevels) -> dict[str, Any]:
    return {
        "policy": graded.policy, "overall": _level(graded.overall),
        "objectives": [_level(objective) for objective in graded.objectives], "scores": dict(graded.scores),
    }  # fmt: skip


def _level(level: ObjectiveLevel) -> dict[str, Any]:
    return {
        "objective": level.objective and _text(level.objective), "level": level.level and _text(level.level),
        "proven": level.proven, "blocked_by": list(level.blocked_by), "open": list(level.open),
    }  # fmt: skip


def _change(change: VerdictChange) -> dict[str, Any]:
    return {
        "id": change.id, "policy": change.policy, "rule": change.rule, "subject": change.subject,
        "location": change.location, "before": change.before, "after": change.after,
    }  # fmt: skip


def change_values(changes: RunChanges) -> dict[str, Any]:
    """What changed since an earlier run, as plain values."""
    return {
        "run": changes.old, "started": changes.old_started, "as_of": changes.old_as_of,
        "inputs": [{"what": c.what, "before": c.before, "after": c.after} for c in changes.inputs],
        "counts": [
            {"kind": c.kind, "cause": c.cause, "before": c.before, "after": c.after, "count": c.count}
            for c in changes.counts
        ],
        "findings": [
            {
                "kind": c.kind, "cause": c.cause, "id": c.id, "policy": c.policy, "rule": c.rule,
                "subject": c.subject, "account": c.account, "role": c.role, "location_before": c.location_before,
                "location_after": c.location_after, "before": c.before, "after": c.after, "facts": list(c.facts),
            }
            for c in changes.findings
        ],
    }  # fmt: skip


def compact(value: Any) -> bytes:
    """One value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8", "backslashreplace")


def _placement(place: PlacementRef | None) -> dict[str, Any] | None:
    if place is None:
        return None
    evidence = None
    if place.evidence_api is not None:
        evidence = {"api": place.evidence_api, "field": place.evidence_field, "value": place.evidence_value}
    return {
        "role": place.role, "location": place.location, "countries": sorted(place.countries),
        "anywhere": place.anywhere, "via": place.via, "target": place.target, "evidence": evidence,
    }  # fmt: skip


def _control(control: ControlRef | None) -> dict[str, Any] | None:
    if control is None:
        return None
    laws = sorted(control.laws, key=lambda law: (law.id, law.via, law.certainty))
    return {
        "operator": control.operator,
        "parent": control.parent,
        "parent_country": control.parent_country,
        "laws": [{"id": law.id, "via": law.via, "certainty": law.certainty} for law in laws],
    }


def _counts(result: AuditResult) -> list[dict[str, Any]]:
    ordered = sorted(result.counts, key=lambda c: (c.policy, c.rule, -c.verdict.weight))
    return [{"policy": c.policy, "rule": c.rule, "verdict": c.verdict.value, "count": c.count} for c in ordered]


def _text(text: Text) -> dict[str, str]:
    return {"en": text.en, "fr": text.fr}


def _line(key: str, value: Any) -> bytes:
    return compact(key) + b": " + compact(value) + b",\n"


def _list(key: str, values: Iterable[Any]) -> Iterator[bytes]:
    yield compact(key) + b": ["
    separator = b"\n "
    for value in values:
        yield separator + compact(value)
        separator = b",\n "
    yield b"]" if separator == b"\n " else b"\n]"


FORMAT = Output("findings.json", lambda result, _lang: findings_json(result))
