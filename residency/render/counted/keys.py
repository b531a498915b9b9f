"""Who holds the keys of the resources that hold data."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from residency.render.counted.query import rows

AT_PROVIDER = ("provider-managed", "customer-managed", "imported", "hsm")
OUTSIDE = ("external", "client-side")
_HOLDERS = """SELECT "resource.uid" AS uid, max("resource.data_class") AS cls, max("key.custody") AS custody,
                     max("key.countries") AS countries FROM places GROUP BY uid"""


@dataclass(frozen=True, slots=True)
class Keys:
    """Resources of a data class whose keys are held alike."""

    data_class: str | None
    custody: str | None
    resources: int
    countries: tuple[str, ...]
    unknown_place: int


def custody(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Resources by who can decrypt: the provider, only others, anybody (`none`), or not known."""
    found = dict(rows(db, f"SELECT custody, count(*) FROM ({_HOLDERS}) GROUP BY 1"))  # noqa: S608 - no outside text
    return {
        "provider": sum(found.get(name, 0) for name in AT_PROVIDER),
        "outside": sum(found.get(name, 0) for name in OUTSIDE),
        "none": found.get("none", 0),
        "unknown": sum(n for name, n in found.items() if name not in (*AT_PROVIDER, *OUTSIDE, "none")),
    }


def keys(db: duckdb.DuckDBPyConnection) -> tuple[Keys, ...]:
    """Resources by data class and custody."""
    query = f"""SELECT cls, custody, count(*), list_sort(list_distinct(flatten(list(coalesce(countries, []))))),
                       count(*) FILTER (countries IS NULL)
                FROM ({_HOLDERS}) GROUP BY cls, custody ORDER BY cls, custody"""  # noqa: S608 - no outside text
    return tuple(Keys(cls, custody, n, tuple(c), unknown) for cls, custody, n, c, unknown in rows(db, query))
