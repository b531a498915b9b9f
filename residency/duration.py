"""A time as people write it: `90s`, `30m`, `2h`, or a plain number of seconds."""

from __future__ import annotations

import re

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def seconds(text: str) -> float:
    """The seconds of a time, more than zero. Raises `ValueError` with the form that was expected."""
    told = re.fullmatch(r"\s*([0-9]{1,7}(?:\.[0-9]{1,3})?)\s*([smh]?)\s*", text)
    if told is None or not float(told[1]):
        raise ValueError(f"{text!r} is no time; write 90s, 30m or 2h")
    return float(told[1]) * _UNITS[told[2]]
