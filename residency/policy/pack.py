"""A policy pack: the YAML file of rules, checked whole before anything runs.

All problems of a file are reported at once, each with its line, its column and what to do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from residency.errors import Problem, UserError
from residency.facts import BY_NAME
from residency.model import Severity, Verdict
from residency.policy.cel import CelError, Condition, check
from residency.policy.template import placeholders
from residency.result import Text
from residency.yamlfile import Document, Path_, read_yaml

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(_Shape):
    """One sentence in English and in French."""

    en: Sentence
    fr: Sentence

    def text(self) -> Text:
        """The same as the value that results carry."""
        return Text(self.en.strip(), self.fr.strip())


class BasisShape(_Shape):
    """Where a rule comes from: how the law is cited, its date, and the atlas entry that tells more."""

    cite: Words
    atlas: str | None = None
    date: Date | None = None


class ExampleShape(_Shape):
    """A fact row, given by the facts that matter, and what the rule must say of it; `none` when it does not apply."""

    given: dict[str, bool | float | str | list[str]]
    expect: Literal["compliant", "violation", "unproven", "none"]


class RuleShape(_Shape):
    """One rule as it stands in the file."""

    id: Id
    title: Words
    severity: Literal["low", "medium", "high", "critical"]
    view: Literal["transfers", "sovereignty", "both"]
    decide: Literal["automatic", "assisted", "document"]
    per: Literal["placement", "resource", "account", "offer"] = "placement"
    basis: list[BasisShape] = Field(min_length=1)
    applies: Sentence
    require: Sentence | None = None
    unproven_when: Sentence | None = None
    reason: Words
    remediation: Words
    level: Id | None = None
    objective: Id | None = None
    examples: list[ExampleShape] = Field(min_length=1)


class LevelShape(_Shape):
    """A step of a scale. A pack lists its levels from the lowest to the highest."""

    id: Id
    title: Words


class ObjectiveShape(_Shape):
    """A part that is graded by itself, with its weight in each named set of weights."""

    id: Id
    title: Words
    weights: dict[Id, Annotated[float, Field(ge=0)]] = {}


class ProfileShape(_Shape):
    """A named choice of a pack's rules."""

    id: Id
    title: Words
    rules: list[Id] = Field(min_length=1)


