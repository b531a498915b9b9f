"""CEL, the language of rule conditions: type-checking against the fact row, and the checked syntax tree.

Each fact is declared as a dotted variable with its type, so that a misspelled fact or a wrong type is an error when
the file is loaded, and a fact left out of an evaluation is an error value that `&&` and `||` absorb as three-valued
logic asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cel_expr_python import cel

from residency.facts import FACTS
from residency.policy.checked_expr import syntax_tree
from residency.policy.syntax import CelError, Node, facts_of

MAX_LENGTH = 4_000

_ERROR_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition: its text and its syntax tree."""

    text: str
    tree: Node

    def facts(self) -> tuple[str, ...]:
        """Names of the facts the condition reads, in the order they stand there."""
        return facts_of(self.tree)

    def evaluate(self, facts: Mapping[str, Any]) -> bool | None:
        """The value for one row by CEL itself. A fact that is `None` counts as absent; absence undecided is `None`."""
        data = {name: value for name, value in facts.items() if value is not None}
        value = _compiled(self.text).eval(data=data).value()
        return value if isinstance(value, bool) else None


@cache
def _environment() -> Any:
    types = {
        "string": cel.Type.STRING,
        "bool": cel.Type.BOOL,
        "double": cel.Type.DOUBLE,
        "list": cel.Type.List(cel.Type.STRING),
    }
    return cel.NewEnv(variables={fact.name: types[fact.type] for fact in FACTS})


@cache
def _compiled(text: str) -> Any:
    return _environment().compile(text)


def check(text: str) -> Condition:
    """Type-check a condition against the fact row.

    Returns its checked form. Raises `CelError` with an offset for a syntax error, an unknown fact, a type error, a
    condition that is not true-or-false, or a construct outside the policy subset.
    """
    if len(text) > MAX_LENGTH:
        raise CelError(f"the condition has {len(text):,} characters, more than the {MAX_LENGTH:,} allowed")
    try:
        compiled = _compiled(text)
    except RuntimeError as error:
        raise _located(str(error), text) from None
    if compiled.return_type() != cel.Type.BOOL:
        raise CelError("the condition must be true or false")
    return Condition(text, syntax_tree(compiled.serialize()))


def _located(message: str, text: str) -> CelError:
    found = _ERROR_PLACE.search(message)
    if not found:
        return CelError(message.split("\n", 1)[0])
    line, column, what = int(found[1]), int(found[2]), found[3]
    before = text.split("\n")[: line - 1]
    what = what.replace(" (in container '')", "").split(" [")[0]
    return CelError(what, sum(len(part) + 1 for part in before) + column - 1)
