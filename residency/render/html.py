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

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from residency.model import Severity, Verdict
from residency.packagedata import shipped
from residency.render.coverage_matrix import Matrix, coverage_matrix
from residency.render.decisions import COVERAGE, SHOWN, by_urgency, decisions, rules_by_id
from residency.render.dpo.papers import Drafted, dpo_papers, drafted
from residency.render.figures import Figures, Offer, figures
from residency.render.findings_json import summary
from residency.render.formats import Output
from residency.render.map.in_page import land, map_values
from residency.render.map.places import MapFigures, map_figures
from residency.render.payload import payload
from residency.render.plain import LONG, clip, visible
from residency.render.sankey import Sankey, sankey
from residency.render.sentences import Sentences
from residency.result import AuditResult, Finding, RuleUse

IN_PAGE = 500
FIRST = 200
PAGE = 100
FORMS_SHOWN = 60  # forms of each of the papers in the page; docx and xlsx have all
SECTIONS = (
    "answer", "unseen", "decisions", "where", "control", "keys",
    "findings", "resources", "papers", "deviations", "method", "sign",
)  # fmt: skip
GLOSSARY = (
    "placement", "finding", "compliant", "violation", "unproven", "waived", "as_of", "coverage", "transfers",
    "sovereignty", "third_country", "adequacy", "operator", "parent", "custody", "replica", "attestation", "certainty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page counts, once for both languages."""

    figures: Figures
    papers: Drafted
    map: MapFigures
    ways: Sankey
    matrix: Matrix


def _shown(result: AuditResult) -> _Shown:
    return _Shown(
        figures(result),
        drafted(result),
        map_figures(result),
        sankey(result),
        coverage_matrix(result.inventory.coverage),
    )


def report_html(result: AuditResult, lang: str = "en") -> str:
    """The report, opening in `lang` (`en` or `fr`)."""
    other = "fr" if lang == "en" else "en"
    ordered = by_urgency(result.findings)
    shown = _shown(result)
    environment = _environment()
    languages = {code: Sentences(code) for code in (lang, other)}
    in_page = ordered if len(ordered) <= IN_PAGE else ordered[:FIRST]
    documents = {  # only a script shows the other language, and the script has the findings in packed form
        code: _document(environment, words, result, ordered, shown, in_page if code == lang else [])
        for code, words in languages.items()
    }
    style = _shipped_text("report.css") + _page_foot(result)
    script = _shipped_text("report.js")
    labels = {code: _labels(words, result, ordered) for code, words in languages.items()}
    size = PAGE if len(ordered) > IN_PAGE else IN_PAGE
    data = payload(ordered, {"labels": labels, "size": size, "areas": _areas(result)}) if ordered else ""
    return environment.get_template("report.html.j2").render(
        lang=lang,
        other=other,
        titles={code: _title(words, result) for code, words in languages.items()},
        documents={code: Markup(text) for code, text in documents.items()},  # noqa: S704 - autoescaped already
        csp=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        land=land(result),
        data=Markup(data),  # noqa: S704 - base64
    )


def printed_html(result: AuditResult, lang: str, most: int, annex: str) -> str:
    """The report for paper: one language, no script, every part open.

    At most `most` findings are in it; where there are more it says so and names the file `annex` that has them all.
    """
    ordered = by_urgency(result.findings)
    environment, words = _environment(), Sentences(lang)
    style = _shipped_text("report.css") + _shipped_text("print.css") + _page_foot(result)
    cut = annex if len(ordered) > most else None
    shown = _shown(result)
    document = _document(environment, words, result, ordered, shown, ordered[:most], annex=cut, paper_land=land(result))
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
    environment.filters["lines"] = _lines
    return environment


def _document(
    environment: Environment,
    words: Sentences,
    result: AuditResult,
    ordered: Sequence[Finding],
    shown: _Shown,
    in_page: Sequence[Finding],
    annex: str | None = None,
    paper_land: dict[str, Markup] | None = None,
) -> str:
    listed = Counter(finding.verdict for finding in result.findings)
    totals = summary(result)
    unlisted = [(verdict.value, n - listed[verdict]) for verdict, n in totals.items() if n > listed[verdict]]
    certainty = _certainties(result)
    text = environment.get_template("document.html.j2").render(
        words=words, t=words.say, num=words.number, date=words.date, label=words.label, country=words.country,
        lang=words.lang, other="fr" if words.lang == "en" else "en", result=result, run=result.run,
        figures=shown.figures,
        sections=SECTIONS, glossary=GLOSSARY, shown=SHOWN, decisions=decisions(result, ordered),
        unlisted=[(verdict, n) for verdict, n in unlisted if verdict in (Verdict.VIOLATION, Verdict.UNPROVEN)],
        unlisted_all=unlisted, totals={verdict.value: n for verdict, n in totals.items()},
        rows=_rows(words, result, in_page), waivers=_waivers(ordered), rules=_rules(result),
        laws=lambda offer: _laws(offer, certainty),
        papers=dpo_papers(words, result, shown.papers), forms_shown=FORMS_SHOWN,
        **map_values(words, shown.map), paper_land=paper_land, ways=shown.ways, matrix=shown.matrix, annex=annex,
        copied=words.pattern("filter.copied"),
        patterns={**words.pattern("filter.count"), "page": words.pattern("page")},
    )  # fmt: skip
    return re.sub(r"\n\s+", "\n", text)


def _rows(words: Sentences, result: AuditResult, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    rules = rules_by_id(result)
    groups: dict[tuple[str, str], int] = {}
    rows = []
    for finding in findings:
        group = groups.setdefault((finding.policy, finding.rule), len(groups))
        rows.append({"group": group, **_row(words, finding, rules.get((finding.policy, finding.rule)))})
    return rows


def _row(words: Sentences, finding: Finding, rule: RuleUse | None) -> dict[str, Any]:
    """One finding as the texts of its slots; the script builds the same ones from the packed data."""
    resource, place, control = finding.resource, finding.placement, finding.control
    evidence = how = where = laws = company = ""
    if place:
        country = words.place_name(sorted(place.countries), "anywhere" if place.anywhere else None)
        where = f"{words.label('role', place.role)} · {clip(place.location or words.say('unknown'))} · {country}"
        how = clip(place.via) + (f" → {clip(place.target)}" if place.target else "")
        if place.evidence_api:
            value = f" = {clip(place.evidence_value)}" if place.evidence_value is not None else ""
            evidence = f"{clip(place.evidence_api)} · {clip(place.evidence_field or '')}{value}"
    if control:
        company = words.say("control.line", operator=clip(control.operator or words.say("unknown")),
                            parent=words.company(control.parent, control.parent_country))  # fmt: skip
        laws = _lines("\n".join(
            words.say("law.line", law=words.label("law", law.id), link=words.label("link", law.via),
                      certainty=words.label("certainty", law.certainty))
            for law in sorted(control.laws, key=lambda law: (law.id, law.via, law.certainty))
        ))  # fmt: skip
    title = words.both(rule.title) if rule else words.label("rule", finding.rule)
    return {
        "id": finding.id, "rule": finding.rule, "rule_title": title, "verdict": finding.verdict.value,
        "title": clip(words.subject(resource)), "type": clip(words.label("subject", resource.type)), "place": where,
        "severity": words.say("severity", level=words.label("severity", finding.severity.value)),
        "reason": words.both(finding.reason), "remediation": words.both(finding.remediation),
        "missing": _lines("\n".join(words.fact(name) for name in sorted(finding.missing))),
        "waiver": finding.waiver or "",
        "uid": clip(resource.uid, 400), "account": f"{clip(resource.provider)} · {clip(resource.account)}",
        "data_class": words.label("class", finding.data_class) if finding.data_class else "", "how": how,
        "evidence": evidence, "control": company, "laws": laws,
        "basis": _lines("\n".join(_basis(words, finding, rule))),
    }  # fmt: skip


def _basis(words: Sentences, finding: Finding, rule: RuleUse | None) -> list[str]:
    """How the rule's sources are cited in this language; a finding carries them in English only."""
    return [words.both(cite) for cite in rule.basis] if rule else list(finding.basis)


def _labels(words: Sentences, result: AuditResult, findings: Sequence[Finding]) -> dict[str, Any]:
    """Every word that the script needs for the packed findings, in one language."""
    places = [finding.placement for finding in findings if finding.placement]
    controls = [finding.control for finding in findings if finding.control]
    laws = {law for control in controls for law in control.laws}
    countries = {code for place in places for code in place.countries}
    countries |= {control.parent_country for control in controls if control.parent_country}
    titles = {rule.id: words.both(rule.title) for rule in result.rules}

    def family(name: str, codes: set[str]) -> dict[str, str]:
        return {code: visible(clip(words.label(name, code))) for code in sorted(codes)}

    return {
        "verdict": family("verdict", set(Verdict)),
        "policy": {policy.id: visible(clip(words.both(policy.title))) for policy in result.policies},
        "area": family("area.of", {"eea", "adequate", "conditional", "third", "anywhere", "unknown"}),
        "severity": {s.value: words.say("severity", level=words.label("severity", s.value)) for s in Severity},
        "subject": family("subject", {"account", "offer", "coverage"}),
        "role": family("role", {place.role for place in places}),
        "class": family("class", {f.data_class for f in findings if f.data_class}),
        "law": family("law", {law.id for law in laws}),
        "link": family("link", {law.via for law in laws}),
        "certainty": family("certainty", {law.certainty for law in laws}),
        "basis": {f"{r.policy} {r.id}": "\n".join(visible(words.both(b)) for b in r.basis) for r in result.rules},
        "rule": {**titles, COVERAGE: words.label("rule", COVERAGE)},
        "fact": {name: visible(words.fact(name)) for name in sorted({m for f in findings for m in f.missing})},
        "country": {code: visible(words.country(code)) for code in sorted(countries)},
        "text": {
            name: words.pattern(key)
            for name, key in {
                "everything": "everything", "unknown": "unknown", "anywhere": "place.anywhere",
                "unknownPlace": "place.unknown",
                "company": "company",
                "unnamed": "company.unnamed", "oneOf": "place.one_of", "law": "law.line", "control": "control.line",
            }.items()
        },
    }  # fmt: skip


def _areas(result: AuditResult) -> dict[str, str]:
    """The area of each country that a finding may name, for the filter."""
    names = {"member": "eea", "treated": "eea", "full": "adequate", "conditional": "conditional", "none": "third"}
    return {country.code: names[country.standing] for country in result.atlas.countries}


def _certainties(result: AuditResult) -> dict[tuple[str, str], str]:
    """How sure a law's reach is, as the findings say it: the weakest word for each law and link."""
    order = ("primary", "verified", "secondary", "memory")
    found: dict[tuple[str, str], str] = {}
    for finding in result.findings:
        for law in finding.control.laws if finding.control else ():
            known = found.get((law.id, law.via), law.certainty)
            found[law.id, law.via] = max(known, law.certainty, key=lambda c: order.index(c) if c in order else -1)
    return found


def _laws(offer: Offer, certainty: dict[tuple[str, str], str]) -> list[tuple[str, str, str]]:
    """The laws that reach an offer: id, the link they act through, how sure that is."""
    rows = []
    for fact, link in (("laws_by_parent", "parent"), ("laws_by_operator", "operator"), ("laws_disputed", "disputed")):
        for law in sorted(offer.facts[f"control.{fact}"] or ()):
            links = [via for known, via in certainty if known == law and via not in ("parent", "operator")]
            through = links[0] if link == "disputed" and links else link
            rows.append((law, through, certainty.get((law, through), "unstated")))
    return rows


def _rules(result: AuditResult) -> list[tuple[RuleUse, dict[str, int]]]:
    """Each applied rule with how often it gave which verdict."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for count in result.counts:
        of_rule = counts.setdefault((count.policy, count.rule), {v.value: 0 for v in reversed(Verdict)})
        of_rule[count.verdict.value] += count.count
    return [(rule, counts.get((rule.policy, rule.id), {})) for rule in result.rules]


def _waivers(findings: Sequence[Finding]) -> list[tuple[str, str, str, int]]:
    found = Counter((f.waiver, f.rule, f.verdict.value) for f in findings if f.waiver is not None)
    return sorted((str(waiver), rule, verdict, n) for (waiver, rule, verdict), n in found.items())


def _title(words: Sentences, result: AuditResult) -> str:
    packs = ", ".join(words.both(policy.title) for policy in result.policies) or words.say("no_policy")
    return clip(words.say("page_title", packs=packs, date=words.date(result.run.as_of)), 300)


def _lines(text: str) -> Markup:
    """A text whose line ends stay; every other hidden character is shown."""
    return Markup("\n").join(escape(visible(line)) for line in text.split("\n")) if text else Markup("")


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
