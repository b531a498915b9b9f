"""What the formats for other tools (SARIF, OCSF, OSCAL, JUnit) have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from residency.model import Severity, Verdict
from residency.render.decisions import rules_by_id
from residency.render.plain import clip, visible
from residency.render.words import Words
from residency.result import AuditResult, Finding, PolicyUse, RuleUse, Text

TOOL = "residency"
HOME = "https://github.com/residency-check/residency"
LONG = 1_024  # characters of a text; SARIF on GitHub takes no more for a rule


def packs(result: AuditResult) -> list[PolicyUse]:
    """The packs, each once: two profiles of one pack have the same rules and findings."""
    return list({policy.id: policy for policy in result.policies}.values())


def of_pack(result: AuditResult) -> dict[str, list[Finding]]:
    """The listed findings by pack, in their order; a pack without any has an empty list."""
    found: dict[str, list[Finding]] = {policy.id: [] for policy in result.policies}
    for finding in result.findings:
        found.setdefault(finding.policy, []).append(finding)
    return found


def counts_of(result: AuditResult, policy: str) -> dict[str, int]:
    """How often each verdict was given in a pack, listed or not."""
    totals: Counter[str] = Counter(dict.fromkeys(map(str, Verdict), 0))
    for count in result.counts:
        if count.policy == policy:
            totals[str(count.verdict)] += count.count
    return dict(totals)


def rules_of(result: AuditResult, policy: str, findings: Iterable[Finding]) -> dict[str, RuleUse]:
    """The rules of a pack by id, with those that only findings name: unread places and papers without effect."""
    rules = {rule: use for (pack, rule), use in rules_by_id(result).items() if pack == policy}
    words = {lang: Words(lang) for lang in ("en", "fr")}
    for finding in findings:
        if finding.rule not in rules:
            title = Text(*(words[lang].label("rule", finding.rule) for lang in ("en", "fr")))
            rules[finding.rule] = RuleUse(policy, finding.rule, title, finding.severity, "both", "automatic", (), "")
    return rules


def plain(text: str, limit: int = LONG) -> str:
    """The text without anything hidden in it, no line end and no surrogate either, and not longer than the limit."""
    return clip(visible(text).replace("\ufffe", "").replace("\uffff", ""), limit - 12 if len(text) > limit else limit)


def subject(finding: Finding) -> str:
    """Where a finding is: account, resource, role and location, as one line."""
    place, resource = finding.placement, finding.resource
    parts = [resource.account, resource.name or resource.uid]
    if place:
        parts += [place.role, place.location or "?"]
    return plain("/".join(part for part in parts if part), 400)


def weight(finding: Finding) -> tuple[int, int]:
    """By which the most urgent finding is found: larger is worse."""
    return finding.verdict.weight, finding.severity.weight


def details(finding: Finding) -> dict[str, str]:
    """Plain codes of a finding that no field of these formats holds; what is unknown is left out."""
    place, resource, control = finding.placement, finding.resource, finding.control
    told = {
        "verdict": str(finding.verdict), "severity": str(finding.severity), "provider": resource.provider,
        "offer": resource.offer, "account": resource.account, "resource": resource.uid, "type": resource.type,
        "data-class": finding.data_class, "missing": " ".join(sorted(finding.missing)), "waiver": finding.waiver,
        "operator": control and control.operator, "parent-country": control and control.parent_country,
        "laws": " ".join(sorted({law.id for law in control.laws})) if control else None,
    }  # fmt: skip
    if place:
        told |= {
            "role": place.role, "location": place.location, "countries": " ".join(sorted(place.countries)),
            "anywhere": "yes" if place.anywhere else None, "via": place.via, "target": place.target,
        }  # fmt: skip
    return {name: shown for name, value in told.items() if value and (shown := plain(value).strip())}


SECURITY_SEVERITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
