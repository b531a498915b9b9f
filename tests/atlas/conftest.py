from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from residency.atlas.atlas import SHIPPED, Atlas, load_atlas
from residency.errors import Problem, UserError


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas().check()


class Copy:
    """A copy of the shipped data that a test may break."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def replace(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def problems(self) -> tuple[Problem, ...]:
        with pytest.raises(UserError) as caught:
            load_atlas(self.folder).check()
        return caught.value.problems

    def one(self, name: str) -> Problem:
        """The only problem; it must stand in the file."""
        (problem,) = self.problems()
        assert problem.file == str(self.folder / name)
        assert problem.line is not None
        assert problem.column is not None
        return problem

    def line(self, name: str, number: int) -> str:
        return (self.folder / name).read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    folder = tmp_path / "data"
    shutil.copytree(SHIPPED, folder)
    return Copy(folder)
