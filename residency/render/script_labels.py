"""The words that the report's script needs for the packed rows, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from residency.model import Severity, Verdict
from residency.render.counted.places import AREAS
from residency.render.decisions import COVERAGE
from residency.render.plain import clip, visible
from residency.render.sentences import Sentences
from residency.result import AuditResult, Finding


def script_labels(
    words: Sentences, result: AuditResult, findings: Sequence[Finding], placements: pa.Table
) -> dict[str, Any]:
    """Every word that the script needs for the packed rows, in one language."""

    def told(name: str) -> set[str]:
        return set(pc.unique(placements[name]).drop_null().to_pylist())

    places = [finding.placement for finding in findings if finding.placement]
    controls = [finding.control for finding in findings if finding.control]
    laws = {law for control in controls for law in control.laws}
    countries = {code for place in places for code in place.countries}
    countries |= {control.parent_country for control in controls if control.parent_country}
    countries |= {code for codes in told("countries") for code in codes.split() if code != "*"} | told("parent_country")
    titles = {rule.id: words.both(rule.title) for rule in result.rules}

    def family(name: str, codes: set[str]) -> dict[str, str]:
        return {code: visible(clip(words.label(name, code))) for code in sorted(codes)}

    return {
        "verdict": family("verdict", {*Verdict, "none"}),
        "policy": {policy.id: visible(clip(words.both(policy.title))) for policy in result.policies},
        "area": family("area.of", {"eea", "adequate", "conditional", "third", "anywhere", "unknown"}),
        "zone": family("area.short", set(AREAS)),
        "custody": family("custody", told("custody")),
        "severity": {s.value: words.say("severity", level=words.label("severity", s.value)) for s in Severity},
        "subject": family("subject", {"account", "offer", "coverage"}),
        "role": family("role", {place.role for place in places} | told("role")),
        "class": family("class", {f.data_class for f in findings if f.data_class} | told("data_class")),
        "law": family("law", {law.id for law in laws}),
        "link": family("link", {law.via for law in laws}),
        "certainty": family("certainty", {law.certainty for law in laws}),
        "basis": {f"{r.policy} {r.id}": "\n".join(visible(words.both(b)) for b in r.basis) for r in result.rules},
        "rule": {**titles, COVERAGE: words.label("rule", COVERAGE)},
        "fact": {name: visible(words.fact(name)) for name in sorted({m for f in findings for m in f.missing})},
        "country": {code: visible(words.country(code)) for code in sorted(countries)},
        "text": {
            name: words.pattern(key)
            for name, key in {
                "everything": "everything", "unknown": "unknown", "anywhere": "place.anywhere",
                "unknownPlace": "place.unknown", "manyOf": "place.many", "places": "finding.places",
                "company": "company",
                "unnamed": "company.unnamed", "oneOf": "place.one_of", "law": "law.line", "control": "control.line",
            }.items()
        },
    }  # fmt: skip


def areas(result: AuditResult) -> dict[str, str]:
    """The area of each country that a finding may name, for the filter."""
    names = {"member": "eea", "treated": "eea", "full": "adequate", "conditional": "conditional", "none": "third"}
    return {country.code: names[country.standing] for country in result.atlas.countries}
