"""Since when the ledger knows a candidate transfer: the first run that saw it.

Each run of the ledger keeps its register as `transfers.csv`; an entry has the same id in every run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from residency.ledger.store import RUNS, asked, runs_of

FILE = "transfers.csv"


def seen_before(
    ledger: Path, sources: Iterable[str], scenario: str | None, started: str
) -> tuple[tuple[str, str], ...]:
    """The entries of runs over the same clouds that started before `started` (UTC, ISO), each with the day it was first
    seen, by id. Rules do not matter to it. Raises `UserError` when the ledger is damaged."""
    if not (ledger / RUNS).is_dir():
        return ()
    mine = asked(sources, (), scenario)
    first: dict[str, str] = {}
    for run in runs_of(ledger):
        told = run.manifest
        file = run.folder / FILE
        if told["started"] < started and asked(told["sources"], (), told["scenario"]) == mine and file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as stream:
                for row in csv.DictReader(stream):
                    first.setdefault(row["transfer_id"], told["started"][:10])
    return tuple(sorted(first.items()))
