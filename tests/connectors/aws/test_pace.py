"""A pace is learnt against a scripted clock: a service with a limit that nobody told."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import pytest

from residency.connectors.aws.pace import Pace

LATENCY = 0.08


@dataclass
class Service:
    """Takes `rate` calls a second and `burst` at once, and refuses what comes faster."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    last: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def takes(self, now: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def finish(service: Service, calls: int, width: int = 128) -> tuple[float, int]:
    """Seconds until every call was answered, and how many were refused meanwhile."""
    pace = Pace(slowest=1.0)
    refused = 0
    now = 0.0
    # When something is next to happen for a call, and when it was sent; 0 while it waits for its turn.
    flying: list[tuple[float, float]] = []
    left = calls
    while left or flying:
        while left and len(flying) < min(width, pace.width(now) or width):
            left -= 1
            heapq.heappush(flying, (now, 0.0))
        when, sent = heapq.heappop(flying)
        now = max(now, when)
        if not sent:
            wait = pace.turn(now)
            heapq.heappush(flying, (now + wait, 0.0) if wait else (now + LATENCY, now or 1e-9))
        elif service.takes(now):
            pace.took(sent, now)
        else:
            refused += 1
            pace.refused(sent, now)
            left += 1
    return now, refused


def test_a_service_that_never_complains_is_never_slowed_down() -> None:
    pace = Pace(slowest=1.0)
    for _ in range(1000):
        assert pace.turn(0.0) == 0.0
        pace.took(0.0, 0.01)
    assert pace.width(1.0) is None


@pytest.mark.parametrize(("rate", "calls"), [(20.0, 400), (20.0, 1000), (5.0, 200), (100.0, 3000)])
def test_a_limit_that_nobody_told_costs_little(rate: float, calls: int) -> None:
    service = Service(rate, 2 * rate)
    took, refused = finish(service, calls)
    limit = (calls - 2 * rate) / rate
    assert took <= 1.15 * limit
    # The first refusals come all at once, from what was in flight before anything was known.
    assert refused <= 128 + 0.1 * calls


def test_it_halves_once_for_what_was_in_flight() -> None:
    pace = Pace(slowest=0.1)
    for at in range(80):
        pace.took(0.0, at / 100)
    for _ in range(50):
        pace.refused(0.5, 0.8)
    first = pace.turn(0.8)
    assert first == pytest.approx(1 / 80)
    pace.refused(0.9, 1.0)
    assert pace.turn(1.0) == pytest.approx(1 / 40, rel=0.1)


def test_it_climbs_slowly_and_never_stops() -> None:
    pace = Pace(slowest=2.0)
    for at in range(20):
        pace.refused(at / 10, at / 10)
    assert pace.turn(1.9) == pytest.approx(0.5)
    # One turn that nobody took is left over.
    assert [pace.turn(11.9), pace.turn(11.9)] == [0.0, 0.0]
    assert pace.turn(11.9) == pytest.approx(1 / (2 * 6))


def test_few_threads_wait_for_a_slow_service() -> None:
    pace = Pace(slowest=1.0)
    pace.took(0.0, 0.1)
    pace.refused(0.2, 0.3)
    assert pace.width(0.3) == 2
