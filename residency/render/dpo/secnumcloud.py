"""The papers that a provider qualified under SecNumCloud 3.2 has, and which of them are on file for each offer."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from residency.atlas.shapes import Text
from residency.packagedata import shipped
from residency.policy.papers import Attestation
from residency.render.dpo.forms import PAPER, Form, Group, Paper, blank, known
from residency.render.dpo.register import paper_names
from residency.render.sentences import Sentences
from residency.result import AuditResult
from residency.yamlfile import read_yaml

SHORT = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper to collect: the requirements it answers, what to write down from it, and the rules it settles."""

    ref: str
    paper: Text
    note: Text
    rules: tuple[str, ...]


@cache
def wanted() -> tuple[Wanted, ...]:
    """The papers, from `reports/secnumcloud-papers.yaml`."""
    entries = read_yaml(shipped("reports") / "secnumcloud-papers.yaml").value
    return tuple(
        Wanted(str(entry["ref"]), Text(**entry["paper"]), Text(**entry["note"]), tuple(entry["rules"]))
        for entry in entries
    )


def on_file(result: AuditResult, paper: Wanted, offer: str | None) -> tuple[Attestation, ...]:
    """The documents that answer a paper for an offer and are valid on the date."""
    return tuple(
        found
        for found in result.papers.attestations
        if set(paper.rules).intersection(found.rules)
        and found.issued.isoformat() <= result.run.as_of <= found.valid_until.isoformat()
        and fnmatchcase(offer or "", dict(found.match).get("place.offer", "*"))
    )


def papers_to_collect(words: Sentences, result: AuditResult, offers: tuple[str | None, ...]) -> Paper:
    """One form for each offer and paper."""
    say = words.say
    forms = []
    for offer in offers:
        for number, paper in enumerate(wanted(), 1):
            found = on_file(result, paper, offer)
            fields = (
                known(say("dpo.t5.ref"), paper.ref),
                known(say("dpo.t5.paper"), words.both(paper.paper)),
                known(say("dpo.t5.filed"), paper_names(words, found), PAPER, say("dpo.t5.filed.hint")),
                known(say("dpo.t5.offer"), offer or say("unknown")),
                blank(say("dpo.t5.note"), words.both(paper.note)),
            )
            title = say("dpo.t5.title", offer=offer or say("unknown"), ref=paper.ref)
            forms.append(Form(f"S-{offer or 'unknown'}-{number}", title, (Group("", fields),)))
    return Paper("t5", say("dpo.t5"), (say("dpo.t5.intro"),), tuple(forms), SHORT)
