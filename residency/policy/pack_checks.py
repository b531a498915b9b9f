"""What must hold between the parts of a policy file: ids, profiles, levels and objectives."""

from __future__ import annotations

from collections.abc import Callable

from residency.errors import Problem
from residency.policy.pack_shapes import PackShape
from residency.yamlfile import Document, Path_


def check_ids(document: Document, shape: PackShape, problems: list[Problem]) -> None:
    """Rule ids are used once, profiles name rules that exist."""
    seen: set[str] = set()
    for index, rule in enumerate(shape.rules):
        if rule.id in seen:
            problems.append(document.problem(("rules", index, "id"), f"the rule {rule.id} stands twice."))
        seen.add(rule.id)
    profiles = {profile.id for profile in shape.profiles}
    for index, profile in enumerate(shape.profiles):
        for place, rule_id in enumerate(profile.rules):
            if rule_id not in seen:
                path: Path_ = ("profiles", index, "rules", place)
                problems.append(document.problem(path, f"profile {profile.id}: there is no rule {rule_id}."))
    if shape.default_profile is not None and shape.default_profile not in profiles:
        problems.append(document.problem(("default_profile",), f"there is no profile {shape.default_profile}."))


def check_levels(document: Document, shape: PackShape, problems: list[Problem]) -> None:
    """Levels and objectives are used once, named where they exist, and graded without gaps."""

    def say(path: Path_, message: str) -> None:
        problems.append(document.problem(path, message))

    for section in ("levels", "objectives"):
        seen: set[str] = set()
        for index, entry in enumerate(getattr(shape, section)):
            if entry.id in seen:
                say((section, index, "id"), f"{section}: {entry.id} stands twice.")
            seen.add(entry.id)
    levels = {entry.id for entry in shape.levels}
    objectives = {entry.id for entry in shape.objectives}
    sets = {name for entry in shape.objectives for name in entry.weights}
    for index, entry in enumerate(shape.objectives):
        if lacking := sorted(sets.difference(entry.weights)):
            say(("objectives", index), f"objective {entry.id}: no weight in the set {', '.join(lacking)}.")
    if objectives and not levels:
        say(("objectives",), "objectives are graded by levels: the pack lists none.")
    for index, rule in enumerate(shape.rules):
        path: Path_ = ("rules", index)
        if rule.level is not None and rule.level not in levels:
            say((*path, "level"), f"rule {rule.id}: there is no level {rule.level}.")
        if rule.objective is not None and rule.objective not in objectives:
            say((*path, "objective"), f"rule {rule.id}: there is no objective {rule.objective}.")
        if rule.objective is not None and rule.level is None:
            say(path, f"rule {rule.id}: an objective needs a level.")
        if objectives and rule.level is not None and rule.objective is None:
            say(path, f"rule {rule.id}: a level needs an objective, since the pack has objectives.")
    _check_gaps(shape, say)


def _check_gaps(shape: PackShape, say: Callable[[Path_, str], None]) -> None:
    """A violation denies a level. Were there no rule for the level below, nothing could tell which one is left."""
    order = [entry.id for entry in shape.levels]
    ruled = {(rule.objective, rule.level) for rule in shape.rules}
    for index, rule in enumerate(shape.rules):
        if rule.level not in order or rule.require is None or rule.require.strip() == "true":
            continue
        gaps = [level for level in order[1 : order.index(rule.level)] if (rule.objective, level) not in ruled]
        if gaps:
            where = f" of {rule.objective}" if rule.objective else ""
            say(
                ("rules", index, "level"),
                f"rule {rule.id}: it can deny the level {rule.level}{where}, yet no rule asks for {', '.join(gaps)}.",
            )
