"""The reading of one account: every collector in every region, side by side, each ending in a coverage row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from residency.connectors.aws.caller import Caller, UndeclaredCall
from residency.connectors.aws.calls import Calls, Gone, Unit
from residency.connectors.aws.collector import Collector
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.found import Found
from residency.connectors.aws.members import Member
from residency.connectors.aws.pace import Pace
from residency.connectors.aws.place import Place
from residency.connectors.aws.regions import Regions, check_asked, find_regions
from residency.connectors.aws.unread import unread
from residency.errors import UserError
from residency.model import Coverage, Status


class Desk(Protocol):
    """Where a reading hands in its tasks, and says what has ended. Called from many threads."""

    def submit(self, rank: int, reading: Reading, pace: Pace | None, task: Callable[[], None]) -> None:
        """Do a task soon, those of a lower rank first. Its calls are made at `pace`."""

    def planned(self, reading: Reading, units: int) -> None:
        """So many units of the account are known now."""

    def unit_ended(self, reading: Reading, unit: Unit) -> None:
        """One of the units that were planned has been read."""

    def ended(self, reading: Reading) -> None:
        """Everything of the account that could be read has been."""

    def failed(self, error: Exception) -> None:
        """Something went wrong that ends the run: a mistake in the program, or one of the user's."""


# Lists come first: the pages of a list follow one another, what is on them can be read side by side.
_LIST, _ITEM = 0, 1


