"""Changes of an offer from a day on, and the laws that follow from the seats of its companies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from residency.atlas.values import Company, Holder, Offer, OfferLaw, Share, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from residency.atlas.law_shapes import LawShape
    from residency.atlas.shapes import Certainty

ACCESS_KINDS = ("law_enforcement", "intelligence", "both")


@dataclass(frozen=True, slots=True)
class OfferChange:
    """A change of an offer that applies on and after a day; without `starts`, on any day."""

    starts: date | None
    apply: Callable[[Offer], Offer]


def changed(offer: Offer, changes: Iterable[OfferChange], as_of: date | None) -> Offer:
    """The offer on a day, or with every change when no day is given."""
    for change in changes:
        if as_of is None or change.starts is None or change.starts <= as_of:
            offer = change.apply(offer)
    return offer


def reaching(laws: Iterable[LawShape], company: Company, via: str) -> tuple[OfferLaw, ...] | None:
    """The access laws of the country of a company, linked through it; `None` when its country is not known.

    A link is as sure as the weaker of the two facts it follows from: the seat and the law.
    """
    if company.country is None:
        return None
    note = f"follows from the seat of {company.name} ({company.country})"
    return tuple(
        OfferLaw(law.id, via, _weaker(company.certainty, law.certainty), company.source, note, None, None)
        for law in laws
        if law.country == company.country and law.kind in ACCESS_KINDS
    )


def _weaker(one: Certainty | None, other: Certainty | None) -> Certainty | None:
    order: tuple[Certainty, ...] = ("verified", "secondary", "memory")
    return None if one is None else max(one, other or "memory", key=order.index)


def with_laws_of_companies(offer: Offer, laws: Iterable[LawShape], through: Iterable[str]) -> Offer:
    """The offer with the links `through` parent or operator made anew from the seats of its companies."""
    known = list(laws)
    links: list[OfferLaw] = [link for link in offer.laws or () if link.via not in set(through)]
    for via, company in (("parent", offer.ultimate_parent), ("operator", offer.runs)):
        if via in through:
            found = reaching(known, company, via)
            if found is None:
                return replace(offer, laws=None)
            links.extend(found)
    return replace(offer, laws=tuple(links))


def acquired(offer: Offer, buyer: Company, foreign: bool, scenario: str, laws: Iterable[LawShape]) -> Offer:
    """The offer under another ultimate parent. `foreign` = the buyer sits outside the Union and then holds it all."""
    told = f"acquired by {buyer.name} ({buyer.country})"
    holders = (Holder(buyer.name, str(buyer.country), None, None, None, buyer.source),) if foreign else None
    share = Share(100, 100, told, None, buyer.source) if foreign else None
    taken = replace(
        offer,
        ultimate_parent=buyer,
        ownership=(Statement(f"{told}, by assumption of the scenario {scenario}", None, buyer.source),),
        non_eu_holders=holders,
        non_eu_share=share,
    )
    return with_laws_of_companies(taken, laws, ("parent",))
