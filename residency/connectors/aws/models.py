"""The service models of the client library, read quickly and cut down to what is asked of them.

A model describes every operation of a service, with its documentation: 43 MB of JSON for all services that are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.loaders import JSONFileLoader, Loader


@cache
def plain_files() -> type[JSONFileLoader]:
    """How the client library reads a file, without what takes it seven times as long as `json.loads`: it makes every
    object by a function of its own, to keep the order of members, which every `dict` keeps."""
    from botocore.loaders import JSONFileLoader

    class PlainFiles(JSONFileLoader):  # type: ignore[misc]
        def _load_file(self, full_path: str, open_method: Callable[..., Any]) -> Any:
            if not Path(full_path).is_file():
                return None
            with open_method(full_path, "rb") as stream:
                return json.loads(stream.read())

    return PlainFiles


def model_loader(data_path: str | None = None) -> Loader:
    """The client library's loader of models. `data_path`: more models, from the configuration."""
    from botocore.loaders import create_loader

    loader = create_loader(data_path)
    loader.file_loader = plain_files()()
    return loader


def cut_down(model: dict[str, Any], operations: Iterable[str]) -> None:
    """Remove from a service model, in place, what none of these operations needs, nor the one that asks for a host. Its
    errors stay: any operation may end in one of them."""
    wanted = {*operations, *(name for name, told in model["operations"].items() if told.get("endpointoperation"))}
    model["operations"] = {name: told for name, told in model["operations"].items() if name in wanted}
    shapes, kept = model["shapes"], {}
    waiting = [name for name, told in shapes.items() if told.get("exception")]
    waiting += _shapes_named(model["operations"])
    while waiting:
        name = waiting.pop()
        if name in shapes and name not in kept:
            kept[name] = shapes[name]
            waiting += _shapes_named(shapes[name])
    model["shapes"] = {name: told for name, told in shapes.items() if name in kept}


def _shapes_named(told: Any) -> Iterator[str]:
    """The shapes that a part of a model refers to. Drops the documentation on the way."""
    if isinstance(told, dict):
        if isinstance(told.get("documentation"), str):
            del told["documentation"]
        if isinstance(name := told.get("shape"), str):
            yield name
        for inner in told.values():
            yield from _shapes_named(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _shapes_named(inner)
