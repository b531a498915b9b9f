"""Rows for the record of processing (GDPR art. 30): one form for each data class and purpose that the tags tell apart.

The run knows recipients, places, transfers and encryption. Who, why and for how long is for a person to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from residency.render.dpo.forms import ATLAS, RUN, Field, Form, Group, Paper, blank, known, lines
from residency.render.dpo.purposes import purposes
from residency.render.dpo.transfers import Transfer
from residency.render.plain import clip
from residency.render.sentences import Sentences
from residency.result import AuditResult

SHORT = 5
NAMED = 30
_ROWS = """
  SELECT "resource.data_class" AS cls, purpose, count(DISTINCT "resource.uid"),
    list_sort(list(DISTINCT "resource.account")), list_sort(list(DISTINCT "place.offer")),
    list_sort(list_distinct(flatten(list(coalesce("place.countries", []))))),
    count(*) FILTER ("place.countries" IS NULL),
    list_sort(list(DISTINCT "place.target") FILTER ("place.role" = 'share'))
  FROM facts LEFT JOIN purposes ON purposes.uid = "resource.uid"
  WHERE "resource.stores_data" IS DISTINCT FROM 'no' AND "place.role" IS DISTINCT FROM 'key'
    AND coalesce("resource.data_class", '') NOT IN ('internal', 'public')
  GROUP BY ALL ORDER BY cls, purpose NULLS FIRST"""
_CUSTODY = """
  SELECT "resource.data_class", purpose, "key.custody", count(DISTINCT "resource.uid") FROM facts
  LEFT JOIN purposes ON purposes.uid = "resource.uid" WHERE "resource.stores_data" IS DISTINCT FROM 'no'
  GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Record:
    """Data of a class, with one value of the tag `purpose` (`None` = not tagged).

    `unknown` counts placements whose countries are not known, `custody` resources by who holds their keys.
    """

    data_class: str | None
    purpose: str | None
    resources: int
    accounts: tuple[str, ...]
    offers: tuple[str, ...]
    countries: tuple[str, ...]
    unknown: int
    shared: tuple[str, ...]
    custody: tuple[tuple[str | None, int], ...]


def found_records(result: AuditResult) -> tuple[Record, ...]:
    """The rows of a run, by data class and purpose."""
    with duckdb.connect(config={"enable_external_access": False}) as db:
        db.register("facts", result.facts)
        db.register("purposes", purposes(result))
        custody: dict[tuple[str | None, str | None], list[tuple[str | None, int]]] = {}
        for cls, purpose, held, n in db.sql(_CUSTODY).fetchall():
            custody.setdefault((cls, purpose), []).append((held, n))
        return tuple(
            Record(cls, purpose, n, tuple(accounts or ()), tuple(offer for offer in offers or () if offer),
                   tuple(countries), unknown, tuple(shared or ()), tuple(custody.get((cls, purpose), ())))
            for cls, purpose, n, accounts, offers, countries, unknown, shared in db.sql(_ROWS).fetchall()
        )  # fmt: skip


def records(words: Sentences, result: AuditResult, rows: Sequence[Record], entries: Sequence[Transfer]) -> Paper:
    """The rows of the record. `entries` are the candidate transfers of the same run."""
    forms = tuple(_form(words, result, number, row, entries) for number, row in enumerate(rows, 1))
    return Paper("t2", words.say("dpo.t2"), (words.say("dpo.t2.note"), words.say("dpo.t2.two")), forms, SHORT)


def _form(words: Sentences, result: AuditResult, number: int, row: Record, entries: Sequence[Transfer]) -> Form:
    say = words.say
    purpose = clip(row.purpose) if row.purpose else None
    companies = [_offer(words, result, offer) for offer in row.offers]
    places = words.countries(row.countries)
    if row.unknown:
        places += (say("semicolon") if places else "") + say("dpo.places_unknown", n=row.unknown)
    abroad = lines(
        say("dpo.t2.transfer", id=t.id, importer=clip(t.importer or say("unknown")),
            country=words.place_name(t.countries, t.extent)) for t in entries
        if (t.data_class, t.purpose) == (row.data_class, row.purpose)
    )  # fmt: skip
    held = lines(say("dpo.form_in", form=words.label("dpo.form", c or "unknown"), n=n) for c, n in row.custody)
    fields = (
        known(say("dpo.t2.data"), words.label("class", row.data_class)),
        known(say("dpo.t2.purpose"), purpose, RUN, say("dpo.t2.purpose.hint")),
        known(say("dpo.t2.recipients"), lines([*companies, *(clip(name) for name in row.shared)]), ATLAS),
        known(say("dpo.t2.transfers"), abroad or say("dpo.t2.no_transfer")),
        blank(say("dpo.t2.erasure"), say("dpo.t2.erasure.hint")),
        blank(say("dpo.t2.register"), say("dpo.t2.register.hint")),
        blank(say("dpo.t2.names"), say("dpo.t2.names.hint")),
        blank(say("dpo.t2.persons")),
        known(say("dpo.t2.places"), places),
        blank(say("dpo.t2.safeguards"), say("dpo.t2.safeguards.hint")),
        known(say("dpo.t2.security"), held, RUN),
        blank(say("dpo.t2.measures"), say("dpo.t2.measures.hint")),
        _accounts(words, row.accounts),
        known(say("resources"), words.number(row.resources)),
    )
    title = words.label("class", row.data_class) + (f" · {purpose}" if purpose else "")
    return Form(f"R-{number}", title, (Group("", fields),))


def _offer(words: Sentences, result: AuditResult, offer_id: str) -> str:
    offer = result.atlas.offer(offer_id)
    company = offer.company("operator") if offer else None
    if offer is None or company is None:
        return offer_id
    return words.say("dpo.t2.offer", offer=offer.name, company=words.company(company.name, company.country))


def _accounts(words: Sentences, accounts: Sequence[str]) -> Field:
    more = len(accounts) - NAMED
    return known(
        words.say("accounts"), lines([*accounts[:NAMED], words.say("dpo.and_more", n=more) if more > 0 else ""])
    )
