"""A policy pack as a value: its rules, profiles, levels and objectives, checked and ready to judge by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from residency.errors import Problem, UserError
from residency.model import Severity, Verdict
from residency.policy.cel import Condition
from residency.result import Text


@dataclass(frozen=True, slots=True)
class Example:
    """A row of facts and the verdict the rule must give it; `None` when the rule must not apply."""

    given: dict[str, Any]
    expect: Verdict | None
    line: int


@dataclass(frozen=True)
class Rule:
    """A checked rule.

    It applies where `applies` is true or unknown. `require` false is a violation; true is compliant unless
    `unproven_when` is true or unknown; a document rule has no `require` and is unproven until a paper is attested.
    """

    id: str
    title: Text
    severity: Severity
    view: str
    decide: str
    per: str
    basis: tuple[Text, ...]
    basis_atlas: tuple[str, ...]
    applies: Condition
    require: Condition | None
    unproven_when: Condition | None
    reason: Text
    remediation: Text
    examples: tuple[Example, ...]
    line: int
    level: str | None = None
    objective: str | None = None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that decide the rule, in the order they stand there."""
        parts = (self.applies, self.require, self.unproven_when)
        return tuple(dict.fromkeys(name for part in parts if part for name in part.facts()))


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of a pack's rules."""

    id: str
    title: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a pack's scale."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Objective:
    """A part of a pack that is graded by itself; `weights` are pairs of a set's name and the weight there."""

    id: str
    title: Text
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked policy pack. `rules` are those of the chosen profile, all of them when none is chosen.

    `sha256` is that of the whole file. `levels` stand from the lowest to the highest; `residency.policy.levels` grades
    findings by them.
    """

    id: str
    version: str
    sha256: str
    file: str
    title: Text
    description: Text
    profiles: tuple[Profile, ...]
    profile: str | None
    default_profile: str | None
    rules: tuple[Rule, ...]
    levels: tuple[Level, ...] = ()
    objectives: tuple[Objective, ...] = ()


def choose_profile(pack: Pack, profile: str | None) -> Pack:
    """The pack with only the rules of a profile, in the profile's order. Raises `UserError` for an unknown profile."""
    if profile is None:
        return pack
    by_id = {entry.id: entry for entry in pack.profiles}
    if profile not in by_id:
        known = ", ".join(sorted(by_id)) or "none"
        raise UserError(
            Problem(f"the pack {pack.id} has no profile {profile!r}.", pack.file, remedy=f"It has: {known}.")
        )
    rules = {rule.id: rule for rule in pack.rules}
    chosen = tuple(rules[rule_id] for rule_id in by_id[profile].rules)
    return replace(pack, profile=profile, rules=chosen)
