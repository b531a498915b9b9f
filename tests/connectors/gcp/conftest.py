from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.gcp import estate
from tests.connectors.gcp.test_connector import ALONE
from tests.emulators.gcp import GcpEmulator, gcp_emulator


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GcpEmulator]:
    seeded = GcpEmulator(
        organizations={estate.ORGANIZATION: "hospital.example"}, folders={estate.FOLDER: ("Health", estate.ORGANIZATION)},
        items=[*estate.ESTATE, *ALONE],
    )  # fmt: skip
    with gcp_emulator(seeded) as running:
        monkeypatch.setenv("RESIDENCY_GCP_ENDPOINT", running.url)
        yield running
