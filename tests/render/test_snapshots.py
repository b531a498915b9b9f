from __future__ import annotations

import pytest

from tests.render.snapshots import FOLDER, snapshots

MADE = dict(snapshots())


@pytest.mark.parametrize("name", MADE)
def test_an_export_is_what_it_was(name: str) -> None:
    kept = (FOLDER / name).read_bytes().decode()
    assert MADE[name] == kept, "if that is meant: python -m tests.render.snapshots, and read the difference"


def test_no_snapshot_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(MADE)
