"""A provider file as values: its places, found by any code the provider uses, and its offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from residency.atlas.provider_shapes import (
    CertificateShape,
    CompanyShape,
    ControlFacts,
    LocationDefaults,
    LocationShape,
    OfferShape,
    ProviderFile,
    StatementShape,
)
from residency.atlas.shapes import NOTHING_TOLD, Origin, Provenance
from residency.atlas.values import (
    Certificate,
    Company,
    Establishment,
    Extent,
    Holder,
    Offer,
    OfferLaw,
    Place,
    Share,
    Statement,
    Supplier,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from residency.atlas.reading import Path_, Read
    from residency.errors import Problem


def folded(code: str) -> str:
    """A location code as it is compared: without case and white space (Azure writes "France Central")."""
    return "".join(code.split()).casefold()


class Provider:
    """The places and offers of one provider."""

    def __init__(self, read: Read[ProviderFile]) -> None:
        shape = read.shape
        self.read = read
        self.id = shape.provider
        self.name = shape.name
        self.base = NOTHING_TOLD.with_(shape.defaults)
        self.location_base = self.base.with_(shape.location_defaults or Origin())
        self.places = tuple(_places(shape, self.location_base))
        self.offers = tuple(_offer(offer, shape.provider, self.base) for offer in shape.offers or ())
        self._exact: dict[str, Place] = {}
        self._folded: dict[str, Place] = {}
        for place in self.places:
            for code in codes(place):
                self._exact.setdefault(code, place)
                self._folded.setdefault(folded(code), place)
        self._zone = _zone_pattern(shape.zone_pattern)

    def place(self, code: str) -> Place | None:
        """The place of a code: exact, then without case and white space, then as a zone. `None` = not listed."""
        found = self._exact.get(code) or self._folded.get(folded(code))
        if found is None and self._zone is not None:
            match = self._zone.match(folded(code))
            if match:
                found = self._exact.get(match["id"]) or self._folded.get(match["id"])
        return found


def codes(place: Place) -> Iterator[str]:
    """Every code that stands for a place."""
    yield place.id
    yield from place.aliases
    yield from place.zones


def clashes(read: Read[Any], places: Iterable[Place], below: Path_ = ()) -> list[Problem]:
    """Problems with codes of the `locations` at `below`: an id used twice, or a code of two places elsewhere."""
    problems: list[Problem] = []
    ids: set[str] = set()
    owners: dict[str, Place] = {}
    for index, place in enumerate(places):
        if place.id in ids:
            message = f"the location {place.id!r} stands twice."
            problems.append(read.problem((*below, "locations", index, "id"), message, "Keep one of them."))
        ids.add(place.id)
        for code in codes(place):
            other = owners.setdefault(folded(code), place)
            if other is not place and other.id != place.id and not _same_countries(other, place):
                message = f"{code!r} stands for {other.id!r} and for {place.id!r}, which are not in the same countries."
                problems.append(read.problem((*below, "locations", index), message, "Keep the code with one of them."))
    return problems


def _same_countries(one: Place, other: Place) -> bool:
    return (one.extent, one.country, one.listed, one.countries_of, one.never_in) == (
        other.extent, other.country, other.listed, other.countries_of, other.never_in,
    )  # fmt: skip


def _zone_pattern(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern.replace("{id}", "(?P<id>.+?)") + r"\Z") if pattern else None


def _places(shape: ProviderFile, base: Provenance) -> Iterator[Place]:
    defaults = shape.location_defaults or LocationDefaults()
    countries = {location.id: location.country for location in shape.locations or ()}
    for location in shape.locations or ():
        left_out = tuple(sorted({c for id_ in location.excludes or () if (c := countries.get(id_))}))
        aliases = [*(location.aliases or ()), *([location.region_key] if location.region_key else [])]
        yield Place(
            id=location.id, provider=shape.provider, name=location.name or location.id,
            type=location.type or defaults.type or "region", status=location.status or defaults.status or "active",
            partition=location.partition or defaults.partition or shape.provider, extent=_extent(location),
            country=location.country, listed=tuple(sorted(location.countries or ())),
            countries_of=tuple(location.countries_of or ()), left_out=left_out, never_in=tuple(location.never_in or ()),
            city=location.city, lat=location.lat, lon=location.lon, aliases=tuple(aliases),
            zones=tuple(location.zones or ()), alias_of=location.alias_of, parent=location.parent,
            paired=location.paired, operator=location.operator, sovereign=location.sovereign,
            residency=location.residency, launched=location.launched,
            services=tuple(location.services or ()), note=location.note,
            provenance=base.with_(location),
        )  # fmt: skip


def _extent(location: LocationShape) -> Extent:
    if location.country is not None:
        return "country"
    if location.countries is not None or location.countries_of is not None:
        return "countries"
    return "anywhere" if location.anywhere else "several"


def company(shape: CompanyShape, base: Provenance) -> Company:
    """A company as a value."""
    where = base.with_(shape)
    return Company(shape.name, shape.country, where.certainty, _first(where), shape.note)


def _statement(shape: StatementShape, base: Provenance) -> Statement:
    where = base.with_(shape)
    return Statement(shape.text, where.certainty, _first(where))


def _first(where: Provenance) -> str | None:
    return where.sources[0] if where.sources else None


def _offer(shape: OfferShape, provider: str, base: Provenance) -> Offer:
    sold = shape.sold_in
    return Offer(
        id=shape.id, provider=provider, name=shape.name, aliases=tuple(shape.aliases or ()), kind=shape.kind,
        partition=sold.partition if sold else None,
        ids=tuple(sold.ids) if sold and sold.ids is not None else None,
        all_places=bool(sold and sold.all),
        certificates=tuple(certificate(c, base) for c in shape.certificates or ()),
        **control(shape, base),
    )  # fmt: skip


def control(shape: ControlFacts, base: Provenance) -> dict[str, Any]:
    """The fields of an offer that say who controls it, as values."""
    holders, share, link = shape.non_eu_holders, shape.non_eu_share, shape.us_establishment
    return {
        "contracting_entity": company(shape.contracting_entity, base) if shape.contracting_entity else None,
        "ultimate_parent": company(shape.ultimate_parent, base) if shape.ultimate_parent else None,
        "operator": company(shape.operator, base) if shape.operator else None,
        "ownership": tuple(_statement(s, base) for s in shape.ownership or ()),
        "non_eu_holders": None if holders is None else tuple(
            Holder(h.name, h.country, h.percent, h.as_of, (w := base.with_(h)).certainty, _first(w)) for h in holders
        ),
        "non_eu_share": None if share is None else Share(
            share.largest_at_most, share.total_at_most, share.basis, (w := base.with_(share)).certainty, _first(w)
        ),
        "technology_suppliers": tuple(
            Supplier(s.name, s.country, s.what, (w := base.with_(s)).certainty, _first(w), s.note)
            for s in shape.technology_suppliers or ()
        ),
        "us_establishment": _statement(link, base) if link else None,
        "establishments": tuple(
            Establishment(e.country, e.entity, e.note, (w := base.with_(e)).certainty, _first(w))
            for e in shape.establishments or ()
        ),
        "laws": tuple(
            OfferLaw(x.law, x.via, (w := base.with_(x)).certainty, _first(w), x.note, x.valid_from, x.valid_until)
            for x in shape.laws or ()
        ),
        "notes": tuple(shape.notes or ()),
    }  # fmt: skip


def certificate(shape: CertificateShape, base: Provenance) -> Certificate:
    """A certificate as a value."""
    where = base.with_(shape)
    return Certificate(
        scheme=shape.scheme, version=shape.version, status=shape.status, scope=shape.scope, body=shape.body,
        decision=shape.decision, product=shape.product, attestation_type=shape.attestation_type, date=shape.date,
        valid_until=shape.valid_until, services=_list(shape.services),
        excluded_services=tuple(shape.excluded_services or ()), regions=_list(shape.regions),
        coverage_complete=shape.coverage_complete, coverage_certainty=shape.coverage_certainty,
        coverage_source=shape.coverage_source, certainty=where.certainty, source=_first(where),
        checked_on=where.checked_on, note=shape.note,
    )  # fmt: skip


def _list(value: list[str] | str | None) -> tuple[str, ...] | Literal["all"] | None:
    if value is None:
        return None
    return tuple(value) if isinstance(value, list) else "all"
