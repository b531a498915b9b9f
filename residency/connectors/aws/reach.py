"""Which regions answer at all: one that never has is given up after seconds, for every service and account."""

from __future__ import annotations

import threading

# Connections that must have failed, and seconds since the first of them, before a region counts as dead.
_LOST = 6
_AFTER = 2.0


class Reach:
    """What is known of the way to each region. Only one from which nothing ever came can be dead."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._lost: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def answered(self, region: str) -> None:
        """Something came from the region, whatever it was."""
        if region not in self._answered:
            with self._lock:
                self._answered.add(region)

    def lost(self, region: str, now: float) -> None:
        """A connection to the region could not be made."""
        with self._lock:
            count, since = self._lost.get(region, (0, now))
            self._lost[region] = (count + 1, since)

    def dead(self, region: str, now: float) -> bool:
        """Whether trying goes on in vain."""
        if region in self._answered or region not in self._lost:
            return False
        count, since = self._lost[region]
        return count >= _LOST and now - since >= _AFTER
