"""Asking DuckDB, and giving each key a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    """All rows that a query gives."""
    return db.sql(query).fetchall()


def one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number that a query gives."""
    return int(rows(db, query)[0][0])


def complete(keys: Sequence[str], found: list[Any]) -> dict[str, int]:
    """The numbers of `keys` in their order, 0 where none was found."""
    numbers = dict(found)
    return {key: numbers.get(key, 0) for key in keys}
