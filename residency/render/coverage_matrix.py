"""What was asked and what was read, as a table: a line for each provider and service, a column for each region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from residency.model import Status

LINES, COLUMNS = 150, 40


@dataclass(frozen=True, slots=True)
class Cell:
    """Accounts asked for a service in a region, and those where the read did not end well."""

    asked: int
    unread: int


@dataclass(frozen=True, slots=True)
class Line:
    """A service with a cell for each region of the matrix; `None` where it was not asked for."""

    provider: str
    service: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The first regions and services; what is unread comes first, so that a cut never hides it before what was read."""

    regions: tuple[str, ...]
    lines: tuple[Line, ...]
    more_regions: int
    more_lines: int


def coverage_matrix(coverage: pa.Table) -> Matrix:
    """The matrix of a coverage table (schema `residency.tables.COVERAGE`)."""
    grouped = coverage.group_by(["provider", "service", "region", "status"]).aggregate([([], "count_all")]).to_pylist()
    cells: dict[tuple[str, str], dict[str, list[int]]] = {}
    unread: dict[str, int] = {}
    for row in grouped:
        n, missed = row["count_all"], 0 if Status(row["status"]).complete else row["count_all"]
        cell = cells.setdefault((row["provider"], row["service"]), {}).setdefault(row["region"], [0, 0])
        cell[0], cell[1] = cell[0] + n, cell[1] + missed
        unread[row["region"]] = unread.get(row["region"], 0) + missed
    regions = sorted(unread, key=lambda region: (-unread[region], region))
    services = sorted(cells, key=lambda name: (-sum(cell[1] for cell in cells[name].values()), name))
    shown = sorted(regions[:COLUMNS])
    return Matrix(
        tuple(shown), tuple(Line(*name, _cells(cells[name], shown)) for name in services[:LINES]),
        max(0, len(regions) - COLUMNS), max(0, len(services) - LINES),
    )  # fmt: skip


def _cells(of_line: dict[str, list[int]], regions: Sequence[str]) -> tuple[Cell | None, ...]:
    return tuple(Cell(*of_line[region]) if region in of_line else None for region in regions)
