"""All the papers of a run: what they rest on, counted once, and their text in a language."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from residency.render.dpo.forms import Paper
from residency.render.dpo.hds_page import HdsOffer, hds_offers, hds_page
from residency.render.dpo.impact import impact_drafts
from residency.render.dpo.records import Record, found_records
from residency.render.dpo.register import transfer_register
from residency.render.dpo.registers import registers
from residency.render.dpo.secnumcloud import papers_to_collect
from residency.render.dpo.transfers import Transfer, left_aside, transfers
from residency.render.sentences import Sentences
from residency.result import AuditResult


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the papers say, before it is put into words. `aside` counts placements abroad without personal data."""

    transfers: tuple[Transfer, ...]
    aside: int
    records: tuple[Record, ...]
    hds: tuple[HdsOffer, ...]
    offers: tuple[str | None, ...]


def drafted(result: AuditResult) -> Drafted:
    """Count what the papers of a run say."""
    return Drafted(transfers(result), left_aside(result), found_records(result), hds_offers(result), _offers(result))


def dpo_papers(words: Sentences, result: AuditResult, found: Drafted) -> tuple[Paper, ...]:
    """Transfer register, rows for the records of processing, impact drafts, HDS page, papers of SecNumCloud."""
    return (
        transfer_register(words, result, found.transfers, found.aside),
        *registers(words, result, found.records, found.transfers),
        impact_drafts(words, result, found.transfers),
        hds_page(words, result, found.hds),
        papers_to_collect(words, result, found.offers),
    )


def _offers(result: AuditResult) -> tuple[str | None, ...]:
    """The offers that hold data, in order."""
    holding = pc.fill_null(pc.not_equal(result.facts["resource.stores_data"], "no"), fill_value=True)
    offers = result.facts.filter(holding)["place.offer"].unique().to_pylist()
    return tuple(sorted(offers, key=lambda offer: offer or ""))
