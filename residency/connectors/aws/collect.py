"""The run over one account: every collector in every region, side by side, each ending in a coverage row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from residency.connectors.aws.caller import Caller, UndeclaredCall
from residency.connectors.aws.calls import Calls, Gone, Unit
from residency.connectors.aws.collector import Collector
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.place import Place
from residency.connectors.aws.regions import Regions, global_region, pseudo_region
from residency.connectors.aws.resolve import Knowledge, resolve, unknown_buckets
from residency.connectors.interface import Progress
from residency.model import Coverage, Row, Status

LOOKUP = "s3"


class Run:
    """The work on one account. No task ever waits for another, so that no number of threads can lock it up."""

    def __init__(
        self, caller: Caller, here: Place, regions: Regions, asked: tuple[str, ...], progress: Progress
    ) -> None:
        self._caller = caller
        self._here = here
        self._regions = regions
        self._read = regions.to_read(asked)
        self._filter = frozenset(asked)
        self._progress = progress
        self._nowhere = pseudo_region(caller, here.partition)
        self._central = global_region(caller, here.partition)
        self._units: dict[tuple[str, str], Unit] = {}
        self._open: dict[int, int] = {}
        self._ended: SimpleQueue[Unit | UndeclaredCall] = SimpleQueue()
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def rows(self, collectors: Iterable[Collector], jobs: int) -> Iterator[Row]:
        """Everything of the account that could be read, then how the reading of each service in each region ended."""
        chosen = tuple(collectors)
        with ThreadPoolExecutor(jobs, thread_name_prefix="aws") as pool:
            self._pool = pool
            try:
                self._wave(self._starts(chosen))
                knowledge = self._learn()
                found = [row for unit in self._units.values() for row in unit.found]
                names = unknown_buckets(found, knowledge)
                lookup = next((entry for entry in chosen if entry.service == LOOKUP), None)
                if names and lookup is not None:
                    from residency.connectors.aws.services.s3 import find_bucket

                    calls = self._central_calls(lookup)
                    self._wave([(calls.unit, find_bucket, (calls, name)) for name in names])
                    knowledge = self._learn()
            except BaseException:
                self._caller.stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        yield from resolve(found, knowledge, self._here.partition)
        yield from self._coverage()

    def submit(self, unit: Unit, task: Callable[..., None], *arguments: Any) -> None:
        """Do a task as part of a unit, soon."""
        assert self._pool is not None
        with self._lock:
            self._open[id(unit)] = self._open.get(id(unit), 0) + 1
        self._pool.submit(self._do, unit, task, arguments)

    def unit(self, collector: Collector, region: str) -> Unit | None:
        """The unit of a service in a region; `None` when that region was not asked for."""
        if self._filter and region not in self._filter:
            return None
        with self._lock:
            return self._make(collector, region)

    def units(self, collector: Collector) -> Iterable[Unit]:
        """Every unit of a service."""
        return [unit for unit in list(self._units.values()) if unit.collector is collector]

    def _make(self, collector: Collector, region: str) -> Unit:
        key = (collector.service, region)
        if key not in self._units:
            self._units[key] = Unit(collector, Place(self._here.partition, self._here.account, region))
        return self._units[key]

    def _central_calls(self, collector: Collector) -> Calls:
        return Calls(self._caller, self, self._make(collector, self._nowhere), self._central)

    def _starts(self, collectors: tuple[Collector, ...]) -> list[tuple[Unit, Callable[..., None], tuple[Any, ...]]]:
        starts = []
        for entry in collectors:
            if entry.extent == "regional":
                for region in self._read:
                    unit = self._make(entry, region)
                    if region in self._regions.off:
                        off = CallFailed(Status.DISABLED, "region not enabled", f"{entry.service} in {region}")
                        unit.failures.append(off)
                        continue
                    calls = Calls(self._caller, self, unit, region)
                    starts.append((unit, entry.run, (calls,)))
                continue
            if entry.extent == "spread":
                for region in self._read:
                    self._make(entry, region)
            calls = self._central_calls(entry)
            starts.append((calls.unit, entry.run, (calls,)))
        return starts

    def _wave(self, starts: list[tuple[Unit, Callable[..., None], tuple[Any, ...]]]) -> None:
        """Do tasks and all that they start, and return when the last one has ended."""
        # The units of a `spread` collector open late, from its list: they are waited for, but not counted as progress.
        counted = {id(unit) for unit, _, _ in starts}
        self._progress.plan(len(counted))
        for unit, task, arguments in starts:
            self.submit(unit, task, *arguments)
        while self._open or not self._ended.empty():
            ended = self._ended.get()
            if isinstance(ended, UndeclaredCall):
                raise ended
            if id(ended) in counted:
                counted.discard(id(ended))
                row = ended.coverage()
                note = "" if row.status.complete else str(row.status)
                self._progress.done(f"{row.account} {row.region} {row.service}", note)

    def _do(self, unit: Unit, task: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        try:
            task(*arguments)
        except Gone:
            pass
        except UndeclaredCall as mistake:
            self._ended.put(mistake)
        except Exception as error:  # noqa: BLE001  (whatever goes wrong, the service was not read to its end)
            told = CallFailed(Status.UNREACHABLE, f"unreadable answer ({type(error).__name__})", unit.collector.service)
            unit.failures.append(told)
        finally:
            with self._lock:
                self._open[id(unit)] -= 1
                if not self._open[id(unit)]:
                    del self._open[id(unit)]
                    self._ended.put(unit)

    def _learn(self) -> Knowledge:
        knowledge = Knowledge()
        for unit in self._units.values():
            knowledge.learn(unit.found)
        return knowledge

    def _coverage(self) -> Iterator[Coverage]:
        for unit in self._units.values():
            nowhere = unit.place.region == self._nowhere and unit.collector.extent == "spread"
            if unit.failures or not nowhere:
                yield unit.coverage()
        for failure in self._regions.failures:
            told = f"{failure}; the regions read are those that the client library knows"
            yield Coverage("aws", self._here.account, self._nowhere, "regions", failure.status, told)
