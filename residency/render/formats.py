"""The output formats: entry points of the group `residency.formats`, the built-in ones and those of plug-ins alike.

What an entry point leads to is imported when its format is asked for, so that one format does not load what another
needs. A built-in format wins over a plug-in of the same name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from residency.errors import Problem, UserError
from residency.packagedata import checkout
from residency.result import AuditResult

GROUP = "residency.formats"
DEFAULT_FORMATS = ("html", "json", "csv", "parquet")

Render = Callable[[AuditResult, str], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an output format, and the function that gives its bytes for a result and a language.

    `unavailable` tells why the file cannot be written on this machine, for want of a library of the system, say.
    """

    file: str
    render: Render
    unavailable: Callable[[], Problem | None] = lambda: None


@cache
def known_formats() -> tuple[str, ...]:
    """The names of all formats that this installation has, in the order of the alphabet."""
    return tuple(sorted(_declared()))


def check_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once. Raises `UserError` for a format that is not known, before an audit takes its time."""
    for name in names:
        outputs(name)
    return tuple(dict.fromkeys(names))


def usable_formats(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The formats that this machine can write, each once, and what keeps it from writing the others.

    Raises `UserError` for a format that is not known.
    """
    problems: dict[str, Problem] = {}
    for name in check_formats(names):
        for output in outputs(name):
            problem = output.unavailable()
            if problem is not None:
                problems[name] = problem
    return tuple(name for name in check_formats(names) if name not in problems), tuple(problems.values())


def outputs(name: str) -> tuple[Output, ...]:
    """The files of a format. Raises `UserError` if there is none of that name, or it cannot be loaded."""
    declared = _declared()
    if name not in declared:
        raise UserError(
            Problem(f"there is no format {name!r}.", remedy=f"Known formats: {', '.join(known_formats())}.")
        )
    entry = declared[name]
    try:
        loaded = entry.load()
    except Exception as error:  # whatever a plug-in's import raises is for its author, not a crash of ours
        told = f"the format {name!r} of {_package(entry)} cannot be loaded: {type(error).__name__}: {error}."
        remedy = f"Install that package again or remove it; it offers {entry.value}."
        raise UserError(Problem(told, remedy=remedy)) from error
    files = loaded if isinstance(loaded, tuple) else (loaded,)
    if not files or not all(isinstance(file, Output) for file in files):
        told = f"the format {name!r} of {_package(entry)} is no output format."
        remedy = f"{entry.value} must be an Output of {__name__}, or a tuple of them."
        raise UserError(Problem(told, remedy=remedy))
    return files


@cache
def _declared() -> dict[str, EntryPoint]:
    """Each format with its entry point. Raises `UserError` when two plug-ins offer one format."""
    found: dict[str, EntryPoint] = {}
    for entry in sorted([*_of_checkout(), *entry_points(group=GROUP)], key=lambda entry: not _is_own(entry)):
        there = found.setdefault(entry.name, entry)
        if there.value != entry.value and not _is_own(there):
            told = f"the format {entry.name!r} is offered by {_package(there)} and by {_package(entry)}."
            raise UserError(Problem(told, remedy="Remove one of the two packages."))
    return found


def _of_checkout() -> list[EntryPoint]:
    """Those that pyproject.toml declares, when this is a checkout: its installation may be older, or there is none."""
    root = checkout()
    if root is None:
        return []
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][GROUP]
    return [EntryPoint(name, value, GROUP) for name, value in declared.items()]


def _is_own(entry: EntryPoint) -> bool:
    return entry.value.startswith("residency.render.")


def _package(entry: EntryPoint) -> str:
    return f"the package {entry.dist.name} {entry.dist.version}" if entry.dist else "this checkout"
