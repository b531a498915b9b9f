"""The same estate over REST, and what each fault of HTTP becomes: never an empty project, never a crash."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from residency.connectors.gcp.calls import Patience, transport
from residency.connectors.gcp.connector import GcpConnector
from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Coverage, Row, Status
from tests.connectors.gcp import estate
from tests.connectors.gcp.test_connector import ALL, ALONE, SINGLE, gaps, of, places
from tests.emulators.gcp import GcpEmulator, gcp_emulator
from tests.emulators.gcp_rest import JSON, Answer, RestGoogle, gcp_rest_emulator

BRIEF = Patience(first=0.01, longest=0.02, total=0.4, attempt=0.3)
LAB = f"/v1/projects/{SINGLE}/assets"


def refusal(code: int, status: str) -> Answer:
    told = {"error": {"code": code, "message": "no", "status": status}}
    return f"{code} {status}", [JSON], json.dumps(told).encode()


@pytest.fixture(scope="module")
def serving() -> Iterator[RestGoogle]:
    seeded = RestGoogle(
        organizations={estate.ORGANIZATION: "hospital.example"}, folders={estate.FOLDER: ("Health", estate.ORGANIZATION)},
        items=[*estate.ESTATE, *ALONE],
    )  # fmt: skip
    with gcp_rest_emulator(seeded) as running:
        yield running


@pytest.fixture
def google(serving: RestGoogle) -> RestGoogle:
    serving.fault = lambda path: None
    return serving


def collected(google: RestGoogle, patience: Patience = BRIEF, **scope: Any) -> list[Row]:
    return list(GcpConnector(patience, google.environment()).collect(Scope(**scope), Silent()))


def test_the_estate_is_found_exactly(google: RestGoogle) -> None:
    found = collected(google)
    assert places(found) == ALL
    assert gaps(found) == {}


def late(path: str) -> Answer:
    time.sleep(1)
    return "200 OK", [JSON], b"{}"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (refusal(403, "PERMISSION_DENIED"), Status.DENIED),
        (refusal(404, "NOT_FOUND"), Status.DENIED),
        (refusal(429, "RESOURCE_EXHAUSTED"), Status.THROTTLED),
        (refusal(500, "INTERNAL"), Status.UNREACHABLE),
        (refusal(502, "UNAVAILABLE"), Status.UNREACHABLE),
        (refusal(503, "UNAVAILABLE"), Status.UNREACHABLE),
        (("503 Gone away", [("Content-Type", "text/html")], b"<html>later</html>"), Status.UNREACHABLE),
        (("200 OK", [("Content-Type", "text/html")], b"<html>sign in</html>"), Status.UNREACHABLE),
        (("200 OK", [JSON], b'{"assets": [{"name": "//storage.goo'), Status.UNREACHABLE),
        (("200 OK", [JSON, ("Content-Length", "4000")], b'{"assets": ['), Status.UNREACHABLE),
        (("200 OK", [JSON], b"[]"), Status.UNSUPPORTED),
        (("200 OK", [JSON], b""), Status.UNREACHABLE),
        (("200 OK", [JSON], b"{}"), Status.UNSUPPORTED),
    ],
)
def test_a_project_that_cannot_be_listed(google: RestGoogle, answer: Answer, status: Status) -> None:
    google.fault = lambda path: answer if path == LAB else None
    found = collected(google)
    assert places(found) == estate.PLACES
    rows = [row for row in of(found, Coverage) if row.account == "laboratory"]
    assert {row.status for row in rows} == {status}
    assert {"*", "iam"} <= {row.service for row in rows}


def test_an_answer_that_takes_too_long(google: RestGoogle) -> None:
    google.fault = lambda path: late(path) if path == LAB else None
    found = collected(google)
    assert {row.status for row in of(found, Coverage) if row.account == "laboratory"} == {Status.UNREACHABLE}


def test_a_wait_that_is_asked_for_is_kept(google: RestGoogle) -> None:
    waits = iter([("429 Too many", [JSON, ("Retry-After", "1")], refusal(429, "RESOURCE_EXHAUSTED")[2])])
    google.fault = lambda path: next(waits, None) if path == LAB else None
    begun = time.monotonic()
    found = collected(google, Patience(first=0.01, longest=0.02, total=5, attempt=5))
    assert time.monotonic() - begun >= 1
    assert (places(found), gaps(found)) == (ALL, {})


def test_a_token_that_ran_out_ends_the_run(google: RestGoogle) -> None:
    google.fault = lambda path: refusal(401, "UNAUTHENTICATED") if path == LAB else None
    with pytest.raises(UserError, match="refuses the credentials"):
        collected(google)


def test_nobody_there() -> None:
    nowhere = {"RESIDENCY_GCP_ENDPOINT": "http://127.0.0.1:9", "RESIDENCY_GCP_TRANSPORT": "rest"}
    with pytest.raises(UserError, match="cannot be reached"):
        list(GcpConnector(BRIEF, nowhere).collect(Scope(), Silent()))


def test_a_transport_that_is_none() -> None:
    with pytest.raises(UserError, match="carrier pigeon"):
        transport({"RESIDENCY_GCP_TRANSPORT": "carrier pigeon"})


def test_over_grpc_an_answer_that_takes_too_long() -> None:
    def slow(request: Any) -> Any:
        time.sleep(1)

    seeded = GcpEmulator(items=[*ALONE])
    seeded.fail("ListAssets", parent=f"projects/{SINGLE}", reply=slow)
    with gcp_emulator(seeded) as running:
        found = list(GcpConnector(BRIEF, running.environment()).collect(Scope(), Silent()))
    assert {row.status for row in of(found, Coverage) if row.account == "laboratory"} == {Status.UNREACHABLE}
