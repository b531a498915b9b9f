"""A paper as a person finishes it: forms of labelled fields, each filled in by the run or left empty for somebody.

Every format renders these values, so that the page, the text document and the workbook say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

RUN, ATLAS, PAPER, CONFIG, PERSON = "run", "atlas", "paper", "config", "person"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `value` is `None` when only a person can fill it in; `hint` then says with what.

    `origin` is where a value comes from: `run`, `atlas`, `paper`, `config` (the configuration), or `person` for an
    empty field.
    """

    label: str
    value: str | None
    origin: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading; an empty heading is none."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One entry of a register, or one draft."""

    id: str
    title: str
    groups: tuple[Group, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all groups, in order."""
        return tuple(field for group in self.groups for field in group.fields)

    @property
    def empty(self) -> int:
        """How many fields wait for a person."""
        return sum(field.value is None for field in self.fields)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its forms, and the number of fields (from the first on) that make its short table.

    `notes` are sentences to read before it. `columns` is true when all forms have the same fields, so that the paper
    is also a table of one line a form.
    """

    key: str
    title: str
    notes: tuple[str, ...]
    forms: tuple[Form, ...]
    short: int
    columns: bool = True

    @property
    def empty(self) -> int:
        """How many fields wait for a person."""
        return sum(form.empty for form in self.forms)


def known(label: str, value: str | None, origin: str = RUN, hint: str = "") -> Field:
    """A field that the run fills in; without a value it waits for a person."""
    return Field(label, value or None, origin if value else PERSON, hint)


def blank(label: str, hint: str = "") -> Field:
    """A field that only a person can fill in."""
    return Field(label, None, PERSON, hint)


def lines(values: Iterable[str]) -> str:
    """Each value on a line of its own, each once."""
    return "\n".join(dict.fromkeys(value for value in values if value))
