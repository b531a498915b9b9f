"""Reading what Cloud Asset Inventory exports: one asset a line (`gcloud asset export`), a JSON list of assets
(`gcloud asset list --format=json`), or an answer of the API (`{"assets": […]}`); plain or gzip."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from residency.errors import Problem, UserError
from residency.sources.jsonplace import line_of
from residency.sources.jsontext import decoded, parsed
from residency.tables import Inventory

MAX_BYTES = 2_000_000_000
MAX_LINE = 20_000_000
_PEEK = 65_536
_API = "cloudasset:ExportAssets"
_REMEDY = "Export it again with `gcloud asset export --content-type=resource`."


def is_cloud_asset_file(file: Path) -> bool:
    """Whether a file begins as an export of Cloud Asset Inventory does: with an asset, or with a list of them."""
    try:
        with _opened(file) as stream:
            head = stream.read(_PEEK).decode("utf-8-sig", errors="replace").lstrip()
    except (OSError, EOFError, zlib.error):
        return False
    body = head
    if body.startswith("{") and body[1:].lstrip().startswith(('"assets"', '"readTime"')):
        return True
    if body.startswith("["):
        body = body[1:].lstrip()
    if not body.startswith("{"):
        return False
    return ('"assetType"' in body or '"asset_type"' in body) and "residency/inventory/" not in body[:200]


def read_cloud_asset_file(file: Path, offer: str | None = "gcp") -> Inventory:
    """The inventory that an export tells of.

    An item without `resource.data` is kept, and what was read of its service is then not complete. Raises `UserError`
    with the file and the line of the first thing that is wrong.
    """
    from residency.connectors.gcp.read import read

    try:
        with _opened(file) as stream:
            return Inventory.of(read(list(_assets(stream, str(file))), offer=offer))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UserError(Problem("is a damaged gzip file.", str(file), remedy="Export it again.")) from None
    except OSError as error:
        raise UserError(Problem(f"cannot be read: {error.strerror or error}.", str(file))) from None


def _opened(file: Path) -> IO[bytes]:
    with file.open("rb") as raw:
        compressed = raw.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(file, "rb")) if compressed else file.open("rb")


def _assets(stream: IO[bytes], file: str) -> Iterator[Any]:
    first = stream.readline(MAX_LINE + 1)
    if _is_item(first):
        number = 0
        line = first
        while line:
            number += 1
            if len(line) > MAX_LINE:
                raise UserError(Problem(f"the line has more than {MAX_LINE:,} bytes.", file, number))
            if line.strip():
                yield _asset(_parsed(_text(line, file, number).rstrip(), file, number), file, number)
            line = stream.readline(MAX_LINE + 1)
        return
    data = first + stream.read(MAX_BYTES)
    if len(data) >= MAX_BYTES:
        raise UserError(Problem(f"has more than {MAX_BYTES:,} bytes.", file, remedy="Export it, one asset a line."))
    text = _text(data, file, 1)
    yield from _document(_parsed(text, file, 1), text, file)


def _is_item(line: bytes) -> bool:
    """Whether a first line is one whole asset, so that each other line is one too."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and ("assetType" in value or "asset_type" in value)


def _document(value: Any, text: str, file: str) -> Iterator[Any]:
    base: list[str | int] = []
    if isinstance(value, dict) and "assets" in value:
        if value.get("nextPageToken"):
            line = line_of(text, ["nextPageToken"])
            raise UserError(Problem("is one page of several: it has a `nextPageToken`.", file, line, remedy=_REMEDY))
        base, value = ["assets"], value["assets"]
    elif isinstance(value, dict) and ("assetType" in value or "asset_type" in value):
        yield _asset(value, file, 1)
        return
    if not isinstance(value, list):
        raise UserError(Problem("holds no list of assets.", file, 1, remedy=_REMEDY))
    if not value:
        raise UserError(Problem("is an empty list: it tells of no project.", file, 1, remedy=_REMEDY))
    for index, item in enumerate(value):
        yield _asset(item, file, None, text, [*base, index])


def _asset(item: Any, file: str, line: int | None, text: str = "", path: list[str | int] | None = None) -> Any:
    from residency.connectors.gcp.asset import NotAnAsset, asset_of

    try:
        return asset_of(item, _API)
    except NotAnAsset as wrong:
        where = line if line is not None else line_of(text, path or [])
        raise UserError(Problem(f"{wrong}.", file, where, remedy=_REMEDY)) from None


def _text(data: bytes, file: str, line: int) -> str:
    return decoded(data, file, line, "utf-8-sig" if line == 1 else "utf-8")


def _parsed(text: str, file: str, line: int) -> Any:
    return parsed(text, file, line, "an export")