class Reading:
    """The work on one account. No task ever waits for another, so that no number of threads can lock it up."""

    def __init__(self, member: Member, asked: Sequence[str], desk: Desk) -> None:
        self.member = member
        self._asked = tuple(asked)
        self._desk = desk
        self._units: dict[tuple[str, str], Unit] = {}
        self._open: dict[int, int] = {}
        self._planned: set[int] = set()
        self._tasks = 0
        self._lock = threading.Lock()
        self._closed = False
        self._caller: Caller | None = None
        self._failure: CallFailed | None = None
        self.regions = Regions(frozenset(), frozenset(), frozenset())

    def begin(self, collectors: Sequence[Collector]) -> None:
        """Sign in to the account and read everything in it."""
        self._task(_LIST, None, self._begin, collectors)

    def begin_lookup(self, collector: Collector, task: Callable[..., None], names: Sequence[str]) -> None:
        """Sign in to the account and do nothing but `task(calls, name)` for each name."""
        self._task(_LIST, None, self._begin_lookup, collector, task, names)

    def submit(self, unit: Unit, task: Callable[..., None], *arguments: Any) -> None:
        """Do a task as part of a unit, soon."""
        self._task(_ITEM, unit, task, *arguments)

    def unit(self, collector: Collector, region: str) -> Unit | None:
        """The unit of a service in a region; `None` when that region was not asked for."""
        if self._asked and region not in self._asked:
            return None
        with self._lock:
            return self._make(collector, region)

    def units(self, collector: Collector) -> Iterable[Unit]:
        """Every unit of a service."""
        with self._lock:
            return [unit for unit in self._units.values() if unit.collector is collector]

    def found(self) -> list[Found]:
        """Everything that was found so far."""
        return [row for unit in self._units.values() for row in tuple(unit.found)]

    @property
    def entered(self) -> bool:
        """Whether the account could be signed in to and its regions are known."""
        return self._failure is None

    def failures(self) -> list[CallFailed]:
        """Every call that failed so far, those that opened the account among them."""
        opening = [] if self._failure is None else [self._failure]
        return opening + [failure for unit in self._units.values() for failure in tuple(unit.failures)]

    def abandon(self, why: str) -> None:
        """Take nothing more in: whatever has not ended is unreachable, for the reason told."""
        with self._lock:
            self._closed = True
            for unit in self._units.values():
                if id(unit) in self._open:
                    unit.failures.append(CallFailed(Status.UNREACHABLE, why, unit.collector.service))
            if not self._units and self._failure is None:
                self._failure = CallFailed(Status.UNREACHABLE, why, "account")

    def coverage(self) -> Iterator[Coverage]:
        """How the reading of each service in each region ended; one row for an account that could not be entered."""
        account = self.member.account.id
        if self._failure is not None:
            # No service was read: whatever the refusal is called, this is no complete account.
            status = Status.DENIED if self._failure.status.complete else self._failure.status
            yield Coverage("aws", account, "*", "*", status, str(self._failure))
        for unit in tuple(self._units.values()):
            if unit.failures or not self._for_no_region(unit):
                yield unit.coverage()
        if self.regions.on or self.regions.guessed:
            yield from unread(self.found(), account, self.regions.to_read(self._asked), self.member.nowhere)
        for failure in self.regions.failures:
            told = f"{failure}; the regions read are those that the client library knows"
            yield Coverage("aws", account, self.member.nowhere, "regions", failure.status, told)

    def _for_no_region(self, unit: Unit) -> bool:
        """A `spread` service is asked once, and what it has is in the units of regions."""
        return unit.place.region == self.member.nowhere and unit.collector.extent == "spread"

    def _begin(self, collectors: Sequence[Collector]) -> None:
        caller = self._enter()
        if caller is None:
            return
        self.regions = find_regions(caller, self.member.here)
        check_asked(caller, self.member.here, self.regions, self._asked)
        caller.enabled = self.regions.on
        starts = self._starts(collectors)
        # The units of a `spread` collector open late, from its list: they are waited for, but not counted as progress.
        self._planned = {id(unit) for unit, _, _ in starts}
        self._desk.planned(self, len(self._planned))
        for unit, task, calls in starts:
            self._task(_LIST, unit, task, calls)

    def _begin_lookup(self, collector: Collector, task: Callable[..., None], names: Sequence[str]) -> None:
        if (caller := self._enter()) is not None:
            caller.enabled |= {self.member.central}
            calls = self._central_calls(collector, caller)
            for name in names:
                self._task(_LIST, calls.unit, task, calls, name)

    def _enter(self) -> Caller | None:
        try:
            self._caller = self.member.enter()
        except CallFailed as failure:
            self._failure = failure
        return self._caller

    def _starts(self, collectors: Iterable[Collector]) -> list[tuple[Unit, Callable[[Calls], None], Calls]]:
        caller = self._caller
        assert caller is not None
        read = self.regions.to_read(self._asked)
        starts = []
        # What is asked once for all regions has most of its work ahead of it.
        for entry in sorted(collectors, key=lambda entry: entry.extent == "regional"):
            if entry.extent == "regional":
                for region in read:
                    unit = self._make(entry, region)
                    if region in self.regions.off:
                        off = CallFailed(Status.DISABLED, "region not enabled", f"{entry.service} in {region}")
                        unit.failures.append(off)
                        continue
                    starts.append((unit, entry.run, Calls(caller, self, unit, region)))
                continue
            if entry.extent == "spread":
                for region in read:
                    self._make(entry, region)
            calls = self._central_calls(entry, caller)
            starts.append((calls.unit, entry.run, calls))
        return starts

    def _make(self, collector: Collector, region: str) -> Unit:
        key = (collector.service, region)
        if key not in self._units:
            here = self.member.here
            self._units[key] = Unit(collector, Place(here.partition, here.account, region))
        return self._units[key]

    def _central_calls(self, collector: Collector, caller: Caller) -> Calls:
        return Calls(caller, self, self._make(collector, self.member.nowhere), self.member.central)

    def _task(self, rank: int, unit: Unit | None, task: Callable[..., None], *arguments: Any) -> None:
        with self._lock:
            if self._closed:
                return
            self._tasks += 1
            if unit is not None:
                self._open[id(unit)] = self._open.get(id(unit), 0) + 1
        self._desk.submit(rank, self, self._pace(unit), lambda: self._do(unit, task, arguments))

    def _pace(self, unit: Unit | None) -> Pace | None:
        if unit is None or self._caller is None:
            return None
        place = unit.place.region
        region = self.member.central if place == self.member.nowhere else place
        return self._caller.pace(unit.collector.service, region)

    def _do(self, unit: Unit | None, task: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        try:
            task(*arguments)
        except Gone:
            pass
        except (UndeclaredCall, UserError) as wrong:
            self._desk.failed(wrong)
        except Exception as error:  # noqa: BLE001  (whatever goes wrong, the service was not read to its end)
            name = "account" if unit is None else unit.collector.service
            failure = CallFailed(Status.UNREACHABLE, f"unreadable answer ({type(error).__name__})", name)
            if unit is None:
                self._failure = failure
            elif not self._closed:
                unit.failures.append(failure)
        finally:
            self._end(unit)

    def _end(self, unit: Unit | None) -> None:
        with self._lock:
            self._tasks -= 1
            whole = self._tasks == 0
            if unit is not None:
                self._open[id(unit)] -= 1
                if self._open[id(unit)]:
                    unit = None
                else:
                    del self._open[id(unit)]
        if unit is not None and id(unit) in self._planned:
            self._planned.discard(id(unit))
            self._desk.unit_ended(self, unit)
        if whole:
            self._desk.ended(self)
