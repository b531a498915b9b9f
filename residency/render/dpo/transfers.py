"""Candidate transfers: personal data outside the European Economic Area, by importer, country, data class and purpose.

A placement abroad is a fact; a transfer in the sense of GDPR chapter V needs a separate importer (EDPB guidelines
05/2021), which no inventory shows. So every entry is a candidate until a person confirms it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from residency.render.database import connection
from residency.render.dpo.purposes import purposes
from residency.result import AuditResult

# internal and public data is left out, as the rule pack on transfers does; a class that is not known stays in.
NOT_PERSONAL = ("internal", "public")
SPECIAL = {"health": True, "special-category": True, "personal": False, "state-sensitive": None, None: None}
MODES = {
    "primary": "storage", "cache": "storage", "replica": "replica", "backup": "backup", "snapshot": "backup",
    "processing": "processing", "share": "remote-access", "log": "telemetry", "control-plane": "telemetry",
    "key": "key",
}  # fmt: skip
NAMED = 20  # ids of resources and findings kept for an entry


@dataclass(frozen=True, slots=True)
class Transfer:
    """Data of a class and purpose (tag `purpose`, `None` = not tagged) with one importer in one place abroad.

    `importer` is whom data is shared with, else the company that runs the place; `None` is unknown. `countries` is
    empty when they are unknown or the place is anywhere (`extent`). `standing` is that under GDPR chapter V, `None`
    when the country is not known. `special` tells whether it is a special category (art. 9); `None` = unknown.
    """

    id: str
    importer: str | None
    importer_country: str | None
    shared: bool
    offer: str | None
    parent: str | None
    parent_country: str | None
    countries: tuple[str, ...]
    extent: str | None
    standing: str | None
    data_class: str | None
    purpose: str | None
    special: bool | None
    modes: tuple[tuple[str, int], ...]
    placements: int
    resources: int
    named: tuple[str, ...]
    locations: tuple[str, ...]
    sources: tuple[str, ...]
    custody: tuple[tuple[str | None, int], ...]
    keys_in_eea: bool | None
    findings: tuple[str, ...]
    accounts: tuple[str, ...]


_ABROAD = """
  CREATE TEMP VIEW abroad AS SELECT f.*,
    coalesce("place.role" = 'share' AND "place.target" IS NOT NULL, false) AS shared,
    CASE WHEN shared THEN "place.target" ELSE "control.operator" END AS importer,
    CASE WHEN shared THEN NULL ELSE "control.operator_country" END AS seat,
    coalesce(list_sort("place.countries"), []) AS countries, home.countries AS origin, purpose
  FROM facts f LEFT JOIN purposes ON purposes.uid = f."resource.uid" LEFT JOIN (
    SELECT "resource.uid" AS uid, list_sort(list_distinct(flatten(list("place.countries")))) AS countries FROM facts
    WHERE "place.role" = 'primary' AND "place.in_eea" GROUP BY 1) home ON home.uid = f."resource.uid"
  WHERE "place.in_eea" IS NOT TRUE AND coalesce("place.adequacy", '') NOT IN ('member', 'treated')
    AND "resource.stores_data" IS DISTINCT FROM 'no'"""
_KEY = 'importer, seat, shared, "place.offer", countries, "place.extent", "resource.data_class", purpose'
_TRANSFERS = f"""
  SELECT {_KEY}, max("control.parent"), max("control.parent_country"), max("place.adequacy"), count(*),
    count(DISTINCT "resource.uid"), list_slice(list_sort(list(DISTINCT "resource.uid")), 1, {NAMED}),
    list_slice(list_sort(list(DISTINCT "place.location") FILTER ("place.location" IS NOT NULL)), 1, {NAMED}),
    list_sort(list_distinct(flatten(list(coalesce(origin, []))))),
    bool_and("key.in_eea"), count("key.in_eea") = count(*), list_sort(list(DISTINCT "resource.account"))
  FROM abroad WHERE coalesce("resource.data_class", '') NOT IN {NOT_PERSONAL} GROUP BY ALL"""  # noqa: S608 - own text
_MODES = f"""
  SELECT {_KEY}, CASE WHEN "resource.holds_keys" THEN 'key' ELSE "place.role" END, "key.custody", count(*)
  FROM abroad GROUP BY ALL"""  # noqa: S608 - own text
_FINDINGS = f"""
  SELECT {_KEY}, list_slice(list_sort(list(DISTINCT j.id)), 1, {NAMED}) FROM abroad
  JOIN judged j ON j."row" = abroad."row" AND j.per = 'placement'
  WHERE j.verdict <> 'compliant' GROUP BY ALL"""  # noqa: S608 - own text


def transfers(result: AuditResult) -> tuple[Transfer, ...]:
    """The candidate transfers of a run, those without any adequacy first, then by importer and country."""
    with connection() as db:
        _register(db, result)
        roles: dict[Any, dict[str, int]] = {}
        custody: dict[Any, dict[str | None, int]] = {}
        for *parts, role, held, count in db.sql(_MODES).fetchall():
            key = _hashable(parts)
            mode = MODES.get(role, role)
            of_key = roles.setdefault(key, {})
            of_key[mode] = of_key.get(mode, 0) + count
            holders = custody.setdefault(key, {})
            holders[held] = holders.get(held, 0) + count
        findings = {_hashable(parts): tuple(ids) for *parts, ids in db.sql(_FINDINGS).fetchall()}
        made = []
        for row in db.sql(_TRANSFERS).fetchall():
            importer, seat, shared, offer, countries, extent, data_class, purpose = row[:8]
            parent, parent_country, standing, count, resources, named, locations, origin, inside, all_known = row[8:18]
            key = _hashable(row[:8])
            made.append(Transfer(
                id=_id(key), importer=importer, importer_country=seat, shared=shared, offer=offer, parent=parent,
                parent_country=parent_country, countries=tuple(countries), extent=extent, standing=standing,
                data_class=data_class, purpose=purpose, special=SPECIAL.get(data_class),
                modes=tuple(sorted(roles[key].items())), placements=count, resources=resources, named=tuple(named),
                locations=tuple(locations or ()), sources=tuple(origin),
                custody=tuple(sorted(custody[key].items(), key=lambda pair: pair[0] or "")),
                keys_in_eea=(inside if inside is False or all_known else None), findings=findings.get(key, ()),
                accounts=tuple(row[18]),
            ))  # fmt: skip
    return tuple(sorted(made, key=_order))


def _order(entry: Transfer) -> tuple[object, ...]:
    standing = ("none", "conditional", None, "full").index(entry.standing)
    return standing, entry.importer or "", entry.countries, entry.data_class or "", entry.purpose or ""


def left_aside(result: AuditResult) -> int:
    """How many placements abroad hold data whose class is not personal, and so are no entry of the register."""
    with connection() as db:
        _register(db, result)
        query = f"""SELECT count(*) FROM abroad WHERE "resource.data_class" IN {NOT_PERSONAL}"""  # noqa: S608 - own text
        return int(db.sql(query).fetchall()[0][0])


def _register(db: duckdb.DuckDBPyConnection, result: AuditResult) -> None:
    db.register("facts", result.facts.append_column("row", pa.array(range(result.facts.num_rows), pa.int64())))
    db.register("judged", result.judged)
    db.register("purposes", purposes(result))
    db.execute(_ABROAD)


def _hashable(key: Any) -> tuple[Any, ...]:
    return tuple(tuple(part) if isinstance(part, list) else part for part in key)


def _id(key: tuple[Any, ...]) -> str:
    """The same entry has the same id in every run."""
    return "T-" + hashlib.sha256(repr(key).encode()).hexdigest()[:8]
