"""A JSON document read a piece at a time, so that one of any size takes the memory of its largest piece."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from residency.errors import Problem, UserError

MAX_PIECE = 20_000_000
_READ = 1 << 18
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()

Steps = tuple[str | int, ...]


class Readable(Protocol):
    """What bytes are read from, none at its end."""

    def read(self, size: int, /) -> bytes:
        """Some of the bytes that are left."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A value of a document: the steps that lead to it, and its text, which begins on a line (from 1)."""

    steps: Steps
    value: Any
    text: str
    line: int


def pieces(stream: Readable, file: str, what: str, opened: Callable[[Steps, str], bool]) -> Iterator[Piece]:
    """The values of a document in UTF-8, in their order. Of an object or list that is `opened`, those inside of it.

    `opened` is asked with the steps and the first sign of a value. Raises `UserError` with the place of the first thing
    that is wrong: no JSON, too deep to be `what`, a piece that is too large.
    """
    text = _Text(stream, file, what)
    yield from _value(text, (), opened)
    if text.next():
        raise text.wrong("Extra data")


def _value(text: _Text, steps: Steps, opened: Callable[[Steps, str], bool]) -> Iterator[Piece]:
    sign = text.next()
    if sign == "{" and opened(steps, sign):
        yield from _object(text, steps, opened)
    elif sign == "[" and opened(steps, sign):
        yield from _list(text, steps, opened)
    else:
        yield text.piece(steps)


def _object(text: _Text, steps: Steps, opened: Callable[[Steps, str], bool]) -> Iterator[Piece]:
    text.skip()
    if text.next() == "}":
        text.skip()
        return
    while True:
        if text.next() != '"':
            raise text.wrong("Expecting property name enclosed in double quotes")
        key = text.piece(steps).value
        if text.next() != ":":
            raise text.wrong("Expecting ':' delimiter")
        text.skip()
        yield from _value(text, (*steps, key), opened)
        if text.ends("}"):
            return


def _list(text: _Text, steps: Steps, opened: Callable[[Steps, str], bool]) -> Iterator[Piece]:
    text.skip()
    if text.next() == "]":
        text.skip()
        return
    index = 0
    while True:
        yield from _value(text, (*steps, index), opened)
        if text.ends("]"):
            return
        index += 1


class _Text:
    """The text of a document, of which a part is in memory."""

    def __init__(self, stream: Readable, file: str, what: str) -> None:
        self._stream = stream
        self._file = file
        self._what = what
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._held = ""
        self._at = 0
        self._ended = False
        self._counted = 0
        self._line = 1  # at the place `_counted` of what is held
        self._before = 0  # signs of its first line that are not held any more

    def next(self) -> str:
        """The next sign that is no white space; empty at the end."""
        while True:
            space = _SPACE.match(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Go past the sign that is next."""
        self._at += 1

    def ends(self, sign: str) -> bool:
        """Go past a comma, or past the sign that ends an object or list. True when it ended."""
        found = self.next()
        if found not in (",", sign):
            raise self.wrong("Expecting ',' delimiter")
        self.skip()
        return found == sign

    def piece(self, steps: Steps) -> Piece:
        """The value that is next."""
        self.next()
        while True:
            begin = self._at  # reading on moves what is held
            try:
                value, end = _DECODER.raw_decode(self._held, begin)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise self.wrong(error.msg, self._at + error.pos - begin) from None
            except RecursionError:
                told = f"is nested too deeply to be {self._what}."
                raise UserError(Problem(told, self._file, self._line_here())) from None
            if end < len(self._held) or not self._more():  # a number may go on in what is not read yet
                break
        line, size = self._line_here(), end - begin
        self._at += size
        return Piece(steps, value, self._held[self._at - size : self._at], line)

    def wrong(self, message: str, at: int | None = None) -> UserError:
        """The error that says what is wrong with the text, at a place in what is held, or with what is next."""
        place = self._at if at is None else at
        line = self._line + self._held.count("\n", self._counted, place)
        newline = self._held.rfind("\n", 0, place)
        column = place - newline if newline >= 0 else place + self._before + 1
        return UserError(Problem(f"is not valid JSON: {message}.", self._file, line, column))

    def _line_here(self) -> int:
        self._line += self._held.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _more(self) -> bool:
        """Read on and let go of what was passed. False at the end."""
        if self._ended:
            return False
        left = len(self._held) - self._at
        if left > MAX_PIECE:
            told = f"has a value of more than {MAX_PIECE:,} signs."
            raise UserError(Problem(told, self._file, self._line_here()))
        data = self._stream.read(max(_READ, left))
        self._ended = not data
        try:
            text = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            line = self._line_here() + self._held.count("\n", self._at) + data.count(b"\n", 0, error.start)
            raise UserError(Problem("is not UTF-8 text.", self._file, line, remedy="Save it as UTF-8.")) from None
        self._line_here()
        newline = self._held.rfind("\n", 0, self._at)
        self._before = self._at - newline - 1 if newline >= 0 else self._before + self._at
        self._held = self._held[self._at :] + text
        self._at = self._counted = 0
        return not self._ended or bool(text)
