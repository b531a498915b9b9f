"""What a stopped run has read is found again by the same question, and by no other."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from residency.cli.keep import asked_for, keeping, started_before
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.interface import Scope
from residency.errors import UserError

BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = BEGAN + timedelta(hours=5)
PARIS = asked_for(["aws"], Scope(("eu-west-3",)), {})


class Killed(BaseException):
    pass


def stop(out: Path, asked: dict[str, object] = PARIS, began: datetime = BEGAN) -> None:
    """A run that had read one account."""
    with suppress(Killed), keeping(out, asked, began, resume=False) as folder:
        (folder / "aws").mkdir()
        (folder / "aws" / "1.parquet").write_bytes(b"an account")
        raise Killed


def folders(out: Path) -> list[Path]:
    return list(out.glob(".reading-*"))


def test_it_goes_on_from_the_last_that_asked_the_same(tmp_path: Path) -> None:
    stop(tmp_path)
    assert started_before(tmp_path, PARIS, resume=False) is None
    assert started_before(tmp_path, PARIS, resume=True) == BEGAN
    with keeping(tmp_path, PARIS, BEGAN, resume=True) as folder:
        assert [file.name for file in (folder / "aws").iterdir()] == ["1.parquet"]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert started_before(tmp_path, PARIS, resume=True) == BEGAN
    assert folders(tmp_path) == []


def test_without_resume_a_run_begins_anew(tmp_path: Path) -> None:
    stop(tmp_path)
    with keeping(tmp_path, PARIS, LATER, resume=False) as folder:
        assert [file.name for file in folder.iterdir()] == ["asked.json"]
    assert len(folders(tmp_path)) == 1


def test_two_that_go_on_do_not_share(tmp_path: Path) -> None:
    stop(tmp_path)
    with (
        keeping(tmp_path, PARIS, BEGAN, resume=True) as one,
        keeping(tmp_path, PARIS, LATER, resume=True) as other,
    ):
        assert ((one / "aws").exists(), (other / "aws").exists()) == (True, False)


def test_nothing_to_go_on_with(tmp_path: Path) -> None:
    assert started_before(tmp_path, PARIS, resume=True) is None
    (tmp_path / ".reading-x").mkdir()
    (tmp_path / ".reading-x" / "asked.json").write_text("{", encoding="utf-8")
    assert started_before(tmp_path, PARIS, resume=True) is None
    with keeping(tmp_path, PARIS, BEGAN, resume=True) as folder:
        assert not (folder / "aws").exists()


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (asked_for(["aws"], Scope(("eu-west-1",)), {}), "regions"),
        (asked_for(["aws"], Scope(("eu-west-3",), ("111122223333",)), {}), "accounts"),
        (asked_for(["aws"], Scope(("eu-west-3",)), {"aws": AwsSettings(role="r", external_id="7f3c")}), "configuration"),
        (asked_for(["gcp"], Scope(("eu-west-3",)), {}), "sources"),
    ],
)  # fmt: skip
def test_another_question_is_refused(tmp_path: Path, asked: dict[str, object], what: str) -> None:
    stop(tmp_path, asked)
    with pytest.raises(UserError, match=rf"something else \({what}\)\. Ask the same, or leave out --resume"):
        started_before(tmp_path, PARIS, resume=True)
    (kept,) = folders(tmp_path)
    assert "7f3c" not in (kept / "asked.json").read_text(encoding="utf-8")


def test_what_was_cut_off_stays_and_what_failed_at_once_does_not(tmp_path: Path) -> None:
    with keeping(tmp_path, PARIS, BEGAN, resume=False) as folder:
        (folder / "2.unfinished").touch()
    assert folders(tmp_path) == [folder]
    with pytest.raises(UserError), keeping(tmp_path, PARIS, LATER, resume=False):
        raise UserError("no credentials")
    assert folders(tmp_path) == [folder]


def test_a_week_later_it_is_gone(tmp_path: Path) -> None:
    stop(tmp_path)
    (old,) = folders(tmp_path)
    os.utime(old, (time.time() - 8 * 86_400,) * 2)
    with keeping(tmp_path, PARIS, LATER, resume=False):
        assert not old.exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(UserError, match="what is read cannot be kept"),
        keeping(tmp_path / "file", PARIS, BEGAN, resume=False),
    ):
        pass
