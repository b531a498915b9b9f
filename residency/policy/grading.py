"""The levels of a pack as the report speaks of them: names in words, the whole beside its parts."""

from __future__ import annotations

import pyarrow as pa

from residency.policy.levels import LevelResult, levels, overall, scores
from residency.policy.pack import Pack
from residency.result import ObjectiveLevel, PackLevels, Text


def pack_levels(pack: Pack, judged: pa.Table) -> PackLevels | None:
    """The graded pack, `None` for a pack without levels. `judged` has the schema `residency.policy.judge.FINDINGS`."""
    results = levels(pack, judged)
    whole = overall(pack, results)
    if whole is None:
        return None
    parts = tuple(_in_words(pack, result) for result in results if result.objective is not None)
    return PackLevels(pack.id, parts, _in_words(pack, whole), tuple(scores(pack, results).items()))


def _in_words(pack: Pack, result: LevelResult) -> ObjectiveLevel:
    named = {level.id: level.title for level in pack.levels}
    objectives = {objective.id: objective.title for objective in pack.objectives}
    objective = objectives[result.objective] if result.objective else None
    level = named[result.level] if result.level else None
    return ObjectiveLevel(
        _with_id(result.objective, objective),
        _with_id(result.level, level),
        result.proven,
        result.blocked_by,
        result.open,
    )


def _with_id(name: str | None, title: Text | None) -> Text | None:
    return Text(f"{name}: {title.en}", f"{name}\u00a0: {title.fr}") if name and title else None
