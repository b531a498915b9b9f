"""Reading `inventory.json`: plain or gzip, one JSON object or one row a line (NDJSON)."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from pydantic import ValidationError

from residency.errors import Problem, UserError
from residency.model import Account, Coverage, Placement, Resource, Row, Status
from residency.sources.jsonplace import line_of
from residency.sources.jsontext import decoded, parsed
from residency.sources.shapes import SCHEMA_ID, SECTIONS, RowShape
from residency.tables import Inventory

MAX_BYTES = 2_000_000_000
MAX_LINE = 20_000_000
MAX_PROBLEMS = 20

# In NDJSON each line after the first wraps one row: {"resource": {...}}.
_LINE_KEYS = {"account": "accounts", "resource": "resources", "placement": "placements", "coverage": "coverage"}


def read_inventory(file: Path, *, as_written: bool = False) -> Inventory:
    """The inventory in a file. `as_written` is for one that an audit wrote: nothing is added to it.

    An account that has resources but no coverage row gets one with status `unsupported`: the file does not say what was
    read, so nothing about that account can be proven whole. Raises `UserError` with every problem found (at most
    twenty): not readable, too large, not JSON, not this format, a wrong field, a placement without its resource.
    """
    try:
        with file.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
        with _opened(file, compressed) as stream:
            rows = list(_rows(stream, str(file)))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UserError(Problem("is a damaged gzip file.", str(file), remedy="Write it again.")) from None
    except OSError as error:
        raise UserError(Problem(f"cannot be read: {error.strerror or error}.", str(file))) from None
    _check_references(rows, str(file))
    return Inventory.of(rows if as_written else [*rows, *_unstated(rows)])


def _opened(file: Path, compressed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file, "rb")) if compressed else file.open("rb")


def _rows(stream: IO[bytes], file: str) -> Iterator[Row]:
    first = stream.readline(MAX_LINE)
    header = _header(first)
    if header is not None:
        yield from _ndjson_rows(stream, file)
        return
    data = first + stream.read(MAX_BYTES)
    if len(data) >= MAX_BYTES:
        raise UserError(
            Problem(f"has more than {MAX_BYTES:,} bytes.", file, remedy="Write it as NDJSON, one row a line.")
        )
    text = _text(data, file, 1)
    yield from _document_rows(_parsed(text, file, 1), text, file)


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


def _document_rows(value: Any, text: str, file: str) -> Iterator[Row]:
    if not isinstance(value, dict) or value.get("schema") != SCHEMA_ID:
        found = value.get("schema") if isinstance(value, dict) else type(value).__name__
        raise UserError(
            Problem(f"is not an inventory: `schema` is {found!r}.", file, 1, remedy=f"Expected {SCHEMA_ID!r}.")
        )
    problems = [
        Problem(
            f"the section {key!r} is not known.", file, line_of(text, [key]), remedy=f"Known: {', '.join(SECTIONS)}."
        )
        for key in value
        if key not in SECTIONS and key != "schema"
    ]
    rows: list[Row] = []
    for section, shape in SECTIONS.items():
        items = value.get(section, [])
        if not isinstance(items, list):
            problems.append(Problem(f"{section} must be a list.", file, line_of(text, [section])))
            continue
        for index, item in enumerate(items):
            try:
                rows.append(shape.model_validate(item).row())
            except ValidationError as error:
                problems += _problems(error, [section, index], file, text)
                if len(problems) >= MAX_PROBLEMS:
                    raise UserError(*problems[:MAX_PROBLEMS]) from None
    if problems:
        raise UserError(*problems)
    yield from rows


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


def _problems(
    error: ValidationError, base: list[str | int], file: str, text: str | None, line: int = 1
) -> list[Problem]:
    found = []
    for entry in error.errors(include_url=False, include_input=False):
        path = [*base, *entry["loc"]]
        where = line_of(text, path) if text is not None else line
        name = ".".join(str(part) for part in path)
        what = (
            "this field is not known"
            if entry["type"] == "extra_forbidden"
            else entry["msg"][0].lower() + entry["msg"][1:]
        )
        found.append(Problem(f"{name}: {what}.", file, where))
    return found


def _check_references(rows: list[Row], file: str) -> None:
    resources = Counter(row.uid for row in rows if isinstance(row, Resource))
    distinct = {repr(row): row.uid for row in rows if isinstance(row, Resource)}
    problems = [
        Problem(f"the resource {uid!r} is told in {count} different ways.", file, remedy="Keep one.")
        for uid, count in Counter(distinct.values()).items()
        if count > 1
    ]
    orphans = sorted({row.uid for row in rows if isinstance(row, Placement) and row.uid not in resources})
    problems += [
        Problem(f"a placement names the resource {uid!r}, which is not in the file.", file, remedy="Add the resource.")
        for uid in orphans
    ]
    if problems:
        raise UserError(*problems[:MAX_PROBLEMS])


def _unstated(rows: list[Row]) -> Iterator[Coverage]:
    covered = {(row.provider, row.account) for row in rows if isinstance(row, Coverage)}
    held = {(row.provider, row.account) for row in rows if isinstance(row, Resource)}
    held |= {(row.provider, row.id) for row in rows if isinstance(row, Account)}
    for provider, account in sorted(held - covered):
        detail = "the inventory file does not say what was read of this account"
        yield Coverage(provider, account, "*", "*", Status.UNSUPPORTED, detail)
