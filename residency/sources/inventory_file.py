"""Reading `inventory.json`: plain or gzip, one JSON object or one row a line (NDJSON)."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
from pydantic import ValidationError

from residency.columns import Columns, rows_of
from residency.errors import Problem, UserError
from residency.model import Account, Coverage, Resource, Row, Status
from residency.sources.jsonpieces import Readable, Steps, pieces
from residency.sources.jsonplace import line_of
from residency.sources.jsontext import decoded, parsed
from residency.sources.shapes import SCHEMA_ID, SECTIONS, RowShape
from residency.tables import Inventory

MAX_LINE = 20_000_000
MAX_PROBLEMS = 20
# The first line of NDJSON is no longer than this.
_HEADER = 1_000

# In NDJSON each line after the first wraps one row: {"resource": {...}}.
_LINE_KEYS = {"account": "accounts", "resource": "resources", "placement": "placements", "coverage": "coverage"}


def read_inventory(file: Path, *, as_written: bool = False) -> Inventory:
    """The inventory in a file. `as_written` is for one that an audit wrote: nothing is added to it.

    An account that has resources but no coverage row gets one with status `unsupported`: the file does not say what was
    read, so nothing about that account can be proven whole. Raises `UserError` with every problem found (at most
    twenty): not readable, not JSON, not this format, a wrong field, a placement without its resource.
    """
    told = _Told(as_written)
    try:
        with file.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
        with _opened(file, compressed) as stream:
            inventory = Inventory.of(told.rows(_rows(stream, str(file))))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UserError(Problem("is a damaged gzip file.", str(file), remedy="Write it again.")) from None
    except OSError as error:
        raise UserError(Problem(f"cannot be read: {error.strerror or error}.", str(file))) from None
    problems = [*islice(chain(told.different(str(file)), _orphans(inventory, str(file))), MAX_PROBLEMS)]
    if problems:
        raise UserError(*problems)
    return inventory


def _opened(file: Path, compressed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file, "rb")) if compressed else file.open("rb")


def _rows(stream: IO[bytes], file: str) -> Iterator[Row]:
    first = stream.readline(_HEADER)
    header = _header(first)
    if header is not None:
        yield from _ndjson_rows(stream, file)
        return
    yield from _document_rows(_Behind(first, stream), file)


class _Behind:
    """A stream with its first line before it again."""

    def __init__(self, first: bytes, stream: IO[bytes]) -> None:
        self._first = first
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size` but for the first line; none at the end."""
        first, self._first = self._first, b""
        return first or self._stream.read(size)


def _header(first: bytes) -> dict[str, Any] | None:
    """The first line of an NDJSON inventory, which says the schema and nothing else."""
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and set(value) == {"schema"} and value["schema"] == SCHEMA_ID else None


def _text(data: bytes, file: str, line: int) -> str:
    return decoded(data, file, line, "utf-8-sig")


def _parsed(text: str, file: str, line: int) -> Any:
    return parsed(text, file, line, "an inventory")


def _document_rows(stream: Readable, file: str) -> Iterator[Row]:
    problems: list[Problem] = []
    schema: Any = None
    for piece in pieces(stream, file, "an inventory", _opened_in):
        name = piece.steps[0] if piece.steps else None
        if name == "schema" or name is None:
            schema = piece.value if name else type(piece.value).__name__
            if schema != SCHEMA_ID:
                break
        elif name not in SECTIONS:
            told = f"the section {name!r} is not known."
            problems.append(Problem(told, file, piece.line, remedy=f"Known: {', '.join(SECTIONS)}."))
        elif len(piece.steps) == 1:
            problems.append(Problem(f"{name} must be a list.", file, piece.line))
        else:
            try:
                yield SECTIONS[str(name)].model_validate(piece.value).row()
            except ValidationError as error:
                problems += _problems(error, list(piece.steps), file, piece.text, piece.line)
        if len(problems) >= MAX_PROBLEMS:
            break
    if schema != SCHEMA_ID and len(problems) < MAX_PROBLEMS:
        told = f"is not an inventory: `schema` is {schema!r}."
        raise UserError(Problem(told, file, 1, remedy=f"Expected {SCHEMA_ID!r}."))
    if problems:
        raise UserError(*problems[:MAX_PROBLEMS])


