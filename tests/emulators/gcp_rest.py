"""The local Google Cloud over REST, with faults as HTTP has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from google.cloud import asset_v1 as ca
from google.cloud import resourcemanager_v3 as rm

from residency.demo.google_emulator import LocalGoogle
from residency.demo.server import served

_SEARCHES = {"organizations": rm.SearchOrganizationsRequest, "folders": rm.SearchFoldersRequest, "projects": rm.SearchProjectsRequest}
Answer = tuple[str, list[tuple[str, str]], bytes]
JSON = ("Content-Type", "application/json")


@dataclass
class RestGoogle(LocalGoogle):
    """An emulator. `fault` may answer to a path in its place."""

    page: int = 7
    paths: list[str] = field(default_factory=list)
    fault: Callable[[str], Answer | None] = lambda path: None

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "RESIDENCY_GCP_TRANSPORT": "rest"}

    def application(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, told = environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"])
        self.paths.append(path)
        status, headers, body = self.fault(path) or ("200 OK", [JSON], self._body(path, told))
        start(status, headers)
        return [body]

    def _body(self, path: str, told: dict[str, list[str]]) -> bytes:
        token = told.get("pageToken", [""])[0]
        if path.endswith(":search"):
            kind = path.rpartition("/")[2].removesuffix(":search")
            answer = self.search(kind, _SEARCHES[kind](page_token=token))
        else:
            content = int(told["contentType"][0])
            parent = path.removeprefix("/v1/").removesuffix("/assets")
            answer = self.list_assets(ca.ListAssetsRequest(parent=parent, page_token=token, content_type=content))
        return str(type(answer).to_json(answer)).encode()


@contextmanager
def gcp_rest_emulator(emulator: RestGoogle) -> Iterator[RestGoogle]:
    """The emulator, answering on a port of this machine until the block ends."""
    with served(emulator.application) as url:
        emulator.url = url
        yield emulator