class PackShape(_Shape):
    """A policy pack file."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Words
    description: Words
    profiles: list[ProfileShape] = []
    default_profile: Id | None = None
    levels: list[LevelShape] = []
    objectives: list[ObjectiveShape] = []
    rules: list[RuleShape] = Field(min_length=1, max_length=500)


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
    """A checked policy pack. `rules` are those of the chosen profile; `sha256` is that of the whole file.

    `levels` stand from the lowest to the highest. `residency.policy.levels` grades findings by them.
    """

    id: str
    version: str
    sha256: str
    file: str
    title: Text
    description: Text
    profiles: tuple[Profile, ...]
    profile: str | None
    rules: tuple[Rule, ...]
    levels: tuple[Level, ...] = ()
    objectives: tuple[Objective, ...] = ()


def load_pack(file: Path, profile: str | None = None) -> Pack:
    """Read and check a pack, and choose a profile (its default one when `profile` is `None`).

    Raises `UserError` with every problem of the file, or naming the profiles there are.
    """
    document = read_yaml(file)
    shape = _shape(document)
    problems: list[Problem] = []
    rules = tuple(_rule(document, index, rule, problems) for index, rule in enumerate(shape.rules))
    _check_ids(document, shape, problems)
    _check_levels(document, shape, problems)
    if problems:
        raise UserError(*problems)
    pack = Pack(
        id=shape.id,
        version=shape.version,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        file=str(file),
        title=shape.title.text(),
        description=shape.description.text(),
        profiles=tuple(Profile(p.id, p.title.text(), tuple(p.rules)) for p in shape.profiles),
        profile=None,
        rules=tuple(rule for rule in rules if rule),
        levels=tuple(Level(entry.id, entry.title.text()) for entry in shape.levels),
        objectives=tuple(Objective(o.id, o.title.text(), tuple(o.weights.items())) for o in shape.objectives),
    )
    return choose_profile(pack, profile or shape.default_profile)


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


def _shape(document: Document) -> PackShape:
    try:
        return PackShape.model_validate(document.value)
    except ValidationError as error:
        raise UserError(
            *(document.problem(_path(e["loc"]), _say(e)) for e in error.errors(include_url=False))
        ) from None


def _path(location: tuple[int | str, ...]) -> Path_:
    return tuple(location)


def _say(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{where}: this key is not known here. Remove it or correct its spelling."
    if error["type"] == "missing":
        return f"{where}: is missing."
    return f"{where}: {error['msg'][0].lower()}{error['msg'][1:]}."


def _rule(document: Document, index: int, shape: RuleShape, problems: list[Problem]) -> Rule | None:
    base: Path_ = ("rules", index)
    conditions: dict[str, Condition | None] = {}
    for name in ("applies", "require", "unproven_when"):
        conditions[name] = _condition(document, (*base, name), getattr(shape, name), shape.id, problems)
    if (shape.decide == "document") == (shape.require is not None):
        wanted = "has no `require`: only a paper decides it" if shape.decide == "document" else "needs a `require`"
        problems.append(document.problem(base, f"rule {shape.id}: a rule with `decide: {shape.decide}` {wanted}."))
    for part in ("reason", "remediation"):
        for language in ("en", "fr"):
            for name in placeholders(getattr(getattr(shape, part), language)):
                if name not in BY_NAME:
                    problems.append(
                        document.problem(
                            (*base, part, language), f"rule {shape.id}: {{{name}}} is not a fact.", _near(name)
                        )
                    )
    examples = tuple(
        _example(document, (*base, "examples", i), e, shape.id, problems) for i, e in enumerate(shape.examples)
    )
    needed = {"unproven"} if shape.decide == "document" else {"compliant", "violation", "unproven"}
    if shape.require is not None and shape.require.strip() == "true":
        # What an inventory may confirm but never contradict, such as the ground of a transfer: open, never a violation.
        needed.discard("violation")
        if shape.unproven_when is None:
            message = f'rule {shape.id}: `require: "true"` needs an `unproven_when`: it would always be compliant.'
            problems.append(document.problem((*base, "require"), message))
    lacking = needed - {example.expect for example in shape.examples}
    if lacking:
        what = ", ".join(sorted(lacking))
        problems.append(
            document.problem((*base, "examples"), f"rule {shape.id}: an example is missing that is: {what}.")
        )
    if conditions["applies"] is None:
        return None
    return Rule(
        id=shape.id, title=shape.title.text(), severity=Severity(shape.severity), view=shape.view, decide=shape.decide,
        per=shape.per, basis=tuple(b.cite.text() for b in shape.basis),
        basis_atlas=tuple(b.atlas for b in shape.basis if b.atlas), applies=conditions["applies"],
        require=conditions["require"], unproven_when=conditions["unproven_when"], reason=shape.reason.text(),
        remediation=shape.remediation.text(), examples=examples, line=document.place(base)[0],
        level=shape.level, objective=shape.objective,
    )  # fmt: skip


def _condition(
    document: Document, path: Path_, text: str | None, rule: str, problems: list[Problem]
) -> Condition | None:
    if text is None:
        return None
    try:
        return check(text)
    except CelError as error:
        line, column = document.within(path, error.offset)
        message = f"rule {rule}.{path[-1]}: {error}."
        unknown = re.search(r"undeclared reference to '([^']+)'", str(error))
        problems.append(Problem(message, document.file, line, column, _near(unknown[1]) if unknown else None))
        return None


def _near(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, BY_NAME, n=2, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else "`residency policy facts` lists the facts."


def _example(document: Document, path: Path_, shape: ExampleShape, rule: str, problems: list[Problem]) -> Example:
    types = {"string": str, "bool": bool, "double": float, "list": list}
    for name, value in shape.given.items():
        fact = BY_NAME.get(name)
        if fact is None:
            problems.append(
                document.problem((*path, "given", name), f"rule {rule}: {name} is not a fact.", _near(name))
            )
        elif not isinstance(value, types[fact.type]):
            problems.append(document.problem((*path, "given", name), f"rule {rule}: {name} must be a {fact.type}."))
    expect = None if shape.expect == "none" else Verdict(shape.expect)
    return Example(dict(shape.given), expect, document.place(path)[0])


def _check_ids(document: Document, shape: PackShape, problems: list[Problem]) -> None:
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


def _check_levels(document: Document, shape: PackShape, problems: list[Problem]) -> None:
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
