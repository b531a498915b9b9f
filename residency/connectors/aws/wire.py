"""One attempt of one call: serialise, sign, send, parse, and refuse what is no answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Protocol

from residency import __version__
from residency.connectors.aws.errors import EXPIRED, Refusal
from residency.connectors.aws.offered import not_offered
from residency.connectors.aws.parts import ServiceParts, shared_parts
from residency.connectors.aws.session import AwsSession

Answer = Mapping[str, Any]
# What the rules of endpoints want told besides the region: the client library has it of every operation used here.
_RULES_WANT = {"neptune-graph": {"ApiType": "ControlPlane"}}


class WireError(Exception):
    """A success that holds no answer: a web page, an empty body, a list that is missing. Never *nothing there*."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for one call: seconds to connect and to read, how often to try, seconds between tries, for how
    long (`call`) to try again. One that comes too fast is sent up to `refusals` times while others get through."""

    connect: float = 5
    read: float = 30
    attempts: int = 5
    pause: float = 1
    longest_pause: float = 20
    call: float = 90
    refusals: int = 50


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    signing_name: str
    signing_region: str
    http: Any


class Credentials(Protocol):
    """Whose name requests are signed in."""

    def get(self) -> Any:
        """Credentials to sign one request with."""

    def renew(self, used: Any) -> bool:
        """Replace `used`, which AWS calls expired. False when there are no others."""


class Wire:
    """Sends single calls with the client library's own serializers, signers, connections and parsers."""

    def __init__(self, session: AwsSession, jobs: int, patience: Patience) -> None:
        self.parts = shared_parts(session.core.get_config_variable("data_path"))
        self._session = session
        self._credentials: Credentials = session
        self._jobs = jobs
        self._patience = patience
        self._targets: dict[tuple[str, str], _Target] = {}
        self._hosts: dict[tuple[str, str], _Target] = {}
        self._connections = cache(self._connect)

    def signed_with(self, credentials: Credentials) -> Wire:
        """The same wire for another account: models, endpoints and connections are shared."""
        other = copy.copy(self)
        other._credentials = credentials
        other._hosts = {}
        return other

    def emulated(self, service: str) -> bool:
        """Whether the calls of a service go to an endpoint of the configuration rather than to AWS."""
        return self._session.endpoint(service) is not None

    def not_offered(self, service: str, region: str) -> bool:
        """Whether AWS has no such service in a region, as the names of the network tell; false when they do not."""
        if self.emulated(service):
            return False
        partitions = self.parts.partitions["partitions"]
        partition: Mapping[str, Any] = next((entry for entry in partitions if region in entry["regions"]), {})
        home = partition.get("outputs", {}).get("implicitGlobalRegion", "")
        others = [name for name in (home, *partition.get("regions", ())) if name and not name.endswith("-global")]
        return not_offered(self._url, service, region, others)

    def _url(self, service: str, region: str) -> str:
        return self._target(service, region, self.parts.of(service)).url

    def send(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer | Refusal:
        """One attempt. Raises `WireError` for a success that is no answer, the library's errors for no connection."""
        from botocore.awsrequest import create_request_object, prepare_request_dict
        from botocore.endpoint import convert_to_response_dict

        parts = self.parts.of(service)
        target = self._target(service, region, parts)
        model = parts.model.operation_model(operation)
        if (model.endpoint_discovery or {}).get("required") and not self.emulated(service):
            told = self._told_by_service(service, region, parts, target)
            if isinstance(told, Refusal):
                return told
            target = told
        request_dict = parts.serializer.serialize_to_request(dict(params), model)
        if self.emulated(service):
            # AWS wants the account before some hosts; an emulator has one host, mostly without a name.
            request_dict.pop("host_prefix", None)
        agent = f"residency/{__version__}"
        prepare_request_dict(request_dict, endpoint_url=target.url, user_agent=agent)
        request = create_request_object(request_dict)
        if service == "apigateway":
            request.headers["Accept"] = "application/json"  # else it answers in a dialect of its own
        signed_with = self._credentials.get()
        self._sign(service, target, request, signed_with)
        response = target.http.send(request.prepare())
        page = _is_page(response)
        if response.status_code < 300:
            _check_body(response, page, parts, model)
        elif page:
            return Refusal(str(response.status_code), response.status_code, page=True)
        parsed = parts.parser.parse(convert_to_response_dict(response, model), model.output_shape)
        if response.status_code >= 300:
            error = parsed.get("Error", {})
            code, message = str(error.get("Code") or response.status_code), str(error.get("Message") or "")
            renewed = code in EXPIRED and self._credentials.renew(signed_with)
            return Refusal(code, response.status_code, headers=response.headers, renewed=renewed, message=message)
        if parts.is_json and not parsed.keys() - {"ResponseMetadata"}:
            _check_whole(response.content)
        if (service, operation) == ("s3", "GetBucketLocation"):
            # The answer is a bare element that no model can describe; the library reads it with this function.
            from botocore.handlers import parse_get_bucket_location

            parse_get_bucket_location(parsed, response)
        answer: Answer = parsed
        return answer

    def _told_by_service(self, service: str, region: str, parts: ServiceParts, target: _Target) -> _Target | Refusal:
        """The target of a service that has a host of its own for each account, which has to be asked for first."""
        known = self._hosts.get((service, region))
        if known is None:
            asked = parts.model.endpoint_discovery_operation.name
            answer = self.send(service, asked, region, {})
            if isinstance(answer, Refusal):
                return answer
            host = answer["Endpoints"][0]["Address"]
            known = self._hosts[service, region] = replace(target, url=f"https://{host}")
        return known

    def _sign(self, service: str, target: _Target, request: Any, credentials: Any) -> None:
        from botocore.auth import S3SigV4Auth, SigV4Auth

        signer = (S3SigV4Auth if service in ("s3", "s3control") else SigV4Auth)(
            credentials, target.signing_name, target.signing_region
        )
        # S3 wants the hash of the body told; the others take it. A verifier that no longer has the body can then check.
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
        signer.add_auth(request)

    def _target(self, service: str, region: str, parts: ServiceParts) -> _Target:
        known = self._targets.get((service, region))
        if known is None:
            known = self._targets[service, region] = self._find_target(service, region, parts)
        return known

    def _find_target(self, service: str, region: str, parts: ServiceParts) -> _Target:
        signing_name, signing_region = parts.model.signing_name, region
        url = self._session.endpoint(service)
        if url is None:
            endpoint = parts.rules.resolve_endpoint(
                Region=region,
                UseFIPS=self._session.variant("use_fips_endpoint"),
                UseDualStack=self._session.variant("use_dualstack_endpoint"),
                **_RULES_WANT.get(service, {}),
            )
            url = endpoint.url
            for scheme in endpoint.properties.get("authSchemes", ()):
                if scheme["name"] == "sigv4":
                    signing_name = scheme.get("signingName", signing_name)
                    signing_region = scheme.get("signingRegion", signing_region)
                    break
        return _Target(url, signing_name, signing_region, self._connections(_proxies(url)))

    def _connect(self, proxies: tuple[tuple[str, str], ...]) -> Any:
        return _connections(self._session.verify, dict(proxies), self._jobs, self._patience)


def _proxies(url: str) -> tuple[tuple[str, str], ...]:
    from botocore.utils import get_environ_proxies

    return tuple(sorted(get_environ_proxies(url).items()))


class _Hosts:
    """The pools of the `most` hosts that were asked last; one that is dropped closes its connections once nobody uses
    it. The library itself keeps ten, enough for one client, and finds them by twenty settings that are always the same.
    """

    def __init__(self, manager: Any, most: int) -> None:
        self._pool_of = lru_cache(most)(manager.connection_from_url)

    def connection_from_url(self, url: str) -> Any:
        """The pool of the host of an address."""
        return self._pool_of("/".join(url.split("/", 3)[:3]))


def _connections(verify: Any, proxies: dict[str, str], jobs: int, patience: Patience) -> Any:
    """Connections shared by all services and regions."""
    from botocore.httpsession import URLLib3Session, get_cert_path

    hosts: dict[str | None, _Hosts] = {}

    class Connections(URLLib3Session):  # type: ignore[misc]
        def _get_connection_manager(self, url: str, proxy_url: str | None = None) -> _Hosts:
            if proxy_url not in hosts:
                manager = super()._get_connection_manager(url, proxy_url)
                hosts.setdefault(proxy_url, _Hosts(manager, max(64, 2 * jobs)))
            return hosts[proxy_url]

        def _get_ssl_context(self) -> Any:
            # The library reads the authorities anew for every connection. A file that cannot be read is left to it.
            context = super()._get_ssl_context()
            self.trusting = False
            with suppress(OSError):
                context.load_verify_locations(get_cert_path(self._verify))
                self.trusting = True
            return context

        def _setup_ssl_cert(self, pool: Any, url: str, verify: Any) -> None:
            super()._setup_ssl_cert(pool, url, verify)
            if self.trusting:
                pool.ca_certs = None

    return Connections(
        verify=verify, proxies=proxies, timeout=(patience.connect, patience.read), max_pool_connections=jobs
    )


def _is_page(response: Any) -> bool:
    """Whether an answer is a web page. Emulators label true answers as one, so that the label alone is no proof."""
    start = bytes(response.content[:256]).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return True
    labelled = "html" in (response.headers.get("content-type") or "").lower()
    return labelled and bool(start) and not start.startswith((b"{", b"<?xml"))


def _check_whole(content: bytes) -> None:
    """Raise the library's `ResponseParserError` for JSON that breaks off. The library itself takes it for an answer
    without members, that is for an empty list."""
    from botocore.parsers import ResponseParserError

    try:
        json.loads(content or b"{}")
    except ValueError:
        raise ResponseParserError("the answer breaks off") from None


def _check_body(response: Any, page: bool, parts: ServiceParts, model: Any) -> None:
    if page:
        raise WireError("web page instead of an answer")
    if model.http.get("method") == "HEAD" or model.output_shape is None or not model.output_shape.members:
        return
    body = response.content.lstrip()
    if not body:
        raise WireError("empty body")
    payload = model.output_shape.members.get(model.output_shape.serialization.get("payload"))
    if payload is not None and payload.type_name in ("string", "blob"):
        return
    if not body.startswith(b"{" if parts.is_json else b"<"):
        raise WireError("answer in another format")
