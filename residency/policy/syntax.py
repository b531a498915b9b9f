"""The syntax tree of a condition in the policy subset, and the error that keeps one out of it."""

from __future__ import annotations

from dataclasses import dataclass


class CelError(Exception):
    """A condition that cannot be used. `offset` counts characters from the start of its text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: bool, int, float or text."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, or the variable of an enclosing `exists` or `all`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments; a method's receiver is the first."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list literal."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`over.exists(variable, condition)`, or `all` when `every` is true."""

    every: bool
    over: Node
    variable: str
    condition: Node


Node = Const | Name | Call | ListOf | Quantifier


def facts_of(tree: Node) -> tuple[str, ...]:
    """Names of the facts that a tree reads, in the order they stand there."""
    found: dict[str, None] = {}
    _collect(tree, frozenset(), found)
    return tuple(found)


def _collect(node: Node, bound: frozenset[str], found: dict[str, None]) -> None:
    match node:
        case Name(name):
            if name not in bound:
                found.setdefault(name)
        case Call(_, arguments):
            for argument in arguments:
                _collect(argument, bound, found)
        case ListOf(items):
            for item in items:
                _collect(item, bound, found)
        case Quantifier(_, over, variable, condition):
            _collect(over, bound, found)
            _collect(condition, bound | {variable}, found)
