"""A local Google Cloud: a gRPC server that speaks the protocol of Resource Manager and Cloud Asset to the real clients,
seeded from a declared estate, that records every call and can refuse or spoil some."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud import asset_v1 as ca
from google.cloud import resourcemanager_v3 as rm
from google.protobuf.json_format import ParseDict


@dataclass
class Fault:
    """Answers calls whose name and parent begin so: with a status, or with what `reply` gives; the first `times`, or
    all."""

    call: str
    parent: str
    code: grpc.StatusCode | None
    reply: Callable[[Any], Any] | None = None
    times: int | None = None
    page: int = 0

    def meets(self, call: str, parent: str, page: int) -> bool:
        if call != self.call or not parent.startswith(self.parent) or self.times == 0 or page < self.page:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class GcpEmulator:
    """The emulator of a test. `items` are assets as `gcloud asset list` writes them; their ancestors make the tree."""

    url: str = ""
    organizations: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, str]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    page: int = 7
    calls: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, call: str, code: grpc.StatusCode | None = None, parent: str = "", **more: Any) -> None:
        self.faults.append(Fault(call, parent, code, **more))

    def environment(self) -> dict[str, str]:
        return {"RESIDENCY_GCP_ENDPOINT": self.url}

    def projects(self) -> list[Any]:
        found = []
        for item in self.items:
            if item["assetType"] == "cloudresourcemanager.googleapis.com/Project":
                data, ancestors = item["resource"]["data"], item["ancestors"]
                parent = ancestors[1] if len(ancestors) > 1 else ""
                found.append(
                    rm.Project(name=ancestors[0], project_id=data["projectId"], display_name=data["name"], parent=parent,
                               state=rm.Project.State.ACTIVE)
                )  # fmt: skip
        return found

    def answer(self, call: str, request: Any, context: Any, make: Callable[[Any], Any]) -> Any:
        parent = getattr(request, "parent", "")
        with self.lock:
            self.calls.append((call, parent))
            page = int(request.page_token or 0) if (request.page_token or "0").isdigit() else 0
            fault = next((entry for entry in self.faults if entry.meets(call, parent, page)), None)
        if fault is not None and fault.code is not None:
            context.abort(fault.code, "no")
        if fault is not None and fault.reply is not None:
            return fault.reply(request)
        return make(request)

    def list_assets(self, request: Any) -> Any:
        below = [item for item in self.items if request.parent in item["ancestors"]]
        start = int(request.page_token or 0)
        found = []
        for item in below[start : start + self.page]:
            told = (
                item
                if request.content_type == ca.ContentType.RESOURCE
                else {k: v for k, v in item.items() if k != "resource"}
            )
            asset = ca.Asset()
            ParseDict(told, type(asset).pb(asset))
            found.append(asset)
        end = start + self.page
        return ca.ListAssetsResponse(assets=found, next_page_token=str(end) if end < len(below) else "")

    def search(self, kind: str, request: Any) -> Any:
        if kind == "organizations":
            listed = [rm.Organization(name=name, display_name=title) for name, title in self.organizations.items()]
            return rm.SearchOrganizationsResponse(organizations=listed)
        if kind == "folders":
            folders = [
                rm.Folder(name=name, display_name=title, parent=parent)
                for name, (title, parent) in self.folders.items()
            ]
            return rm.SearchFoldersResponse(folders=folders)
        start, projects = int(request.page_token or 0), self.projects()
        token = str(start + 2) if start + 2 < len(projects) else ""
        return rm.SearchProjectsResponse(projects=projects[start : start + 2], next_page_token=token)


_SERVICES = (
    ("google.cloud.resourcemanager.v3.Organizations", "SearchOrganizations", rm.SearchOrganizationsRequest, rm.SearchOrganizationsResponse, "organizations"),
    ("google.cloud.resourcemanager.v3.Folders", "SearchFolders", rm.SearchFoldersRequest, rm.SearchFoldersResponse, "folders"),
    ("google.cloud.resourcemanager.v3.Projects", "SearchProjects", rm.SearchProjectsRequest, rm.SearchProjectsResponse, "projects"),
    ("google.cloud.asset.v1.AssetService", "ListAssets", ca.ListAssetsRequest, ca.ListAssetsResponse, None),
)  # fmt: skip


@contextmanager
def gcp_emulator(emulator: GcpEmulator) -> Iterator[GcpEmulator]:
    """The emulator, answering on a port of this machine until the block ends."""
    server = grpc.server(futures.ThreadPoolExecutor(8))

    def handler(call: str, kind: str | None) -> Callable[[Any, Any], Any]:
        make = emulator.list_assets if kind is None else lambda request: emulator.search(kind, request)
        return lambda request, context: emulator.answer(call, request, context, make)

    server.add_generic_rpc_handlers(
        tuple(
            grpc.method_handlers_generic_handler(
                service,
                {call: grpc.unary_unary_rpc_method_handler(
                    handler(call, kind), request_deserializer=asks.deserialize, response_serializer=answers.serialize)},
            )
            for service, call, asks, answers, kind in _SERVICES
        )
    )  # fmt: skip
    emulator.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield emulator
    finally:
        server.stop(None).wait()
