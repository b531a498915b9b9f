"""The examples in each rule are its tests: each is judged by the SQL that judges an estate, and by CEL itself."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from residency.facts import arrow_schema
from residency.model import Verdict
from residency.policy.judge import judge
from residency.policy.pack import Example, Pack, Rule
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
    outcomes = []
    for rule in pack.rules:
        single = Pack(
            pack.id, pack.version, pack.sha256, pack.file, pack.title, pack.description, (), None, (rule,)
        )  # fmt: skip
        for example in rule.examples:
            found = judge(_row(example), COVERAGE.empty_table(), [single])
            by_sql = Verdict(found["verdict"][0].as_py()) if found.num_rows else None
            outcomes.append(Outcome(rule.id, example.line, example.expect, by_sql, cel_verdict(rule, example.given)))
    return tuple(outcomes)


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


def _row(example: Example) -> pa.Table:
    return pa.Table.from_pylist([example.given], schema=arrow_schema())
