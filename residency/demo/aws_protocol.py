"""The wire of AWS from the server's side: what a request asks for, and an answer or a refusal as bytes.

Both follow from the client library's own service models; moto's routers, parsers and serializers do the work. They
speak every protocol but CBOR, which the client library only chooses for three services, none of them read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from residency.demo.aws_models import Models, of_a_run

_OF_THE_ACCOUNT = "/v20180820/"
_JSON = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
_FORM = "application/x-www-form-urlencoded"


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


def understand(environ: Mapping[str, Any], body: bytes, models: Models | None = None) -> Asked | None:
    """What a WSGI request asks for; `None` when it is not signed as a request to AWS. `models`: of the services and
    operations that may be asked for, where these are others than those of a run."""
    models = models or of_a_run()
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    if len(scope) < 4:
        return None
    key, _, region, signed_as = scope[:4]
    services = models.signed_as(signed_as)
    if environ["PATH_INFO"].startswith(_OF_THE_ACCOUNT):
        # To S3 this would be a bucket of that name.
        services = tuple(service for service in services if service == "s3control") or services
    for service in services:
        model, in_path = _operation(models, service, environ, body)
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


def refusal(service: str, code: str, status: int = 403) -> Reply:
    """An error answer in the protocol in which the client library speaks to a service."""
    model = of_a_run().service(service)
    operation = of_a_run().operation(service, model.operation_names[0])
    return serialized(operation, str(model.resolved_protocol), Refused(code, status))


def _operation(
    models: Models, service: str, environ: Mapping[str, Any], body: bytes
) -> tuple[Any, Mapping[str, Any]]:
    """Moto's model of the operation that a request to a service asks for, and what stands in the request's path."""
    from werkzeug.exceptions import NotFound

    model, kind = models.service(service), environ.get("CONTENT_TYPE", "")
    names = frozenset(model.operation_names)
    if kind.startswith(_JSON):
        prefix, _, name = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
        if name in names and prefix == model.metadata.get("targetPrefix"):
            return models.operation(service, name), {}
        return None, {}
    if kind.startswith(_FORM):
        asked = parse_qs(body.decode())
        name = asked.get("Action", [""])[0]
        if name in names and asked.get("Version", [""])[0] == model.api_version:
            return models.operation(service, name), {}
        return None, {}
    try:
        found, in_path = models.router(service).match(_request(environ, body))
    except (NotFound, NotImplementedError):
        return None, {}
    return found, in_path


def _request(environ: Mapping[str, Any], body: bytes) -> Any:
    from moto.core.request import Request

    return Request({**environ, "wsgi.input": BytesIO(body)})
