"""Every answer an atlas gives about its shipped offers, as one flat mapping: what two atlases disagree on shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from residency.atlas.atlas import Atlas

KINDS = ("vm", "object-bucket", "relational-db")
COUNTRIES = ("US", "GB", "FR", "CA", "CH", "BR", "CN", "IS")
Answers = dict[tuple[Any, ...], Any]


def answers(atlas: Atlas, day: date, offers: tuple[str, ...]) -> Answers:
    found: Answers = {}
    for country in COUNTRIES:
        found["adequacy", country] = atlas.adequacy(country, day)
    for name in [*atlas.layers.rules, *atlas.layers.frameworks]:
        found["applies", name] = atlas.applies(name, day)
    for name in atlas.layers.laws:
        law = atlas.law(name, day)
        found["law", name] = law is not None and (law.holds(day), law.lapse is not None and law.lapse.on <= day)
    for offer_id in offers:
        offer = atlas.offer(offer_id, day)
        assert offer is not None
        found["parent", offer_id] = offer.ultimate_parent
        found["operator", offer_id] = offer.runs
        found["shares", offer_id] = atlas.non_eu_share(offer_id, day)
        found["laws", offer_id] = atlas.laws(offer_id, day)
        for place in atlas.places(offer_id):
            found["countries", offer_id, place.id] = atlas.countries(place, day)
            found["area", offer_id, place.id] = (
                atlas.within(place, "eu_territory", day), atlas.within(place, "eea_territory", day)
            )  # fmt: skip
            found["adequate", offer_id, place.id] = atlas.adequate(place, day)
            for check in ("secnumcloud", "hds", "c5", "iso_27001"):
                for kind in KINDS:
                    found["cert", offer_id, check, kind, place.id] = atlas.certificate(
                        offer_id, check, kind, place.id, day
                    ).holds
    return found


def differences(one: Answers, other: Answers) -> set[tuple[Any, ...]]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
