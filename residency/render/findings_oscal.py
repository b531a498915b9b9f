"""`findings.oscal.json`: OSCAL 1.2.1 assessment results, one result for each pack.

Ids are made from what they name (version 5), so the same run gives the same bytes. OSCAL knows two states: what is
unproven is not satisfied for another reason, and says so in a property.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from residency.model import Verdict
from residency.render.exchange import HOME, TOOL, counts_of, details, of_pack, packs, plain, subject
from residency.render.formats import Output
from residency.render.words import Words
from residency.result import AuditResult, Finding, PolicyUse

VERSION = "1.2.1"
_NAMESPACE = uuid5(NAMESPACE_URL, HOME)
_STATES = {
    Verdict.COMPLIANT: ("satisfied", "pass"), Verdict.VIOLATION: ("not-satisfied", "fail"),
    Verdict.UNPROVEN: ("not-satisfied", "other"), Verdict.WAIVED: ("not-satisfied", "fail"),
}  # fmt: skip
_NO_TOKEN = re.compile(r"[^A-Za-z0-9._-]")


def findings_oscal(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The document in pieces, as UTF-8."""
    run, words, found = result.run, Words(lang), of_pack(result)
    head = {
        "uuid": _id(run.id, "assessment-results"),
        "metadata": {
            "title": plain(words.say("page_title", packs=", ".join(found) or "–", date=words.date(run.as_of))),
            "last-modified": run.started, "version": run.id, "oscal-version": VERSION,
            "props": _props({
                "tool": f"{TOOL} {run.tool_version}", "as-of": run.as_of, "atlas-version": run.atlas_version,
                "complete": "yes" if run.complete else "no", "live": "yes" if run.live else "no",
                "scenario": run.scenario or "",
            }),
        },
        "import-ap": {"href": f"#{_plan(result)}"},
    }  # fmt: skip
    yield b'{"assessment-results": ' + _dumped(head)[:-1] + b',\n"results": ['
    for number, policy in enumerate(packs(result)):
        yield (b",\n" if number else b"\n") + _dumped(_result(result, policy, found[policy.id], words))
    if not found:
        yield _dumped(_nothing(result, words))
    yield b'\n],\n"back-matter": ' + _dumped({"resources": [_resource(result)]}) + b"}}\n"


def _result(result: AuditResult, policy: PolicyUse, findings: Sequence[Finding], words: Words) -> dict[str, Any]:
    run = result.run
    made: dict[str, Any] = {
        "uuid": _id(run.id, policy.id, "result"), "title": plain(words.both(policy.title)) or policy.id,
        "description": words.say("opinion"), "start": run.started, "end": run.started,
        "props": _props({
            "policy": policy.id, "profile": policy.profile or "", "policy-version": policy.version,
            "policy-sha256": policy.sha256, "verdict": str(policy.verdict),
            **{f"count-{verdict}": str(n) for verdict, n in counts_of(result, policy.id).items()},
        }),
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
    }  # fmt: skip
    lists = {
        "observations": [_observation(result, finding) for finding in findings],
        "risks": [_risk(result, finding, words) for finding in findings if finding.verdict is Verdict.WAIVED],
        "findings": [_finding(result, finding, words) for finding in findings],
    }
    return made | {name: members for name, members in lists.items() if members}


def _nothing(result: AuditResult, words: Words) -> dict[str, Any]:
    """OSCAL wants at least one result, also where no pack was applied."""
    return {
        "uuid": _id(result.run.id, "", "result"), "title": words.say("no_policy"),
        "description": words.say("answer.no_policy"), "start": result.run.started,
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
    }  # fmt: skip


def _observation(result: AuditResult, finding: Finding) -> dict[str, Any]:
    place = finding.placement
    told: dict[str, Any] = {
        "uuid": _id(result.run.id, finding.policy, finding.id, "observation"), "title": subject(finding) or finding.id,
        "description": subject(finding) or finding.id, "props": _props(details(finding)), "methods": ["TEST"],
        "types": ["finding"], "collected": result.run.started,
    }  # fmt: skip
    if place and place.evidence_api:
        parts = (place.evidence_api, place.evidence_field, place.evidence_value)
        told["relevant-evidence"] = [{"description": plain(" · ".join(part for part in parts if part))}]
    return told


def _risk(result: AuditResult, finding: Finding, words: Words) -> dict[str, Any]:
    risk = {
        "uuid": _id(result.run.id, finding.policy, finding.id, "risk"),
        "title": f"{words.label('verdict', 'waived')}: {plain(finding.waiver or finding.id, 400)}",
        "description": plain(words.both(finding.reason)), "statement": plain(finding.waiver or finding.id),
        "status": "deviation-approved",
        "related-observations": [
            {"observation-uuid": _id(result.run.id, finding.policy, finding.id, "observation")}
        ],
    }  # fmt: skip
    ends = dict(result.waived_until).get(finding.waiver or "")
    return risk | ({"deadline": f"{ends}T23:59:59Z"} if ends else {})


def _finding(result: AuditResult, finding: Finding, words: Words) -> dict[str, Any]:
    state, reason = _STATES[finding.verdict]
    target = _NO_TOKEN.sub("-", finding.rule)
    made: dict[str, Any] = {
        "uuid": _id(result.run.id, finding.policy, finding.id, "finding"),
        "title": f"{finding.rule}: {subject(finding) or finding.id}", "description": plain(words.both(finding.reason)),
        "props": _props({"id": finding.id, "verdict": str(finding.verdict), "severity": str(finding.severity)}),
        "target": {
            "type": "objective-id", "target-id": target if target[:1].isalpha() else f"_{target}",
            "status": {"state": state, "reason": reason},
        },
        "related-observations": [
            {"observation-uuid": _id(result.run.id, finding.policy, finding.id, "observation")}
        ],
        "remarks": plain(words.both(finding.remediation)),
    }  # fmt: skip
    if finding.verdict is Verdict.WAIVED:
        made["related-risks"] = [{"risk-uuid": _id(result.run.id, finding.policy, finding.id, "risk")}]
    return made


def _resource(result: AuditResult) -> dict[str, Any]:
    """What stands for the assessment plan: the packs with their versions and hashes."""
    told = [f"{p.id} {p.version} sha256:{p.sha256}" for p in result.policies]
    return {
        "uuid": _plan(result), "title": "Rule packs that were applied", "description": "; ".join(told) or "none",
        "props": _props({"type": "plan"}, ns=False),
    }  # fmt: skip


def _plan(result: AuditResult) -> str:
    return _id("plan", *(part for policy in result.policies for part in (policy.id, policy.sha256)))


def _props(values: dict[str, str], *, ns: bool = True) -> list[dict[str, str]]:
    space = {"ns": HOME} if ns else {}
    return [{"name": name, **space, "value": text} for name, value in values.items() if (text := plain(value).strip())]


def _id(*names: str) -> str:
    return str(uuid5(_NAMESPACE, json.dumps(names)))


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


FORMAT = Output("findings.oscal.json", findings_oscal)
