"""The shape of `providers/<provider>.yaml`: places, and the offers sold in them. A missing field is unknown."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from residency.atlas.shapes import Country, Fact, Origin, PartialDate, Shape, SourceShape

PlaceType = Literal[
    "region", "zone", "local-zone", "wavelength-zone", "data-centre", "multi-region", "logical", "policy-boundary",
    "alias", "global",
]  # fmt: skip
PlaceStatus = Literal[
    "active", "preview", "early-access", "restricted", "announced", "listed", "listed-in-sdk", "dedicated-realm",
    "closing", "retired", "pseudo", "unconfirmed",
]  # fmt: skip
OfferKind = Literal["hyperscaler", "sovereign-offer", "european-cloud", "us-cloud", "own-data-centre", "recipient"]
Via = Literal["parent", "operator", "establishment", "technology-supplier", "minority-shareholder"]
Status = Literal[
    "held", "pending", "in-progress", "announced", "not-held", "via-partner", "awarded", "assessed", "unknown"
]


class LocationDefaults(Origin):
    """What a line of `locations` leaves out."""

    type: PlaceType | None = None
    status: PlaceStatus | None = None
    partition: str | None = None


class LocationShape(Fact):
    """One code that the provider's API may return, and the country or countries behind it."""

    id: str
    name: str | None = None
    type: PlaceType | None = None
    country: Country | None = None
    countries: list[Country] | None = Field(None, min_length=2)
    countries_of: list[str] | None = Field(None, min_length=1)
    anywhere: Literal[True] | None = None
    several: Literal[True] | None = None
    never_in: list[str] | None = None
    city: str | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    location_precision: Literal["country", "inferred-from-name"] | None = None
    status: PlaceStatus | None = None
    partition: str | None = None
    sovereign: str | None = None
    launched: PartialDate | None = None
    launched_note: str | None = None
    operator: str | None = None
    alias_of: str | None = None
    parent: str | None = None
    paired: str | None = None
    members: list[str] | None = None
    excludes: list[str] | None = None
    zones: list[str] | None = None
    aliases: list[str] | None = None
    azs_kind: str | None = None
    region_key: str | None = None
    zone_group: str | None = None
    geography: str | None = None
    physical: str | None = None
    dns_suffix: str | None = None
    cloud_name_aliases: list[str] | None = None
    project_prefix: str | None = None
    covers: str | None = None
    residency: str | None = None
    services: list[str] | None = None
    key: str | None = None

    @model_validator(mode="after")
    def _one_extent(self) -> LocationShape:
        extents = ("country", "countries", "countries_of", "anywhere", "several")
        told = [key for key in extents if getattr(self, key) is not None]
        if len(told) != 1:
            what = " and ".join(told) or "none of them"
            raise ValueError(f"needs exactly one of country, countries, countries_of, anywhere, several, has {what}")
        if self.never_in is not None and self.several is None:
            raise ValueError("never_in belongs to a place with several: true")
        return self


class SoldIn(Shape):
    """Which places of the provider belong to the offer: those of a partition, a list of ids, or all of them."""

    partition: str | None = None
    ids: list[str] | None = None
    all: Literal[True] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one(self) -> SoldIn:
        if sum(x is not None for x in (self.partition, self.ids, self.all)) != 1:
            raise ValueError("needs exactly one of partition, ids, all")
        return self


class CompanyShape(Fact):
    """A company and the country of its seat."""

    name: str
    country: Country | None = None


class StatementShape(Fact):
    """A statement in words about the ownership of an offer or its reach into a country."""

    text: str


class HolderShape(Fact):
    """A shareholder outside the Union. No `percent` = not published."""

    name: str
    country: Country
    percent: float | None = Field(None, ge=0, le=100)
    as_of: PartialDate | None = None


class ShareShape(Fact):
    """Upper bounds in percent for holders outside the Union: the largest one, and all together."""

    largest_at_most: float = Field(ge=0, le=100)
    total_at_most: float = Field(ge=0, le=100)
    basis: str


class SupplierShape(Fact):
    """Whose technology the offer runs on."""

    name: str
    country: Country | None = None
    what: str


class EstablishmentShape(Fact):
    """A subsidiary or branch outside the Union."""

    country: Country
    entity: str


class LawLinkShape(Fact):
    """A law of laws.yaml and the link through which it reaches the offer."""

    law: str
    via: Via


class CertificateShape(Origin):
    """A certificate, or the statement that there is none. See `fields` in schemes.yaml."""

    scheme: str
    version: str | None = None
    status: Status
    scope: str | None = None
    body: str | None = None
    decision: str | None = None
    product: str | None = None
    attestation_type: Literal[1, 2] | None = None
    date: PartialDate | None = None
    valid_until: PartialDate | None = None
    services: list[str] | Literal["all"] | None = None
    excluded_services: list[str] | None = None
    regions: list[str] | Literal["all"] | None = None
    coverage_complete: bool | None = None
    coverage_certainty: Literal["verified", "inferred", "memory"] | None = None
    coverage_source: str | None = None
    note: str | None = None


class ControlFacts(Shape):
    """Who controls an offer, and the laws that reach it."""

    contracting_entity: CompanyShape | None = None
    ultimate_parent: CompanyShape | None = None
    operator: CompanyShape | None = None
    ownership: list[StatementShape] | None = None
    non_eu_holders: list[HolderShape] | None = None
    non_eu_share: ShareShape | None = None
    technology_suppliers: list[SupplierShape] | None = None
    us_establishment: StatementShape | None = None
    establishments: list[EstablishmentShape] | None = None
    laws: list[LawLinkShape] | None = None
    notes: list[str] | None = None


class OfferShape(ControlFacts):
    """What is bought: its companies, the laws that reach it, its certificates."""

    id: str
    name: str
    aliases: list[str] | None = None
    kind: OfferKind
    sold_in: SoldIn | None = None
    contracting_entity: CompanyShape
    ultimate_parent: CompanyShape
    certificates: list[CertificateShape] | None = None


class ProviderFile(Shape):
    """One provider: its sources, its places, the offers sold in them."""

    provider: str
    name: str
    defaults: Origin
    list_confidence: Literal["high", "medium", "low"] | None = None
    zone_pattern: str | None = None
    notes: list[str] | None = None
    sources: dict[str, SourceShape] | None = None
    location_defaults: LocationDefaults | None = None
    locations: list[LocationShape] | None = None
    offers: list[OfferShape] | None = None
