"""`findings.ocsf.json`: one OCSF 1.8.0 Compliance Finding (class 2003) for each listed finding, in a JSON array."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from residency.model import Severity, Verdict
from residency.render.exchange import TOOL, details, plain
from residency.render.findings_json import compact
from residency.render.formats import Output
from residency.result import AuditResult, Finding, PolicyUse

VERSION = "1.8.0"
# compliance.status_id; 2 is defined as: no result, for want of information
_STATUS = {
    Verdict.COMPLIANT: (1, "Pass"), Verdict.UNPROVEN: (2, "Warning"), Verdict.VIOLATION: (3, "Fail"),
    Verdict.WAIVED: (3, "Fail"),
}  # fmt: skip
_SEVERITY = {
    Severity.LOW: (2, "Low"), Severity.MEDIUM: (3, "Medium"), Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}  # fmt: skip
_PROVIDERS = {"aws": "AWS", "gcp": "GCP", "azure": "Azure"}
_ACCOUNT_TYPES = {"aws": (10, "AWS Account"), "gcp": (5, "GCP Account"), "azure": (99, "Azure Subscription")}


def findings_ocsf(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The array in pieces, one event a line, as UTF-8."""
    titles = {policy.id: policy for policy in result.policies}
    names = {(row["provider"], row["id"]): row["name"] for row in result.inventory.accounts.to_pylist()}
    yield b"["
    separator = b"\n"
    for finding in result.findings:
        name = names.get((finding.resource.provider, finding.resource.account))
        yield separator + compact(_event(result, finding, titles.get(finding.policy), name, lang))
        separator = b",\n"
    yield b"\n]\n"


def _event(
    result: AuditResult, finding: Finding, policy: PolicyUse | None, account: str | None, lang: str
) -> dict[str, Any]:
    french = lang == "fr"
    reason = plain(finding.reason.fr if french else finding.reason.en, 4_000)
    time = _milliseconds(result.run.started)
    severity_id, severity = (
        (1, "Informational") if finding.verdict is Verdict.COMPLIANT else _SEVERITY[finding.severity]
    )
    waived = finding.verdict is Verdict.WAIVED
    pack = policy.title.fr if policy and french else policy.title.en if policy else finding.policy
    event: dict[str, Any] = {
        "activity_id": 1, "activity_name": "Create", "category_uid": 2, "category_name": "Findings",
        "class_uid": 2003, "class_name": "Compliance Finding", "type_uid": 200301,
        "type_name": "Compliance Finding: Create", "time": time, "severity_id": severity_id, "severity": severity,
        "status_id": 3 if waived else 1, "status": "Suppressed" if waived else "New", "message": reason,
        "metadata": {
            "version": VERSION,
            "product": {"name": TOOL, "vendor_name": TOOL, "version": result.run.tool_version},
            "uid": f"{result.run.id}/{finding.id}", "correlation_uid": result.run.id, "event_code": finding.rule,
        },
        "finding_info": {
            "uid": finding.id, "title": f"{finding.rule}: {plain(finding.resource.name or finding.resource.uid, 200)}",
            "desc": reason, "created_time": time, "types": ["data-residency"],
        },
        "compliance": _compliance(finding, plain(pack)),
        "resources": [_resource(finding)],
        "remediation": {"desc": plain(finding.remediation.fr if french else finding.remediation.en, 4_000)},
        "unmapped": {"policy": finding.policy, **details(finding)},
    }  # fmt: skip
    if finding.resource.provider:
        event["metadata"]["profiles"] = ["cloud"]
        event["cloud"] = _cloud(finding, account)
    evidence = finding.placement
    if evidence and evidence.evidence_api:
        read = {"field": evidence.evidence_field, "value": evidence.evidence_value}
        event["evidences"] = [
            {"api": {"operation": plain(evidence.evidence_api)}, "data": {k: plain(v) for k, v in read.items() if v}}
        ]
    return event


def _compliance(finding: Finding, pack: str) -> dict[str, Any]:
    status_id, status = _STATUS[finding.verdict]
    details_ = [str(finding.verdict), *(f"missing: {fact}" for fact in sorted(finding.missing))]
    if finding.waiver:
        details_.append(f"waiver: {plain(finding.waiver)}")
    return {
        "standards": [pack], "control": finding.rule, "status_id": status_id, "status": status,
        "status_details": details_, "requirements": [plain(basis) for basis in finding.basis],
        "checks": [{"uid": finding.rule, "name": finding.rule, "status_id": status_id, "status": status}],
    }  # fmt: skip


def _resource(finding: Finding) -> dict[str, Any]:
    resource, place = finding.resource, finding.placement
    told = {
        "uid": plain(resource.uid), "name": plain(resource.name or resource.uid), "type": plain(resource.type),
        "region": plain(place.location) if place and place.location else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _cloud(finding: Finding, name: str | None) -> dict[str, Any]:
    resource, place = finding.resource, finding.placement
    cloud: dict[str, Any] = {"provider": _PROVIDERS.get(resource.provider, resource.provider)}
    if resource.account:
        type_id, kind = _ACCOUNT_TYPES.get(resource.provider, (99, "Account"))
        uid = plain(resource.account)
        cloud["account"] = {"uid": uid, "name": plain(name) if name else uid, "type_id": type_id, "type": kind}
    if place and place.location:
        cloud["region"] = plain(place.location)
    return cloud


def _milliseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


FORMAT = Output("findings.ocsf.json", findings_ocsf)
