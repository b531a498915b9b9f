"""A run that the time cut off, or that died, goes on: it loses nothing and asks nothing twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.cloud import asset_v1 as ca

from residency.connectors.gcp.quota import Quota
from residency.connectors.interface import OUT_OF_TIME
from residency.errors import UserError
from residency.model import Coverage, Row, Status
from tests.connectors.gcp import estate
from tests.connectors.gcp.test_connector import collected
from tests.emulators.gcp import GcpEmulator


def sure(found: list[Row]) -> set[str]:
    return {repr(row) for row in found}


def hang(google: GcpEmulator, page: int) -> None:
    def late(request: Any) -> Any:
        time.sleep(3)
        return ca.ListAssetsResponse()

    google.fail("ListAssets", parent=estate.ORGANIZATION, page=page, reply=late)


def test_what_the_time_did_not_suffice_for_is_told_and_read_by_the_next_run(google: GcpEmulator, tmp_path: Path) -> None:
    whole = collected()
    asked = len(google.calls)
    google.calls.clear()
    hang(google, page=2 * google.page)
    begun = time.monotonic()
    cut = collected(keep=tmp_path, deadline=1.0)
    assert time.monotonic() - begun < 2.5
    rows = [row for row in cut if isinstance(row, Coverage) and row.account == "hospital-prod" and row.service == "storage"]
    assert [(row.status, OUT_OF_TIME in row.detail) for row in rows] == [(Status.UNREACHABLE, True)]
    assert list(tmp_path.glob("*.unfinished"))
    before = len(google.calls)
    google.faults.clear()
    assert sure(collected(keep=tmp_path)) == sure(whole)
    assert not list(tmp_path.glob("*.unfinished"))
    # What hung was asked for by both.
    assert len(google.calls) == asked + 1
    assert before > 5


def test_before_anything_was_asked(google: GcpEmulator) -> None:
    found = collected(deadline=0.0)
    assert {row.status for row in found if isinstance(row, Coverage)} == {Status.UNREACHABLE}
    assert all(OUT_OF_TIME in row.detail for row in found if isinstance(row, Coverage))
    assert google.calls == []


def test_a_run_whose_credentials_ran_out_goes_on(google: GcpEmulator, tmp_path: Path) -> None:
    whole = collected()
    google.fail("ListAssets", grpc.StatusCode.UNAUTHENTICATED, parent=estate.ORGANIZATION, page=google.page)
    with pytest.raises(UserError, match="refuses the credentials"):
        collected(keep=tmp_path)
    google.faults.clear()
    google.calls.clear()
    assert sure(collected(keep=tmp_path)) == sure(whole)
    assert not [call for call, _ in google.calls if call.startswith("Search")]


def test_a_list_whose_page_token_ran_out_is_begun_anew(google: GcpEmulator, tmp_path: Path) -> None:
    whole = collected()
    google.fail("ListAssets", grpc.StatusCode.UNAUTHENTICATED, parent=estate.ORGANIZATION, page=2 * google.page)
    with pytest.raises(UserError):
        collected(keep=tmp_path)
    google.faults.clear()
    google.fail("ListAssets", grpc.StatusCode.INVALID_ARGUMENT, parent=estate.ORGANIZATION, page=google.page, times=1)
    assert sure(collected(keep=tmp_path)) == sure(whole)


def test_no_minute_has_more_calls_than_the_quota() -> None:
    quota, now, sent = Quota(100), 0.0, []
    while now < 300:
        wait = quota.turn(now)
        sent += [] if wait else [now]
        now += wait or 0.001
    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) <= 100
    assert len(sent) >= 5 * 80


def test_without_a_quota_nothing_waits() -> None:
    assert {Quota(None).turn(0.0) for _ in range(1000)} == {0.0}
