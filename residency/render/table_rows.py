"""The rows of the two long tables as the texts of their slots. The script builds the same ones from the packed data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from residency.model import Verdict
from residency.render.decisions import rules_by_id
from residency.render.lines import lines
from residency.render.plain import ID, clip
from residency.render.sentences import Sentences
from residency.result import AuditResult, Finding, RuleUse


def finding_rows(words: Sentences, result: AuditResult, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings; `group` is equal for those of one rule."""
    rules = rules_by_id(result)
    groups: dict[tuple[str, str], int] = {}
    rows = []
    for finding in findings:
        group = groups.setdefault((finding.policy, finding.rule), len(groups))
        rows.append({"group": group, **_row(words, finding, rules.get((finding.policy, finding.rule)))})
    return rows


def _row(words: Sentences, finding: Finding, rule: RuleUse | None) -> dict[str, Any]:
    resource, place, control = finding.resource, finding.placement, finding.control
    evidence = how = where = laws = company = ""
    if place:
        country = words.place_short(sorted(place.countries), "anywhere" if place.anywhere else None)
        where = f"{words.label('role', place.role)} · {clip(place.location or words.say('unknown'))} · {country}"
        how = _how(place.via, place.target)
        evidence = _evidence(place.evidence_api, place.evidence_field, place.evidence_value)
    if control:
        company = words.say("control.line", operator=clip(control.operator or words.say("unknown")),
                            parent=words.company(control.parent, control.parent_country))  # fmt: skip
        laws = lines("\n".join(
            words.say("law.line", law=words.label("law", law.id), link=words.label("link", law.via),
                      certainty=words.label("certainty", law.certainty))
            for law in sorted(control.laws, key=lambda law: (law.id, law.via, law.certainty))
        ))  # fmt: skip
    title = words.both(rule.title) if rule else words.label("rule", finding.rule)
    return {
        "id": finding.id, "rule": finding.rule, "rule_title": title, "verdict": finding.verdict.value,
        "title": clip(words.subject(resource)), "type": clip(words.label("subject", resource.type)), "place": where,
        "severity": words.say("severity", level=words.label("severity", finding.severity.value)),
        "reason": words.both(finding.reason), "remediation": words.both(finding.remediation),
        "missing": lines("\n".join(words.fact(name) for name in sorted(finding.missing))),
        "waiver": finding.waiver or "",
        "uid": clip(resource.uid, ID), "account": f"{clip(resource.provider)} · {clip(resource.account)}",
        "data_class": words.label("class", finding.data_class) if finding.data_class else "", "how": how,
        "evidence": evidence, "control": company, "laws": laws,
        "places": words.say("finding.places") if place else "",
        "basis": lines("\n".join(_basis(words, finding, rule))),
    }  # fmt: skip


def _basis(words: Sentences, finding: Finding, rule: RuleUse | None) -> list[str]:
    """How the rule's sources are cited in this language; a finding carries them in English only."""
    return [words.both(cite) for cite in rule.basis] if rule else list(finding.basis)


def placement_rows(words: Sentences, table: pa.Table, most: int) -> list[dict[str, Any]]:
    """The first placements of a table of `residency.render.counted.placements`."""
    return [_placement(words, row) for row in table.slice(0, most).to_pylist()]


def _placement(words: Sentences, row: dict[str, Any]) -> dict[str, Any]:
    said = {word.split("=")[1] for word in (row["judged"] or "").split()}
    worst = max((Verdict(word) for word in said), key=lambda verdict: verdict.weight, default=None)
    anywhere = row["countries"] == "*"
    return {
        "verdict": worst.value if worst else None, "title": clip(row["name"] or row["uid"]), "type": clip(row["type"]),
        "uid": clip(row["uid"], ID), "account": f"{clip(row['provider'])} · {clip(row['account'])}",
        "data_class": words.label("class", row["data_class"]), "role": words.label("role", row["role"]),
        "location": clip(row["location"] or words.say("unknown")),
        "country": words.place_short([] if anywhere else row["countries"].split(), "anywhere" if anywhere else None),
        "area": words.label("area.short", row["area"]), "offer": clip(row["offer"] or words.say("unknown")),
        "company": words.company(row["parent"], row["parent_country"]),
        "custody": words.label("custody", row["custody"]),
        "how": _how(row["via"], row["target"]),
        "evidence": _evidence(row["evidence_api"], row["evidence_field"], row["evidence_value"]),
    }  # fmt: skip


def _how(via: str | None, target: str | None) -> str:
    return clip(via or "") + (f" → {clip(target)}" if via and target else "")


def _evidence(api: str | None, field: str | None, value: str | None) -> str:
    if not api:
        return ""
    return f"{clip(api)} · {clip(field or '')}{'' if value is None else f' = {clip(value)}'}"
