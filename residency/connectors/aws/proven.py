"""How each operation that a collector uses was proven: data that the tests hold to the truth."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from residency.yamlfile import read_yaml

FILE = Path(__file__).resolve().parent / "data" / "proven.yaml"


def how_proven(call: str) -> str:
    """`emulator`: moto answered `service:Operation` in the estate with a known answer, and what it told was found.
    `model`: an answer built from the service's own model stood in for moto there. `empty`: such an answer said that
    there is none. `not`: nothing answered it there."""
    return _table().get(call, "not")


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = read_yaml(FILE).value
    return table
