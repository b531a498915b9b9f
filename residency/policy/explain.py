"""Why a rule says what it says of one fact row, and what would change it. Pure; the wording is for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from residency.facts import BY_NAME
from residency.model import Verdict
from residency.policy.examples import cel_verdict
from residency.policy.pack import Rule


@dataclass(frozen=True, slots=True)
class Change:
    """Facts that, if they were so, would give another verdict."""

    facts: tuple[tuple[str, Any], ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The facts that a rule reads with their values, those of them that are missing, and what would turn the verdict.

    `single` are changes of one fact each; `together` is the smallest known set of changes that makes it compliant, when
    no single one does.
    """

    rule: Rule
    verdict: Verdict | None
    facts: tuple[tuple[str, Any], ...]
    missing: tuple[str, ...]
    single: tuple[Change, ...]
    together: Change | None


def explain(rule: Rule, facts: Mapping[str, Any]) -> Explanation:
    """Explain a rule's verdict on a row. Attestations and waivers are not looked at: they are facts about papers."""
    given = {name: facts.get(name) for name in rule.facts}
    verdict = cel_verdict(rule, given)
    single = tuple(_single_changes(rule, given, verdict))
    together = None
    if verdict is not Verdict.COMPLIANT and not any(change.verdict is Verdict.COMPLIANT for change in single):
        together = _toward_compliant(rule, given)
    missing = tuple(name for name, value in given.items() if value is None)
    return Explanation(rule, verdict, tuple(given.items()), missing, single, together)


def _single_changes(rule: Rule, given: dict[str, Any], verdict: Verdict | None) -> list[Change]:
    """For each fact the values, of those the rule's examples know, that turn the verdict to something decided."""
    found = []
    for name, present in given.items():
        for value in _alternatives(rule, name, present):
            turned = cel_verdict(rule, {**given, name: value})
            if turned != verdict and turned is not Verdict.UNPROVEN:
                found.append(Change(((name, value),), turned))
    return found


def _alternatives(rule: Rule, name: str, value: Any) -> list[Any]:
    known: list[Any] = [True, False] if BY_NAME[name].type == "bool" else []
    for example in rule.examples:
        told = example.given.get(name)
        if told is not None and told not in known:
            known.append(told)
    return [option for option in known if option != value]


def _toward_compliant(rule: Rule, given: dict[str, Any]) -> Change | None:
    """The fewest facts to change to what a compliant example of the rule says."""
    best: Change | None = None
    for example in rule.examples:
        if example.expect is not Verdict.COMPLIANT:
            continue
        needed = {name: value for name, value in example.given.items() if name in given and given[name] != value}
        for name in list(needed):
            fewer = {key: value for key, value in needed.items() if key != name}
            if cel_verdict(rule, {**given, **fewer}) is Verdict.COMPLIANT:
                needed = fewer
        if cel_verdict(rule, {**given, **needed}) is Verdict.COMPLIANT and (
            best is None or len(needed) < len(best.facts)
        ):
            best = Change(tuple(needed.items()), Verdict.COMPLIANT)
    return best
