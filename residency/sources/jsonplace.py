"""On which line a value of a JSON text stands. Only asked when something is wrong with it, so it may read slowly."""

from __future__ import annotations

import json
from collections.abc import Sequence

_DECODER = json.JSONDecoder()


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Line (from 1) of the value at `path`, or of the nearest value that contains it. `text` must be valid JSON."""
    at = _skip(text, 0)
    for step in path:
        found = _step(text, at, step)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _step(text: str, at: int, step: str | int) -> int | None:
    opening = text[at] if at < len(text) else ""
    if isinstance(step, str) and opening == "{":
        at = _skip(text, at + 1)
        while text[at] != "}":
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
            if key == step:
                return at
            at = _next(text, at)
    elif isinstance(step, int) and opening == "[":
        at = _skip(text, at + 1)
        for _ in range(step):
            if text[at] == "]":
                return None
            at = _next(text, at)
        return at if text[at] != "]" else None
    return None


def _next(text: str, at: int) -> int:
    """Past the value at `at` and the comma behind it."""
    _, at = _DECODER.raw_decode(text, at)
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
