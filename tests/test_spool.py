from __future__ import annotations

from dataclasses import dataclass

from residency.spool import BATCH, Spool


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
