"""Reference pages of the Azure and Google Cloud readers: the types that are read, the fields, how they are known."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Protocol

from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS
from residency.connectors.azure.read import READERS as AZURE
from residency.connectors.gcp.read import READERS as GOOGLE
from residency.connectors.tells import Tells
from residency.model import Role

AZURE_PAGE = """# What is read of Azure

One row a type: the kind that rules see, and the fields that tell a place, a copy or a key, with the role of the place.
A type that is not here, and is no mere setting, is kept with its location and reported as `unsupported`.

How a field is known: **recorded**, read in an answer that another project recorded from Azure
(`tests/data/recordings`; `location` is the same field on every type); **model**, a field of the client library
`azure-mgmt-…`, its path followed through the models; **specified**, read in the REST reference; **documented**, read in
Azure's documentation. Nothing was run against a real subscription.

The paired region of a region, and the data zone of Azure AI that it belongs to, are those of the atlas.
"""
PARTS_PAGE = """## Lists asked of Resource Manager

Resource Graph does not hold these. Each is asked of every resource of its type; a file exported from Resource Graph
lacks them, and its coverage says so.

| of | list | API version | action |
|---|---|---|---|
"""
GOOGLE_PAGE = """# What is read of Google Cloud

One row an asset type: the kind that rules see, and the fields that tell a place, a copy or a key, with the role of the
place. A type that is not here, and is no mere setting, is kept with its location and reported as `unsupported`.

Fields are those of `resource.data`. Two are of the asset itself: *asset* `name`, for the location, region or zone that
a full resource name tells, and *asset* `resource.location`, which is read where neither the data nor the name tells.

How a field is known: **recorded**, read in an answer that another project recorded from Google Cloud
(`tests/data/recordings`); **specified**, a field of the API description that Google publishes, its path followed
through the schemas by `python docs/check_google_fields.py`; **model**, a field of the client library
`google-cloud-…`, where the API is not among those descriptions; **documented**, read in Google's documentation. Nothing
was run against a real project.
"""
_ONE_PLACE = "One place, and its key where the type has one."


class _Reader(Protocol):
    @property
    def type(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def read(self) -> Callable[[Any], Iterator[Any]]: ...
    @property
    def fields(self) -> tuple[Tells, ...]: ...


def azure() -> str:
    """The page of Azure, as Markdown."""
    lines = [AZURE_PAGE, *_tables(AZURE.values())]
    lines.append(PARTS_PAGE.rstrip("\n"))
    for part in sorted({*PARTS, INSTANCE_FAILOVER}, key=lambda part: (part.of, part.path)):
        lines.append(f"| `{part.of}` | `{part.path}` | {part.version} | `{part.action}` |")
    return "\n".join(lines) + "\n"


def google() -> str:
    """The page of Google Cloud, as Markdown."""
    return "\n".join([GOOGLE_PAGE, *_tables(GOOGLE.values())])


def _tables(readers: Iterable[_Reader]) -> Iterator[str]:
    """A table a service: its types, and of each the fields."""
    ordered = sorted(readers, key=lambda reader: reader.type.lower())
    for service, group in groupby(ordered, key=lambda reader: reader.type.partition("/")[0]):
        yield f"## {service}\n"
        yield "| type | kind | read | fields |\n|---|---|---|---|"
        for reader in group:
            fields = "<br>".join(_field(tells) for tells in reader.fields)
            yield f"| `{reader.type.partition('/')[2]}` | {_kind(reader)} | {_what(reader)} | {fields} |"
        yield ""


def _kind(reader: _Reader) -> str:
    return f"`{reader.kind}`" if reader.kind else ""


def _what(reader: _Reader) -> str:
    """What a reader's own description says; those made by `regional` have one place."""
    if "regional.<locals>" in reader.read.__qualname__:
        return _ONE_PLACE
    return " ".join((inspect.getdoc(reader.read) or "").split()).replace("|", "\\|")


def _field(tells: Tells) -> str:
    role = "custody or target" if tells.role is None else Role(tells.role).value
    name = f"asset `{tells.field[1:]}`" if tells.field.startswith("@") else f"`{tells.field}`"
    return f"{name}: {role}, {tells.proof}"
