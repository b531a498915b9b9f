"""A local Google Cloud: a gRPC server on a port of this machine, seeded from a declared estate, for as long as a block
runs. It speaks the protocol of Resource Manager and Cloud Asset to the real clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc
from google.cloud import asset_v1 as ca
from google.cloud import resourcemanager_v3 as rm
from google.protobuf.json_format import ParseDict

Local = TypeVar("Local", bound="LocalGoogle")


@dataclass
class LocalGoogle:
    """An emulator. `items` are assets as `gcloud asset list` writes them; their ancestors make the tree. Titles are by
    name: `organizations` of organizations, `folders` of folders, each with what it lies in."""

    url: str = ""
    organizations: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, str]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    page: int = 1000

    def environment(self) -> dict[str, str]:
        """The variables with which an auditor connects."""
        return {"RESIDENCY_GCP_ENDPOINT": self.url}

    def projects(self) -> list[Any]:
        """The projects among the assets."""
        found = []
        for item in self.items:
            if item["assetType"] == "cloudresourcemanager.googleapis.com/Project":
                data, ancestors = item["resource"]["data"], item["ancestors"]
                parent = ancestors[1] if len(ancestors) > 1 else ""
                found.append(
                    rm.Project(name=ancestors[0], project_id=data["projectId"], display_name=data["name"],
                               parent=parent, state=rm.Project.State.ACTIVE)
                )  # fmt: skip
        return found

    def answer(self, call: str, request: Any, context: Any, make: Callable[[Any], Any]) -> Any:
        """What Google Cloud would answer to a call: what `make` makes of the request."""
        return make(request)

    def list_assets(self, request: Any) -> Any:
        """A page of what is below an organization or in a project."""
        policies = request.content_type == ca.ContentType.IAM_POLICY
        below = [
            item for item in self.items if request.parent in item["ancestors"] and (not policies or "iamPolicy" in item)
        ]
        start = int(request.page_token or 0)
        found = []
        for item in below[start : start + self.page]:
            asked = {ca.ContentType.RESOURCE: "resource"}.get(request.content_type, "iamPolicy" if policies else "")
            told = {k: v for k, v in item.items() if k not in ("resource", "iamPolicy") or k == asked}
            asset = ca.Asset()
            ParseDict(told, type(asset).pb(asset))
            found.append(asset)
        end = start + self.page
        return ca.ListAssetsResponse(assets=found, next_page_token=str(end) if end < len(below) else "")

    def search(self, kind: str, request: Any) -> Any:
        """The organizations or folders, or a page of the projects."""
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


_MANAGER, _ASSETS = "google.cloud.resourcemanager.v3", "google.cloud.asset.v1"
_SERVICES = (
    (f"{_MANAGER}.Organizations", "SearchOrganizations", rm.SearchOrganizationsRequest,
     rm.SearchOrganizationsResponse, "organizations"),
    (f"{_MANAGER}.Folders", "SearchFolders", rm.SearchFoldersRequest, rm.SearchFoldersResponse, "folders"),
    (f"{_MANAGER}.Projects", "SearchProjects", rm.SearchProjectsRequest, rm.SearchProjectsResponse, "projects"),
    (f"{_ASSETS}.AssetService", "ListAssets", ca.ListAssetsRequest, ca.ListAssetsResponse, None),
)  # fmt: skip


@contextmanager
def running(emulator: Local) -> Iterator[Local]:
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
