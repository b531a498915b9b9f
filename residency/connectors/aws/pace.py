"""How fast a service takes calls, learnt from what it answers: one pace for each account, service and region.

Without it the calls that are refused for coming too fast eat up their retries, and what they would have told is lost.
Time is handed in, in seconds of any clock that only goes forward, so that a pace itself knows none.
"""

from __future__ import annotations

import math
import threading
from collections import deque

# Answers of the last second are what a service is known to have taken; older ones may be a burst that it had saved up.
_WINDOW = 1.0
# What a pace gains in a second, as a part of what it was slowed down to.
_CLIMB = 0.5


class Pace:
    """Free until the service first says *too fast*. Then calls take turns: at half the pace, or at that of the last
    second's answers where this is less; from there it climbs slowly until the next *too fast*. It never falls below
    `slowest` calls a second."""

    def __init__(self, slowest: float) -> None:
        self._slowest = slowest
        self._slowed_to: float | None = None
        self._slowed_at = 0.0
        self._next_turn = 0.0
        self._answers: deque[float] = deque(maxlen=4096)
        self._latency = 0.0
        self.answered = 0
        self._lock = threading.Lock()

    def turn(self, now: float) -> float:
        """Take a turn: 0 when the call may be sent, else the seconds after which to ask again. Nobody is promised a
        turn ahead of time, so that what waits speeds up with the pace."""
        with self._lock:
            rate = self._rate(now)
            if rate is None:
                return 0.0
            if now < self._next_turn:
                return self._next_turn - now
            self._next_turn = max(self._next_turn, now - 1 / rate) + 1 / rate
            return 0.0

    def took(self, sent: float, now: float) -> None:
        """A call was answered, well or with an error of its own."""
        with self._lock:
            self.answered += 1
            self._answers.append(now)
            took = now - sent
            self._latency = took if self.answered == 1 else 0.8 * self._latency + 0.2 * took

    def refused(self, sent: float, now: float) -> None:
        """A call came too fast. One that was sent before the pace was last slowed down says nothing new."""
        with self._lock:
            rate = self._rate(now)
            if rate is not None and sent < self._slowed_at:
                return
            while self._answers and self._answers[0] < now - _WINDOW:
                self._answers.popleft()
            measured = len(self._answers) / _WINDOW
            slower = measured if rate is None else min(rate / 2, max(measured, rate / 4))
            self._slowed_to = max(slower, self._slowest)
            self._slowed_at = now
            self._next_turn = now + 1 / self._slowed_to

    def width(self, now: float) -> int | None:
        """How many calls at once are enough to keep this pace; `None` while it is free."""
        with self._lock:
            rate = self._rate(now)
            return None if rate is None else 1 + math.ceil(rate * max(self._latency, 0.05))

    def _rate(self, now: float) -> float | None:
        if self._slowed_to is None:
            return None
        return self._slowed_to * (1 + _CLIMB * max(0.0, now - self._slowed_at))
