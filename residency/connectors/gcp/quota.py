"""The quota of a call that is counted by the minute."""

from __future__ import annotations

import threading

# What may go at once after a pause, as a part of the quota: the rest goes evenly, so that no minute has more.
_BURST = 0.2
_MINUTE = 60.0
# Less than this is a rounding error.
_SHORTEST = 0.001


class Quota:
    """So many calls in any minute; without a number there is no end. Time is handed in, in seconds of any clock that
    only goes forward."""

    def __init__(self, a_minute: int | None) -> None:
        self._most = 0.0 if a_minute is None else max(1.0, a_minute * _BURST)
        self._a_second = float("inf") if a_minute is None else max(a_minute - self._most, 0.5) / _MINUTE
        self._left = self._most
        self._at: float | None = None
        self._lock = threading.Lock()

    def turn(self, now: float) -> float:
        """Take a turn: 0 when the call may be sent, else the seconds after which to ask again."""
        if self._a_second == float("inf"):
            return 0.0
        with self._lock:
            passed = 0.0 if self._at is None else now - self._at
            self._at = now
            self._left = min(self._most, self._left + passed * self._a_second)
            if self._left >= 1:
                self._left -= 1
                return 0.0
            return max((1 - self._left) / self._a_second, _SHORTEST)
