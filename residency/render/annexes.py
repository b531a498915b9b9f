"""What the annexes of the report list: laws that reach an offer, rules as they were applied, accepted deviations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from residency.model import Verdict
from residency.render.counted.control import Offer
from residency.result import AuditResult, Finding, LawRef, RuleUse


def laws_of(result: AuditResult, offer: Offer) -> tuple[LawRef, ...] | None:
    """The access laws that reach an offer and how sure each link is; `None` when they cannot be told."""
    known = result.atlas.offer(offer.id)
    if known is not None:
        if known.links is None:
            return None
        told = (link for link in known.links if link.access)
        return tuple(LawRef(link.law, link.via, link.quoted.certainty or "memory") for link in told)
    if offer.facts["control.laws_by_parent"] is None:
        return None
    return next((f.control.laws for f in result.findings if f.control and f.resource.offer == offer.id), ())


def rules_applied(result: AuditResult) -> list[tuple[RuleUse, dict[str, int]]]:
    """Each applied rule with how often it gave which verdict."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for count in result.counts:
        of_rule = counts.setdefault((count.policy, count.rule), {v.value: 0 for v in reversed(Verdict)})
        of_rule[count.verdict.value] += count.count
    return [(rule, counts.get((rule.policy, rule.id), {})) for rule in result.rules]


def deviations(findings: Sequence[Finding]) -> list[tuple[str, str, str, int]]:
    """Waivers with the rule and the verdict they act on, and how many findings each accepts."""
    found = Counter((f.waiver, f.rule, f.verdict.value) for f in findings if f.waiver is not None)
    return sorted((str(waiver), rule, verdict, n) for (waiver, rule, verdict), n in found.items())


def account_names(result: AuditResult) -> dict[tuple[str, str], str]:
    """The names of the accounts that have one, by provider and id."""
    return {
        (row["provider"], row["id"]): row["name"] for row in result.inventory.accounts.to_pylist() if row["name"]
    }


def account_settings(result: AuditResult) -> list[tuple[dict[str, Any], list[tuple[str, str]]]]:
    """The accounts of which the provider told settings that bear on residency, with those settings."""
    found = [(row, sorted(dict(row["settings"]).items())) for row in result.inventory.accounts.to_pylist()]
    return [(row, told) for row, told in found if told]
