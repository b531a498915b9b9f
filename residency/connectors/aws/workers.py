"""Threads that do tasks side by side for every account, region and service at once."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count

from residency.connectors.aws.pace import Pace

Task = Callable[[], None]
Rank = tuple[int, ...]
_Waiting = list[tuple[Rank, int, Pace | None, Task]]


class Workers:
    """At most `jobs` threads, started as they are needed. Of the tasks that wait, the lowest rank is done first, and of
    equal ones the first that came. A task catches its own errors.

    Tasks that share a pace hold no more threads than it can use: the others of a slow service are set aside, so that
    they keep nobody from working. The threads do not keep the process alive, so that one that hangs in a connection
    costs the run nothing.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._waiting: _Waiting = []
        self._aside: dict[Pace, _Waiting] = {}
        self._running: Counter[Pace | None] = Counter()
        self._number = count()
        self._threads = 0
        self._idle = 0
        self._stopped = False
        self._changed = threading.Condition()

    def submit(self, rank: Rank, pace: Pace | None, task: Task) -> None:
        """Do a task soon, one that makes calls at `pace`. After `stop` it is dropped."""
        with self._changed:
            if self._stopped:
                return
            heapq.heappush(self._waiting, (rank, next(self._number), pace, task))
            if self._idle < len(self._waiting) and self._threads < self._jobs:
                self._threads += 1
                threading.Thread(target=self._work, name=f"aws-{self._threads}", daemon=True).start()
            else:
                self._changed.notify()

    def hungry(self) -> bool:
        """Whether there are threads left over for the tasks of one more account."""
        with self._changed:
            return len(self._waiting) < self._jobs

    def stop(self) -> None:
        """Begin no further task. Those that run are not waited for."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._aside.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            pace, task = taken
            task()
            with self._changed:
                self._running[pace] -= 1
                if pace is not None:
                    self._bring_back(pace)

    def _take(self) -> tuple[Pace | None, Task] | None:
        with self._changed:
            while not self._stopped:
                while self._waiting:
                    entry = heapq.heappop(self._waiting)
                    pace, task = entry[2], entry[3]
                    if pace is None or self._room(pace) > 0:
                        self._running[pace] += 1
                        return pace, task
                    heapq.heappush(self._aside.setdefault(pace, []), entry)
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            return None

    def _room(self, pace: Pace) -> float:
        width = pace.width(time.monotonic())
        return float("inf") if width is None else width - self._running[pace]

    def _bring_back(self, pace: Pace) -> None:
        """Put back what was set aside, as much as the pace can use by now."""
        aside = self._aside.get(pace)
        room = self._room(pace)
        while aside and room > 0:
            heapq.heappush(self._waiting, heapq.heappop(aside))
            room -= 1
            self._changed.notify()
        if not aside:
            self._aside.pop(pace, None)
            if not self._running[pace]:
                del self._running[pace]
