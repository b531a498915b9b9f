"""Drafts of transfer impact assessments, one for each importer and country without an unconditional adequacy decision.

The steps are those of EDPB recommendations 01/2020, after the five prior questions of the French authority's guide.
What the atlas says of a law is a lead, not a finding: the conclusion of step 3 is for a person and has no default.
"""

from __future__ import annotations

from collections.abc import Sequence

from residency.render.dpo.forms import ATLAS, PAPER, Field, Form, Group, Paper, blank, known, lines
from residency.render.dpo.register import (
    destination,
    form_of_data,
    grounds,
    importer_name,
    needs_assessment,
    paper_names,
    papers_for,
)
from residency.render.dpo.transfers import Transfer
from residency.render.plain import clip
from residency.render.sentences import Sentences
from residency.result import AuditResult

SHORT = 4
# Key custody under which the provider never has the key: only there can use case 1 of EDPB 01/2020, annex 2, hold.
_OUT_OF_REACH = ("external", "client-side")
_WITHOUT_MEASURE = (("processing", "case6"), ("remote-access", "case7"))
_TO_DO = ("action", "owner", "due", "done", "proof")


def impact_drafts(words: Sentences, result: AuditResult, entries: Sequence[Transfer]) -> Paper:
    """The drafts of a run."""
    groups: dict[tuple[object, ...], list[Transfer]] = {}
    for entry in entries:
        if entry.standing != "full":
            groups.setdefault((entry.importer, entry.offer, entry.countries, entry.extent), []).append(entry)
    forms = tuple(_form(words, result, members) for members in groups.values())
    notes = (words.say("dpo.t3.note"), words.say("dpo.t3.who"), words.say("dpo.t3.laws_note"))
    return Paper("t3", words.say("dpo.t3"), notes, forms, SHORT, columns=False)


def _form(words: Sentences, result: AuditResult, members: list[Transfer]) -> Form:
    first, say = members[0], words.say
    who, where = importer_name(words, first), destination(words, first)
    groups = (
        Group(say("dpo.t3.summary"), (
            known(say("dpo.recipient"), who, ATLAS), known(say("country"), where),
            known(say("class"), lines(words.label("class", entry.data_class) for entry in members)),
            known(say("dpo.t3.entries"), lines(entry.id for entry in members)),
        )),
        Group(say("dpo.t3.prior"), _prior(words, members)),
        Group(say("dpo.t3.step1"), _know(words, result, members)),
        Group(say("dpo.t3.step2"), _tool(words, result, members)),
        Group(say("dpo.t3.step3"), _law(words, result, first)),
        Group(say("dpo.t3.step4"), _measures(words, members)),
        Group(say("dpo.t3.step5"), tuple(blank(say(f"dpo.t3.{name}")) for name in _TO_DO)),
        Group(say("dpo.t3.step6"), (
            blank(say("dpo.t3.next")), known(say("dpo.t3.triggers"), say("dpo.t3.triggers.text")),
            blank(say("dpo.t3.watcher")),
        )),
    )  # fmt: skip
    return Form(f"D-{first.id[2:]}", say("dpo.t3.title", importer=who, country=where), groups)


def _prior(words: Sentences, members: list[Transfer]) -> tuple[Field, ...]:
    say = words.say
    return (
        known(say("dpo.t3.personal"), lines(
            say(f"dpo.t3.personal.{'unknown' if entry.data_class in (None, 'unclassified') else 'yes'}",
                data_class=words.label("class", entry.data_class)) for entry in members
        )),
        blank(say("dpo.t3.transfer"), say("dpo.t3.transfer.hint")),
        known(say("dpo.t3.needed"), lines(needs_assessment(words, entry) for entry in members)),
        blank(say("dpo.t3.by"), say("dpo.t3.by.hint")),
        blank(say("dpo.t3.avoid"), say("dpo.t3.avoid.hint")),
    )  # fmt: skip


