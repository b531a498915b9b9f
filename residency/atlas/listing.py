"""Tables of what the atlas holds, as plain values: offers, locations, laws, adequacy decisions and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale

from residency.atlas import certificates
from residency.atlas.card_words import LOCALES
from residency.atlas.scenario import load_scenario, scenario_ids
from residency.errors import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from residency.atlas.atlas import Atlas
    from residency.atlas.card import Lang
    from residency.atlas.values import Offer

Row = dict[str, Any]


class Listing:
    """What there is in an atlas on a day, one table for each of `WHATS`; a row is a dict, unknown is `None`."""

    def __init__(self, atlas: Atlas, day: date, lang: Lang) -> None:
        self.atlas = atlas
        self.day = day
        self.lang = lang
        self._territories = Locale.parse(LOCALES[lang]).territories

    def rows(self, what: str, offer: str | None) -> list[Row]:
        """The table `what`; `locations` and `certificates` are those of an offer. Raises `UserError` without one."""
        if what in OF_AN_OFFER:
            return OF_AN_OFFER[what](self, self._offer(what, offer))
        if offer is not None:
            raise UserError(Problem(f"{what} are not listed for one offer.", remedy=f"Leave {offer!r} out."))
        return WHATS[what](self)

    def counts(self) -> list[Row]:
        """How much of each there is."""
        places = sum(len(self.atlas.places(offer)) for offer in self.atlas.offer_ids())
        found = [{"what": what, "count": len(table(self))} for what, table in WHATS.items()]
        return [*found, {"what": "locations", "count": places}]

    def _offer(self, what: str, name: str | None) -> Offer:
        offer = self.atlas.offer(name, self.day) if name is not None else None
        if offer is None:
            unknown = f"the atlas does not know the offer {name!r}."
            message = f"{what} are those of an offer." if name is None else unknown
            raise UserError(Problem(message, remedy=f"Known: {', '.join(self.atlas.offer_ids())}."))
        return offer

    def _country(self, code: str | None) -> str | None:
        return None if code is None else str(self._territories.get(code, code))

    def offers(self) -> list[Row]:
        """Every offer with the companies behind it."""
        found = (self.atlas.offer(name, self.day) for name in self.atlas.offer_ids())
        return [
            {
                "id": offer.id, "name": offer.name, "kind": offer.kind, "operator": offer.runs.name,
                "operator_country": self._country(offer.runs.country), "parent": offer.ultimate_parent.name,
                "parent_country": self._country(offer.ultimate_parent.country),
                "locations": len(self.atlas.places(offer.id)),
            }
            for offer in found if offer is not None
        ]  # fmt: skip

    def locations(self, offer: Offer) -> list[Row]:
        """Every location of an offer with its area on the day."""
        return [
            {
                "id": place.id, "name": place.name, "type": place.type, "status": place.status, "extent": place.extent,
                "countries": self.atlas.countries(place, self.day),
                "in_eu": self.atlas.within(place, "eu_territory", self.day),
                "in_eea": self.atlas.within(place, "eea_territory", self.day),
                "adequate": self.atlas.adequate(place, self.day), "certainty": place.certainty,
            }
            for place in self.atlas.places(offer.id)
        ]  # fmt: skip

    def certificates(self, offer: Offer) -> list[Row]:
        """Every certificate of an offer, and every statement that there is none."""
        schemes = {scheme.scheme: scheme for scheme in self.atlas.schemes().values()}
        return [
            {
                "scheme": c.scheme, "version": c.version, "status": c.status, "from": c.date, "until": c.valid_until,
                "in_force": certificates.in_force(c, schemes[c.scheme], self.day), "certainty": c.certainty,
                "source": c.source,
            }
            for c in offer.certificates
        ]  # fmt: skip

    def laws(self) -> list[Row]:
        """Every law; `in_force` is a matter of the day, `lapsed` of a law that has expired and still counts."""
        found = (self.atlas.law(name, self.day) for name in self.atlas.layers.laws)
        return [
            {
                "id": law.id, "name": self.atlas.law_name(law.id, self.lang), "citation": law.citation,
                "country": "EU" if law.country == "EU" else self._country(law.country), "kind": law.kind,
                "in_force": law.holds(self.day), "lapsed": law.lapse is not None and law.lapse.on <= self.day,
                "certainty": law.certainty,
            }
            for law in found if law is not None
        ]  # fmt: skip

    def adequacy(self) -> list[Row]:
        """Every adequacy decision, past ones too; `stands` on the day or not."""
        return [
            {
                "id": d.id, "countries": [self._country(code) for code in d.countries], "instrument": d.instrument,
                "from": d.valid_from and d.valid_from.isoformat(), "until": d.valid_until and d.valid_until.isoformat(),
                "conditional": d.conditional, "stands": d.holds(self.day), "certainty": d.certainty,
            }
            for d in self.atlas.areas.decisions
        ]  # fmt: skip

    def groups(self) -> list[Row]:
        """Every group of countries with its members on the day."""
        areas = self.atlas.areas
        return [
            {"id": name, "name": getattr(areas.name(name), self.lang), "members": sorted(areas.members(name, self.day))}
            for name in areas.groups
        ]

    def schemes(self) -> list[Row]:
        """Every certificate scheme and its editions that count on the day."""
        return [
            {
                "check": check, "scheme": scheme.name,
                "editions": [edition.version for edition in scheme.editions if edition.holds(self.day)],
            }
            for check, scheme in self.atlas.schemes().items()
        ]  # fmt: skip

    def frameworks(self) -> list[Row]:
        """Every framework; `applies` on the day or not."""
        return [
            {"id": f.id, "name": f.name, "issuer": f.issuer, "criteria": len(f.criteria), "stage": f.stage,
             "applies": self.atlas.applies(f.id, self.day)}
            for f in self.atlas.layers.frameworks.values()
        ]  # fmt: skip

    def rules(self) -> list[Row]:
        """Every rule of Union law that a policy cites."""
        rules = self.atlas.layers.rules.values()
        return [{"id": r.id, "citation": r.citation, "effect": r.effect, "certainty": r.certainty} for r in rules]

    def kinds(self) -> list[Row]:
        """Every kind of resource."""
        kinds = self.atlas.kinds.by_id.values()
        return [{"id": k.id, "category": k.category, "stores_data": k.stores_data, "keys": k.holds_keys} for k in kinds]

    def sources(self) -> list[Row]:
        """Every shared source; those of one provider stand in its file."""
        shared = {**self.atlas.files.shape("sources").shape.sources}
        for overlay in self.atlas.overlays:
            shared |= overlay.shape.sources or {}
        return [{"id": name, "kind": source.kind, "text": source.text} for name, source in shared.items()]

    def scenarios(self) -> list[Row]:
        """Every shipped scenario."""
        found = (load_scenario(name) for name in scenario_ids())
        return [{"id": s.id, "title": getattr(s.title, self.lang), "from": s.earliest} for s in found]


WHATS: dict[str, Callable[[Listing], list[Row]]] = {
    "offers": Listing.offers, "laws": Listing.laws, "adequacy": Listing.adequacy, "groups": Listing.groups,
    "schemes": Listing.schemes, "frameworks": Listing.frameworks, "rules": Listing.rules, "kinds": Listing.kinds,
    "sources": Listing.sources, "scenarios": Listing.scenarios,
}  # fmt: skip
OF_AN_OFFER: dict[str, Callable[[Listing, Offer], list[Row]]] = {
    "locations": Listing.locations,
    "certificates": Listing.certificates,
}
