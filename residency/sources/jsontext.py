"""Bytes of a JSON file as text and as values, or one message that says where it is wrong."""

from __future__ import annotations

import json
from typing import Any

from residency.errors import Problem, UserError


def decoded(data: bytes, file: str, line: int, encoding: str) -> str:
    """The text of bytes that begin at `line`. Raises `UserError` with the line where they are not UTF-8."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        raise UserError(Problem("is not UTF-8 text.", file, line, remedy="Save it as UTF-8.")) from None


def parsed(text: str, file: str, line: int, what: str) -> Any:
    """The value of a JSON text that begins at `line`. Raises `UserError` where it is none, or too deep to be `what`."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = line + error.lineno - 1
        raise UserError(Problem(f"is not valid JSON: {error.msg}.", file, where, error.colno)) from None
    except RecursionError:
        raise UserError(Problem(f"is nested too deeply to be {what}.", file, line)) from None
