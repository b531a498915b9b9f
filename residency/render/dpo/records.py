"""What a run knows for the records of processing (GDPR art. 30): recipients, places and encryption, by role, data class
and the purpose that tags tell."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from residency.model import Duty
from residency.render.database import connection
from residency.render.dpo.purposes import purposes
from residency.result import AuditResult

_ROWS = """
  SELECT duty, controller, "resource.data_class" AS cls, purpose, count(DISTINCT "resource.uid"),
    list_sort(list(DISTINCT "resource.account")), list_sort(list(DISTINCT "place.offer")),
    list_sort(list_distinct(flatten(list(coalesce("place.countries", []))))),
    count(*) FILTER ("place.countries" IS NULL),
    list_sort(list(DISTINCT "place.target") FILTER ("place.role" = 'share'))
  FROM facts LEFT JOIN purposes ON purposes.uid = "resource.uid" LEFT JOIN roles ON roles.account = "resource.account"
  WHERE "resource.stores_data" IS DISTINCT FROM 'no' AND "place.role" IS DISTINCT FROM 'key'
    AND coalesce("resource.data_class", '') NOT IN ('internal', 'public')
  GROUP BY ALL ORDER BY duty, controller, cls, purpose NULLS FIRST"""
_CUSTODY = """
  SELECT duty, controller, "resource.data_class", purpose, "key.custody", count(DISTINCT "resource.uid") FROM facts
  LEFT JOIN purposes ON purposes.uid = "resource.uid" LEFT JOIN roles ON roles.account = "resource.account"
  WHERE "resource.stores_data" IS DISTINCT FROM 'no'
  GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Record:
    """Data of a class, with one value of the tag `purpose` (`None` = not tagged), in accounts of one role.

    `duty` is `None` where the configuration does not tell the role; `controller` is the one that a processor serves.
    `unknown` counts placements whose countries are not known, `custody` resources by who holds their keys.
    """

    duty: Duty | None
    controller: str | None
    data_class: str | None
    purpose: str | None
    resources: int
    accounts: tuple[str, ...]
    offers: tuple[str, ...]
    countries: tuple[str, ...]
    unknown: int
    shared: tuple[str, ...]
    custody: tuple[tuple[str | None, int], ...]


def found_records(result: AuditResult) -> tuple[Record, ...]:
    """The rows of a run, by role, controller served, data class and purpose."""
    with connection() as db:
        db.register("facts", result.facts)
        db.register("purposes", purposes(result))
        db.register("roles", _roles(result))
        custody: dict[tuple[str | None, ...], list[tuple[str | None, int]]] = {}
        for *key, held, n in db.sql(_CUSTODY).fetchall():
            custody.setdefault(tuple(key), []).append((held, n))
        return tuple(
            Record(duty and Duty(duty), controller, cls, purpose, n, tuple(accounts or ()),
                   tuple(offer for offer in offers or () if offer), tuple(countries), unknown, tuple(shared or ()),
                   tuple(custody.get((duty, controller, cls, purpose), ())))
            for duty, controller, cls, purpose, n, accounts, offers, countries, unknown, shared
            in db.sql(_ROWS).fetchall()
        )  # fmt: skip


def _roles(result: AuditResult) -> pa.Table:
    told = result.roles.accounts
    schema = pa.schema([("account", pa.string()), ("duty", pa.string()), ("controller", pa.string())])
    columns = [[t.account for t in told], [str(t.role) for t in told], [t.controller for t in told]]
    return pa.table(columns, schema=schema)
