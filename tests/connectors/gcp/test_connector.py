from __future__ import annotations

import importlib.util
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import grpc
import hcl2
import pytest
from google.cloud import asset_v1 as ca

from residency.connectors.gcp.calls import CALLS, Patience
from residency.connectors.gcp.connector import GcpConnector
from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Account, Coverage, Placement, Resource, Row, Status
from tests.connectors.gcp import estate
from tests.emulators.gcp import GcpEmulator
from tests.end_to_end.command import one_message, residency

HASTY = Patience(first=0.01, longest=0.02, total=1, attempt=5)
SINGLE = "515151515151"
ALONE = [
    estate.project(SINGLE, "laboratory", ()),
    estate.asset("//storage.googleapis.com/samples", "storage.googleapis.com/Bucket", "us", {"location": "US"}, ancestors=[f"projects/{SINGLE}"]),
]  # fmt: skip


def collected(**scope: Any) -> list[Row]:
    return list(GcpConnector(HASTY).collect(Scope(**scope), Silent()))


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


def gaps(found: list[Row]) -> dict[tuple[str, str], Coverage]:
    return {(row.account, row.service): row for row in of(found, Coverage) if not row.status.complete}


def places(found: list[Row]) -> set[tuple[str, str, str | None]]:
    names = {row.uid: row.name for row in of(found, Resource)}
    return {(names[row.uid], str(row.role), row.location) for row in of(found, Placement)}


ALL = {*estate.PLACES, ("samples", "primary", "us")}


def test_the_estate_is_found_exactly(google: GcpEmulator) -> None:
    found = collected()
    assert places(found) == ALL
    assert gaps(found) == {}
    accounts = {row.id: row for row in of(found, Account)}
    assert accounts["hospital-prod"].path == ("hospital.example", "Health")
    assert set(accounts) == {"hospital-prod", "laboratory"}


def test_an_organization_is_listed_once_and_a_lone_project_by_itself(google: GcpEmulator) -> None:
    collected()
    parents = {parent for call, parent in google.calls if call == "ListAssets"}
    assert parents == {estate.ORGANIZATION, f"projects/{SINGLE}"}


def test_a_refused_organization_is_told_and_its_projects_are_listed(google: GcpEmulator) -> None:
    google.fail("ListAssets", grpc.StatusCode.PERMISSION_DENIED, parent="organizations/")
    found = collected()
    assert places(found) == ALL
    assert {key: row.status for key, row in gaps(found).items()} == {
        (estate.ORGANIZATION, "cloudasset"): Status.DENIED, (estate.ORGANIZATION, "iam"): Status.DENIED
    }  # fmt: skip


def test_policies_that_may_not_be_listed_are_told_and_nothing_else_is_lost(google: GcpEmulator) -> None:
    google.fail("ListAssets", grpc.StatusCode.PERMISSION_DENIED, content="IAM_POLICY")
    found = collected()
    assert places(found) == ALL
    told = gaps(found)
    assert {(account, service): row.status for (account, service), row in told.items()} == {
        (estate.ORGANIZATION, "iam"): Status.DENIED, ("hospital-prod", "iam"): Status.DENIED, ("laboratory", "iam"): Status.DENIED
    }  # fmt: skip
    assert "IAM_POLICY" in told["laboratory", "iam"].detail


def test_a_share_that_a_policy_tells_of(google: GcpEmulator) -> None:
    bucket = next(item for item in google.items if item["name"].endswith("/patients"))
    google.items.remove(bucket)
    open_to = {"role": "roles/storage.objectViewer", "members": ["allUsers", "user:a@hospital.example", "user:b@other.example"]}
    google.items.append({**bucket, "iamPolicy": {"bindings": [open_to]}})
    found = collected()
    shares = {row.target: row for row in of(found, Placement) if row.role == "share" and row.via == "iam-policy"}
    assert set(shares) == {"*", "domain:other.example"}
    assert shares["*"].location is None
    assert shares["*"].evidence.field == "iamPolicy.bindings[0].members[0]"
    assert "b@other" not in str(found)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (grpc.StatusCode.PERMISSION_DENIED, Status.DENIED),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Status.THROTTLED),
        (grpc.StatusCode.UNAVAILABLE, Status.UNREACHABLE),
        (grpc.StatusCode.INTERNAL, Status.UNREACHABLE),
        (grpc.StatusCode.UNIMPLEMENTED, Status.UNSUPPORTED),
    ],
)
def test_a_project_that_cannot_be_listed(google: GcpEmulator, code: grpc.StatusCode, status: Status) -> None:
    google.fail("ListAssets", code, parent=f"projects/{SINGLE}")
    found = collected()
    assert places(found) == estate.PLACES
    rows = {row.status for row in of(found, Coverage) if row.account == "laboratory"}
    assert rows == {status}
    assert ("laboratory", "storage") in gaps(found)
    assert {account for account, _ in gaps(found)} == {"laboratory"}


def test_throttling_is_waited_out(google: GcpEmulator) -> None:
    google.fail("ListAssets", grpc.StatusCode.RESOURCE_EXHAUSTED, times=3)
    google.fail("SearchProjects", grpc.StatusCode.UNAVAILABLE, times=2)
    found = collected()
    assert places(found) == ALL
    assert gaps(found) == {}


