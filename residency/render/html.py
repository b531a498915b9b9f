"""`report.html`: one self-contained file for the data protection officer, in French and English.

Both languages are in the file. The one asked for is the page, the other waits in a `template` that the script swaps
in. The page loads nothing: its Content-Security-Policy allows its own style sheet and script by their hashes only, and
every text from the outside goes through autoescape and `plain.visible`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from residency.packagedata import shipped
from residency.render.annexes import account_names, account_settings, deviations, laws_of, rules_applied
from residency.render.cards import with_cards
from residency.render.counted.placements import placements
from residency.render.counted.views import opened
from residency.render.coverage_matrix import Matrix, coverage_matrix
from residency.render.decision_sentences import headline, link, told
from residency.render.decisions import SHOWN, by_urgency, decisions, filed_for, open_questions
from residency.render.dpo.papers import Drafted, dpo_papers, drafted
from residency.render.figures import Figures, figures
from residency.render.findings_json import summary
from residency.render.formats import Output
from residency.render.lines import lines
from residency.render.map.in_page import land, map_values
from residency.render.map.places import MapFigures, map_figures
from residency.render.payload import finding_columns, payload, placement_columns
from residency.render.plain import LONG, clip, visible
from residency.render.sankey import Sankey, sankey
from residency.render.script_labels import areas, script_labels
from residency.render.sentences import SPELT, Sentences
from residency.render.table_rows import finding_rows, placement_rows
from residency.result import AuditResult, Finding

IN_PAGE = 500
FIRST = 200
PAGE = 100
PACKED = 100_000  # placements in the file; the worst come first
FORMS_SHOWN = 60  # forms of each of the papers in the page; docx and xlsx have all
SECTIONS = (
    "answer", "unseen", "decisions", "where", "control", "keys",
    "findings", "placements", "papers", "deviations", "changed", "method", "sign",
)  # fmt: skip
GLOSSARY = (
    "placement", "finding", "compliant", "violation", "unproven", "waived", "as_of", "coverage", "transfers",
    "sovereignty", "third_country", "adequacy", "operator", "parent", "custody", "replica", "attestation", "certainty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page counts, once for both languages. `ordered` are the findings, `placements` the placements."""

    ordered: Sequence[Finding]
    placements: pa.Table
    figures: Figures
    papers: Drafted
    map: MapFigures
    ways: Sankey
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class _Part:
    """How many rows of the long tables stand in a document, and the file that has all findings where some are cut."""

    findings: int
    placements: int
    annex: str | None = None
    land: dict[str, Markup] | None = None


def _shown(result: AuditResult) -> _Shown:
    with opened(result) as db:
        every = placements(db)
    return _Shown(
        by_urgency(result.findings),
        every,
        figures(result),
        drafted(result),
        map_figures(result),
        sankey(result),
        coverage_matrix(result.inventory.coverage),
    )


def report_html(result: AuditResult, lang: str = "en") -> str:
    """The report, opening in `lang` (`en` or `fr`)."""
    other = "fr" if lang == "en" else "en"
    shown = _shown(result)
    environment = _environment()
    languages = {code: Sentences(code) for code in (lang, other)}
    whole = _Part(_in_page(len(shown.ordered)), _in_page(shown.placements.num_rows))
    documents = {  # only a script shows the other language, and the script has the rows in packed form
        code: _document(environment, words, result, shown, whole if code == lang else _Part(0, 0))
        for code, words in languages.items()
    }
    style = _shipped_text("report.css") + _page_foot(result)
    script = _shipped_text("table.js") + _shipped_text("report.js")
    return environment.get_template("report.html.j2").render(
        lang=lang,
        other=other,
        titles={code: _title(words, result) for code, words in languages.items()},
        documents={code: Markup(text) for code, text in documents.items()},  # noqa: S704 - autoescaped already
        csp=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        land=land(result),
        data=Markup(_data(result, shown, languages)),  # noqa: S704 - base64
    )


def _in_page(rows: int) -> int:
    return rows if rows <= IN_PAGE else FIRST


