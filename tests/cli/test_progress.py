"""The bars: by account, with the rate and what was refused, on a terminal and nowhere else."""

from __future__ import annotations

import io
import re
import time

import pytest
from rich.console import Console

from residency.cli.progress import drawn, watched
from residency.connectors.interface import Silent

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown(renderable: object) -> str:
    console = Console(file=io.StringIO(), width=140, color_system=None)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_bar_for_all_and_one_for_each_account_that_is_read() -> None:
    out = io.StringIO()
    with drawn(Console(file=out, force_terminal=True, width=140)) as bars:
        bars.plan(3, "111122223333")
        bars.plan(2, "444455556666")
        bars.done("111122223333 eu-west-3 kms")
        time.sleep(0.05)
        bars.done("111122223333 eu-west-1 kms", "denied")
        bars.done("444455556666 eu-west-3 kms", "denied")
        told = shown(bars)
        whole, one, other, refused = [line for line in told.splitlines() if line.strip()]
        assert re.match(r"Reading .* 3/5 +[0-9]+/s ", whole)
        assert re.match(r"111122223333 .* 2/3 .*eu-west-1 kms", one)
        assert re.match(r"444455556666 .* 1/2 ", other)
        assert refused.strip() == "not read: kms: denied (2)"
        bars.done("444455556666 eu-west-3 [red]s3", "unreachable")
        told = shown(bars)
        assert "444455556666" not in told, "an account that has ended has no bar"
        assert "not read: [red]s3: unreachable (1)" in told
    left = _ESCAPES.sub("", out.getvalue()).rstrip().splitlines()[-2:]
    assert left == ["not read: kms: denied (2)", "not read: [red]s3: unreachable (1)"]


def test_work_that_names_no_account() -> None:
    with drawn(Console(file=io.StringIO(), force_terminal=True, width=140)) as bars:
        bars.plan(2)
        bars.done("3 subscriptions * resourcegraph", "throttled")
        told = shown(bars)
    assert "1/2" in told
    assert "not read: resourcegraph: throttled (1)" in told


def test_nothing_in_a_pipe_and_nothing_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        with watched(quiet) as progress:
            assert isinstance(progress, Silent)
            progress.plan(1, "111122223333")
            progress.done("111122223333 eu-west-3 kms", "denied")
    assert capsys.readouterr().err == ""
