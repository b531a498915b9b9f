"""The shape of an overlay: facts of a user's own over the shipped ones."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from residency.atlas.law_shapes import DecisionShape, LawShape, MemberShape
from residency.atlas.provider_shapes import CertificateShape, ControlFacts, LocationShape, OfferShape
from residency.atlas.shapes import Day, Origin, Shape, SourceShape

CORRECTED = ("adequacy", "law", "rule", "framework", "location")


class OwnOfferShape(OfferShape):
    """An offer that the atlas does not have: a data centre, the host of a key store, a company that gets data.

    `laws` left out = the access laws of the countries of its parent and of the company that runs it.
    """

    locations: list[LocationShape] | None = None
    zone_pattern: str | None = None


class OwnLocationShape(LocationShape):
    """A further place of an offer that the atlas has."""

    offer: str


class OwnCertificateShape(CertificateShape):
    """A certificate of an offer. `instead` = it stands instead of all shipped entries of its scheme."""

    offer: str
    instead: bool = False


class ControlShape(ControlFacts):
    """A change of who controls an offer, on any day or from a day on. What is not named stays.

    Without `laws`, a new parent or operator brings the access laws of its country and drops those of the former one.
    """

    offer: str
    from_: Day | None = Field(None, alias="from")

    @model_validator(mode="after")
    def _companies(self) -> ControlShape:
        for key in ("contracting_entity", "ultimate_parent"):
            if key in self.model_fields_set and getattr(self, key) is None:
                raise ValueError(f"{key} cannot be empty; leave it out, or give a company without a country")
        if not self.model_fields_set - {"offer", "from_"}:
            raise ValueError("changes nothing: name what is new, such as ultimate_parent")
        return self


class OwnMemberShape(MemberShape):
    """A membership of a country in a group; it takes the place of all shipped ones of that country there."""

    group: str


class PlaceName(Shape):
    """A location of an offer, by their ids."""

    offer: str
    id: str


class CorrectionShape(Origin):
    """Keys of a shipped entry that are replaced; `null` takes a key away, so that it is unknown."""

    adequacy: str | None = None
    law: str | None = None
    rule: str | None = None
    framework: str | None = None
    location: PlaceName | None = None
    set: dict[str, Any] = Field(min_length=1)

    @model_validator(mode="after")
    def _one(self) -> CorrectionShape:
        told = [key for key in CORRECTED if getattr(self, key) is not None]
        if len(told) != 1:
            raise ValueError(f"needs exactly one of {', '.join(CORRECTED)}, has {' and '.join(told) or 'none of them'}")
        forbidden = {"id", "source", "sources", "certainty", "checked_on"} & self.set.keys()
        if forbidden:
            raise ValueError(f"set cannot hold {', '.join(sorted(forbidden))}: those stand beside set; an id is fixed")
        return self


class OverlayFile(Shape):
    """An overlay file. Every fact in it needs a source, a certainty and the day it was checked."""

    overlay: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str | None = None
    defaults: Origin = Origin()
    sources: dict[str, SourceShape] | None = None
    offers: list[OwnOfferShape] | None = None
    locations: list[OwnLocationShape] | None = None
    certificates: list[OwnCertificateShape] | None = None
    control: list[ControlShape] | None = None
    adequacy: list[DecisionShape] | None = None
    laws: list[LawShape] | None = None
    memberships: list[OwnMemberShape] | None = None
    corrections: list[CorrectionShape] | None = None
