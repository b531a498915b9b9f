"""The card of a place: everything the atlas says about an offer and one of its locations on a day, as plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from babel import Locale

from residency.atlas import certificates
from residency.atlas.card_words import LOCALES
from residency.atlas.french import said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from residency.atlas.atlas import Atlas
    from residency.atlas.law_shapes import LawShape
    from residency.atlas.scenario import Scenario
    from residency.atlas.values import Certificate, Company, LawLink, Offer, Place

Lang = Literal["en", "fr"]
SCHEMA = "residency/card/v1"


def card(atlas: Atlas, offer: Offer, place: Place | None, as_of: date, lang: Lang) -> dict[str, Any]:
    """The card as values that JSON can hold; `None` is unknown. Names of countries, reasons and notes are in `lang`."""
    names = _Names(atlas, lang)
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "as_of": as_of.isoformat(),
        "atlas": {"version": atlas.version, "sha256": atlas.sha256},
        "scenarios": [_scenario(scenario, as_of, lang) for scenario in atlas.scenarios],
        "offer": _offer(offer, names),
        "place": _place(atlas, place, as_of, names) if place else None,
        "laws": _laws(atlas, offer, as_of, names),
        "certificates": [_certificate(atlas, c, place, as_of, names) for c in offer.certificates],
    }
    result["sources"] = _sources(atlas, offer, place, result)
    return result


def _scenario(scenario: Scenario, as_of: date, lang: Lang) -> dict[str, Any]:
    first = scenario.earliest
    return {
        "id": scenario.id, "title": getattr(scenario.title, lang), "from": first.isoformat() if first else None,
        "applies": first is None or first <= as_of,
    }  # fmt: skip


class _Names:
    def __init__(self, atlas: Atlas, lang: Lang) -> None:
        self.lang = lang
        self._atlas = atlas
        self._territories = Locale.parse(LOCALES[lang]).territories

    def country(self, code: str | None) -> str | None:
        return None if code is None else str(self._territories.get(code, code))

    def said(self, sentence: str | None) -> str | None:
        """A free sentence of the atlas in the language of the card."""
        return None if sentence is None else str(getattr(said(self._atlas, sentence), self.lang))

    def company(self, company: Company) -> dict[str, Any]:
        return {**asdict(company), "country_name": self.country(company.country)}


def _offer(offer: Offer, names: _Names) -> dict[str, Any]:
    return {
        "id": offer.id,
        "name": offer.name,
        "kind": offer.kind,
        "contracting_entity": names.company(offer.contracting_entity),
        "operator": names.company(offer.runs),
        "operator_is_contracting_entity": offer.operator is None,
        "ultimate_parent": names.company(offer.ultimate_parent),
        "ownership": [{**asdict(statement), "text": names.said(statement.text)} for statement in offer.ownership],
        "non_eu_holders": _with_names(offer.non_eu_holders, names),
        "non_eu_share": asdict(offer.non_eu_share) if offer.non_eu_share else None,
        "technology_suppliers": _with_names(offer.technology_suppliers, names, "what", "note"),
        "us_establishment": {**asdict(us), "text": names.said(us.text)} if (us := offer.us_establishment) else None,
        "establishments": _with_names(offer.establishments, names, "note"),
        "notes": [names.said(note) for note in offer.notes],
    }


def _with_names(values: Iterable[Any] | None, names: _Names, *sentences: str) -> list[dict[str, Any]] | None:
    if values is None:
        return None
    said = {id(v): {key: names.said(getattr(v, key)) for key in sentences} for v in values}
    return [{**asdict(v), **said[id(v)], "country_name": names.country(v.country)} for v in values]


def _place(atlas: Atlas, place: Place, as_of: date, names: _Names) -> dict[str, Any]:
    countries = atlas.countries(place, as_of)
    where = place.provenance
    return {
        "id": place.id, "name": place.name, "type": place.type, "status": place.status,
        "partition": place.partition, "extent": place.extent,
        "countries": None if countries is None else [_country(atlas, code, as_of, names) for code in countries],
        "in_eu": atlas.within(place, "eu_territory", as_of),
        "in_eea": atlas.within(place, "eea_territory", as_of),
        "doubt": getattr(doubt, names.lang) if (doubt := atlas.doubt(place, "eu_territory", as_of)) else None,
        "adequate": atlas.adequate(place, as_of),
        "city": place.city, "lat": place.lat, "lon": place.lon, "paired": place.paired, "operator": place.operator,
        "residency": names.said(place.residency), "aliases": list(place.aliases), "zones": list(place.zones),
        "certainty": where.certainty, "sources": list(where.sources),
        "checked_on": where.checked_on.isoformat() if where.checked_on else None, "note": names.said(place.note),
    }  # fmt: skip


def _country(atlas: Atlas, code: str, as_of: date, names: _Names) -> dict[str, Any]:
    standing = atlas.adequacy(code, as_of)
    return {
        "code": code, "name": names.country(code), "adequacy": standing.status, "decision": standing.decision,
        "instrument": standing.instrument, "note": names.said(standing.note), "treated": standing.treated,
    }  # fmt: skip


def _laws(atlas: Atlas, offer: Offer, as_of: date, names: _Names) -> list[dict[str, Any]] | None:
    links = atlas.laws(offer.id, as_of)
    if links is None:
        return None
    short = {link.law: atlas.law_name(link.law, names.lang) for link in links}
    return [_law(link, atlas.law(link.law, as_of), short[link.law], names) for link in links]


def _law(link: LawLink, law: LawShape | None, short: str, names: _Names) -> dict[str, Any]:
    return {
        "law": link.law,
        "short": short,
        "name": law.name_fr if law and names.lang == "fr" else link.name,
        "citation": law.citation if law else None,
        "country": link.country,
        "country_name": names.country(link.country),
        "kind": link.kind,
        "via": link.via,
        "access": link.access,
        "certainty": link.certainty,
        "source": link.source,
        "note": names.said(link.note),
        "lapse": None if link.lapse is None else getattr(link.lapse, names.lang),
    }


def _certificate(
    atlas: Atlas, certificate: Certificate, place: Place | None, as_of: date, names: _Names
) -> dict[str, Any]:
    scheme = next(s for s in atlas.schemes().values() if s.scheme == certificate.scheme)
    values = asdict(certificate)
    values.update({key: names.said(values[key]) for key in ("scope", "note")})
    values["checked_on"] = certificate.checked_on.isoformat() if certificate.checked_on else None
    return {
        "check": scheme.check,
        "in_force": certificates.in_force(certificate, scheme, as_of),
        "covers_place": certificates.covers_place(certificate, place) if place else None,
        **values,
    }


def _sources(atlas: Atlas, offer: Offer, place: Place | None, result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every source that the card names, once, in order of appearance."""
    found: dict[str, None] = dict.fromkeys(place.provenance.sources if place else ())
    for name in _named(result):
        found[name] = None
    return [{**asdict(atlas.source(offer.provider, name)), "id": name} for name in found]


def _named(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("source", "coverage_source") and isinstance(item, str):
                yield item
            else:
                yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)
