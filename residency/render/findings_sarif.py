"""`findings.sarif`: SARIF 2.1.0 with what GitHub code scanning asks for.

Compliant findings are not emitted, waived ones are named in the properties of the run. Every result stands on line 1 of
one file of the repository, since GitHub refuses a whole file for one result without a place; the real id is its logical
location, and the finding's id its fingerprint.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from residency.model import Severity, Verdict
from residency.render.exchange import (
    HOME,
    LONG,
    SECURITY_SEVERITY,
    TOOL,
    counts_of,
    details,
    of_pack,
    packs,
    plain,
    rules_of,
    subject,
    weight,
)
from residency.render.findings_json import run_document
from residency.render.formats import Output
from residency.render.words import Words
from residency.result import AuditResult, Finding, PolicyUse, RuleUse

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ANCHOR = "residency.yaml"
MOST = 25_000  # results a run; GitHub refuses a file with more, and one that is larger than this when packed:
PACKED = 10_000_000  # bytes
RUNS = 20  # runs a file
_LINE = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
_PRECISION = {"automatic": "very-high", "assisted": "high", "document": "medium"}
_UNPROVEN = {"en": "Unproven: ", "fr": "Non démontré\u00a0: "}


def findings_sarif(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The document in pieces, one for each pack, as UTF-8. What GitHub's limits leave out is told in each run."""
    found, most = of_pack(result), MOST
    runs = _runs(result, found, most, lang)
    while (size := sum(len(gzip.compress(run, 1)) for run in runs)) > PACKED and most > 1:
        most = max(1, min(most, max(map(len, found.values()))) * PACKED * 9 // (size * 10))
        runs = _runs(result, found, most, lang)
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1].encode() + b', "runs": ['
    for number, run in enumerate(runs):
        yield (b",\n" if number else b"\n") + run
    yield b"\n]}\n"


def _runs(result: AuditResult, found: dict[str, list[Finding]], most: int, lang: str) -> list[bytes]:
    """One run a pack, the packs with the worst verdict first where there are too many."""
    kept = sorted(packs(result), key=lambda policy: -policy.verdict.weight)[:RUNS]
    return [
        json.dumps(_run(result, policy, found[policy.id], most, lang), ensure_ascii=False).encode()
        for policy in packs(result) if policy in kept
    ]  # fmt: skip


def _run(result: AuditResult, policy: PolicyUse, findings: Sequence[Finding], most: int, lang: str) -> dict[str, Any]:
    told = [finding for finding in findings if finding.verdict in (Verdict.VIOLATION, Verdict.UNPROVEN)]
    worst = sorted(told, key=weight, reverse=True)
    kept, cut = worst[:most], worst[most:]
    rules = rules_of(result, policy.id, kept)
    places = {rule: number for number, rule in enumerate(rules)}
    words = Words(lang)
    accounts = result.inventory.accounts["id"].unique().to_pylist()
    return {
        "tool": {
            "driver": {
                "name": TOOL, "version": result.run.tool_version, "semanticVersion": result.run.tool_version,
                "informationUri": HOME, "rules": [_rule(rule, words) for rule in rules.values()],
            }
        },
        "automationDetails": {"id": f"{TOOL}/{policy.id}/{plain(accounts[0]) if len(accounts) == 1 else 'all'}/"},
        "language": "fr-FR" if lang == "fr" else "en-US",
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": True, "startTimeUtc": result.run.started}],
        "results": [_result(finding, places[finding.rule], lang) for finding in kept],
        "properties": {
            "run": run_document(result), "policy": policy.id, "verdict": str(policy.verdict),
            "counts": counts_of(result, policy.id),
            "omitted": {
                "packs": max(0, len(packs(result)) - RUNS), "total": len(cut), "kept": len(kept), "limit": most,
                "by": dict(sorted(Counter(f"{f.verdict}/{f.severity}" for f in cut).items())),
            },
            "waived": [
                {"id": f.id, "rule": f.rule, "resource": plain(f.resource.uid), "waiver": plain(f.waiver or "")}
                for f in findings if f.verdict is Verdict.WAIVED
            ],
        },
    }  # fmt: skip


def _rule(rule: RuleUse, words: Words) -> dict[str, Any]:
    title = plain(words.both(rule.title))
    basis = plain(words.say("semicolon").join(words.both(cite) for cite in rule.basis))
    full = plain(f"{title}. {basis}" if basis else title)
    condition = "\n\n".join(part for part in (full, rule.require) if part)
    return {
        "id": rule.id, "name": plain(rule.id, 255),
        "shortDescription": {"text": title}, "fullDescription": {"text": full},
        "help": {"text": _cut(condition)},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "precision": _PRECISION.get(rule.decide, "high"),
            "tags": ["security", "data-residency", *(["transfers"] if rule.view != "sovereignty" else []),
                     *(["sovereignty"] if rule.view != "transfers" else [])],
        },
    }  # fmt: skip


def _result(finding: Finding, rule: int, lang: str) -> dict[str, Any]:
    text = finding.reason.fr if lang == "fr" else finding.reason.en
    unproven = finding.verdict is Verdict.UNPROVEN
    message = (_UNPROVEN["fr" if lang == "fr" else "en"] if unproven else "") + plain(text)
    return {
        "ruleId": finding.rule, "ruleIndex": rule, "level": "note" if unproven else _level(finding.severity),
        "message": {"text": message.replace("](", "] (")},  # no link into a page of somebody else
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": ANCHOR, "uriBaseId": "%SRCROOT%"}, "region": _LINE
                },
                "logicalLocations": [
                    {"name": subject(finding), "fullyQualifiedName": plain(finding.resource.uid), "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": finding.id},
        "properties": {
            **details(finding),
            "remediation": plain(finding.remediation.fr if lang == "fr" else finding.remediation.en),
        },
    }  # fmt: skip


def _level(severity: Severity) -> str:
    return "error" if severity in (Severity.CRITICAL, Severity.HIGH) else "warning"


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


FORMAT = Output("findings.sarif", findings_sarif)
