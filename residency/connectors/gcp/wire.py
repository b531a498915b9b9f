"""The wire to Google Cloud: pages of lists, asked for with patience, within the quota, and kept as they come."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from residency.connectors.answers import Answers
from residency.connectors.deadline import Deadline
from residency.connectors.gcp.calls import A_MINUTE, ASSETS, FOLDERS, ORGANIZATIONS, PAGE, POLICIES, Call, Patience
from residency.connectors.gcp.errors import CallFailed, WrongRequest, call_failed, told_to_wait, worth_retrying
from residency.connectors.gcp.quota import Quota
from residency.connectors.gcp.signin import SIGN_IN, credentials
from residency.connectors.gcp.unpack import assets_of
from residency.connectors.interface import OUT_OF_TIME
from residency.errors import Problem, UserError
from residency.model import Status

_Page = dict[str, Any]
_Unpack = Callable[[Iterable[Any]], list[dict[str, Any]]]


class Google:
    """The clients of one run, of the emulator at an address or of Google Cloud itself. Its methods may be used by many
    threads at once. Raises `UserError` when there are no credentials that can be used.

    A page that is among the `answers` is not asked for again. After the `deadline` nothing is.
    """

    def __init__(
        self, patience: Patience, address: str | None, transport: str = "grpc", answers: Answers | None = None,
        deadline: Deadline | None = None, quota: Quota | None = None,
    ) -> None:  # fmt: skip
        self._patience = patience
        self._endpoint = address
        self._transport = transport
        self._answers = answers or Answers(None)
        self._deadline = deadline or Deadline()
        # An emulator has no quota.
        self._quota = quota or Quota(A_MINUTE if address is None else None)
        self._clients: dict[type, Any] = {}
        self._lock = threading.Lock()
        self._credentials: Any = None
        self.universe = "googleapis.com"
        if self._endpoint is None:
            self._credentials = credentials()
            self.universe = getattr(self._credentials, "universe_domain", None) or self.universe

    def search(self, call: Call) -> list[dict[str, Any]]:
        """Every organization, folder or project that the credentials may see: its fields. Raises `CallFailed`."""
        from google.cloud import resourcemanager_v3 as manager

        if call is ORGANIZATIONS:
            ask, field = self._client(manager.OrganizationsClient).search_organizations, "organizations"
        elif call is FOLDERS:
            ask, field = self._client(manager.FoldersClient).search_folders, "folders"
        else:
            ask, field = self._client(manager.ProjectsClient).search_projects, "projects"
        return [entry for page in self._pages(call.name, ask, {}, field, _plain) for entry in page]

    def assets(self, call: Call, parent: str) -> Iterator[list[dict[str, Any]]]:
        """Every asset below an organization or in a project with its configuration or its policy, by page. Raises
        `CallFailed`."""
        from google.cloud import asset_v1

        assert call in (ASSETS, POLICIES)
        client = self._client(asset_v1.AssetServiceClient)
        content = getattr(asset_v1.ContentType, str(call.content))
        request = {"parent": parent, "content_type": content, "page_size": PAGE}
        yield from self._pages(f"{call.name} {parent} {call.content}", client.list_assets, request, "assets", assets_of)

    def _pages(
        self, call: str, ask: Callable[..., Any], request: dict[str, Any], field: str, unpack: _Unpack
    ) -> Iterator[list[dict[str, Any]]]:  # fmt: skip
        """The pages of a list. A page token that comes twice would never end."""
        def asked(token: str) -> _Page:
            answer = self._patiently(call, ask, {**request, "page_token": token} if token else request)
            page = {"entries": unpack(getattr(type(answer).pb(answer), field)), "next": answer.next_page_token}
            self._answers.keep(f"{call} {token}", page)
            return page

        anew = not self._goes_on(call, asked)
        token, seen = "", {""}
        while True:
            page = (None if anew else self._answers.get(f"{call} {token}")) or asked(token)
            yield page["entries"]
            token = page["next"]
            if not token:
                return
            if token in seen:
                raise CallFailed(Status.UNREACHABLE, "the same page token twice", call)
            seen.add(token)

    def _goes_on(self, call: str, asked: Callable[[str], _Page]) -> bool:
        """Whether the pages that are kept can be gone on with. A token does not live for ever: when Google no longer
        takes the one at which they end, the list is begun anew."""
        token, seen = "", set[str]()
        while (page := self._answers.get(f"{call} {token}")) is not None and token not in seen:
            seen.add(token)
            token = page["next"]
            if not token:
                return True
        if token and token not in seen:
            try:
                asked(token)
            except WrongRequest:
                return False
            except CallFailed:
                return True
        return True

    def _patiently(self, call: str, ask: Callable[..., Any], request: dict[str, Any]) -> Any:
        """The answer to a request, tried as long as patience and the time of the run last."""
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google.protobuf.json_format import ParseError

        patience, begun = self._patience, time.monotonic()
        pause = patience.first
        while True:
            self._take_turn(call)
            try:
                timeout = min(patience.attempt, self._deadline.left())
                return next(iter(ask(request=request, retry=None, timeout=timeout).pages))
            except (GoogleAPIError, GoogleAuthError, OSError, ParseError, ValueError) as error:
                if isinstance(error, GoogleAuthError) and not isinstance(error, TransportError):
                    raise _refused(error) from None
                failure = call_failed(error, call)
                if failure.refused:
                    raise _refused(error) from None
                if self._deadline.over():
                    raise self._out_of_time(call) from None
                rest = max(told_to_wait(error), pause * (0.5 + random.random() / 2))  # noqa: S311
                if not worth_retrying(error) or time.monotonic() + rest > begun + patience.total:
                    raise failure from None
                time.sleep(min(rest, self._deadline.left()))
                pause = min(pause * 2, patience.longest)

    def _take_turn(self, call: str) -> None:
        """Wait until the quota lets one more call through. Only those to Cloud Asset have one that can be reached."""
        while True:
            if self._deadline.over():
                raise self._out_of_time(call)
            wait = self._quota.turn(time.monotonic()) if call.startswith(ASSETS.name) else 0
            if not wait:
                return
            time.sleep(min(wait, self._deadline.left()))

    def _out_of_time(self, call: str) -> CallFailed:
        self._answers.cut_off()
        return CallFailed(Status.UNREACHABLE, OUT_OF_TIME, call)

    def _client(self, kind: Any) -> Any:
        with self._lock:
            if kind not in self._clients:
                self._clients[kind] = self._connect(kind)
            return self._clients[kind]

    def _connect(self, kind: Any) -> Any:
        if self._endpoint is None:
            options = {"universe_domain": self.universe}
            return kind(credentials=self._credentials, client_options=options, transport=self._transport)
        scheme, _, host = self._endpoint.rstrip("/").rpartition("://")
        if self._transport == "rest":
            from google.auth import credentials as known

            nobody: Any = known.AnonymousCredentials
            made = kind.get_transport_class("rest")
            return kind(transport=made(host=host, url_scheme=scheme or "http", credentials=nobody()))
        import grpc

        return kind(transport=kind.get_transport_class("grpc")(channel=grpc.insecure_channel(host)))


def _plain(messages: Iterable[Any]) -> list[dict[str, Any]]:
    from google.protobuf.json_format import MessageToDict

    return [MessageToDict(message) for message in messages]


def _refused(error: Exception) -> UserError:
    return UserError(Problem(f"Google Cloud refuses the credentials: {type(error).__name__}.", remedy=SIGN_IN))
