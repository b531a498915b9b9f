"""Answers are kept as they come, found again by another run, and never half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from residency.connectors.answers import Answers
from residency.connectors.deadline import Deadline

PAGE = {"entries": [{"name": "é", "n": 1.5}], "next": "t"}


def test_another_run_finds_them(tmp_path: Path) -> None:
    with Answers(tmp_path / "gcp") as answers:
        assert answers.get("a") is None
        answers.keep("a", PAGE)
        answers.keep("b", [])
        answers.keep("b", [1])
        assert (answers.get("a"), answers.get("b")) == (PAGE, [1])
    with Answers(tmp_path / "gcp") as answers:
        assert (answers.get("a"), answers.get("b"), answers.get("c")) == (PAGE, [1], None)
    assert (tmp_path / "gcp").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("lost", [1, 5, 12])
def test_the_one_that_was_being_written_is_not_among_them(tmp_path: Path, lost: int) -> None:
    with Answers(tmp_path) as answers:
        answers.keep("a", PAGE)
        answers.keep("b", PAGE)
    file = tmp_path / "read.answers"
    file.write_bytes(file.read_bytes()[:-lost])
    with Answers(tmp_path) as answers:
        assert (answers.get("a"), answers.get("b")) == (PAGE, None)
        answers.keep("b", 2)
    with Answers(tmp_path) as answers:
        assert (answers.get("a"), answers.get("b")) == (PAGE, 2)


def test_a_damaged_one_is_none(tmp_path: Path) -> None:
    with Answers(tmp_path) as answers:
        answers.keep("a", PAGE)
    file = tmp_path / "read.answers"
    told = bytearray(file.read_bytes())
    told[-6] ^= 255
    file.write_bytes(told)
    with Answers(tmp_path) as answers:
        assert answers.get("a") is None


def test_what_was_cut_off_is_marked_until_it_goes_on(tmp_path: Path) -> None:
    with Answers(tmp_path) as answers:
        answers.cut_off()
    assert list(tmp_path.glob("*.unfinished"))
    with Answers(tmp_path):
        assert not list(tmp_path.glob("*.unfinished"))


def test_many_threads(tmp_path: Path) -> None:
    with Answers(tmp_path) as answers, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: answers.keep(str(n), [n] * n), range(200)))
        assert list(pool.map(lambda n: answers.get(str(n)), range(200))) == [[n] * n for n in range(200)]


def test_without_a_folder_nothing_is_kept() -> None:
    with Answers(None) as answers:
        answers.keep("a", 1)
        answers.cut_off()
        assert answers.get("a") is None


def test_a_deadline() -> None:
    assert (Deadline().left(), Deadline().over()) == (float("inf"), False)
    assert (Deadline(0).left(), Deadline(0).over()) == (0.0, True)
    assert 50 < Deadline(60).left() <= 60
