"""What the atlas says of the places, companies, laws and countries that a run found, for reports to quote.

A renderer never asks the atlas itself: it quotes these values, each with its source and how sure it is. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from residency.atlas.french import said
from residency.atlas.shapes import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from residency.atlas.atlas import Atlas
    from residency.atlas.values import Company, Offer


@dataclass(frozen=True, slots=True)
class Quoted:
    """Where a fact was read, and how sure it is: `verified`, `secondary` or `memory`. `None` is not told."""

    certainty: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class PlaceUsed:
    """A location code. `lat` and `lon` are those of the town, in degrees; `None` when only the country is known."""

    offer: str
    location: str
    name: str
    city: str | None
    country: str | None
    lat: float | None
    lon: float | None
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class CompanyUsed:
    """A company in one of the parts `contracting`, `operator` and `parent`."""

    part: str
    name: str
    country: str | None
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class LinkUsed:
    """A law in force that reaches an offer. `access` is true where an authority may demand data under it."""

    law: str
    via: str
    access: bool
    note: Text | None
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class CertificateUsed:
    """What the atlas says of a certificate of an offer; only the status `held` counts. Dates as written there."""

    scheme: str
    version: str | None
    status: str
    issued: str | None
    valid_until: str | None
    scope: Text | None
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class OfferUsed:
    """An offer with its companies, laws and certificates. `links` is `None` when the laws cannot be told."""

    id: str
    name: str
    companies: tuple[CompanyUsed, ...]
    links: tuple[LinkUsed, ...] | None
    certificates: tuple[CertificateUsed, ...]

    def company(self, part: str) -> CompanyUsed | None:
        """The company in that part; the contracting company runs the service where no other one does."""
        found = next((company for company in self.companies if company.part == part), None)
        return self.company("contracting") if found is None and part == "operator" else found


@dataclass(frozen=True, slots=True)
class LawUsed:
    """A law that reaches one of the offers, as its own text is cited."""

    id: str
    name: Text
    citation: str
    country: str
    kind: str
    reach: Text
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class CountryUsed:
    """How a country stands under GDPR chapter V on the date: `member`, `treated`, `full`, `conditional` or `none`.

    `instrument` is the decision, `until` its last day in ISO form, `limits` what it does not cover.
    """

    code: str
    standing: str
    instrument: str | None
    until: str | None
    limits: Text | None
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class AtlasUsed:
    """The part of the atlas that stands behind a run.

    `hds_sentences` are the fixed ones of HDS, EXI 31, by case; `eea` the territory of the EEA on the date, in codes.
    """

    places: tuple[PlaceUsed, ...] = ()
    offers: tuple[OfferUsed, ...] = ()
    laws: tuple[LawUsed, ...] = ()
    countries: tuple[CountryUsed, ...] = ()
    hds_sentences: tuple[tuple[str, str], ...] = ()
    eea: tuple[str, ...] = ()

    def offer(self, offer_id: str | None) -> OfferUsed | None:
        """The offer of that id; `None` when the atlas does not know it."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)

    def country(self, code: str) -> CountryUsed | None:
        """The country of that code; `None` when no data is there and no law of it reaches an offer."""
        return next((country for country in self.countries if country.code == code), None)

    def law(self, law_id: str) -> LawUsed | None:
        """The law of that id; `None` when it reaches no offer of the run."""
        return next((law for law in self.laws if law.id == law_id), None)


NOTHING_USED = AtlasUsed()


