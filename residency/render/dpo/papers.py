"""All the papers of a run in one language, in the order in which the report shows them."""

from __future__ import annotations

import pyarrow.compute as pc

from residency.render.dpo.forms import Paper
from residency.render.dpo.hds_page import hds_page
from residency.render.dpo.impact import impact_drafts
from residency.render.dpo.records import records
from residency.render.dpo.register import transfer_register
from residency.render.dpo.secnumcloud import papers_to_collect
from residency.render.dpo.transfers import left_aside, transfers
from residency.render.sentences import Sentences
from residency.result import AuditResult


def dpo_papers(words: Sentences, result: AuditResult) -> tuple[Paper, ...]:
    """Transfer register, rows for the record of processing, impact drafts, HDS page, papers of SecNumCloud."""
    entries = transfers(result)
    return (
        transfer_register(words, result, entries, left_aside(result)),
        records(words, result, entries),
        impact_drafts(words, result, entries),
        hds_page(words, result),
        papers_to_collect(words, result, _offers(result)),
    )


def _offers(result: AuditResult) -> tuple[str | None, ...]:
    """The offers that hold data, in order."""
    holding = pc.fill_null(pc.not_equal(result.facts["resource.stores_data"], "no"), fill_value=True)
    offers = result.facts.filter(holding)["place.offer"].unique().to_pylist()
    return tuple(sorted(offers, key=lambda offer: offer or ""))
