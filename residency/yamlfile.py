"""Reading a YAML file that somebody else wrote: plain values with their line and column, hostile files refused.

PyYAML reads YAML 1.1, where a bare `NO` is false and `1:30` is ninety; files for lawyers list countries, so plain
scalars follow YAML 1.2's core schema here. PyYAML's C parser dies on deeply nested input and expands aliases without
a bound, so depth and aliases are refused while the events are still being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from residency.errors import Problem, UserError

MAX_BYTES = 4_000_000
MAX_DEPTH = 40

# A number with leading zeros stays text: it is an account id or a code, never an octal.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?\Z")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip

Key = str | int
Path_ = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, and where each of them stands in the file."""

    file: str
    value: Any
    places: dict[Path_, tuple[int, int]]
    text: str

    def place(self, path: Path_) -> tuple[int, int]:
        """Line and column (from 1) of the value at `path`, or of the nearest value that contains it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def within(self, path: Path_, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset` in the text value at `path`.

        Folding, indentation and quotes make a value differ from its text in the file only by white space and
        indicators, so the two are walked side by side over the visible characters.
        """
        value = self.value
        for key in path:
            value = value[key]
        line, column = self.place(path)
        lines = self.text.splitlines()
        rest = lines[line - 1][column - 1 :]
        if rest[:1] in ("|", ">"):
            line, column = line + 1, 1
        visible = [c for c in value[:offset] if not c.isspace()]
        while line <= len(lines):
            for index, char in enumerate(lines[line - 1][column - 1 :], start=column):
                if char.isspace():
                    continue
                if not visible:
                    return line, index
                if char == visible[0]:
                    visible.pop(0)
            line, column = line + 1, 1
        return self.place(path)

    def problem(self, path: Path_, message: str, remedy: str | None = None) -> Problem:
        """A problem located at the value at `path`."""
        line, column = self.place(path)
        return Problem(message, self.file, line, column, remedy)


def read_yaml(file: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a YAML file from disk.

    Raises `UserError` when the file cannot be read, is too large, is not UTF-8, or is not the YAML described above.
    """
    try:
        size = file.stat().st_size
        if size > max_bytes:
            raise UserError(
                Problem(
                    f"the file has {size:,} bytes, more than the {max_bytes:,} allowed.", str(file), remedy="Split it."
                )
            )
        data = file.read_bytes()
    except OSError as error:
        raise UserError(Problem(f"cannot be read: {error.strerror}.", str(file))) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(Problem("is not UTF-8 text.", str(file), line, remedy="Save it as UTF-8.")) from None
    return parse_yaml(text, str(file))


def parse_yaml(text: str, file: str) -> Document:
    """Parse YAML text; `file` is the name used in messages. Raises `UserError` as `read_yaml` does."""
    try:
        _refuse_hostile(text, file)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise UserError(Problem(f"is not valid YAML: {error.problem or error.context}.", file, line, column)) from None
    except yaml.YAMLError as error:
        raise UserError(Problem(f"is not valid YAML: {str(error).splitlines()[0]}.", file)) from None
    places: dict[Path_, tuple[int, int]] = {}
    problems: list[Problem] = []
    value = _build(node, (), places, problems, file) if node is not None else None
    if problems:
        raise UserError(*problems)
    return Document(file, value, places, text)


def _refuse_hostile(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line, column = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UserError(
                Problem("anchors and aliases (& and *) are not allowed.", file, line, column, "Write the value out.")
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise UserError(Problem(f"is nested deeper than {MAX_DEPTH} levels.", file, line, column))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _build(
    node: yaml.Node, path: Path_, places: dict[Path_, tuple[int, int]], problems: list[Problem], file: str
) -> Any:
    mark = node.start_mark
    places[path] = (mark.line + 1, mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, i), places, problems, file) for i, item in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem("a key must be plain text.", file, line, column))
            continue
        key = key_node.value
        if key in result:
            problems.append(Problem(f"the key {key!r} stands twice.", file, line, column, "Keep one of them."))
        result[key] = _build(value_node, (*path, key), places, problems, file)
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # quoted or block text
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.match(text) and len(text) < 20:
        return int(text)
    if _FLOAT.match(text) and len(text) < 40:
        return float(text)
    return text


def walk(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value of a document with its path, parents first."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
