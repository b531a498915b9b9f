"""A run over TLS that ends in time, one that goes on where another was stopped, and the pace of queries."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from residency.connectors.azure.connector import AzureConnector
from residency.connectors.azure.graph import Pace
from residency.connectors.azure.wire import Patience
from residency.connectors.interface import OUT_OF_TIME, Scope, Silent
from residency.demo.tls_server import Asked, Reply
from residency.model import Row, Status
from tests.connectors.azure.test_connector import (
    GRAPH,
    HASTY,
    KNOWN,
    LAB,
    POLICIES,
    PROD,
    azure,
    collected,
    gaps,
    places,
    server,
)
from tests.emulators.azure import AzureEmulator

__all__ = ["azure", "server"]
STUBBORN = Patience(first=0.01, longest=0.05, total=60, attempt=5)


def run(azure: AzureEmulator, patience: Patience = HASTY, **scope: Any) -> list[Row]:
    return list(AzureConnector(azure.environment(), patience).collect(Scope(**scope), Silent()))


def test_what_was_not_read_in_time_is_unreachable(azure: AzureEmulator) -> None:
    azure.fail("/lake/objectReplicationPolicies", 503, "ServerBusy")
    start = time.monotonic()
    found = run(azure, STUBBORN, deadline=1.5)
    assert time.monotonic() - start < 6
    assert ("lake", "primary", "francecentral") in places(found)
    (told,) = [row for key, row in gaps(found).items() if key == (PROD, POLICIES)]
    assert told.status is Status.UNREACHABLE
    assert OUT_OF_TIME in told.detail


def test_a_time_that_is_over_before_anything_is_known_is_a_gap_and_no_crash(azure: AzureEmulator) -> None:
    found = run(azure, deadline=0.000_001)
    assert {row.status for row in gaps(found).values()} == {Status.UNREACHABLE}
    assert all(OUT_OF_TIME in row.detail for row in gaps(found).values())
    assert places(found) == set()


def test_a_silent_server_does_not_outlast_the_run(azure: AzureEmulator) -> None:
    def silent(asked: Asked, reply: Reply) -> Reply:
        time.sleep(3)
        return reply

    azure.spoil("/notes/objectReplicationPolicies", silent, times=1)
    start = time.monotonic()
    found = run(azure, STUBBORN, deadline=1.5)
    assert time.monotonic() - start < 2.9
    assert (LAB, POLICIES) in gaps(found)


def test_a_stopped_run_is_gone_on_with_and_nothing_is_asked_twice(azure: AzureEmulator, tmp_path: Path) -> None:
    whole = collected(azure)
    azure.fail("/lake/objectReplicationPolicies", 503, "ServerBusy")
    assert places(run(azure, STUBBORN, deadline=1.5, keep=tmp_path)) < KNOWN
    assert list(tmp_path.glob("*.unfinished"))
    azure.faults.clear()
    azure.calls.clear()
    found = run(azure, keep=tmp_path)
    assert sorted(map(repr, found)) == sorted(map(repr, whole))
    assert not list(tmp_path.glob("*.unfinished"))
    read = {path for method, path in azure.calls if "oauth2" not in path and "well-known" not in path}
    assert any(path.endswith("/lake/objectReplicationPolicies") for path in read)
    assert not any(GRAPH in path.lower() or path in ("/tenants", "/subscriptions") for path in read)


def test_a_page_token_that_is_no_longer_taken_begins_the_query_anew(azure: AzureEmulator, tmp_path: Path) -> None:
    azure.page = 1
    azure.fail(GRAPH, 503, "ServerBusy", later_pages=True)
    run(azure, STUBBORN, deadline=1.5, keep=tmp_path)
    azure.faults.clear()
    azure.fail(GRAPH, 400, "BadRequest", later_pages=True, times=1)
    found = run(azure, keep=tmp_path)
    assert places(found) == KNOWN
    assert gaps(found) == {}


def test_queries_keep_to_the_quota_of_their_own_accord() -> None:
    pace, sent = Pace((5, 0.4)), list[float]()

    def query(_: int) -> None:
        pace.wait(time.sleep)
        sent.append(time.monotonic())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(query, range(14)))
    sent.sort()
    assert all(sent[at + 5] - sent[at] > 0.35 for at in range(len(sent) - 5))
    assert sent[-1] - sent[0] < 2
