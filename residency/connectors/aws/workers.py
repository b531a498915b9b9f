"""Threads that do tasks side by side for every account, region and service at once."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count

Task = Callable[[], None]
Rank = tuple[int, ...]


class Workers:
    """At most `jobs` threads, started as they are needed. Of the tasks that wait, the lowest rank is done first, and of
    equal ones the first that came. A task catches its own errors.

    The threads do not keep the process alive, so that one that hangs in a connection costs the run nothing.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._waiting: list[tuple[Rank, int, Task]] = []
        self._number = count()
        self._threads = 0
        self._idle = 0
        self._stopped = False
        self._changed = threading.Condition()

    def submit(self, rank: Rank, task: Task) -> None:
        """Do a task soon. After `stop` it is dropped."""
        with self._changed:
            if self._stopped:
                return
            heapq.heappush(self._waiting, (rank, next(self._number), task))
            if self._idle >= len(self._waiting):
                self._changed.notify()
            elif self._threads < self._jobs:
                self._threads += 1
                threading.Thread(target=self._work, name=f"aws-{self._threads}", daemon=True).start()

    def hungry(self) -> bool:
        """Whether there are threads left over for the tasks of one more account."""
        with self._changed:
            return len(self._waiting) < self._jobs

    def stop(self) -> None:
        """Begin no further task. Those that run are not waited for."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                if self._stopped:
                    return
                _, _, task = heapq.heappop(self._waiting)
            task()
