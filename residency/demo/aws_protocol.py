"""The wire of AWS from the server's side: what a request asks for, and an answer or a refusal as bytes.

Both follow from the client library's own service models; moto's routers, parsers and serializers do the work. They
speak every protocol but CBOR, which the client library only chooses for three services, none of them read here.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from residency.connectors.aws.models import model_loader
from residency.connectors.aws.parts import shared_parts

_OF_THE_ACCOUNT = "/v20180820/"
_JSON = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
_ROUTING = threading.Lock()
_FORM = "application/x-www-form-urlencoded"
# How much of a model file is read to find its metadata, which stand at its start.
_HEAD = 4096


class Refused(Exception):
    """An answer that is an error, with its code and HTTP status."""

    def __init__(self, code: str, status: int = 400, message: str = "no") -> None:
        self.code = code
        self.status = status
        self.message = message
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Asked:
    """One signed request, with the client library's names for service and operation. Where it is none that a run may
    send, but that of somebody who seeds, `operation` is its method and path, and `model` is `None`."""

    service: str
    region: str
    operation: str
    access_key: str
    environ: Mapping[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    model: Any = field(repr=False)
    in_path: Mapping[str, Any] = field(repr=False)

    @property
    def call(self) -> str:
        """The request by name, as collectors declare it: `s3:GetBucketReplication`."""
        return f"{self.service}:{self.operation}"

    def params(self) -> dict[str, Any]:
        """The parameters, by their names in the model."""
        from moto.core.parse import PROTOCOL_PARSERS

        request = _request(self.environ, self.body)
        parser = PROTOCOL_PARSERS[self._protocol()](self.model)
        told: dict[str, Any] = parser.parse({
            "method": request.method, "values": request.values, "headers": request.headers, "body": self.body,
            "url_path": request.path, "url_params": dict(self.in_path),
        })  # fmt: skip
        return told

    def answer(self, answer: Mapping[str, Any] | Refused) -> Reply:
        """An answer, or a refusal, in the protocol in which the request came."""
        return serialized(self.model, self._protocol(), answer)

    def _protocol(self) -> str:
        from moto.core.request import determine_request_protocol

        return str(determine_request_protocol(self.model.service_model, self.environ.get("CONTENT_TYPE")))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    content_type: str = "application/xml"
    headers: tuple[tuple[str, str], ...] = ()


@cache
def share_loader() -> None:
    """One loader of the client library's models for everything in this process. The emulator makes many sessions and
    loaders, and each would look through the folders of all services and load their models anew."""
    import botocore.session
    from moto.core import utils

    loader = model_loader()
    for module in (botocore.session, utils):
        vars(module)["create_loader"] = lambda *_: loader


def understand(environ: Mapping[str, Any], body: bytes) -> Asked | None:
    """What a WSGI request asks for; `None` when it is not signed as a request to AWS."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    if len(scope) < 4:
        return None
    key, _, region, signed_as = scope[:4]
    services = services_signed_as(signed_as)
    if environ["PATH_INFO"].startswith(_OF_THE_ACCOUNT):
        # To S3 this would be a bucket of that name.
        services = tuple(service for service in services if service == "s3control") or services
    for service in services:
        model, in_path = _operation(service, environ, body)
        if model is not None:
            return Asked(service, region, str(model.name), key, environ, body, model, in_path)
    unknown = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    return Asked(next(iter(services), signed_as), region, unknown, key, environ, body, None, {})


def serialized(model: Any, protocol: str, answer: Mapping[str, Any] | Refused) -> Reply:
    """An answer or a refusal of an operation (moto's model of it) in a protocol."""
    from moto.core.serialize import get_serializer_class

    serializer = get_serializer_class(model.service_model.service_name, protocol)(operation_model=model)
    made = serializer.serialize(answer)
    body, headers = made["body"], dict(made["headers"])
    kind = headers.pop("Content-Type", "application/json" if "json" in protocol else "application/xml")
    status = answer.status if isinstance(answer, Refused) else int(made["status_code"])
    return Reply(status, body.encode() if isinstance(body, str) else bytes(body), str(kind), tuple(headers.items()))


@cache
def operation_model(service: str, operation: str) -> Any:
    """Moto's model of an operation. Raises `OperationNotFoundError` for one that no run sends."""
    return _model(service).operation_model(operation)


def refusal(service: str, code: str, status: int = 403) -> Reply:
    """An error answer in the protocol in which the client library speaks to a service."""
    model = _model(service)
    operation = operation_model(service, model.operation_names[0])
    return serialized(operation, str(model.resolved_protocol), Refused(code, status))


def services_signed_as(name: str) -> tuple[str, ...]:
    """The services that are read, by the client library's names, whose requests are signed with a name: `s3control` too
    signs with `s3`. The service of that very name comes first."""
    return _signing_names().get(name, ())


def _operation(service: str, environ: Mapping[str, Any], body: bytes) -> tuple[Any, Mapping[str, Any]]:
    """Moto's model of the operation that a request to a service asks for, and what stands in the request's path."""
    from werkzeug.exceptions import NotFound

    model, kind = _model(service), environ.get("CONTENT_TYPE", "")
    names = frozenset(model.operation_names)
    if kind.startswith(_JSON):
        prefix, _, name = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
        if name in names and prefix == model.metadata.get("targetPrefix"):
            return operation_model(service, name), {}
        return None, {}
    if kind.startswith(_FORM):
        asked = parse_qs(body.decode())
        name = asked.get("Action", [""])[0]
        if name in names and asked.get("Version", [""])[0] == model.api_version:
            return operation_model(service, name), {}
        return None, {}
    try:
        with _ROUTING:
            router = _router(service)
        found, in_path = router.match(_request(environ, body))
    except (NotFound, NotImplementedError):
        return None, {}
    return found, in_path


def _request(environ: Mapping[str, Any], body: bytes) -> Any:
    from moto.core.request import Request

    return Request({**environ, "wsgi.input": BytesIO(body)})


@cache
def _model(service: str) -> Any:
    """Moto's model of a service, of the operations that a run may send."""
    from moto.core.model import ServiceModel

    return ServiceModel(shared_parts(None).description(service), service)


@cache
def _router(service: str) -> Any:
    from moto.core.routing import ServiceOperationRouter

    return ServiceOperationRouter(_model(service))


@cache
def _signing_names() -> Mapping[str, tuple[str, ...]]:
    """Signing name to the services of which something may be asked, from the start of their model files: to load them
    whole takes long."""
    from botocore.loaders import create_loader

    from residency.connectors.aws.declared import declared

    found: dict[str, list[str]] = defaultdict(list)
    data = Path(create_loader().BUILTIN_DATA_PATH)
    for service in sorted(declared()):
        metadata = _metadata(max(data.glob(f"{service}/*/service-2.json*")))
        found[metadata.get("signingName") or metadata["endpointPrefix"]].append(service)
    return {name: tuple(sorted(services, key=lambda service: service != name)) for name, services in found.items()}


def _metadata(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        start = opened.read(_HEAD)
    if file.suffix == ".gz":
        start = zlib.decompressobj(31).decompress(start, 2 * _HEAD)
    text = start.decode(errors="ignore").partition('"metadata":')[2].lstrip()
    metadata: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return metadata
