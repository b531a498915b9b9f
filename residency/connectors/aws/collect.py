"""The run over all accounts: read side by side, each put away as soon as it has ended, then resolved one by one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from residency.connectors.aws.account_files import AccountFiles, Kept
from residency.connectors.aws.calls import Calls, Unit
from residency.connectors.aws.collector import Collector
from residency.connectors.aws.control_plane import control_plane
from residency.connectors.aws.errors import EXPIRED
from residency.connectors.aws.members import Member, Roll
from residency.connectors.aws.pace import Pace
from residency.connectors.aws.reading import Reading
from residency.connectors.aws.resolve import Knowledge, named_buckets, named_originals, resolve
from residency.connectors.aws.settings import NOT_ALLOWED
from residency.connectors.aws.workers import Workers
from residency.connectors.interface import OUT_OF_TIME, Progress
from residency.model import Account, Coverage, Row

LOOKUP = "s3"
# Accounts being read at once. More would only hold more rows in memory: a few keep every thread busy.
_MOST_OPEN = 8

_Begin = Callable[[Reading], None]
_Event = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How wide and how long a run may work: calls in flight, the end of its time on `time.monotonic`, the event that
    stops its calls; and the regions that may be on (empty: any)."""

    jobs: int
    end: float
    stopped: threading.Event
    allowed: frozenset[str] = frozenset()