def _opened_in(steps: Steps, sign: str) -> bool:
    """An inventory is an object with lists of rows."""
    return (not steps and sign == "{") or (len(steps) == 1 and steps[0] in SECTIONS and sign == "[")


def _ndjson_rows(stream: IO[bytes], file: str) -> Iterator[Row]:
    number = 1
    problems: list[Problem] = []
    while data := stream.readline(MAX_LINE + 1):
        number += 1
        if len(data) > MAX_LINE:
            raise UserError(Problem(f"the line has more than {MAX_LINE:,} bytes.", file, number))
        if not data.strip():
            continue
        value = _parsed(_text(data, file, number), file, number)
        key = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None
        if key not in _LINE_KEYS:
            known = ", ".join(_LINE_KEYS)
            raise UserError(
                Problem("the line must hold one object under one key.", file, number, remedy=f"One of: {known}.")
            )
        shape: type[RowShape] = SECTIONS[_LINE_KEYS[key]]
        try:
            yield shape.model_validate(value[key]).row()
        except ValidationError as error:
            problems += _problems(error, [], file, None, number)
            if len(problems) >= MAX_PROBLEMS:
                break
    if problems:
        raise UserError(*problems[:MAX_PROBLEMS])


def _problems(error: ValidationError, base: list[str | int], file: str, text: str | None, line: int) -> list[Problem]:
    """What is wrong with a row. Its text, where it may have several lines, begins on the line."""
    found = []
    for entry in error.errors(include_url=False, include_input=False):
        path = [*base, *entry["loc"]]
        where = line if text is None else line + line_of(text, entry["loc"]) - 1
        name = ".".join(str(part) for part in path)
        what = (
            "this field is not known"
            if entry["type"] == "extra_forbidden"
            else entry["msg"][0].lower() + entry["msg"][1:]
        )
        found.append(Problem(f"{name}: {what}.", file, where))
    return found


_TELLINGS = pa.schema([("uid", pa.string()), ("told", pa.string())])


class _Told:
    """What the rows of a file say of each other, kept while they go by."""

    def __init__(self, as_written: bool) -> None:
        self._as_written = as_written
        self._tellings = Columns[tuple[str, str]](_TELLINGS, tuple, ("uid", "told"))
        self._held: set[tuple[str, str]] = set()
        self._covered: set[tuple[str, str]] = set()

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, and after them a coverage row for each account of which the file does not say what was read."""
        for row in rows:
            match row:
                case Account():
                    self._held.add((row.provider, row.id))
                case Resource():
                    self._held.add((row.provider, row.account))
                    told = hashlib.md5(repr(row).encode("utf-8", "backslashreplace"), usedforsecurity=False)
                    self._tellings.add((row.uid, told.hexdigest()))
                case Coverage():
                    self._covered.add((row.provider, row.account))
            yield row
        for provider, account in () if self._as_written else sorted(self._held - self._covered):
            detail = "the inventory file does not say what was read of this account"
            yield Coverage(provider, account, "*", "*", Status.UNSUPPORTED, detail)

    def different(self, file: str) -> Iterator[Problem]:
        """The resources that are not the same each time they are told of."""
        for uid, tellings in groupby(row["uid"] for row in rows_of(self._tellings.sorted())):
            count = sum(1 for _ in tellings)
            if count > 1:
                told = f"the resource {uid!r} is told in {count} different ways."
                yield Problem(told, file, remedy="Keep one.")


def _orphans(inventory: Inventory, file: str) -> Iterator[Problem]:
    """The placements without their resource."""
    owners = (row["uid"] for row in rows_of(inventory.resources.select(["uid"])))
    owner = next(owners, None)
    for uid, _ in groupby(row["uid"] for row in rows_of(inventory.placements.select(["uid"]))):
        while owner is not None and owner < uid:
            owner = next(owners, None)
        if owner != uid:
            told = f"a placement names the resource {uid!r}, which is not in the file."
            yield Problem(told, file, remedy="Add the resource.")
