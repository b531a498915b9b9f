"""The inventory as Arrow tables: what is kept in memory, on disk and handed to DuckDB.

`None` in a column is *unknown*. Rows are sorted and freed of exact doubles, so that the same cloud gives the same
tables whatever the order in which its answers arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import pyarrow as pa

from residency.columns import Columns, rows_of
from residency.model import (
    Account,
    Coverage,
    DataClass,
    Evidence,
    KeyCustody,
    Placement,
    Resource,
    Role,
    Row,
    Status,
    StoresData,
)

_TEXT = pa.string()
# Texts of which an estate has few: each is kept once.
_WORD = pa.dictionary(pa.int32(), pa.string())
_TAGS = pa.map_(pa.string(), pa.string())

ACCOUNTS = pa.schema([
    pa.field("provider", _TEXT, nullable=False), ("offer", _TEXT), pa.field("id", _TEXT, nullable=False),
    ("name", _TEXT), pa.field("path", pa.list_(_TEXT), nullable=False), ("tags", _TAGS),
    pa.field("settings", _TAGS, nullable=False),
])  # fmt: skip
RESOURCES = pa.schema([
    pa.field("uid", _TEXT, nullable=False), pa.field("provider", _WORD, nullable=False), ("offer", _WORD),
    pa.field("account", _WORD, nullable=False), pa.field("type", _WORD, nullable=False), ("kind", _WORD),
    ("name", _TEXT), ("location", _WORD), ("stores_data", _WORD), ("tags", _TAGS), ("data_class", _WORD),
    ("key_custody", _WORD),
])  # fmt: skip
PLACEMENTS = pa.schema([
    pa.field("uid", _TEXT, nullable=False), pa.field("role", _WORD, nullable=False), ("location", _WORD),
    pa.field("via", _WORD, nullable=False), ("target", _TEXT), ("offer", _WORD),
    ("evidence_api", _WORD), ("evidence_field", _WORD), ("evidence_value", _TEXT),
])  # fmt: skip
COVERAGE = pa.schema([
    pa.field("provider", _TEXT, nullable=False), pa.field("account", _TEXT, nullable=False),
    pa.field("region", _TEXT, nullable=False), pa.field("service", _TEXT, nullable=False),
    pa.field("status", _TEXT, nullable=False), pa.field("detail", _TEXT, nullable=False),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was found: four Arrow tables with the schemas of this module, resources and placements ordered by uid."""

    accounts: pa.Table
    resources: pa.Table
    placements: pa.Table
    coverage: pa.Table

    @staticmethod
    def of(rows: Iterable[Row]) -> Inventory:
        """Tables made of rows in any order: sorted, exact doubles dropped, one coverage row per place and service.

        Where two coverage rows speak of the same (provider, account, region, service), the less complete one counts
        and both details are kept. Of what is told twice the first telling in sorted order is kept.
        """
        accounts: dict[tuple[str, str], Account] = {}
        resources = Columns(RESOURCES, _resource, ("uid",))
        placements = Columns(PLACEMENTS, _placement, ("uid", "role", "location", "via", "target", "offer"))
        coverage: dict[tuple[str, str, str, str], Coverage] = {}
        for row in rows:
            match row:
                case Account():
                    told = (row.provider, row.id)
                    accounts[told] = min(accounts.get(told, row), row, key=repr)
                case Resource():
                    resources.add(row)
                case Placement():
                    placements.add(row)
                case Coverage():
                    place = (row.provider, row.account, row.region, row.service)
                    coverage[place] = merge_coverage(coverage[place], row) if place in coverage else row
        return Inventory(
            _table(ACCOUNTS, (accounts[k] for k in sorted(accounts)), _account),
            resources.sorted(),
            placements.sorted(),
            _table(COVERAGE, (coverage[k] for k in sorted(coverage)), _coverage),
        )

    @staticmethod
    def merged(parts: Sequence[Inventory]) -> Inventory:
        """One inventory of several. Where two tell of the same thing they are merged as `of` does."""
        if len(parts) == 1:
            return parts[0]
        return Inventory.of(row for part in parts for row in part.rows())

    def rows(self) -> Iterator[Row]:
        """Every row as the model's value: accounts, resources, placements, coverage."""
        for entry in self.accounts.to_pylist():
            path, settings = tuple(entry["path"]), dict(entry["settings"])
            yield Account(**{**entry, "path": path, "tags": _mapping(entry["tags"]), "settings": settings})
        for entry in rows_of(self.resources):
            known = {
                "stores_data": _of(StoresData, entry["stores_data"]),
                "data_class": _of(DataClass, entry["data_class"]),
                "key_custody": _of(KeyCustody, entry["key_custody"]),
                "tags": _mapping(entry["tags"]),
            }
            yield Resource(**{**entry, **known})
        for entry in rows_of(self.placements):
            api, field, value = (entry.pop(f"evidence_{part}") for part in ("api", "field", "value"))
            evidence = None if api is None else Evidence(api, field, value)
            yield Placement(**{**entry, "role": Role(entry["role"])}, evidence=evidence)
        for entry in self.coverage.to_pylist():
            yield Coverage(**{**entry, "status": Status(entry["status"])})


def _mapping(pairs: list[tuple[str, str]] | None) -> dict[str, str] | None:
    return None if pairs is None else dict(pairs)


def _pairs(mapping: Mapping[str, str] | None) -> list[tuple[str, str]] | None:
    return None if mapping is None else sorted(mapping.items())


_E = TypeVar("_E", bound=StrEnum)


def _of(kind: type[_E], value: str | None) -> _E | None:
    return None if value is None else kind(value)


_ORDER = [
    Status.EMPTY, Status.READ, Status.DISABLED, Status.UNSUPPORTED, Status.THROTTLED, Status.UNREACHABLE, Status.DENIED,
]  # fmt: skip


def merge_coverage(one: Coverage, other: Coverage) -> Coverage:
    """One coverage row for two that speak of the same place and service: the less complete status, both details."""
    worse = max(one, other, key=lambda row: _ORDER.index(row.status))
    details = sorted({part for row in (one, other) for part in row.detail.split("; ") if part})
    return Coverage(worse.provider, worse.account, worse.region, worse.service, worse.status, "; ".join(details))


def _table(schema: pa.Schema, rows: Iterable[Any], flatten: Callable[[Any], dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([flatten(row) for row in rows], schema=schema)


def _account(row: Account) -> dict[str, Any]:
    return {
        "provider": row.provider, "offer": row.offer, "id": row.id, "name": row.name, "path": list(row.path),
        "tags": _pairs(row.tags), "settings": _pairs(row.settings),
    }  # fmt: skip


def _resource(row: Resource) -> tuple[Any, ...]:
    return (
        row.uid, row.provider, row.offer, row.account, row.type, row.kind, row.name, row.location, row.stores_data,
        _pairs(row.tags), row.data_class, row.key_custody,
    )  # fmt: skip


def _placement(row: Placement) -> tuple[Any, ...]:
    evidence = row.evidence
    told = (None, None, None) if evidence is None else (evidence.api, evidence.field, evidence.value)
    return row.uid, row.role, row.location, row.via, row.target, row.offer, *told


def _coverage(row: Coverage) -> dict[str, Any]:
    return {
        "provider": row.provider, "account": row.account, "region": row.region, "service": row.service,
        "status": row.status, "detail": row.detail,
    }  # fmt: skip