class Run:
    """The work on the accounts of a roll: `regions` of them, or all. `folder` keeps what was found of each account."""

    def __init__(
        self, roll: Roll, collectors: Sequence[Collector], regions: Sequence[str], limits: Limits, folder: Path,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._roll = roll
        self._collectors = tuple(collectors)
        self._regions = tuple(regions)
        self._limits = limits
        self._progress = progress
        self._files = AccountFiles(folder)
        self._workers = Workers(limits.jobs)
        # What threads tell is done by the one that runs this: nothing here needs a lock.
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._order = {member.account.id: index for index, member in enumerate(roll.members)}
        self._open: set[Reading] = set()
        # Partitions have nothing in common: a name stands for another bucket in each.
        self._knowledge = {member.here.partition: Knowledge() for member in roll.members}
        self._named: dict[str, set[str]] = {}
        self._copied: set[str] = set()
        self._late: list[Coverage] = []

    def rows(self) -> Iterator[Row]:
        """What is in each account, and how the reading of each service in each region of it ended."""
        try:
            self._read()
            self._look_up()
        finally:
            self._limits.stopped.set()
            self._workers.stop()
        self._connect()
        yield from self._roll.gaps
        for member in self._roll.members:
            yield from self._resolved(member)
        yield from self._late

    def submit(self, rank: int, reading: Reading, pace: Pace | None, task: Callable[[], None]) -> None:
        """Do a task soon. Accounts that were begun earlier come first, so that they end and can be put away."""
        self._workers.submit((self._order[reading.member.account.id], rank), pace, task)

    def planned(self, reading: Reading, units: int) -> None:
        """So many units of the account are known now."""
        self._events.put(lambda: self._progress.plan(units, reading.member.account.id))

    def unit_ended(self, reading: Reading, unit: Unit) -> None:
        """One of the units that were planned has been read."""

        def tell() -> None:
            row = unit.coverage()
            note = "" if row.status.complete else str(row.status)
            self._progress.done(f"{row.account} {row.region} {row.service}", note)

        self._events.put(tell)

    def ended(self, reading: Reading) -> None:
        """Everything of the account that could be read has been."""
        self._events.put(lambda: self._open.discard(reading))

    def failed(self, error: Exception) -> None:
        """Something went wrong that ends the run: a mistake in the program, or one of the user's."""

        def stop() -> None:
            raise error

        self._events.put(stop)

    def _read(self) -> None:
        ended = self._files.ended()
        waiting = []
        for member in self._roll.members:
            if member.account.id in ended:
                self._learn(member, list(self._files.read(member.account.id)))
            else:
                waiting.append((member, lambda reading: reading.begin(self._collectors)))
        self._work(waiting, self._put_away)

    def _work(self, waiting: Sequence[tuple[Member, _Begin]], at_end: _Begin) -> None:
        """Read accounts side by side, and do `at_end` with each as soon as it has been."""
        left = deque(waiting)
        while left or self._open:
            while left and len(self._open) < _MOST_OPEN and (not self._open or self._workers.hungry()):
                member, begin = left.popleft()
                reading = Reading(member, self._regions, self)
                self._open.add(reading)
                begin(reading)
            before = set(self._open)
            try:
                self._events.get(timeout=self._left())()
            except Empty:
                self._break_off(left, at_end)
                return
            for reading in before - self._open:
                at_end(reading)

    def _left(self) -> float | None:
        end = self._limits.end
        return None if end == float("inf") else max(0.0, end - time.monotonic())

    def _break_off(self, left: Iterable[tuple[Member, _Begin]], at_end: _Begin) -> None:
        """The time is over: keep what was found, and tell what was not. Calls that hang are not waited for."""
        self._limits.stopped.set()
        self._workers.stop()
        for reading in (*self._open, *(Reading(member, self._regions, self) for member, _ in left)):
            reading.abandon(OUT_OF_TIME)
            at_end(reading)
        self._open.clear()

    def _put_away(self, reading: Reading) -> None:
        member, found = reading.member, reading.found()
        rows: list[Kept] = [self._account(reading), *found, *reading.coverage()]
        if reading.entered:
            rows += control_plane(member.here)
        self._files.write(member.account.id, rows, entered=reading.entered, cut_off=_cut_off(reading))
        self._learn(member, rows)

    def _account(self, reading: Reading) -> Account:
        account = reading.member.account
        off_limits = sorted(reading.regions.on - self._limits.allowed) if self._limits.allowed else []
        return replace(account, settings={NOT_ALLOWED: ", ".join(off_limits)}) if off_limits else account

    def _learn(self, member: Member, rows: Sequence[Kept]) -> None:
        found = [row for row in rows if not isinstance(row, Account | Coverage)]
        knowledge = self._knowledge[member.here.partition]
        knowledge.learn(found)
        if not any(isinstance(row, Coverage) and row.service == "*" for row in rows):
            knowledge.accounts.add(member.account.id)
        self._named[member.account.id] = named_buckets(found)
        self._copied |= named_originals(found)

    def _look_up(self) -> None:
        """Ask where the buckets are that somebody names and none of the accounts has, each once."""
        lookup = next((entry for entry in self._collectors if entry.service == LOOKUP), None)
        if lookup is None:
            return
        from residency.connectors.aws.services.s3 import find_bucket

        taken = {partition: set(knowledge.buckets) for partition, knowledge in self._knowledge.items()}
        waiting: list[tuple[Member, _Begin]] = []
        for member in self._roll.members:
            known = taken[member.here.partition]
            names = sorted(self._named.pop(member.account.id, set()) - known)
            known |= set(names)
            if names:
                waiting.append((member, partial(_begin_lookup, lookup, find_bucket, names)))
        self._work(waiting, self._looked_up)

    def _looked_up(self, reading: Reading) -> None:
        self._knowledge[reading.member.here.partition].learn(reading.found())
        self._late += reading.coverage()
        if _cut_off(reading):
            self._files.lookups_cut_off()

    def _connect(self) -> None:
        """What could only be known when every account had been read."""
        for knowledge in self._knowledge.values():
            for name, active in self._roll.organisations.items():
                if active <= knowledge.accounts:
                    knowledge.organisations.add(name)
        for member in self._roll.members if self._copied else ():
            there = self._files.resources(member.account.id)
            self._knowledge[member.here.partition].originals |= self._copied & there

    def _resolved(self, member: Member) -> Iterator[Row]:
        rows = list(self._files.read(member.account.id))
        yield from (row for row in rows if isinstance(row, Account | Coverage))
        found = [row for row in rows if not isinstance(row, Account | Coverage)]
        yield from resolve(found, self._knowledge[member.here.partition], member.here.partition)


def _cut_off(reading: Reading) -> bool:
    """Whether reading again later would tell more: the time was over, or the credentials were."""
    return any(failure.reason in EXPIRED | {OUT_OF_TIME} for failure in reading.failures())


def _begin_lookup(
    collector: Collector, task: Callable[[Calls, str], None], names: Sequence[str], reading: Reading
) -> None:
    reading.begin_lookup(collector, task, names)
