from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.wire import Patience
from residency.connectors.interface import Scope, Silent
from residency.model import Coverage, Placement, Resource, Row
from tests.emulators.aws import AwsEmulator, aws_emulator

HASTY = Patience(connect=2, read=5, attempts=3, pause=0.01)


class Result:
    """What a run found, in the shape that tests ask for."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.control_plane = [row for row in rows if getattr(row, "uid", "").endswith(":root")]
        rows = [row for row in rows if row not in self.control_plane]
        self.resources = {row.uid: row for row in rows if isinstance(row, Resource)}
        self.placements = [row for row in rows if isinstance(row, Placement)]
        self.coverage = {(row.region, row.service): row for row in rows if isinstance(row, Coverage)}

    def places(self) -> set[tuple[str, str, str | None, str, str | None]]:
        return {(row.uid, str(row.role), row.location, row.via, row.target) for row in self.placements}

    def status(self, region: str, service: str) -> str:
        return str(self.coverage[region, service].status)

    def incomplete(self) -> dict[tuple[str, str], str]:
        return {key: f"{row.status} {row.detail}" for key, row in self.coverage.items() if not row.status.complete}


Collect = Callable[..., Result]


@pytest.fixture(scope="session")
def _running() -> Iterator[AwsEmulator]:
    with aws_emulator() as emulator:
        yield emulator


@pytest.fixture
def aws(_running: AwsEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsEmulator]:
    # A thousand public images a region take longer to make than everything else; one test asks for them.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    _running.reset()
    yield _running
    _running.released.set()
    assert _running.overlay.mistakes == []


@pytest.fixture
def collect(aws: AwsEmulator) -> Collect:
    def run(*regions: str, jobs: int = 8, environment: dict[str, str] | None = None, **settings: Any) -> Result:
        patience = settings.pop("patience", HASTY)
        connector = AwsConnector(environment=environment or aws.environment(), patience=patience)
        scope = Scope(regions=regions or ("eu-west-3", "us-east-1"), jobs=jobs, **settings)
        return Result(list(connector.collect(scope, Silent())))

    return run
