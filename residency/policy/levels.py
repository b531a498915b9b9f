"""Grading: the level that the findings of a pack show, for each of its objectives and for the whole.

A level is shown when every rule of it and of the levels below has only compliant or waived findings, and at least one
of its rules has a finding at all. What is unproven, or not read, never counts as shown. A level that no rule asks for
is never granted; the lowest one needs no proof when no rule asks for it, but it is stated as a fact only where a
violation denies the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from residency.model import Verdict
from residency.policy.judge import COVERAGE_RULE
from residency.policy.pack import Level, Pack, Rule


@dataclass(frozen=True, slots=True)
class LevelResult:
    """The level of an objective, or of the whole pack when `objective` is `None`.

    `level` is the highest that is shown; `None` when none is. `proven` says whether that is a fact: true where rules
    show the level or a violation denies the next one, false where it is only not known. `blocked_by` names the rules of
    the next level with a violation, `open` those unproven, `COVERAGE` among them where the inventory is incomplete.
    """

    objective: str | None
    level: str | None
    proven: bool
    blocked_by: tuple[str, ...]
    open: tuple[str, ...]


def levels(pack: Pack, findings: pa.Table) -> tuple[LevelResult, ...]:
    """The level of each objective, in the pack's order; of the whole pack when it has no objectives.

    `findings` is a table of schema `residency.policy.judge.FINDINGS`; those of other packs are left aside. Empty for a
    pack without levels.
    """
    if not pack.levels:
        return ()
    worst, unread = _worst(pack, findings)
    objectives: Iterable[str | None] = [entry.id for entry in pack.objectives] or [None]
    graded = []
    for objective in objectives:
        rules = [rule for rule in pack.rules if rule.level is not None and rule.objective == objective]
        graded.append(_grade(objective, pack.levels, rules, worst, unread))
    return tuple(graded)


def overall(pack: Pack, results: tuple[LevelResult, ...]) -> LevelResult | None:
    """The level of the whole: the lowest of the objectives' levels. `None` for a pack without levels.

    One objective that is not known leaves the whole unknown, unless another is proven to be at the lowest level.
    """
    if not results:
        return None
    rank = _ranks(pack)
    known = [result for result in results if result.proven]
    lowest = min((rank[result.level] for result in known), default=None)
    floor = min(rank[None] + 1 if _needs_no_rule(pack) else rank[None], len(pack.levels) - 1)
    if lowest is None or (len(known) < len(results) and lowest > floor):
        doubtful = [result for result in results if not result.proven]
        return LevelResult(None, None, False, _join(r.blocked_by for r in doubtful), _join(r.open for r in doubtful))
    at = [result for result in known if rank[result.level] == lowest]
    return LevelResult(None, at[0].level, True, _join(r.blocked_by for r in at), _join(r.open for r in at))


def scores(pack: Pack, results: tuple[LevelResult, ...]) -> dict[str, float | None]:
    """The weighted score of each named set of weights in percent: the sum of (level / highest level) times weight.

    The lowest level counts 0. `None` when the level of any objective is not known.
    """
    rank, top = _ranks(pack), len(pack.levels) - 1
    reached = {result.objective: max(rank[result.level], 0) for result in results if result.proven}
    complete = top > 0 and all(entry.id in reached for entry in pack.objectives)
    parts: dict[str, list[tuple[int, float]]] = {}
    for entry in pack.objectives:
        for name, weight in entry.weights:
            parts.setdefault(name, []).append((reached.get(entry.id, 0), weight))
    return {name: _score(given, top) if complete else None for name, given in parts.items()}


def _score(parts: list[tuple[int, float]], top: int) -> float | None:
    whole = sum(weight for _reached, weight in parts)
    return round(100 * sum(reached * weight for reached, weight in parts) / (top * whole), 2) if whole else None


def _worst(pack: Pack, findings: pa.Table) -> tuple[dict[str, Verdict], bool]:
    """The worst verdict of each rule that has findings, and whether a part of the inventory was not read."""
    worst: dict[str, Verdict] = {}
    names = ["policy", "rule", "verdict"]
    pairs = findings.select(names).unify_dictionaries().group_by(names).aggregate([])
    for row in pairs.to_pylist():
        if row["policy"] == pack.id:
            verdict = Verdict(row["verdict"])
            worst[row["rule"]] = max(verdict, worst.get(row["rule"], verdict), key=lambda v: v.weight)
    return worst, worst.get(COVERAGE_RULE) is Verdict.UNPROVEN


def _grade(
    objective: str | None, scale: tuple[Level, ...], rules: list[Rule], worst: dict[str, Verdict], unread: bool
) -> LevelResult:
    reached: str | None = None
    for level in scale:
        asked = [rule for rule in rules if rule.level == level.id]
        if not asked:
            continue
        blocked = tuple(rule.id for rule in asked if worst.get(rule.id) is Verdict.VIOLATION)
        open_ = tuple(rule.id for rule in asked if worst.get(rule.id) is Verdict.UNPROVEN)
        if not any(rule.id in worst for rule in asked):
            open_ = tuple(rule.id for rule in asked)
        if unread and any(rule.require is not None for rule in asked):
            open_ += (COVERAGE_RULE,)
        if blocked or open_:
            if reached is None and blocked and not any(rule.level == scale[0].id for rule in rules):
                reached = scale[0].id
            return LevelResult(objective, reached, reached is not None or bool(blocked), blocked, open_)
        reached = level.id
    return LevelResult(objective, reached, reached is not None, (), ())


def _ranks(pack: Pack) -> dict[str | None, int]:
    """Levels by id from 0, and -1 for below the lowest."""
    ranks: dict[str | None, int] = {level.id: place for place, level in enumerate(pack.levels)}
    return {None: -1} | ranks


def _needs_no_rule(pack: Pack) -> bool:
    return not any(rule.level == pack.levels[0].id for rule in pack.rules)


def _join(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))