def atlas_used(atlas: Atlas, facts: pa.Table, as_of: date) -> AtlasUsed:
    """The part of the atlas that the fact rows (schema `residency.facts.arrow_schema()`) rest on."""
    pairs = sorted({
        (row["place.offer"], row["place.location"])
        for row in facts.select(["place.offer", "place.location"]).group_by(["place.offer", "place.location"])
        .aggregate([]).to_pylist()
        if row["place.offer"]
    }, key=repr)  # fmt: skip
    offers = tuple(
        _offer(atlas, offer, as_of)
        for offer_id in dict.fromkeys(offer for offer, _location in pairs)
        if (offer := atlas.offer(offer_id, as_of)) is not None
    )
    places = (_place(atlas, offer, location) for offer, location in pairs if location is not None)
    codes = set(pc.unique(pc.list_flatten(facts["place.countries"])).to_pylist()) if facts.num_rows else set()
    named = dict.fromkeys(link.law for offer in offers for link in offer.links or ())
    laws = tuple(law for law_id in sorted(named) if (law := _law(atlas, law_id, as_of)) is not None)
    codes |= {law.country for law in laws if law.country != "EU"}
    return AtlasUsed(
        places=tuple(place for place in places if place is not None),
        offers=offers,
        laws=laws,
        countries=tuple(_country(atlas, code, as_of) for code in sorted(code for code in codes if code)),
        hds_sentences=_hds_sentences(atlas),
        eea=tuple(sorted(atlas.group_members("eea_territory", as_of))),
    )


def _said(atlas: Atlas, sentence: str | None) -> Text | None:
    return None if sentence is None else said(atlas, sentence)


def _quoted(atlas: Atlas, provider: str | None, certainty: str | None, sources: Iterable[str]) -> Quoted:
    texts = [atlas.source(provider, name).text for name in sources]
    return Quoted(certainty, "; ".join(texts) or None)


def _one(atlas: Atlas, offer: Offer, fact: Any) -> Quoted:
    return _quoted(atlas, offer.provider, fact.certainty, [fact.source] if fact.source else [])


def _place(atlas: Atlas, offer: str, location: str) -> PlaceUsed | None:
    place = atlas.place(offer, location)
    if place is None:
        return None
    quoted = _quoted(atlas, place.provider, place.certainty, place.provenance.sources)
    return PlaceUsed(offer, location, place.name, place.city, place.country, place.lat, place.lon, quoted)


def _offer(atlas: Atlas, offer: Offer, as_of: date) -> OfferUsed:
    parts: tuple[tuple[str, Company | None], ...] = (
        ("contracting", offer.contracting_entity), ("operator", offer.operator), ("parent", offer.ultimate_parent),
    )  # fmt: skip
    companies = tuple(
        CompanyUsed(part, company.name, company.country, _one(atlas, offer, company))
        for part, company in parts
        if company is not None
    )
    links = atlas.laws(offer.id, as_of)
    certificates = tuple(
        CertificateUsed(
            c.scheme, c.version, c.status, c.date, c.valid_until, _said(atlas, c.scope), _one(atlas, offer, c)
        )
        for c in offer.certificates
    )
    told = None
    if links is not None:
        told = tuple(
            LinkUsed(link.law, link.via, link.access, _said(atlas, link.note), _one(atlas, offer, link))
            for link in links
        )
    return OfferUsed(offer.id, offer.name, companies, told, certificates)


def _law(atlas: Atlas, law_id: str, as_of: date) -> LawUsed | None:
    law = atlas.law(law_id, as_of)
    if law is None:
        return None
    quoted = _quoted(atlas, None, law.certainty, law.sources or ([law.source] if law.source else []))
    name = Text(en=law.name, fr=law.name_fr)
    return LawUsed(law.id, name, law.citation, law.country, law.kind, said(atlas, law.reach), quoted)


def _country(atlas: Atlas, code: str, as_of: date) -> CountryUsed:
    standing = atlas.adequacy(code, as_of)
    decision = next((d for d in atlas.areas.decisions if d.id == standing.decision and d.holds(as_of)), None)
    until, quoted = None, Quoted(None, None)
    if decision is not None:
        until = decision.valid_until.isoformat() if decision.valid_until else None
        sources = decision.sources or ([decision.source] if decision.source else [])
        quoted = _quoted(atlas, None, decision.certainty, sources)
    status = "treated" if standing.treated else standing.status
    return CountryUsed(code, status, standing.instrument, until, _said(atlas, standing.note), quoted)


def _hds_sentences(atlas: Atlas) -> tuple[tuple[str, str], ...]:
    """The fixed sentences of EXI 31 by case."""
    framework = atlas.layers.frameworks.get("HDS-V2")
    found = (c.sentences for c in framework.criteria if c.id == "EXI 31") if framework else iter(())
    return tuple(sorted((next(found, None) or {}).items()))
