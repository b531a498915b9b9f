"""Reading what AWS Config writes: a snapshot or a history file (`{"configurationItems": […]}`), the answer of a query
(`{"Results": ["{…}", …]}`, each result the JSON text of an item), the answer of `batch-get-…-resource-config`, a list
of items, or one item a line; plain or gzip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from residency.connectors.aws.config_items.query import QUERY
from residency.sources.export_file import Export, Refused, Steps, head_of, read_export
from residency.tables import Inventory

_REMEDY = f"Deliver the snapshot again, or select all that is needed: `{QUERY}`."
# The list of a document, by its key, and how the evidence calls a document of the sort.
_LISTS = {
    "configurationItems": "config:history",
    "Results": "config:query",
    "BaseConfigurationItems": "config:batch-get-aggregate-resource-config",
    "baseConfigurationItems": "config:batch-get-resource-config",
}
_LINE = "config:item"
_FRAME = re.compile(
    r'^\{\s*"(fileVersion|configSnapshotId|QueryInfo|Unprocessed\w+|unprocessed\w+|' + "|".join(_LISTS) + r')"\s*:'
)
_ITEM = ('"resourceType"', '"awsRegion"')
# Our own inventory, and exports of others that may hold these words in a tag.
_OTHERS, _START = ("residency/inventory/", '"assetType"', '"asset_type"', '"terraform_version"'), 400
_SNAPSHOT = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True, slots=True)
class _Told:
    """A value that should be an item, and what the evidence calls its document."""

    api: str
    value: Any


def is_aws_config_file(file: Path) -> bool:
    """Whether a file begins as one of AWS Config does: with the frame of a document, an item or a list of items."""
    head = head_of(file)
    if _FRAME.match(head):
        return True
    body = head[1:].lstrip() if head.startswith("[") else head
    return (
        body.startswith("{")
        and all(word in body for word in _ITEM)
        and not any(word in head[:_START] for word in _OTHERS)
    )


def read_aws_config_file(file: Path) -> Inventory:
    """The inventory that a file of AWS Config tells of.

    It is never the whole of an account, and the coverage says so. Raises `UserError` with the file and the line of the
    first thing that is wrong.
    """
    from residency.atlas.atlas import load_atlas
    from residency.connectors.aws.config_items.item import ConfigItem, NotAnItem, item_of
    from residency.connectors.aws.config_items.read import read

    def item(entry: Any) -> ConfigItem:
        return item_of(entry.value, entry.api) if isinstance(entry, _Told) else item_of(entry, _LINE)

    atlas = load_atlas()
    items = read_export(file, Export(_is_item, _entries, item, NotAnItem, _REMEDY))
    return Inventory.of(read(items, lambda type_: atlas.kind_of("aws_cloudformation", type_)))


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and "resourceType" in value and "awsRegion" in value


def _entries(value: Any) -> Iterator[tuple[Steps, Any]]:
    base: Steps = []
    api = _LINE
    if _is_item(value):
        value = [value]
    elif isinstance(value, dict):
        key = next((name for name in _LISTS if name in value), None)
        if key is None:
            raise Refused("holds no list of configuration items")
        _check_whole(value)
        api, base, value = _api(key, value), [key], value[key]
    if not isinstance(value, list):
        raise Refused("holds no list of configuration items", *base)
    if not value:
        raise Refused("is an empty list: it tells of no account", *base)
    for index, entry in enumerate(value):
        yield [*base, index], _Told(api, _result(entry, [*base, index]) if api == _LISTS["Results"] else entry)


def _api(key: str, document: Mapping[str, Any]) -> str:
    snapshot = document.get("configSnapshotId")
    told = isinstance(snapshot, str) and _SNAPSHOT.fullmatch(snapshot)
    return f"config:{snapshot}" if told else _LISTS[key]


def _check_whole(document: Mapping[str, Any]) -> None:
    """Raise `Refused` for a part of an answer: the rest of it would be taken for not there."""
    for name in ("NextToken", "nextToken"):
        if document.get(name):
            raise Refused(f"is one page of several: it has a `{name}`", name)
    for name, left in document.items():
        if name.lower().startswith("unprocessed") and left:
            raise Refused(f"is not whole: it has `{name}`", name)


def _result(entry: Any, steps: Steps) -> Any:
    """A result of a query, which is the JSON text of an object."""
    if not isinstance(entry, str):
        return entry
    try:
        return json.loads(entry)
    except (ValueError, RecursionError):
        raise Refused("has a result that is not the JSON text of an item", *steps) from None
