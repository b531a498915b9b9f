from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.render.chromium import Opener, chromium, open_report

# Runs that need more than a machine with Python has: see the tox environments of the same names.
EXTRA = {
    "browser": "needs Chromium; runs only when asked for with -m browser",
    "pdf": "needs Pango, a library of the system; runs only when asked for with -m pdf",
}


def pytest_configure(config: pytest.Config) -> None:
    for name, why in EXTRA.items():
        config.addinivalue_line("markers", f"{name}: {why}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("-m") or ""
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in EXTRA if name not in wanted)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-quic"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Opener]:
    """Opens a report in a context of its own, closed after the test."""
    yield partial(open_report, browser)
    for context in browser.contexts:
        context.close()
