"""What each pack says in each of the two views, counted over data placements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from residency.model import Verdict
from residency.render.counted.query import rows
from residency.result import AuditResult, PolicyUse

VIEWS = ("transfers", "sovereignty")


@dataclass(frozen=True, slots=True)
class ViewAnswer:
    """What a pack says in one view. `verdict` is `None` when the pack has no rule for it.

    `places` counts data placements by their worst verdict, `by_class` the same for each data class; `other` counts the
    checks that are not about a single place: accounts, offers and documents.
    """

    view: str
    verdict: Verdict | None
    places: dict[Verdict, int]
    by_class: tuple[tuple[str | None, dict[Verdict, int]], ...]
    other: dict[Verdict, int]
    gaps: int

    @property
    def total(self) -> int:
        """The denominator: places that at least one rule of the view judged."""
        return sum(self.places.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict of a pack and what stands behind it in each view."""

    policy: PolicyUse
    views: tuple[ViewAnswer, ...]


def answers(db: duckdb.DuckDBPyConnection, result: AuditResult) -> tuple[Answer, ...]:
    """The answer of each pack."""
    places = rows(
        db,
        """
        WITH used AS (SELECT j.policy, u.view, j.per, j."row", w.weight FROM judged j
                      JOIN uses u USING (policy, rule) JOIN weights w USING (verdict) WHERE NOT u.paper),
        spread AS (SELECT policy, view, "row", weight FROM used WHERE per = 'placement'
          UNION ALL SELECT used.policy, used.view, f."row", used.weight FROM used
          JOIN facts named ON named."row" = used."row" JOIN facts f ON f."resource.uid" = named."resource.uid"
          WHERE used.per = 'resource'),
        worst AS (SELECT policy, view, "row", max(weight) AS weight FROM spread GROUP BY ALL)
        SELECT policy, view, "resource.data_class", weight, count(*) FROM worst JOIN facts USING ("row")
        GROUP BY ALL ORDER BY ALL""",
    )
    others = rows(
        db,
        """
        SELECT j.policy, u.view, w.weight, count(*) FROM judged j JOIN uses u USING (policy, rule)
        JOIN weights w USING (verdict) WHERE u.paper OR j.per IN ('account', 'offer') GROUP BY ALL ORDER BY ALL""",
    )
    return tuple(
        Answer(policy, tuple(_view(policy, view, places, others, result) for view in VIEWS))
        for policy in result.policies
    )


def _view(policy: PolicyUse, view: str, places: list[Any], others: list[Any], result: AuditResult) -> ViewAnswer:
    rules = {rule.id for rule in result.rules if rule.policy == policy.id and rule.view in (view, "both")}
    given = [c.verdict for c in result.counts if c.policy == policy.id and c.rule in rules and c.count]
    gaps = sum(c.count for c in result.counts if c.policy == policy.id and c.rule == "COVERAGE")
    classes: dict[str | None, dict[Verdict, int]] = {}
    totals = _no_verdicts()
    for name, of, data_class, weight, count in places:
        if (name, of) == (policy.id, view):
            verdict = list(Verdict)[weight]
            classes.setdefault(data_class, _no_verdicts())[verdict] += count
            totals[verdict] += count
    other = _no_verdicts()
    for name, of, weight, count in others:
        if (name, of) == (policy.id, view):
            other[list(Verdict)[weight]] += count
    worst = max(given, key=lambda verdict: verdict.weight, default=Verdict.UNPROVEN)
    if gaps:
        worst = max(worst, Verdict.UNPROVEN, key=lambda verdict: verdict.weight)
    return ViewAnswer(view, worst if rules else None, totals, tuple(classes.items()), other, gaps)


def _no_verdicts() -> dict[Verdict, int]:
    return dict.fromkeys(reversed(Verdict), 0)
