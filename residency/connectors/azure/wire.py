"""Calls to Azure Resource Manager with patience: retries, pages, and the promise that only what reads is sent."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from residency.connectors.answers import Answers
from residency.connectors.azure.clouds import Cloud
from residency.connectors.azure.errors import TRY_AGAIN, CallFailed, OutOfTime, refusal
from residency.connectors.azure.signin import credential, no_sign_in, refused, verify
from residency.connectors.deadline import Deadline
from residency.errors import UserError
from residency.model import Status

GRAPH_PATH = "/providers/Microsoft.ResourceGraph/resources"
# A time-out of nothing is none.
_LEAST = 0.01
# ResourceManagementClient wants a subscription; what it sends for us never names it.
_ANY_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


class UndeclaredCall(Exception):
    """A request that does not read, or that goes to another server. A mistake in the program."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is tried, in seconds: the first pause, the longest, all of it, and one attempt."""

    first: float = 1
    longest: float = 60
    total: float = 240
    attempt: float = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """The body and the headers of an answer with status 200; `kept` when it is one of an earlier run."""

    body: dict[str, Any]
    headers: Mapping[str, str]
    kept: bool = False


class Wire:
    """The client of one tenant; `None` is the tenant that the credentials are of. Its methods may be used by many
    threads at once.

    What is among the `answers` is not asked for again. After the `deadline` nothing is.
    """

    def __init__(
        self, cloud: Cloud, environment: Mapping[str, str], patience: Patience, jobs: int, tenant: str | None = None,
        *, answers: Answers | None = None, deadline: Deadline | None = None,
    ) -> None:  # fmt: skip
        self.cloud = cloud
        self.tenant = tenant
        self.patience = patience
        self.stopped = threading.Event()
        self._answers = Answers(None) if answers is None else answers
        self._deadline = deadline or Deadline()
        self._environment = environment
        self._jobs = jobs
        self._lock = threading.Lock()
        self._generation = 0
        self._client = self._connect()

    def of_tenant(self, tenant: str) -> Wire:
        """A client of another tenant, with the same credentials."""
        return Wire(
            self.cloud, self._environment, self.patience, self._jobs, tenant, answers=self._answers,
            deadline=self._deadline,
        )  # fmt: skip

    def get(self, path: str, call: str) -> dict[str, Any]:
        """The object at a path of Resource Manager. Raises `CallFailed`; `UserError` when nobody can sign in."""
        return self._patiently("GET", path, None, call).body

    def pages(self, path: str, call: str) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list of objects. Raises `CallFailed`, also for a page that leads to another server or back to
        itself."""
        seen: set[str] = set()
        following: str | None = path
        while following is not None:
            seen.add(following)
            body = self._patiently("GET", following, None, call).body
            value = body.get("value")
            if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
                raise CallFailed(Status.UNREACHABLE, "no list `value` in the answer", call)
            yield value
            following = body.get("nextLink") or None
            if following is None:
                return
            if not isinstance(following, str) or not self._is_here(following):
                raise CallFailed(Status.UNREACHABLE, "the next page is on another server", call)
            if following in seen:
                raise CallFailed(Status.UNREACHABLE, "the same next page twice", call)

    def post_query(self, body: Mapping[str, Any], version: str, call: str, *, anew: bool = False) -> Answer:
        """The answer of Resource Graph to a query; `anew`, not that of an earlier run. Raises `CallFailed`."""
        return self._patiently("POST", f"{GRAPH_PATH}?api-version={version}", body, call, anew=anew)

    def pause(self, seconds: float) -> None:
        """Wait, no longer than the run lasts."""
        self.stopped.wait(min(seconds, self._deadline.left(), threading.TIMEOUT_MAX))

    def _is_here(self, url: str) -> bool:
        return _server(url) == _server(self.cloud.manager)

    def _connect(self) -> Any:
        from azure.core.pipeline.policies import (
            BearerTokenCredentialPolicy,
            HeadersPolicy,
            SansIOHTTPPolicy,
            UserAgentPolicy,
        )
        from azure.core.pipeline.transport import RequestsTransport
        from azure.mgmt.resource.resources import ResourceManagementClient
        from requests import Session
        from requests.adapters import HTTPAdapter

        here = _server(self.cloud.manager)

        class ReadOnly(SansIOHTTPPolicy[Any, Any]):
            """The last gate of everything that is sent: before a token is put in, and after every link is followed."""

            def on_request(self, request: Any) -> None:
                asked = request.http_request
                reads = asked.method == "GET" or (
                    asked.method == "POST" and urlsplit(asked.url).path.lower() == GRAPH_PATH.lower()
                )
                if not reads or _server(asked.url) != here:
                    raise UndeclaredCall(f"{asked.method} {urlsplit(asked.url)._replace(query='').geturl()}")

        session = Session()
        session.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=self._jobs))
        scopes = [self.cloud.audience]
        signed = _OfTenant(credential(self.cloud, self._environment), self.tenant)
        # Neither the policy that registers providers, which writes, nor those that retry and follow redirects.
        policies = [
            HeadersPolicy(), UserAgentPolicy("residency"), ReadOnly(), BearerTokenCredentialPolicy(signed, *scopes)
        ]  # fmt: skip
        return ResourceManagementClient(
            signed, _ANY_SUBSCRIPTION, base_url=self.cloud.manager, credential_scopes=scopes, policies=policies,
            transport=RequestsTransport(
                session=session, session_owner=False, connection_verify=verify(self._environment)
            ),
        )  # fmt: skip

    def _renewed(self, generation: int) -> None:
        """Sign in anew, unless another thread did since."""
        with self._lock:
            if self._generation == generation:
                self._client = self._connect()
                self._generation += 1

    def _patiently(
        self, method: str, path: str, body: Mapping[str, Any] | None, call: str, *, anew: bool = False
    ) -> Answer:
        """The answer to a request, tried as long as patience and the time of the run last. A token that ran out is
        renewed once."""
        asked = f"{self.tenant or ''} {method} {path} {json.dumps(body, sort_keys=True)}"
        if not anew and (kept := self._answers.get(asked)) is not None:
            return Answer(kept, {}, kept=True)
        end = time.monotonic() + self.patience.total
        pause, renewed = self.patience.first, False
        while True:
            if self._deadline.over():
                raise self._out_of_time(call)
            generation = self._generation
            status, answer, wait = self._once(method, path, body, call)
            if isinstance(answer, Answer):
                self._answers.keep(asked, answer.body)
                return answer
            if status == 401:
                if renewed:
                    raise refused(answer.reason)
                self._renewed(generation)
                renewed = True
                continue
            if status is not None and status not in TRY_AGAIN:
                raise answer
            rest = max(wait, min(pause, self.patience.longest) * (0.5 + random.random() / 2))  # noqa: S311
            if self._deadline.left() < rest:
                raise self._out_of_time(call)
            if time.monotonic() + rest > end or self.stopped.wait(rest):
                raise answer
            pause *= 2

    def _out_of_time(self, call: str) -> OutOfTime:
        self._answers.cut_off()
        return OutOfTime(call)

    def _once(
        self, method: str, path: str, body: Mapping[str, Any] | None, call: str
    ) -> tuple[int | None, Answer | CallFailed, float]:
        """The status of one attempt (`None`: no answer came), what it gave, and how long Azure asks to wait."""
        from azure.core.exceptions import ClientAuthenticationError
        from azure.core.rest import HttpRequest
        from azure.identity import CredentialUnavailableError

        try:
            timeout = min(self.patience.attempt, max(self._deadline.left(), _LEAST))
            response = self._client.send_request(
                HttpRequest(method, path, json=body), connection_timeout=min(20, timeout), read_timeout=timeout
            )
            content = response.content
        except CredentialUnavailableError as error:
            raise no_sign_in(f"CredentialUnavailable {error}", self.cloud) from None
        except ClientAuthenticationError as error:
            raise no_sign_in(str(error), self.cloud) from None
        except (UndeclaredCall, UserError):
            raise
        except Exception as error:  # noqa: BLE001  (whatever goes wrong below, no answer came)
            return None, CallFailed(Status.UNREACHABLE, type(error).__name__, call), 0
        told = _parsed(content) if "json" in (response.content_type or "") else None
        if response.status_code != 200:
            return response.status_code, refusal(response.status_code, told, call), _seconds(response.headers)
        if not isinstance(told, dict) or not told:
            raise CallFailed(Status.UNREACHABLE, "an answer that is not one of Azure", call)
        return 200, Answer(told, response.headers), 0


class _OfTenant:
    """A credential whose tokens are for one tenant."""

    def __init__(self, inner: Any, tenant: str | None) -> None:
        self._inner = inner
        self._tenant = tenant

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """A token of the tenant."""
        if self._tenant is not None:
            options["tenant_id"] = self._tenant
        return self._inner.get_token(*scopes, **options)


def _server(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _seconds(headers: Mapping[str, str]) -> float:
    """How long an answer asks to wait. A date instead of seconds is not waited for."""
    told = headers.get("Retry-After", "")
    return float(told) if told.isdigit() else 0
