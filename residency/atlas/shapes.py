"""What every file of the atlas shares: strict shapes, dates, country codes, and where a fact comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from residency.atlas.countries import COUNTRIES

Certainty = Literal["verified", "secondary", "memory"]
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == 10 else _refuse_day(value)
        except ValueError:
            return _refuse_day(value)
    return value


def _refuse_day(value: str) -> Any:
    raise ValueError(f"{value!r} is not a day of the calendar, written YYYY-MM-DD")


def _partial(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2200 else value


def _check_partial(value: str) -> str:
    try:
        earliest(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a date, written YYYY, YYYY-MM or YYYY-MM-DD") from None
    return value


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError(f"{value!r} is not a country code of ISO 3166-1 (two capital letters)")
    return value


def _country_or_union(value: str) -> str:
    return value if value == "EU" else _country(value)


Day = Annotated[date, BeforeValidator(_day)]
PartialDate = Annotated[
    str, BeforeValidator(_partial, json_schema_input_type=str | int), AfterValidator(_check_partial)
]
Country = Annotated[str, AfterValidator(_country)]
CountryOrUnion = Annotated[str, AfterValidator(_country_or_union)]


def earliest(text: str) -> date:
    """First day of a date given as YYYY, YYYY-MM or YYYY-MM-DD. Raises `ValueError` for anything else."""
    match = _PARTIAL.match(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups()
    return date(int(year), int(month or 1), int(day or 1))


def latest(text: str) -> date:
    """Last day of a date given as YYYY, YYYY-MM or YYYY-MM-DD. Raises `ValueError` for anything else."""
    first = earliest(text)
    if len(text) == 10:
        return first
    if len(text) == 4:
        return date(first.year, 12, 31)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)


class Shape(BaseModel):
    """A part of a file: unknown keys are refused, values keep the type they are written in."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Origin(Shape):
    """Where a fact comes from. What is left out is inherited from the part of the file around it."""

    source: str | None = None
    sources: list[str] | None = None
    certainty: Certainty | None = None
    checked_on: Day | None = None

    @model_validator(mode="after")
    def _one_source_key(self) -> Origin:
        if self.source is not None and self.sources is not None:
            raise ValueError("has both source and sources: keep one of them")
        return self


class Fact(Origin):
    """One statement that needs a source, with the days on which it holds (inclusive; missing = open)."""

    valid_from: Day | None = None
    valid_until: Day | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _order(self) -> Fact:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from {self.valid_from} is after valid_until {self.valid_until}")
        return self

    def holds(self, as_of: date) -> bool:
        """Whether the day lies between valid_from and valid_until."""
        return (self.valid_from is None or self.valid_from <= as_of) and (
            self.valid_until is None or as_of <= self.valid_until
        )


class Text(Shape):
    """A name or sentence in both languages."""

    en: str
    fr: str


class SourceShape(Shape):
    """One document or page that facts rest on."""

    kind: Literal["primary", "secondary", "mixed", "memory"]
    text: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from once everything inherited is filled in. `None` or empty = not told."""

    sources: tuple[str, ...] = ()
    certainty: Certainty | None = None
    checked_on: date | None = None

    def with_(self, origin: Origin) -> Provenance:
        """The provenance of something that stands inside: its own words win over what it inherits."""
        own = (origin.source,) if origin.source is not None else tuple(origin.sources or ())
        return Provenance(own or self.sources, origin.certainty or self.certainty, origin.checked_on or self.checked_on)


NOTHING_TOLD = Provenance()
