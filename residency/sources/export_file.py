"""Reading what a provider's inventory service exports: one object a line, or one JSON document; plain or gzip."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

from residency.errors import Problem, UserError
from residency.sources.jsonplace import line_of
from residency.sources.jsontext import decoded, parsed

MAX_BYTES = 2_000_000_000
MAX_LINE = 20_000_000
_PEEK = 65_536

T = TypeVar("T")
Steps = list[str | int]


class Refused(Exception):
    """What is wrong with a document, at the value that the steps lead to."""

    def __init__(self, message: str, *steps: str | int) -> None:
        super().__init__(message)
        self.steps: Steps = list(steps)


@dataclass(frozen=True, slots=True)
class Export(Generic[T]):
    """A kind of export. `is_item` says whether a value is one whole object, so that each line of a file is one;
    `entries` gives the objects of a document with the steps that lead to each, or raises `Refused`; `item` makes what
    is wanted of an object, or raises `wrong`."""

    is_item: Callable[[Any], bool]
    entries: Callable[[Any], Iterator[tuple[Steps, Any]]]
    item: Callable[[Any], T]
    wrong: type[Exception]
    remedy: str


def head_of(file: Path) -> str:
    """The beginning of a file as text, without white space before it; empty when it cannot be read."""
    try:
        with _opened(file) as stream:
            return stream.read(_PEEK).decode("utf-8-sig", errors="replace").lstrip()
    except (OSError, EOFError, zlib.error):
        return ""


def read_export(path: Path, export: Export[T]) -> Iterator[T]:
    """Every object of an export, one by one. Raises `UserError` with the file and the line of the first thing that is
    wrong, when it comes to it."""
    try:
        with _opened(path) as stream:
            yield from _items(stream, str(path), export)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UserError(Problem("is a damaged gzip file.", str(path), remedy="Export it again.")) from None
    except OSError as error:
        raise UserError(Problem(f"cannot be read: {error.strerror or error}.", str(path))) from None


def _opened(file: Path) -> IO[bytes]:
    with file.open("rb") as raw:
        compressed = raw.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(file, "rb")) if compressed else file.open("rb")


def _items(stream: IO[bytes], file: str, export: Export[T]) -> Iterator[T]:
    first = stream.readline(MAX_LINE + 1)
    if _is_line(first, export):
        yield from _lines(first, stream, file, export)
        return
    data = first + stream.read(MAX_BYTES)
    if len(data) >= MAX_BYTES:
        raise UserError(Problem(f"has more than {MAX_BYTES:,} bytes.", file, remedy="Export it, one object a line."))
    text = _text(data, file, 1)
    try:
        for steps, entry in export.entries(_parsed(text, file, 1)):
            try:
                yield export.item(entry)
            except export.wrong as wrong:
                raise UserError(Problem(f"{wrong}.", file, line_of(text, steps), remedy=export.remedy)) from None
    except Refused as refused:
        line = line_of(text, refused.steps)
        raise UserError(Problem(f"{refused}.", file, line, remedy=export.remedy)) from None


def _is_line(line: bytes, export: Export[T]) -> bool:
    try:
        return export.is_item(json.loads(line.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return False


def _lines(line: bytes, stream: IO[bytes], file: str, export: Export[T]) -> Iterator[T]:
    number = 0
    while line:
        number += 1
        if len(line) > MAX_LINE:
            raise UserError(Problem(f"the line has more than {MAX_LINE:,} bytes.", file, number))
        if line.strip():
            try:
                yield export.item(_parsed(_text(line, file, number).rstrip(), file, number))
            except export.wrong as wrong:
                raise UserError(Problem(f"{wrong}.", file, number, remedy=export.remedy)) from None
        line = stream.readline(MAX_LINE + 1)


def _text(data: bytes, file: str, line: int) -> str:
    return decoded(data, file, line, "utf-8-sig" if line == 1 else "utf-8")


def _parsed(text: str, file: str, line: int) -> Any:
    return parsed(text, file, line, "an export")
