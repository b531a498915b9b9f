from __future__ import annotations

from dataclasses import dataclass

import pytest

from residency import spool
from residency.spool import BATCH, Kept, Spool


@dataclass(frozen=True, slots=True)
class One:
    value: str


@dataclass(frozen=True, slots=True)
class Two:
    one: One | None
    number: int


def test_a_spool_gives_back_what_it_was_given_as_often_as_asked() -> None:
    values = [Two(One(f"é{number}") if number % 3 else None, number) for number in range(2 * BATCH + 7)]
    with Spool[Two](One, Two) as spool:
        for value in values[:-1]:
            spool.add(value)
        assert list(spool) == values[:-1]
        first = next(iter(spool))
        spool.add(values[-1])
        assert first == values[0]
        assert list(spool) == list(spool) == values


def test_an_empty_spool() -> None:
    with Spool[int]() as spool:
        assert list(spool) == []


@pytest.mark.parametrize("in_memory", [0, 3, 100])
def test_a_long_sequence_is_like_a_tuple(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    values = tuple(Two(One(str(number)), number) for number in range(9))
    kept = Kept(iter(values), One, Two)
    assert len(kept) == 9
    assert (kept[0], kept[5], kept[-1]) == (values[0], values[5], values[-1])
    for part in (slice(None, 4), slice(2, 8, 3), slice(-3, None), slice(5, 2), slice(None, None, -1)):
        assert kept[part] == values[part]
    with pytest.raises(IndexError):
        kept[9]
    assert [(one, other) for one in kept for other in kept] == [(one, other) for one in values for other in values]
    assert kept == values != kept[:8]
