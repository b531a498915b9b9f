"""The shape of a scenario: facts changed on purpose, one verb a change."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from residency.atlas.shapes import Country, Day, Shape, Text


class Change(Shape):
    """What all changes share: the first day on which it applies; left out = any day."""

    verb: ClassVar[str]
    from_: Day | None = Field(None, alias="from")


class _Until(Change):
    until: Day | None = None

    @model_validator(mode="after")
    def _order(self) -> _Until:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        return self


class Annul(Change):
    """An adequacy decision is annulled."""

    verb = "annul"
    annul: str


class Lapse(Change):
    """An adequacy decision or a law ends."""

    verb = "lapse"
    lapse: str


class Renew(_Until):
    """An adequacy decision or a law is renewed: it holds until the day given, or without end."""

    verb = "renew"
    renew: str


class Adopt(Change):
    """A proposed rule or framework becomes applicable."""

    verb = "adopt"
    adopt: str


class Grant(_Until):
    """A new adequacy decision for countries; conditional = only recipients it covers."""

    verb = "grant"
    grant: str
    countries: list[Country] = Field(min_length=1)
    conditional: bool
    instrument: str | None = None


class Certify(_Until):
    """An offer is granted a certificate, for the services (kinds) and regions named."""

    verb = "certify"
    certify: str
    scheme: str
    version: str | None = None
    services: list[str] | Literal["all"]
    regions: list[str] | Literal["all"]


class Withdraw(Change):
    """The certificates of a scheme that an offer holds are withdrawn."""

    verb = "withdraw"
    withdraw: str
    scheme: str


class Buyer(Shape):
    """The company that takes an offer over."""

    name: str
    country: Country


class Acquire(Change):
    """An offer gets another ultimate parent, and with it the access laws of that country."""

    verb = "acquire"
    acquire: str
    by: Buyer


VERBS: tuple[type[Change], ...] = (Annul, Lapse, Renew, Adopt, Grant, Certify, Withdraw, Acquire)
_NAMES = tuple(kind.verb for kind in VERBS)


def _verb(value: Any) -> str | None:
    told = [name for name in _NAMES if name in value] if isinstance(value, dict) else []
    return f"verb {told[0]}" if len(told) == 1 else None


AnyChange = Annotated[
    Annotated[Annul, Tag("verb annul")] | Annotated[Lapse, Tag("verb lapse")] | Annotated[Renew, Tag("verb renew")]
    | Annotated[Adopt, Tag("verb adopt")] | Annotated[Grant, Tag("verb grant")]
    | Annotated[Certify, Tag("verb certify")] | Annotated[Withdraw, Tag("verb withdraw")]
    | Annotated[Acquire, Tag("verb acquire")],
    Discriminator(
        _verb,
        custom_error_type="no_verb",
        custom_error_message=f"a change needs exactly one of {', '.join(_NAMES)}",
    ),
]  # fmt: skip


class ScenarioFile(Shape):
    """A scenario file."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    title: Text
    description: Text
    changes: list[AnyChange] = Field(min_length=1)


def starts(changes: list[AnyChange]) -> date | None:
    """The first day on which one of the changes applies; `None` when one applies on any day."""
    days = [change.from_ for change in changes]
    return None if None in days else min(day for day in days if day is not None)
