"""Reads that did not end well, alike ones together."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from residency.render.counted.query import rows

GAPS_SHOWN = 40
LISTED = 50  # names of accounts and regions kept for a gap


@dataclass(frozen=True, slots=True)
class Gap:
    """Reads that ended alike: how many, where, and what came back."""

    status: str
    provider: str
    service: str
    detail: str
    count: int
    accounts: list[str]
    regions: list[str]


def gaps(db: duckdb.DuckDBPyConnection) -> list[Gap]:
    """The gaps, the one with the most reads first."""
    found = rows(
        db,
        """
        SELECT status, provider, service, detail, count(*) AS n,
               list_slice(list_sort(list(DISTINCT account)), 1, 50), list_slice(list_sort(list(DISTINCT region)), 1, 50)
        FROM coverage WHERE status NOT IN ('read', 'empty', 'disabled')
        GROUP BY status, provider, service, detail ORDER BY n DESC, status, provider, service, detail""",
    )
    return [Gap(*row) for row in found]
