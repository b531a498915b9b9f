"""The end of the time that a run may take."""

from __future__ import annotations

import time


class Deadline:
    """So many seconds from now; without a number there is no end."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = float("inf") if seconds is None else time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left: 0 when the time is over, infinite without an end."""
        return max(0.0, self._end - time.monotonic())

    def over(self) -> bool:
        """Whether no more may be asked."""
        return self.left() <= 0
