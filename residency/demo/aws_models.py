"""Moto's models of services, by which requests are understood and answers made."""

from __future__ import annotations

import json
import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from residency.connectors.aws.models import model_loader
from residency.connectors.aws.parts import shared_parts

# How much of a model file is read to find its metadata, which stand at its start.
_HEAD = 4096


class Models:
    """The models of `services`, by the client library's names. `describe` gives the library's description of one."""

    def __init__(self, services: Iterable[str], describe: Callable[[str], dict[str, Any]]) -> None:
        self._services = sorted(services)
        self._describe = describe
        self._routing = threading.Lock()
        self._routers: dict[str, Any] = {}
        self.service = cache(self._service)
        self.operation = cache(self._operation)
        self._signing_names = cache(self._find_signing_names)

    def router(self, service: str) -> Any:
        """What finds the operation of a request by its path."""
        from moto.core.routing import ServiceOperationRouter

        with self._routing:
            if service not in self._routers:
                self._routers[service] = ServiceOperationRouter(self.service(service))
            return self._routers[service]

    def signed_as(self, name: str) -> tuple[str, ...]:
        """The services whose requests are signed with a name: `s3control` too signs with `s3`. The service of that very
        name comes first."""
        return self._signing_names().get(name, ())

    def _service(self, service: str) -> Any:
        from moto.core.model import ServiceModel

        return ServiceModel(self._describe(service), service)

    def _operation(self, service: str, operation: str) -> Any:
        return self.service(service).operation_model(operation)

    def _find_signing_names(self) -> Mapping[str, tuple[str, ...]]:
        """Signing name to services, from the start of their model files: to load them whole takes long."""
        from botocore.loaders import create_loader

        found: dict[str, list[str]] = defaultdict(list)
        data = Path(create_loader().BUILTIN_DATA_PATH)
        for service in self._services:
            metadata = _metadata(max(data.glob(f"{service}/*/service-2.json*")))
            found[metadata.get("signingName") or metadata["endpointPrefix"]].append(service)
        return {name: tuple(sorted(services, key=lambda service: service != name)) for name, services in found.items()}


@cache
def of_a_run() -> Models:
    """The models of what a run may send, and of no more: they are small."""
    from residency.connectors.aws.declared import declared

    return Models(declared(), shared_parts(None).description)


def operation_model(service: str, operation: str) -> Any:
    """Moto's model of an operation. Raises `OperationNotFoundError` for one that no run sends."""
    return of_a_run().operation(service, operation)


@cache
def share_loader() -> None:
    """One loader of the client library's models for everything in this process. The emulator makes many sessions and
    loaders, and each would look through the folders of all services and load their models anew."""
    import botocore.session
    from moto.core import utils

    loader = model_loader()
    for module in (botocore.session, utils):
        vars(module)["create_loader"] = lambda *_: loader


def _metadata(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        start = opened.read(_HEAD)
    if file.suffix == ".gz":
        start = zlib.decompressobj(31).decompress(start, 2 * _HEAD)
    text = start.decode(errors="ignore").partition('"metadata":')[2].lstrip()
    metadata: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return metadata
