"""One file of the atlas: read, held against its shape, with every problem at its line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from residency.atlas.shapes import Shape
from residency.errors import Problem, UserError
from residency.yamlfile import Document, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

S = TypeVar("S", bound=Shape)
Path_ = tuple[str | int, ...]

_MESSAGES = {
    "missing": "{key!r} is missing.",
    "extra_forbidden": "the key {key!r} is not known here.",
    "string_type": "must be text.",
    "literal_error": "must be one of {expected}.",
}


@dataclass(frozen=True, slots=True)
class Read(Generic[S]):
    """A file as its shape, and the document that knows where everything stands."""

    shape: S
    document: Document

    def problem(self, path: Path_, message: str, remedy: str | None = None) -> Problem:
        """A problem at the value at `path`."""
        return self.document.problem(path, message, remedy)


def read_shape(file: Path, shape: type[S]) -> Read[S]:
    """Read a file and hold it against its shape. Raises `UserError` with every problem of the file."""
    document = read_yaml(file)
    try:
        return Read(shape.model_validate(document.value), document)
    except ValidationError as error:
        raise UserError(*problems(error, document)) from None


def problems(error: ValidationError, document: Document, below: Path_ = ()) -> list[Problem]:
    """What pydantic says about the value at `below`, each at its line and column."""
    found: dict[tuple[Path_, str], Problem] = {}
    for detail in error.errors(include_url=False):
        path = (*below, *_path(detail["loc"], _at(document.value, below)))
        kind = detail["type"]
        if kind == "literal_error" and isinstance(detail["input"], list):
            continue  # the other branch of "a list, or all" tells what is wrong
        key = detail["loc"][-1] if detail["loc"] else ""
        context = detail.get("ctx", {})
        if kind == "value_error":
            message = f"{context['error']}."
        elif kind in _MESSAGES:
            message = _MESSAGES[kind].format(key=key, expected=context.get("expected", ""))
        else:
            message = f"{detail['msg']}."
        where = f"{_words(path)}: " if path else ""
        remedy = "Put it in quotes." if kind == "string_type" and isinstance(detail["input"], (int, float)) else None
        found.setdefault((path, message), document.problem(path, where + message, remedy))
    return list(found.values())


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _path(loc: tuple[str | int, ...], value: Any) -> Path_:
    """The part of pydantic's location that exists in the file: it also names the branches of unions."""
    path: list[str | int] = []
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(step)
    return tuple(path)


def _words(path: Path_) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