def _data(result: AuditResult, shown: _Shown, languages: dict[str, Sentences]) -> str:
    """What the script unpacks; empty when there is no row of any table."""
    if not shown.ordered and not shown.placements.num_rows:
        return ""
    packed = shown.placements.slice(0, PACKED)
    tables = {"findings": finding_columns(shown.ordered), "placements": placement_columns(packed)}
    numbers = {"findings": len(shown.ordered), "placements": packed.num_rows}
    parts = {
        name: {"n": numbers[name], "size": PAGE if numbers[name] > IN_PAGE else IN_PAGE, "columns": columns}
        for name, columns in tables.items()
    }
    labels = {code: script_labels(words, result, shown.ordered, packed) for code, words in languages.items()}
    return payload({"labels": labels, "areas": areas(result), "spelt": SPELT, **parts})


def printed_html(result: AuditResult, lang: str, most: int, annex: str) -> str:
    """The report for paper: one language, no script, every part open.

    At most `most` findings and as many placements are in it; where there are more findings it says so and names the
    file `annex` that has them all.
    """
    environment, words = _environment(), Sentences(lang)
    style = _shipped_text("report.css") + _shipped_text("print.css") + _page_foot(result)
    shown = _shown(result)
    cut = annex if len(shown.ordered) > most else None
    part = _Part(min(most, len(shown.ordered)), min(most, shown.placements.num_rows), cut, land(result))
    document = _document(environment, words, result, shown, part)
    return environment.get_template("print.html.j2").render(
        lang=lang,
        title=_title(words, result),
        subject=words.say("kind"),
        started=result.run.started,
        style=Markup(style),  # noqa: S704 - our own files
        document=Markup(document),  # noqa: S704 - autoescaped already
    )


@cache
def _environment() -> Environment:
    def finalize(value: Any) -> Any:
        if isinstance(value, Markup) or not isinstance(value, str):
            return value
        return visible(clip(value, LONG))

    environment = Environment(
        loader=FileSystemLoader(shipped("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clip"] = clip
    environment.filters["lines"] = lines
    return environment


def _document(environment: Environment, words: Sentences, result: AuditResult, shown: _Shown, part: _Part) -> str:
    totals, found = summary(result), decisions(result, shown.ordered)
    listed = Counter(finding.verdict for finding in shown.ordered)
    unlisted = [(v.value, n) for v in totals if (n := totals[v] - listed[v]) > 0]
    names = account_names(result)
    text = environment.get_template("document.html.j2").render(
        words=words, t=words.say, num=words.number, date=words.date, label=words.label, country=words.country,
        pattern=words.pattern, lang=words.lang, other="fr" if words.lang == "en" else "en",
        result=result, run=result.run, figures=shown.figures, sections=SECTIONS, glossary=GLOSSARY,
        shown=SHOWN, decisions=found, open_questions=open_questions(found),
        headline=headline, link=link,
        told=lambda decision: told(words, decision, filed_for(result, decision), names),
        unlisted=[(v, n) for v, n in unlisted if v in ("violation", "unproven")],
        unlisted_all=unlisted, totals={verdict.value: n for verdict, n in totals.items()},
        rows=finding_rows(words, result, shown.ordered[: part.findings]),
        places=placement_rows(words, shown.placements, part.placements), placements=shown.placements.num_rows,
        packed=PACKED, waivers=deviations(shown.ordered), rules=rules_applied(result),
        laws=lambda offer: laws_of(result, offer),
        settings=account_settings(result),
        papers=dpo_papers(words, result, shown.papers), forms_shown=FORMS_SHOWN,
        **map_values(words, shown.map), paper_land=part.land, ways=shown.ways, matrix=shown.matrix, annex=part.annex,
    )  # fmt: skip
    return with_cards(re.sub(r"\n\s+", "\n", text))


def _title(words: Sentences, result: AuditResult) -> str:
    packs = ", ".join(words.both(policy.title) for policy in result.policies) or words.say("no_policy")
    return clip(words.say("page_title", packs=packs, date=words.date(result.run.as_of)), 300)


def _page_foot(result: AuditResult) -> str:
    """What a printed page repeats. Only letters, digits and dashes can get into the style sheet."""
    run = re.sub(r"[^A-Za-z0-9-]", "", result.run.id)[:60]
    day = re.sub(r"[^0-9-]", "", result.run.as_of)[:10]
    return (
        f'@page{{@bottom-left{{content:"residency · {run} · {day}";font-size:8pt}}'
        '@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}\n'
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shipped_text(name: str) -> str:
    path: Path = shipped("reports") / name
    return path.read_text(encoding="utf-8")


FORMAT = Output("report.html", lambda result, lang: [report_html(result, lang).encode()])
