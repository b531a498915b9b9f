"""The examples in each rule are its tests: each is judged by the SQL that judges an estate, and by CEL itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from residency.facts import arrow_schema
from residency.model import Verdict
from residency.policy.judge import judge
from residency.policy.pack import Example, Pack, Rule
from residency.policy.rule_sql import SUBJECTS
from residency.tables import COVERAGE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one example came to. `by_cel` must equal `by_sql`; the example holds when both are as expected."""

    rule: str
    line: int
    expected: Verdict | None
    by_sql: Verdict | None
    by_cel: Verdict | None

    @property
    def holds(self) -> bool:
        """True when both engines say what the example expects."""
        return self.by_sql == self.expected and self.by_cel == self.expected


def run_examples(pack: Pack) -> tuple[Outcome, ...]:
    """Judge every example of the pack's rules. Pure; a wrong example is an outcome that does not hold."""
    return tuple(
        Outcome(rule.id, example.line, example.expect, by_sql, cel_verdict(rule, example.given))
        for rule in pack.rules
        for example, by_sql in zip(rule.examples, _by_sql(pack, rule), strict=True)
    )


def cel_verdict(rule: Rule, facts: dict[str, object]) -> Verdict | None:
    """The verdict of a rule on one row by CEL, the language's own engine: the definition that the SQL must match."""
    applies = rule.applies.evaluate(facts)
    if applies is False:
        return None
    require = rule.require.evaluate(facts) if rule.require else None
    doubtful = rule.unproven_when.evaluate(facts) if rule.unproven_when else False
    if applies is True and require is False:
        return Verdict.VIOLATION
    if require is True and doubtful is False:
        return Verdict.COMPLIANT
    return Verdict.UNPROVEN


def _by_sql(pack: Pack, rule: Rule) -> list[Verdict | None]:
    """The verdict of each example of a rule: all at once where each can be a subject of its own, else one by one."""
    alone = replace(pack, rules=(rule,))
    free = [name for name in SUBJECTS[rule.per] if name not in rule.facts]
    if not free:
        return [_judged([example.given], alone).get(0) for example in rule.examples]
    named = [_named(example, free[0], number) for number, example in enumerate(rule.examples)]
    found = _judged(named, alone)
    return [found.get(number) for number in range(len(named))]


def _named(example: Example, fact: str, number: int) -> dict[str, Any]:
    """An example as a row of its own: a fact that the rule does not read tells it from the others."""
    return {**example.given, fact: f"example {number}"}


def _judged(rows: list[dict[str, Any]], pack: Pack) -> dict[int, Verdict]:
    facts = pa.Table.from_pylist(rows, schema=arrow_schema())
    found = judge(facts, COVERAGE.empty_table(), [pack]).to_pylist()
    return {finding["row"]: Verdict(finding["verdict"]) for finding in found}
