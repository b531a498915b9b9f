"""Progress on a terminal: a bar of what is read, and what was refused. Nothing in a pipe, nothing with `-q`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from residency.connectors.interface import Progress, Silent


@contextmanager
def watched(quiet: bool) -> Iterator[Progress]:
    """A progress to hand to a collection; it is drawn on stderr while the block runs, when somebody can see it."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Drawn(bar)


class _Drawn:
    def __init__(self, bar: object) -> None:
        from rich.progress import Progress as Bar

        assert isinstance(bar, Bar)
        self._bar = bar
        self._task = bar.add_task("Reading", total=0)
        self._total = 0
        self._gaps = 0

    def plan(self, calls: int) -> None:
        self._total += calls
        self._bar.update(self._task, total=self._total)

    def done(self, what: str, note: str = "") -> None:
        if note:
            self._gaps += 1
            self._bar.console.print(f"not read: {what}: {note}", markup=False, highlight=False)
        gaps = f" ({self._gaps} not read)" if self._gaps else ""
        self._bar.update(self._task, advance=1, description=f"Reading {what[:48]}{gaps}")