def _know(words: Sentences, result: AuditResult, members: list[Transfer]) -> tuple[Field, ...]:
    say, first = words.say, members[0]
    channels = dict.fromkeys(words.label("dpo.channel", mode) for entry in members for mode, _n in entry.modes)
    volume = say("dpo.t3.volume_n", n=sum(entry.placements for entry in members))
    return (
        blank(say("dpo.exporter"), say("dpo.exporter.hint")),
        known(say("dpo.t3.importer"), importer_name(words, first), ATLAS, say("dpo.recipient.hint")),
        known(say("parent"), None if first.shared else words.company(first.parent, first.parent_country), ATLAS),
        blank(say("dpo.t3.roles")),
        blank(say("dpo.t3.purpose")),
        blank(say("dpo.t2.persons")),
        known(say("class"), lines(words.label("class", entry.data_class) for entry in members)),
        known(say("dpo.special"), lines(
            say(f"dpo.{ {True: 'yes', False: 'no', None: 'unknown'}[entry.special] }") for entry in members
        )),
        known(say("dpo.t3.volume"), volume),
        blank(say("dpo.t3.frequency")),
        known(say("dpo.form"), lines(form_of_data(words, entry) for entry in members)),
        known(say("dpo.t3.channel"), lines(channels)),
        known(say("dpo.t3.countries"), destination(words, first)),
        known(say("dpo.locations"), lines(clip(n) for entry in members for n in entry.locations) or say("unknown")),
        blank(say("dpo.t3.retention")),
        blank(say("dpo.onward"), say("dpo.onward.hint")),
        known(say("dpo.ground"), grounds(words, result, first), ATLAS),
    )  # fmt: skip


def _tool(words: Sentences, result: AuditResult, members: list[Transfer]) -> tuple[Field, ...]:
    found = dict.fromkeys(paper for entry in members for paper in papers_for(result, entry))
    say = words.say
    return (
        blank(say("dpo.t3.tool"), say("dpo.t3.tool.hint")),
        known(say("dpo.link"), paper_names(words, list(found)), PAPER, say("dpo.link.hint")),
        blank(say("dpo.t3.signed")), blank(say("dpo.t3.module")), blank(say("dpo.t3.valid")),
    )  # fmt: skip


def _law(words: Sentences, result: AuditResult, entry: Transfer) -> tuple[Field, ...]:
    """The laws that the atlas links to the offer, each a lead with its source; the rest is for a person."""
    say = words.say
    offer = None if entry.shared else result.atlas.offer(entry.offer)
    fields = []
    for link in (offer.links if offer else None) or ():
        law = result.atlas.law(link.law)
        if law is None or not link.access:
            continue
        told = say("dpo.t3.law", citation=law.citation, link=words.label("link", link.via),
                   certainty=words.label("certainty", link.quoted.certainty or "memory"))  # fmt: skip
        reach = say("dpo.t3.reach", reach=words.both(law.reach))
        source = say("dpo.source", source=law.quoted.source or say("unknown"))
        name = law.name.fr if words.lang == "fr" else law.name.en
        fields.append(Field(f"{name} ({law.id})", lines([told, reach, source]), ATLAS))
    if not fields:
        fields.append(blank(say("dpo.t3.laws"), say("dpo.t3.laws.hint")))
    questions = ("clear", "necessary", "oversight", "remedy", "reaches", "requests", "answers")
    return (
        *fields, *(blank(say(f"dpo.t3.{name}")) for name in questions),
        blank(say("dpo.t3.conclusion"), say("dpo.t3.conclusion.hint")),
    )  # fmt: skip


def _measures(words: Sentences, members: list[Transfer]) -> tuple[Field, ...]:
    say = words.say
    cases = []
    for entry in members:
        out_of_reach = all(custody in _OUT_OF_REACH for custody, _n in entry.custody)
        stored = all(mode in ("storage", "replica", "backup") for mode, _n in entry.modes)
        cases.append("case1" if stored and out_of_reach and entry.keys_in_eea else "none")
        cases += [case for mode, case in _WITHOUT_MEASURE if mode in dict(entry.modes)]
    return (
        known(say("dpo.t3.keys"), lines(form_of_data(words, entry) for entry in members)),
        known(say("dpo.t3.cases"), lines(say(f"dpo.t3.{case}") for case in cases)),
        blank(say("dpo.t3.pseudonymised"), say("dpo.t3.pseudonymised.hint")),
        *(blank(say(f"dpo.t3.{name}")) for name in ("contractual", "organisational", "gap", "effective")),
    )  # fmt: skip
