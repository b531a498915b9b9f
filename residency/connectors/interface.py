"""What every live source offers, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from residency.model import Row


class Progress(Protocol):
    """Told how far a collection is. The command line draws it on a terminal and stays quiet in a pipe."""

    def plan(self, calls: int, account: str = "") -> None:
        """`calls` more pieces of work are known, all of them of `account` when it is told."""

    def done(self, what: str, note: str = "") -> None:
        """One piece of work (`account region service`) ended; `note` is its coverage status when it is not complete."""


class Silent:
    """Progress that nobody watches."""

    def plan(self, calls: int, account: str = "") -> None:
        """Nothing is shown."""

    def done(self, what: str, note: str = "") -> None:
        """Nothing is shown."""


# Calls spend their time waiting for an answer. `python -m benchmarks.aws.scan 1k --jobs=32 --jobs=128` compares widths.
DEFAULT_JOBS = 128
UNFINISHED = ".unfinished"
# What a stopped run has read, and another can go on with: accounts read to their end, answers of a cloud.
ENDED = ".parquet"
ANSWERS = ".answers"
# Why something was not read that could have been: the reason that its coverage gives.
OUT_OF_TIME = "the time of the run was over"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a collection is asked for. Empty `regions` or `accounts` means all; `jobs` bounds the calls in flight.
    `deadline` is how many seconds it may take: what was not read by then is *unreachable*. In the folder `keep` a
    source may keep what it has read of an account: given the same folder again it goes on from there. What it leaves
    there with the ending `UNFINISHED` was cut off by the deadline, or by credentials that expired."""

    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    jobs: int = DEFAULT_JOBS
    deadline: float | None = None
    keep: Path | None = None


class Connector(Protocol):
    """A live source. `collect` yields accounts, resources, placements and coverage rows in any order.

    It ends with one coverage row for every (account, region, service) asked for. It raises `UserError` only when
    nothing can be read at all: no credentials, a wrong profile, an unknown region in `scope`.
    """

    id: str

    def collect(self, scope: Scope, progress: Progress) -> Iterator[Row]:
        """Read the source and yield its rows."""

    def endpoint(self) -> str | None:
        """The overridden endpoint (an emulator) that this run talks to, or `None` when it is the real cloud."""
