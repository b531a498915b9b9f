"""Where data is, by country and role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from residency.render.counted.query import rows

AREAS = ("eu", "eea", "adequate", "conditional", "third", "anywhere", "unknown")
ROLES = ("primary", "replica", "backup", "snapshot", "cache", "processing", "log", "share", "control-plane")


@dataclass(frozen=True, slots=True)
class Country:
    """Where data may be (one country, or several that cannot be told apart), with placements by role."""

    countries: tuple[str, ...]
    extent: str | None
    area: str
    roles: dict[str, int]
    classes: tuple[str | None, ...]
    accounts: int

    @property
    def total(self) -> int:
        """All placements there."""
        return sum(self.roles.values())


def countries(db: duckdb.DuckDBPyConnection) -> tuple[Country, ...]:
    """The countries, by area and then by how many placements are there."""
    found = rows(
        db,
        """
        SELECT coalesce("place.countries", []) AS c, "place.extent" AS e, area, "place.role" AS r, count(*),
               list_sort(list(DISTINCT coalesce("resource.data_class", ''))), list(DISTINCT "resource.account")
        FROM places GROUP BY c, e, area, r ORDER BY area, c, e, r""",
    )
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for countries, extent, area, role, count, classes, accounts in found:
        groups.setdefault((tuple(sorted(countries)), extent, area), []).append((role, count, classes, accounts))
    made = [
        Country(
            countries, extent, area,
            {role: sum(n for r, n, _c, _a in members if r == role) for role in _in_order(m[0] for m in members)},
            tuple(c or None for c in sorted({c for m in members for c in m[2]})),
            len({a for m in members for a in m[3]}),
        )
        for (countries, extent, area), members in groups.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda c: (AREAS.index(c.area), -c.total, c.countries, c.extent or "")))


def _in_order(roles: Any) -> list[str]:
    return sorted(set(roles), key=lambda role: (ROLES.index(role) if role in ROLES else len(ROLES), role))
