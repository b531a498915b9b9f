"""Several sources of rows read side by side, a few of their rows at a time in memory."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_AHEAD = 4000
_LOOK = 0.1


def merged(sources: Sequence[Callable[[], Iterable[T]]], width: int, ahead: int = _AHEAD) -> Iterator[T]:
    """What the sources give, in whatever order it comes, `width` of them at work at once and `ahead` waiting at most.

    An exception of one ends them all and is raised here. Leaving the iterator early ends them too.
    """
    given: queue.Queue[T | _Ended] = queue.Queue(ahead)
    stopped = threading.Event()

    def hand_over(what: T | _Ended) -> None:
        while not stopped.is_set():
            try:
                given.put(what, timeout=_LOOK)
                return
            except queue.Full:
                continue

    def run(source: Callable[[], Iterable[T]]) -> None:
        problem: BaseException | None = None
        try:
            for row in source():
                hand_over(row)
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  (raised again in the thread that reads)
            problem = error
        hand_over(_Ended(problem))

    pool = ThreadPoolExecutor(max(1, min(width, len(sources))), thread_name_prefix="merged")
    try:
        for source in sources:
            pool.submit(run, source)
        open_sources = len(sources)
        while open_sources:
            row = given.get()
            if not isinstance(row, _Ended):
                yield row
                continue
            if row.problem is not None:
                raise row.problem
            open_sources -= 1
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


class _Ended:
    """The end of one source."""

    def __init__(self, problem: BaseException | None) -> None:
        self.problem = problem