def test_a_list_that_breaks_off_keeps_what_came_and_says_so(google: GcpEmulator) -> None:
    google.fail("ListAssets", grpc.StatusCode.INTERNAL, parent=estate.ORGANIZATION, page=google.page)
    found = collected()
    assert ("patients", "primary", "europe-west9") in places(found)
    assert {row.status for row in of(found, Coverage) if row.account == "hospital-prod" and row.service != "iam"} == {Status.UNREACHABLE}


def test_a_project_that_only_the_cut_list_tells_of_is_not_read_whole(
    google: GcpEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = estate.project("616161616161", "hidden", (estate.ORGANIZATION,))
    google.items.insert(0, hidden)
    seen = google.projects()[1:]
    monkeypatch.setattr(google, "projects", lambda: seen)
    google.fail("ListAssets", grpc.StatusCode.INTERNAL, parent=estate.ORGANIZATION, page=google.page)
    found = collected()
    assert {row.status for row in of(found, Coverage) if row.account == "hidden" and row.service != "iam"} == {Status.UNREACHABLE}


def test_a_page_token_that_comes_twice_ends_the_list(google: GcpEmulator) -> None:
    google.fail(
        "ListAssets", parent=estate.ORGANIZATION, reply=lambda request: ca.ListAssetsResponse(next_page_token="again")
    )
    told = gaps(collected())["hospital-prod", "*"]
    assert told.status is Status.UNREACHABLE
    assert "same page token twice" in told.detail


def test_an_empty_answer_is_not_an_empty_project(google: GcpEmulator) -> None:
    google.fail("ListAssets", reply=lambda request: ca.ListAssetsResponse())
    found = collected()
    assert {row.status for row in of(found, Coverage)} == {Status.UNSUPPORTED}
    assert {account for account, _ in gaps(found)} == {"hospital-prod", "laboratory"}


def test_an_unreadable_asset_is_told(google: GcpEmulator) -> None:
    google.fail(
        "ListAssets", parent=f"projects/{SINGLE}", reply=lambda request: ca.ListAssetsResponse(assets=[ca.Asset()])
    )
    assert "unreadable answer" in gaps(collected())["laboratory", "*"].detail


def test_credentials_that_see_no_project(google: GcpEmulator) -> None:
    google.items.clear()
    found = collected()
    (gap,) = of(found, Coverage)
    assert (gap.account, gap.status) == ("*", Status.DENIED)


def test_projects_that_are_asked_for(google: GcpEmulator) -> None:
    found = collected(accounts=("laboratory", "absent"))
    assert places(found) == {("samples", "primary", "us")}
    assert {key: row.status for key, row in gaps(found).items()} == {("absent", "*"): Status.DENIED}


def test_only_what_is_in_a_region_or_nowhere_known(google: GcpEmulator) -> None:
    names = {row.name: row.location for row in of(collected(regions=("us-east1",)), Resource)}
    assert names["access-logs"] == "us-east1"
    assert "patients" not in names
    assert "wide" in names


def test_without_the_asset_library_the_projects_are_listed_and_the_rest_is_told(
    google: GcpEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = collected()
    assert {row.id for row in of(found, Account)} == {"hospital-prod", "laboratory"}
    assert {row.status for row in of(found, Coverage)} == {Status.UNSUPPORTED}
    assert "residency[gcp]" in gaps(found)["laboratory", "*"].detail


def test_wrong_credentials_end_the_run(google: GcpEmulator) -> None:
    google.fail("SearchOrganizations", grpc.StatusCode.UNAUTHENTICATED)
    with pytest.raises(UserError, match="refuses the credentials"):
        collected()


def test_a_web_page_instead_of_an_answer_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>sign in</html>")

        def log_message(self, *arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("RESIDENCY_GCP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    try:
        with pytest.raises(UserError, match="cannot be reached"):
            collected()
    finally:
        server.shutdown()
        server.server_close()


def audit(google: GcpEmulator, folder: Path) -> Any:
    return residency(
        "audit", "gcp", "--policy", "eu-only", "--out", folder / "run", cwd=folder, env=google.environment()
    )


def test_the_command_line_finds_the_violations(google: GcpEmulator, tmp_path: Path) -> None:
    assert audit(google, tmp_path).code == 1


def test_the_command_line_never_passes_what_was_refused(google: GcpEmulator, tmp_path: Path) -> None:
    google.fail("ListAssets", grpc.StatusCode.PERMISSION_DENIED)
    ran = audit(google, tmp_path)
    assert ran.code == 3, ran.err


def test_no_credentials_is_one_message(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "NO_GCE_CHECK": "true", "CLOUDSDK_CONFIG": str(tmp_path)}
    ran = residency("audit", "gcp", "--policy", "eu-only", cwd=tmp_path, env=env)
    assert one_message(ran, "no Google Cloud credentials", "gcloud auth application-default login"), ran.err


def test_the_grant_is_the_calls_that_are_made(google: GcpEmulator, tmp_path: Path) -> None:
    collected()
    assert {call for call, _ in google.calls} == {call.name.partition(":")[2] for call in CALLS}
    role = residency("permissions", "gcp", cwd=tmp_path).out
    assert re.findall(r"^- (\S+)$", role, re.M) == sorted(call.permission for call in CALLS)
    told = residency("permissions", "gcp", "--format", "terraform", cwd=tmp_path).out
    assert re.findall(r'"([a-z.A-Z]+)"', told.partition("permissions = ")[2].partition("\n")[0]) == sorted(call.permission for call in CALLS)
    assert "resource" in hcl2.loads(told)
