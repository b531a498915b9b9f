"""Time and pace: a service that takes few calls loses no row, a call that hangs costs its own time, a region that is not
there costs seconds, and a run whose time is over says what it did not read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from residency.connectors.aws.collector import collectors
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.aws.wire import Patience
from residency.connectors.interface import Scope, Silent
from residency.model import Coverage, Resource, Row
from residency.tables import Inventory
from tests.connectors.aws.conftest import HASTY, Collect
from tests.connectors.aws.estate import PARIS, VIRGINIA
from tests.emulators.aws import ACCOUNT, AwsEmulator, Limit, Reply, refusal

OVER = "the time of the run was over"


@pytest.fixture(autouse=True)
def _few_services(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {entry.service: entry for entry in collectors() if entry.service in ("sqs", "kms", "dynamodb", "logs")}
    monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", few)


def gaps(rows: list[Row]) -> set[tuple[str, str, str, str]]:
    told = [row for row in rows if isinstance(row, Coverage) and not row.status.complete]
    return {(row.region, row.service, str(row.status), row.detail) for row in told}


def test_throttling_and_stray_errors_hide_nothing(aws: AwsEmulator, collect: Collect) -> None:
    """20 calls a second, 40 at once, one call in 500 fails: three times as many calls as may come at once."""
    names = {f"queue-{index:02}" for index in range(60)}
    sqs = aws.client("sqs")
    for name in names:
        sqs.create_queue(QueueName=name)
    # Once before, for what the emulator and the client library load at first.
    collect(PARIS)
    aws.calls.clear()
    aws.limit = Limit(rate=20, burst=40, flaky=500)
    begun = time.monotonic()
    found = collect(PARIS, jobs=64, patience=Patience(connect=2, read=5, pause=0.5))
    took = time.monotonic() - begun
    assert {row.name for row in found.resources.values()} == names
    assert all(row.tags == {} for row in found.resources.values())
    assert found.incomplete() == {}
    asked = [call.service for call in aws.calls].count("sqs") - aws.limit.refused
    assert asked >= 121
    assert aws.limit.refused > 0, "the limit was never met"
    # What the limit allows, and what it cost to learn it.
    assert took < 3 * (asked - 40) / 20


def test_a_call_that_never_gets_through_is_throttled_and_the_others_are_read(
    aws: AwsEmulator, collect: Collect
) -> None:
    for name in ("a", "b"):
        aws.client("sqs").create_queue(QueueName=name)
    aws.fail("sqs:ListQueueTags", refusal("sqs", "ThrottlingException", 400))
    found = collect(PARIS)
    assert found.coverage[PARIS, "sqs"].detail == "ThrottlingException: sqs:ListQueueTags"
    assert {row.tags is None for row in found.resources.values()} == {True}
    assert len(found.resources) == 2


def test_the_time_of_a_run_ends_it_whatever_hangs(aws: AwsEmulator) -> None:
    aws.client("sqs").create_queue(QueueName="q")
    aws.fail("kms:ListKeys", None)
    begun = time.monotonic()
    connector = AwsConnector(environment=aws.environment(), patience=Patience(connect=2, read=20))
    rows = list(connector.collect(Scope((PARIS, VIRGINIA), jobs=8, deadline=2.0), Silent()))
    assert time.monotonic() - begun < 4
    assert gaps(rows) == {(region, "kms", "unreachable", f"{OVER}: kms") for region in (PARIS, VIRGINIA)}
    assert [row.name for row in rows if isinstance(row, Resource) and row.kind == "queue"] == ["q"]


def test_accounts_that_were_not_begun_in_time_are_told(aws: AwsEmulator) -> None:
    names = tuple(f"1111222233{index:02}" for index in range(12))
    aws.fail("sts:AssumeRole", None)
    connector = AwsConnector(
        environment=aws.environment(), patience=HASTY, settings=AwsSettings(role="audit", accounts=names)
    )
    rows = list(connector.collect(Scope((PARIS,), jobs=4, deadline=0.5), Silent()))
    told = {(row.account, str(row.status), row.detail) for row in rows if isinstance(row, Coverage)}
    assert told == {(name, "unreachable", f"{OVER}: account") for name in names}


@pytest.mark.parametrize("fault", [None, refusal("sqs", "ExpiredToken", 400)])
def test_what_was_cut_off_is_read_when_the_run_goes_on(aws: AwsEmulator, tmp_path: Path, fault: Reply | None) -> None:
    """The time is over, or the credentials are, with one of two accounts read. Their rows in the end are those of a run
    that nothing disturbed, and only the account that was cut off is entered again."""
    names = ("111122223333", "222233334444")
    for name in names:
        aws.client_of(name, "sqs").create_queue(QueueName="q")
    settings = AwsSettings(role="audit", accounts=names)

    def read(keep: Path | None, deadline: float | None = None) -> Inventory:
        connector = AwsConnector(environment=aws.environment(), patience=HASTY, settings=settings)
        return Inventory.of(connector.collect(Scope((PARIS,), jobs=8, deadline=deadline, keep=keep), Silent()))

    whole = read(None)
    aws.fail("sts:AssumeRole" if fault is None else "sqs:ListQueues", fault, about=names[1] if fault is None else "")
    if fault is not None:
        # The first account is through before anything expires.
        aws.faults, held = [], aws.faults
        read(tmp_path)
        (tmp_path / f"{names[1]}.parquet").unlink()
        aws.faults = held
    read(tmp_path, 3.0 if fault is None else None)
    assert [file.name for file in tmp_path.glob("*.unfinished")] == [f"{names[1]}.unfinished"]
    aws.faults.clear()
    aws.released.set()
    aws.calls.clear()
    assert read(tmp_path) == whole
    assert [call.operation for call in aws.calls].count("AssumeRole") == 1
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.parquet" for name in names}


def test_a_region_that_does_not_resolve_costs_seconds(aws: AwsEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what tells of the account goes to the emulator; the rest to hosts that are in no name server."""
    nowhere = "eu-nowhere-9"
    entry = {"RegionName": nowhere, "RegionOptStatus": "ENABLED"}
    aws.fail("account:ListRegions", Reply(200, json.dumps({"Regions": [entry]}).encode(), "application/json"))
    environment = {**aws.environment(), "AWS_ENDPOINT_URL_STS": aws.url, "AWS_ENDPOINT_URL_ACCOUNT": aws.url}
    del environment["AWS_ENDPOINT_URL"]
    begun = time.monotonic()
    connector = AwsConnector(environment=environment, patience=Patience(connect=2, read=5, pause=0.5))
    rows = list(connector.collect(Scope(jobs=16), Silent()))
    assert time.monotonic() - begun < 10
    told = {row.service: row for row in rows if isinstance(row, Coverage) and row.region == nowhere}
    assert {str(row.status) for row in told.values()} == {"unreachable"}
    assert len(told) == 4
    assert {row.detail.partition(":")[0] for row in told.values()} == {"EndpointConnectionError"}


def test_credentials_that_expire_in_the_middle_are_renewed_for_a_role(aws: AwsEmulator) -> None:
    other = "111122223333"
    aws.client_of(other, "sqs").create_queue(QueueName="q")
    aws.fail("sqs:ListQueues", refusal("sqs", "ExpiredToken", 400), times=1)
    settings = AwsSettings(role="audit", accounts=(other,))
    connector = AwsConnector(environment=aws.environment(), patience=HASTY, settings=settings)
    aws.calls.clear()
    rows = list(connector.collect(Scope((PARIS,), jobs=8), Silent()))
    assert gaps(rows) == set()
    assert f"arn:aws:sqs:{PARIS}:{other}:q" in {row.uid for row in rows if isinstance(row, Resource)}
    assert [call.operation for call in aws.calls].count("AssumeRole") == 2


def test_credentials_that_expire_and_cannot_be_renewed(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("sqs:ListQueues", refusal("sqs", "ExpiredToken", 400))
    row = collect(PARIS).coverage[PARIS, "sqs"]
    assert (str(row.status), row.detail, row.account) == ("denied", "ExpiredToken: sqs:ListQueues", ACCOUNT)
