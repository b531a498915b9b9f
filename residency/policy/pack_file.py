"""Reading a policy file, checked whole before anything runs.

All problems of a file are reported at once, each with its line, its column and what to do.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from residency.errors import Problem, UserError
from residency.facts import BY_NAME
from residency.model import Severity, Verdict
from residency.policy.cel import Condition, check
from residency.policy.pack import Example, Level, Objective, Pack, Profile, Rule, choose_profile
from residency.policy.pack_checks import check_ids, check_levels
from residency.policy.pack_shapes import ExampleShape, PackShape, RuleShape
from residency.policy.syntax import CelError
from residency.policy.template import placeholders
from residency.yamlfile import Document, Path_, read_yaml


def load_pack(file: Path, profile: str | None = None) -> Pack:
    """Read and check a pack, and choose a profile (its default one when `profile` is `None`).

    Raises `UserError` with every problem of the file, or naming the profiles there are.
    """
    pack = read_pack(file)
    return choose_profile(pack, profile or pack.default_profile)


def read_pack(file: Path) -> Pack:
    """Read and check a pack with all its rules, whatever the profile. Raises `UserError` with every problem."""
    document = read_yaml(file)
    shape = _shape(document)
    problems: list[Problem] = []
    rules = tuple(_rule(document, index, rule, problems) for index, rule in enumerate(shape.rules))
    check_ids(document, shape, problems)
    check_levels(document, shape, problems)
    if problems:
        raise UserError(*problems)
    return Pack(
        id=shape.id,
        version=shape.version,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        file=str(file),
        title=shape.title.text(),
        description=shape.description.text(),
        profiles=tuple(Profile(p.id, p.title.text(), tuple(p.rules)) for p in shape.profiles),
        profile=None,
        default_profile=shape.default_profile,
        rules=tuple(rule for rule in rules if rule),
        levels=tuple(Level(entry.id, entry.title.text()) for entry in shape.levels),
        objectives=tuple(Objective(o.id, o.title.text(), tuple(o.weights.items())) for o in shape.objectives),
    )


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
