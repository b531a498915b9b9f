"""Every free sentence of the atlas that a reader is shown has a French one, and no French one is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from residency.atlas.atlas import Atlas
from residency.atlas.french import said
from residency.atlas.values import Offer

# What a service or a company is called in both languages.
NAMES = {
    "AWS European Sovereign Cloud", "Alibaba Cloud US LLC", "EU-Dublin", "Google Cloud", "Hetzner Cloud", "IaaS", "OCI",
    "Hosted Private Cloud - VMware (Managed Dedicated Cloud SecNumCloud): Roubaix, Strasbourg, Gravelines",
    "IaaS Cloud on Demand", "PaaS OpenShift", "Public Cloud, Bare Metal, Hosted Private Cloud", "Tencent America LLC",
    "Worldline Cloud Services, Secured IaaS", "oc19",
}  # fmt: skip


def _of(offer: Offer) -> Iterator[str | None]:
    yield from offer.notes
    yield from (statement.text for statement in offer.ownership)
    yield from (text for supplier in offer.technology_suppliers for text in (supplier.what, supplier.note))
    yield from (branch.note for branch in offer.establishments)
    yield from (link.note for link in offer.laws or ())
    yield from (text for certificate in offer.certificates for text in (certificate.scope, certificate.note))
    yield offer.us_establishment.text if offer.us_establishment else None


def _standing(atlas: Atlas) -> Iterator[str | None]:
    """What is said of each country on each day on which something of a decision begins or ends."""
    for decision in atlas.areas.decisions:
        days = [day for period in (decision, *(decision.periods or ())) for day in (period.valid_from, period.valid_until)]
        for day in {day + timedelta(days=n) for day in days if day for n in (0, 1)} | {date(2026, 11, 24)}:
            yield from (atlas.adequacy(country, day).note for country in decision.countries)


def _shown(atlas: Atlas) -> set[str]:
    found: set[str | None] = set(_standing(atlas))
    for offer_id in atlas.offer_ids():
        offer = atlas.offer(offer_id)
        assert offer is not None
        found |= {*_of(offer), *(text for place in atlas.places(offer_id) for text in (place.note, place.residency))}
    found |= {law.reach for law in atlas.files.shape("laws").shape.laws}
    return {text for text in found if text}


@pytest.fixture(scope="module")
def shown(atlas: Atlas) -> set[str]:
    return _shown(atlas)


def test_every_sentence_that_is_shown_has_a_french_one(atlas: Atlas, shown: set[str]) -> None:
    assert len(shown) > 200
    assert {text for text in shown if said(atlas, text).fr == text} == NAMES


def test_no_french_sentence_is_left_over(atlas: Atlas, shown: set[str]) -> None:
    everything = "\n".join(shown)
    table = atlas.files.shape("french").shape.table
    assert [text for text in table if text not in everything] == []
    assert len(table) == len(atlas.files.shape("french").shape.sentences), "a sentence stands there twice"


def test_the_french_is_written_by_the_rules_of_french_typography(atlas: Atlas) -> None:
    for text in atlas.files.shape("french").shape.table.values():
        wrong = re.search(r"(?<![\u202f])[;?!]|(?<!\u00a0):(?!//|\w|\.)|(?<!\u00a0)%|'|\"|[“”]| {2}|«(?!\u00a0)", text)
        assert wrong is None, (text, wrong)


def test_a_sentence_of_an_overlay_stays_as_it_was_written(atlas: Atlas) -> None:
    assert said(atlas, "vu au contrat").fr == "vu au contrat"
    mixed = said(atlas, "platform; vu au contrat")
    assert (mixed.en, mixed.fr) == ("platform; vu au contrat", "platform; vu au contrat")
    assert said(atlas, "platform; check; OpenShift software").fr == "plateforme\u202f; à vérifier\u202f; logiciel OpenShift"
