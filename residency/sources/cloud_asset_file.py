"""Reading what Cloud Asset Inventory exports: one asset a line (`gcloud asset export`), a JSON list of assets
(`gcloud asset list --format=json`), or an answer of the API (`{"assets": […]}`); plain or gzip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from residency.sources.export_file import Export, Refused, Steps, head_of, read_export
from residency.tables import Inventory

_API = "cloudasset:ExportAssets"
_REMEDY = "Export it again with `gcloud asset export --content-type=resource`."


def is_cloud_asset_file(file: Path) -> bool:
    """Whether a file begins as an export of Cloud Asset Inventory does: with an asset, or with a list of them."""
    body = head_of(file)
    if body.startswith("{") and body[1:].lstrip().startswith(('"assets"', '"readTime"')):
        return True
    if body.startswith("["):
        body = body[1:].lstrip()
    if not body.startswith("{"):
        return False
    return ('"assetType"' in body or '"asset_type"' in body) and "residency/inventory/" not in body[:200]


def read_cloud_asset_files(files: Sequence[Path], offer: str | None = "gcp") -> Inventory:
    """The inventory that exports of the same estate tell of together, such as one of resources and one of policies.

    An item without `resource.data` is kept, and what was read of its service is then not complete. Raises `UserError`
    with the file and the line of the first thing that is wrong.
    """
    from residency.connectors.gcp.asset import NotAnAsset, asset_of
    from residency.connectors.gcp.read import read

    export = Export(_is_item, _entries, lambda item: asset_of(item, _API), NotAnAsset, _REMEDY)
    return Inventory.of(read((asset for file in files for asset in read_export(file, export)), offer=offer))


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and ("assetType" in value or "asset_type" in value)


def _entries(value: Any) -> Iterator[tuple[Steps, Any]]:
    base: Steps = []
    if isinstance(value, dict) and "assets" in value:
        if value.get("nextPageToken"):
            raise Refused("is one page of several: it has a `nextPageToken`", "nextPageToken")
        base, value = ["assets"], value["assets"]
    elif _is_item(value):
        value = [value]
    if not isinstance(value, list):
        raise Refused("holds no list of assets")
    if not value:
        raise Refused("is an empty list: it tells of no project")
    for index, item in enumerate(value):
        yield [*base, index], item
