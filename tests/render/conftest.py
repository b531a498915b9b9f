from __future__ import annotations

import pytest

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
