"""`inventory.json`: what was found, in the form that `residency` also imports (schema `residency/inventory/v1`).

What is unknown is left out: a missing field and an unknown one are the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from residency.columns import rows_of
from residency.render.findings_json import compact
from residency.tables import Inventory

SCHEMA = "residency/inventory/v1"


def inventory_json(inventory: Inventory) -> Iterator[bytes]:
    """The document in pieces, as UTF-8: one account, resource, placement or coverage row a line."""
    yield b'{"schema": ' + compact(SCHEMA)
    yield from _list("accounts", inventory.accounts, _account)
    yield from _list("resources", inventory.resources, _resource)
    yield from _list("placements", inventory.placements, _placement)
    yield from _list("coverage", inventory.coverage, dict)
    yield b"}\n"


def _list(key: str, table: Any, shape: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[bytes]:
    yield b",\n" + compact(key) + b": ["
    separator = b"\n "
    for row in rows_of(table):
        yield separator + compact(shape(row))
        separator = b",\n "
    yield b"]" if separator == b"\n " else b"\n]"


def _account(row: dict[str, Any]) -> dict[str, Any]:
    shaped = _known(row, "provider", "offer", "id", "name") | ({"path": row["path"]} if row["path"] else {})
    if row["tags"] is not None:
        shaped["tags"] = dict(sorted(row["tags"]))
    return shaped | ({"settings": dict(sorted(row["settings"]))} if row["settings"] else {})


def _resource(row: dict[str, Any]) -> dict[str, Any]:
    shaped = _known(row, "uid", "provider", "offer", "account", "type", "kind", "name", "location", "stores_data")
    if row["tags"] is not None:
        shaped["tags"] = dict(sorted(row["tags"]))
    return shaped | _known(row, "data_class", "key_custody")


def _placement(row: dict[str, Any]) -> dict[str, Any]:
    shaped = _known(row, "uid", "role", "location", "via", "target", "offer")
    if row["evidence_api"] is not None:
        evidence = {"api": row["evidence_api"], "field": row["evidence_field"], "value": row["evidence_value"]}
        shaped["evidence"] = {key: value for key, value in evidence.items() if value is not None}
    return shaped


def _known(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names if row[name] is not None}
