"""The transfer register: one form a candidate transfer, in one language.

The first four fields are those that the French authority's template of the record of processing asks of a transfer:
recipient, country, type of safeguard, link to the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from residency.policy.papers import Attestation
from residency.render.dpo.forms import ATLAS, PAPER, Form, Group, Paper, blank, known, lines
from residency.render.dpo.transfers import Transfer
from residency.render.plain import clip
from residency.render.sentences import Sentences
from residency.result import AuditResult

LONG_ID = 400
SHORT = 4  # recipient, country, safeguard, paper


def transfer_register(words: Sentences, result: AuditResult, entries: Sequence[Transfer], aside: int) -> Paper:
    """The register of a run. `aside` counts the placements abroad that hold no personal data."""
    notes = [words.say("dpo.t1.note")]
    if aside:
        notes.append(words.say("dpo.t1.aside", n=aside))
    forms = tuple(_form(words, result, entry) for entry in entries)
    return Paper("t1", words.say("dpo.t1"), tuple(notes), forms, SHORT)


def papers_for(result: AuditResult, entry: Transfer) -> tuple[Attestation, ...]:
    """The documents on transfers that are valid on the date and may speak of the entry's offer and places."""
    rules = {rule.id for rule in result.rules if rule.view in ("transfers", "both")}
    asked = {"place.offer": [entry.offer or ""], "place.location": list(entry.locations) or [""]}
    return tuple(
        paper
        for paper in result.papers.attestations
        if paper.issued.isoformat() <= result.run.as_of <= paper.valid_until.isoformat()
        and rules.intersection(paper.rules)
        and all(any(fnmatchcase(v, pattern) for v in asked[fact]) for fact, pattern in paper.match if fact in asked)
    )


def first_seen(result: AuditResult, entry: Transfer) -> str | None:
    """The day of the first run in the ledger that saw the entry, in ISO form; `None` when there is no ledger."""
    return None if result.first_seen is None else dict(result.first_seen).get(entry.id, result.run.started[:10])


def importer_name(words: Sentences, entry: Transfer) -> str:
    """Whom the data is shared with, or the company that runs the place."""
    return clip(entry.importer or words.say("unknown"))


def destination(words: Sentences, entry: Transfer) -> str:
    """Where the data is or may be."""
    return words.place_name(entry.countries, entry.extent)


def paper_names(words: Sentences, found: Sequence[Attestation]) -> str:
    """Documents with their ids, last days and links."""
    return lines(
        words.say("dpo.paper", id=p.id, document=p.document, until=words.date(p.valid_until.isoformat()))
        + (f" {p.link}" if p.link else "")
        for p in found
    )


def form_of_data(words: Sentences, entry: Transfer) -> str:
    """In which form the data leaves: in clear, or encrypted and by whose keys."""
    return lines(
        words.say("dpo.form_of", form=words.label("dpo.form", custody or "unknown"), n=n)
        for custody, n in entry.custody
    )


def needs_assessment(words: Sentences, entry: Transfer) -> str:
    """Whether an impact assessment of the transfer is needed, and why."""
    return words.say(f"dpo.tia.{entry.standing or 'unknown'}")


def grounds(words: Sentences, result: AuditResult, entry: Transfer) -> str:
    """The adequacy decision there is for each country, with its end and limits."""
    told = []
    for code in entry.countries:
        country = result.atlas.country(code)
        if country is None or country.instrument is None:
            told.append(words.say("dpo.ground.none", country=words.country(code)))
            continue
        text = words.say(f"dpo.ground.{country.standing}", country=words.country(code), act=country.instrument)
        if country.until:
            text += " " + words.say("dpo.ground.until", date=words.date(country.until))
        if country.limits:
            text += " " + words.say("dpo.limits", limits=words.both(country.limits))
        told.append(text)
    return lines(told) or words.say(f"dpo.ground.{'anywhere' if entry.extent == 'anywhere' else 'unknown'}")


def _form(words: Sentences, result: AuditResult, entry: Transfer) -> Form:
    say, who, where = words.say, importer_name(words, entry), destination(words, entry)
    found = papers_for(result, entry)
    special = {True: "yes", False: "no", None: "unknown"}[entry.special]
    first = first_seen(result, entry)
    more = entry.resources - len(entry.named)
    named = lines([*(clip(uid, LONG_ID) for uid in entry.named), say("dpo.and_more", n=more) if more > 0 else ""])
    fields = (
        known(say("dpo.recipient"), who, ATLAS if not entry.shared else "run", say("dpo.recipient.hint")),
        known(say("country"), where),
        known(say("dpo.safeguard"), say("dpo.safeguard.45") if entry.standing == "full" else None, ATLAS,
              say("dpo.safeguard.hint")),
        known(say("dpo.link"), paper_names(words, found), PAPER, say("dpo.link.hint")),
        known(say("dpo.id"), entry.id),
        known(say("dpo.status"), say("dpo.status.candidate")),
        blank(say("dpo.exporter"), say("dpo.exporter.hint")),
        blank(say("dpo.importer_role"), say("dpo.importer_role.hint")),
        known(say("dpo.importer_seat"), None if entry.shared else words.country(entry.importer_country), ATLAS),
        known(say("parent"), None if entry.shared else words.company(entry.parent, entry.parent_country), ATLAS),
        known(say("dpo.mode"), lines(say("dpo.mode_n", mode=words.label("dpo.mode", m), n=n) for m, n in entry.modes)),
        known(say("dpo.placements"), words.number(entry.placements)),
        known(say("dpo.locations"), lines(clip(name) for name in entry.locations) or say("unknown")),
        known(say("resources"), named),
        known(say("dpo.sources"), words.countries(entry.sources), hint=say("dpo.sources.hint")),
        known(say("class"), words.label("class", entry.data_class)),
        known(say("dpo.t2.purpose"), entry.purpose and clip(entry.purpose), hint=say("dpo.t2.purpose.hint")),
        known(say("dpo.special"), say(f"dpo.{special}")),
        known(say("dpo.form"), form_of_data(words, entry)),
        known(say("dpo.since"), first and words.date(first), hint=say("dpo.since.hint")),
        known(say("dpo.seen"), words.date(result.run.started)),
        known(say("dpo.ground"), grounds(words, result, entry), ATLAS),
        blank(say("dpo.ground_detail"), say("dpo.ground_detail.hint")),
        known(say("dpo.tia"), needs_assessment(words, entry)),
        blank(say("dpo.tia_ref"), say("dpo.tia_ref.hint")),
        blank(say("dpo.onward"), say("dpo.onward.hint")),
        blank(say("dpo.exit")),
        known(say("dpo.evidence"), lines(entry.findings)),
    )  # fmt: skip
    title = say("dpo.t1.title", importer=who, country=where, data_class=words.label("class", entry.data_class))
    return Form(entry.id, title, (Group("", fields),))
