"""Progress on a terminal: a bar for all that is read, one for each account that is being read, and what was refused.
Nothing in a pipe, nothing with `-q`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from residency.connectors.interface import Progress, Silent

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import TaskID

_REFUSALS_SHOWN = 6


@contextmanager
def watched(quiet: bool) -> Iterator[Progress]:
    """A progress to hand to a collection; it is drawn on stderr while the block runs, when somebody can see it."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console

    with drawn(Console(stderr=True)) as progress:
        yield progress


@contextmanager
def drawn(console: Console) -> Iterator[Progress]:
    """A progress that is drawn on a console while the block runs, and leaves nothing there but what was refused."""
    from rich.live import Live

    bars = _Drawn(console)
    with Live(bars, console=console, transient=True, refresh_per_second=8):
        yield bars
    for line in bars.refusals():
        console.print(line, markup=False, highlight=False)


class _Drawn:
    """Bars that count pieces of work. One piece is `account region service`; a source may name it otherwise."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(bar_width=20), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("{task.fields[last]}", markup=False),
        )  # fmt: skip
        self._bars = Bars(*columns, console=console)
        self._whole = self._bars.add_task("Reading", total=0, rate="", last="")
        self._accounts: dict[str, TaskID] = {}
        self._refused: Counter[tuple[str, str]] = Counter()

    def plan(self, calls: int, account: str = "") -> None:
        """`calls` more pieces of work are known, all of them of `account` when it is told."""
        self._more(self._whole, calls)
        if account:
            if account not in self._accounts:
                self._accounts[account] = self._bars.add_task(account, total=0, rate="", last="")
            self._more(self._accounts[account], calls)

    def done(self, what: str, note: str = "") -> None:
        """One piece of work ended. The bar of an account goes when its last one has."""
        account, _, rest = what.partition(" ")
        if note:
            self._refused[rest.rpartition(" ")[2] or account, note] += 1
        self._bars.update(self._whole, advance=1, rate=self._rate(), last="" if self._accounts else what[:60])
        task = self._accounts.get(account)
        if task is None:
            return
        self._bars.update(task, advance=1, last=rest[:40])
        if self._bars.tasks[self._bars.task_ids.index(task)].finished:
            self._bars.remove_task(task)
            del self._accounts[account]

    def refusals(self) -> list[str]:
        """One line for each service and way in which reading it did not end well, the most frequent first."""
        return [f"not read: {what}: {note} ({times})" for (what, note), times in self._refused.most_common()]

    def __rich__(self) -> RenderableType:
        """The bars, and under them what was refused so far."""
        from rich.console import Group
        from rich.text import Text

        lines = self.refusals()
        more = [f"… {len(lines) - _REFUSALS_SHOWN} more"] if len(lines) > _REFUSALS_SHOWN else []
        return Group(self._bars, *(Text(line) for line in (*lines[:_REFUSALS_SHOWN], *more)))

    def _more(self, task: TaskID, calls: int) -> None:
        known = self._bars.tasks[self._bars.task_ids.index(task)].total or 0
        self._bars.update(task, total=known + calls)

    def _rate(self) -> str:
        speed = self._bars.tasks[0].speed
        return f"{speed:.0f}/s" if speed else ""
