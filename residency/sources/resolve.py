"""From what the user names as SOURCE to rows: a live connector by its id, or a file by its content."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from residency.connectors.interface import Connector, Progress, Scope
from residency.errors import Problem, UserError
from residency.model import Row
from residency.tables import Inventory

# id -> (module, class). Imported only when the source is asked for: each brings its cloud's SDK.
LIVE: dict[str, tuple[str, str]] = {
    "aws": ("residency.connectors.aws.connector", "AwsConnector"),
    "azure": ("residency.connectors.azure.connector", "AzureConnector"),
    "gcp": ("residency.connectors.gcp.connector", "GcpConnector"),
}
NO_SETTINGS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Collected:
    """An inventory and where it came from. `endpoints` are those that were overridden; `live` is true only when every
    source is the real cloud."""

    inventory: Inventory
    sources: tuple[str, ...]
    endpoints: tuple[str, ...]
    live: bool


def live_connector(source: str, settings: Mapping[str, object]) -> Connector:
    """The connector of a live source, with what `settings` has for it. Raises `UserError` for an id that is none."""
    if source not in LIVE:
        raise UserError(Problem(f"there is no live source {source!r}.", remedy=f"There is: {', '.join(sorted(LIVE))}."))
    module, name = LIVE[source]
    told = {"settings": settings[source]} if source in settings else {}
    connector: Connector = getattr(importlib.import_module(module), name)(**told)
    return connector


def collect(
    sources: Sequence[str], scope: Scope, progress: Progress, settings: Mapping[str, object] = NO_SETTINGS
) -> Collected:
    """Read every source into one inventory. `settings` are those of live sources, by their id.

    Raises `UserError` when a source is neither a connector nor a readable inventory file, or when nothing can be read
    of a live one at all. What could not be read within a source is in the coverage.
    """
    from residency.sources.cloud_asset_file import is_cloud_asset_file, read_cloud_asset_files

    endpoints: list[str] = []
    live = True
    parts: list[Iterable[Row]] = []
    tables: list[Inventory] = []
    assets: list[Path] = []
    for source in sources:
        if source in LIVE:
            connector = live_connector(source, settings)
            keep = None if scope.keep is None else scope.keep / source
            parts.append(connector.collect(replace(scope, keep=keep), progress))
            if (endpoint := connector.endpoint()) is not None:
                endpoints.append(f"{source}: {endpoint}")
                live = False
        else:
            live = False
            path = _path(source)
            if is_cloud_asset_file(path):
                assets.append(path)
            else:
                tables.append(_file(path, settings))
    if assets:
        # What one tells of is named in another: resources, and the policies that say who has access to them.
        tables.append(read_cloud_asset_files(assets))
    if parts or not tables:
        tables.append(Inventory.of(_chain(parts)))
    return Collected(Inventory.merged(tables), tuple(sources), tuple(endpoints), live)


def _chain(parts: Iterable[Iterable[Row]]) -> Iterator[Row]:
    for part in parts:
        yield from part


def _path(source: str) -> Path:
    path = Path(source)
    if path.is_dir():
        path = path / "inventory.json"
    if not path.is_file():
        live = ", ".join(sorted(LIVE))
        raise UserError(
            Problem(f"there is no source {source!r}.", remedy=f"Give a live source ({live}) or the path of a file.")
        )
    return path


def _file(path: Path, settings: Mapping[str, object]) -> Inventory:
    from residency.connectors.azure.clouds import cloud_of
    from residency.connectors.azure.settings import AzureSettings
    from residency.sources.aws_config_file import is_aws_config_file, read_aws_config_file
    from residency.sources.inventory_file import read_inventory
    from residency.sources.resource_graph_file import is_resource_graph_file, read_resource_graph_file

    if is_aws_config_file(path):
        return read_aws_config_file(path)
    if is_resource_graph_file(path):
        told = settings.get("azure")
        chosen = told.cloud if isinstance(told, AzureSettings) else None
        return read_resource_graph_file(path, cloud_of(os.environ, chosen).offer)
    return read_inventory(path)
