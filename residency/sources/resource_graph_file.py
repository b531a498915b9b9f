"""Reading what Azure Resource Graph and Azure Resource Manager write: an answer of the API or of `az graph query`
(`{"data": […]}`, as objects or as a table), pages of it in a list, the answer of a list (`{"value": […]}`), a JSON list
of resources (`az resource list`, `Get-AzResource`), what `az … show` shows, or one resource a line; plain or gzip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from residency.model import Status
from residency.sources.azure_spelling import spelt_out
from residency.sources.export_file import Export, Refused, Steps, head_of, read_export
from residency.tables import Inventory

QUERY = (
    'az graph query --first 1000 -o json -q "resources | union (resourcecontainers | where type =~'
    " 'microsoft.resources/subscriptions') | order by id asc\""
)
_REMEDY = f"Export it again with `{QUERY}`, page after page with --skip-token, and put the pages into one list."
_ITEM = re.compile(r'"(resource)?id"\s*:\s*"/(subscriptions|providers|tenants)/', re.IGNORECASE)
_ANSWER = re.compile(
    r'^\[?\s*\{\s*"(\$?skip_?token|total_?records|count|result_?truncated|facets|data|value|nextlink)"', re.IGNORECASE
)
_TEMPLATE = re.compile(r'"\$schema"\s*:\s*"[^"]*deploymentTemplate\.json', re.IGNORECASE)
# What begins otherwise and may hold ids of Azure all the same: our own inventory, plans and states of Terraform.
_OTHERS, _START = ("residency/inventory/", '"terraform_version"', '"format_version"'), 400
_FRAMELESS = "as a command showed it, some names being the command's own: list it with Resource Graph"
_FIELDS = ("type", "location", "properties", "resourceGroup", "subscriptionId")


def is_resource_graph_file(file: Path) -> bool:
    """Whether a file begins as an answer of Azure does: with a resource, a list of them, or the frame of a page."""
    head = head_of(file)
    if not head.startswith(("{", "[")) or any(word in head[:_START] for word in _OTHERS):
        return False
    return any(pattern.search(head) for pattern in (_ITEM, _ANSWER, _TEMPLATE))


def read_resource_graph_file(file: Path, offer: str = "azure") -> Inventory:
    """The inventory that an export tells of.

    Parts and settings that Resource Graph does not hold (diagnostic settings, deployments of models, replication
    links …) are not in it, and the coverage says so. Raises `UserError` with the file and the line of the first thing
    that is wrong.
    """
    from residency.connectors.azure.item import GRAPH, Item, NotAnItem, item_of
    from residency.connectors.azure.read import read

    # Filled while the file is read, and looked at by `read` once it is through.
    gaps: dict[tuple[str, str], tuple[Status, str]] = {}

    def item(found: Any) -> Item:
        entry, frameless = spelt_out(found)
        told = item_of(entry, GRAPH)
        if frameless:
            gaps[told.subscription or told.tenant or "unknown", told.service] = (Status.UNSUPPORTED, _FRAMELESS)
        return told

    export = Export(_is_item, _entries, item, NotAnItem, _REMEDY)
    return Inventory.of(read(read_export(file, export), offer=offer, failures=gaps))


def _is_item(value: Any) -> bool:
    entry, _ = spelt_out(value)
    return isinstance(entry, dict) and isinstance(entry.get("id"), str) and any(name in entry for name in _FIELDS)


def _entries(value: Any) -> Iterator[tuple[Steps, Any]]:
    found = 0
    for steps, entry in _document(value):
        found += 1
        yield steps, entry
    if not found:
        raise Refused("tells of no resource: an empty answer is not an empty subscription")


def _document(value: Any) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, list):
        if value and all(_is_page(entry) for entry in value):
            yield from _pages(value)
        else:
            for index, entry in enumerate(value):
                yield [index], entry
    elif _is_item(value):
        yield [], value
    elif _is_page(value):
        yield from _pages([value], single=True)
    elif isinstance(value, dict) and "deploymenttemplate.json" in str(value.get("$schema")).lower():
        told = "is a template, which says what is to be made and not what there is: its regions may be expressions"
        raise Refused(told, "$schema")
    else:
        raise Refused("holds no list of resources")


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and any(name in _names(value) for name in ("data", "value"))


def _names(page: Mapping[str, Any]) -> dict[str, str]:
    """The names of an answer by how they are written without case and underscores: the tools differ."""
    return {name.lower().lstrip("$").replace("_", ""): name for name in page if isinstance(name, str)}


def _pages(pages: list[dict[str, Any]], *, single: bool = False) -> Iterator[tuple[Steps, Any]]:
    """The resources of all pages. The last one must be the last there is, and together they must be complete."""
    held, promised = 0, 0
    for number, page in enumerate(pages):
        base: Steps = [] if single else [number]
        names = _names(page)
        if str(page.get(names.get("resulttruncated", ""))).lower() == "true" and "skiptoken" not in names:
            raise Refused("is cut short: `resultTruncated` is true and nothing continues it", *base)
        for steps, entry in _rows(page, names, base):
            held += 1
            yield steps, entry
        total = page.get(names.get("totalrecords", ""))
        promised = max(promised, total if isinstance(total, int) else 0)
    names = _names(pages[-1])
    for name in ("skiptoken", "nextlink"):
        if pages[-1].get(names.get(name, "")):
            raise Refused(f"ends with a page that is not the last: it has a `{names[name]}`")
    if held < promised:
        raise Refused(f"holds {held:,} of {promised:,} resources")


def _rows(page: dict[str, Any], names: Mapping[str, str], base: Steps) -> Iterator[tuple[Steps, Any]]:
    name = names.get("data") or names["value"]
    data = page[name]
    if isinstance(data, list):
        yield from (([*base, name, index], entry) for index, entry in enumerate(data))
    elif isinstance(data, dict) and isinstance(data.get("columns"), list) and isinstance(data.get("rows"), list):
        yield from _table(data, [*base, name])
    else:
        raise Refused(f"`{name}` is neither a list of resources nor a table", *base, name)


def _table(data: dict[str, Any], base: Steps) -> Iterator[tuple[Steps, Any]]:
    columns = [entry.get("name") if isinstance(entry, dict) else None for entry in data["columns"]]
    if not all(isinstance(column, str) for column in columns):
        raise Refused("a column has no name", *base, "columns")
    for index, row in enumerate(data["rows"]):
        if not isinstance(row, list) or len(row) != len(columns):
            raise Refused(f"a row must be a list of {len(columns)} values", *base, "rows", index)
        yield [*base, "rows", index], {column: _cell(cell) for column, cell in zip(columns, row, strict=True)}


def _cell(cell: Any) -> Any:
    """A value of a table, in which some tools write objects as text."""
    if isinstance(cell, str) and cell.startswith(("{", "[")):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell
