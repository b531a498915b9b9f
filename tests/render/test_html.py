from __future__ import annotations

import base64
import hashlib
import re
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from residency.model import Verdict
from residency.packagedata import shipped
from residency.render.findings_json import summary
from residency.render.html import FIRST, report_html
from residency.render.payload import NAME_MARK, UID_MARK
from residency.render.plain import clip, visible
from tests.render.factory import HOSTILE, Estate, empty, hostile, large, small
from tests.render.page import Page


@pytest.fixture(scope="module")
def english() -> Page:
    return Page(report_html(small(), "en"))


@pytest.fixture(scope="module")
def french() -> Page:
    return Page(report_html(small(), "fr"))


def sha(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def assert_inert(page: Page) -> None:
    """Nothing but our own style and script can act, and nothing is loaded."""
    assert [attributes for attributes, _text in page.scripts if attributes.get("type") is None] == [{}]
    assert len(page.scripts) <= 2
    assert page.csp.startswith("default-src 'none'; style-src 'sha256-")
    assert f"script-src '{sha(page.scripts[-1][1])}'" in page.csp
    assert f"style-src '{sha(''.join(page.styles))}'" in page.csp
    assert "unsafe" not in page.csp
    allowed = {
        "html", "head", "meta", "title", "style", "body", "svg", "symbol", "circle", "path", "use", "g", "rect", "desc", "text", "figure", "figcaption", "template", "script",
        "div", "header", "nav", "main", "section", "article", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt",
        "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "a", "b", "strong", "code",
        "span", "br", "button", "form", "fieldset", "legend", "label", "input", "select", "option",
    }  # fmt: skip
    for tag, attributes in page.elements:
        assert tag in allowed, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"style", "src", "srcset", "srcdoc", "action", "formaction", "xlink:href"}, (tag, name)
            if name == "href":
                assert value.startswith("#"), value


def test_the_page_can_load_and_run_nothing_but_its_own_parts(english: Page, french: Page) -> None:
    assert_inert(english)
    assert_inert(french)
    assert_inert(Page(report_html(empty(), "fr")))


def test_ids_stand_once_and_links_lead_somewhere(english: Page) -> None:
    assert [name for name, n in Counter(english.ids).items() if n > 1] == []
    hrefs = {
        a["href"][1:] for tag, a in english.elements if tag == "a" and a.get("href") and not a["href"].startswith("#f-")
    }
    assert hrefs <= set(english.ids)
    assert {f"f-{finding.id}" for finding in small().findings} <= set(english.ids)


def test_headings_have_no_gap(english: Page) -> None:
    levels = [int(tag[1]) for tag, _attributes in english.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_hostile_names_stay_text() -> None:
    for lang in ("en", "fr"):
        page = Page(report_html(hostile(), lang))
        assert_inert(page)
        for name in HOSTILE:
            assert visible(clip(name)) in page.text.replace("\n", " ") or visible(clip(name)).strip() in page.text
        assert not re.search("[\u202a-\u202e\u200b\x00-\x08]", page.source)
        assert "gnp.⟨U+202E⟩gpj.exe" in page.text
        assert "{{ 7 * 7 }}" in page.text
        assert "…[+3880]" in page.text
        assert "L" * 3000 not in page.source


def test_the_run_id_cannot_leave_the_style_sheet() -> None:
    style = "".join(Page(report_html(hostile(), "en")).styles)
    assert "run/stylescript" not in style
    assert "residency · runstylescript · 2026-11-24" in style


def test_the_answer_is_a_sentence_with_its_denominator(english: Page, french: Page) -> None:
    assert (
        "On 24\u00a0November 2026, of 9 data placements, none is proven compliant, 8 are not compliant "
        "and 1 could not be established." in english.text
    )
    assert (
        "Au 24\u00a0novembre 2026, sur 9 emplacements de données, aucun n’est démontré conforme, "
        "8 sont non conformes et 1 n’a pas pu être établi." in french.text
    )


def test_the_two_views_stay_apart() -> None:
    estate = Estate()
    estate.gap("read")
    estate.bucket("a", ("primary", "eu-west-3"), custody="external")
    estate.bucket("b", ("primary", "eu-west-3"), offer="ovhcloud")
    result = estate.result()
    rules = tuple(replace(rule, view="sovereignty") if rule.id == "HDH-KEY-02" else rule for rule in result.rules)
    text = Page(report_html(replace(result, rules=rules), "en")).text
    assert "of 2 places holding health data, 2 are proven compliant, none is found not compliant" in text
    assert "of 2 places holding health data, none is proven compliant, 2 are not compliant" in text


def test_gaps_stand_before_the_findings(french: Page) -> None:
    sections = [a["id"] for tag, a in french.elements if tag == "section"]
    assert sections[:3] == ["answer", "unseen", "decisions"]
    assert "3 lectures sur 5 n’ont pas abouti." in french.text
    assert "AccessDenied: s3:GetBucketReplication" in french.text


def test_an_unread_region_improves_no_figure() -> None:
    def figures(page: Page) -> list[str]:
        return re.findall(r"\d+ (?:is|are) proven compliant|\d+ in the European Union", page.text)

    def estate() -> Estate:
        made = Estate()
        made.gap("read")
        made.bucket("a", ("primary", "eu-west-3"), offer="ovhcloud", custody="external")
        return made

    denied = estate()
    denied.gap("denied", "eu-west-9")
    page = Page(report_html(denied.result(), "en"))
    assert figures(page) == figures(Page(report_html(estate().result(), "en")))
    assert "1 read did not succeed: this pack cannot be better than unproven." in page.text
    assert "Incomplete: part of the scope was not read" in page.text


def test_an_empty_run_is_not_proven() -> None:
    page = Page(report_html(empty(), "fr"))
    assert "non démontré" in page.text
    assert "aucun emplacement de données ne relevait de ces règles" in page.text
    assert "Complétude Aucune lecture n’est enregistrée" in page.text
    assert "Tout ce qui était demandé a été lu" not in page.text
    assert "Aucun emplacement de données n’a été trouvé. Cela ne montre pas qu’il n’y en a pas." in page.text


def test_a_run_without_a_pack_is_not_proven() -> None:
    page = Page(report_html(replace(empty(), policies=(), rules=()), "en"))
    assert "No rule pack was applied: nothing is established." in page.text


def test_how_the_run_was_read_is_in_the_identity_strip() -> None:
    def strip(**changes: Any) -> str:
        return Page(report_html(small_with(**changes), "en")).text.split("Contents")[0]

    assert "Live: read from the providers’ interfaces" in strip()
    assert "Not live: read from files" in strip(live=False)
    overridden = strip(live=False, endpoints=("http://127.0.0.1:5000",))
    assert "Not the provider’s own interface: endpoint overridden: http://127.0.0.1:5000" in overridden
    assert "The law was changed on purpose: dpf-annulled.yaml" in strip(scenario="dpf-annulled.yaml")


def small_with(**changes: Any) -> Any:
    return replace(small(), run=replace(small().run, **changes))


def test_the_opinion_disclaimer_stands_once(english: Page, french: Page) -> None:
    assert english.text.count("not a legal opinion") == 1
    assert french.text.count("ne constitue pas un avis juridique") == 1


def test_facts_from_memory_are_marked(english: Page) -> None:
    marked = "Through the parent company (from memory only, to be checked): CLOUD Act (United States)"
    assert marked in english.text


def test_findings_carry_evidence_and_reference(english: Page) -> None:
    assert "s3:GetBucketLocation · LocationConstraint = us-east-1" in english.text
    assert "What is missing" in english.text
    assert "W-2026-004, until 2027-01-31: exit under way" in english.text


def test_the_packed_findings_are_the_same_as_those_of_the_page(english: Page) -> None:
    findings = {finding.id: finding for finding in small().findings}
    ids = english.column("id")
    assert sorted(str(name) for name in ids) == sorted(findings)
    names, uids = english.column("name"), english.column("uid")
    for lang in ("en", "fr"):
        for row, reason in enumerate(english.column(f"reason_{lang}")):
            whole = str(reason).replace(NAME_MARK, names[row] or "").replace(UID_MARK, uids[row] or "")
            assert whole == getattr(findings[str(ids[row])].reason, lang)
    assert english.column("countries")[ids.index(small().findings[0].id)] == "FR"


def test_counts_are_those_of_the_json() -> None:
    for result in (small(), large(5000)):
        page = Page(report_html(result, "en"))
        totals = summary(result)
        packed = Counter(page.column("verdict"))
        assert packed == Counter({v.value: n for v, n in totals.items() if v is not Verdict.COMPLIANT and n})
        compliant = f"{totals[Verdict.COMPLIANT]:,} compliant findings are counted but not listed."
        assert compliant in page.text


def test_findings_that_were_not_asked_for_are_told() -> None:
    result = small()
    unproven = replace(result, findings=tuple(f for f in result.findings if f.verdict is Verdict.UNPROVEN))
    text = Page(report_html(unproven, "fr")).text
    hidden = summary(result)[Verdict.VIOLATION]
    assert f"{hidden} constats non conformes sont comptés mais pas listés." in text
    assert "1 écart accepté est compté mais pas listé." in text


def test_a_long_list_is_cut_with_a_notice_and_whole_in_the_file() -> None:
    result = large(5000)
    page = Page(report_html(result, "fr"))
    assert sum(name.startswith("f-") for name in page.ids) == FIRST
    total = f"{len(result.findings):,}".replace(",", "\u202f")
    assert f"Les 200 premiers sur {total} sont affichés ici." in page.text
    assert page.data["findings"]["n"] == len(result.findings)
    assert page.data["findings"]["size"] == 100
    assert len(set(page.column("id"))) == len(result.findings)


def test_ten_thousand_findings_stay_small() -> None:
    result = large(10_000)
    source = report_html(result, "fr")
    assert len(source.encode()) < 2_000_000
    assert Page(source).data["findings"]["n"] == len(result.findings)


def test_a_thousand_findings_render_within_a_second() -> None:
    result = large(1000)
    report_html(small(), "en")
    fastest = min(_seconds(result) for _ in range(3))
    assert fastest < 1.0


def _seconds(result: Any) -> float:
    started = time.process_time()
    report_html(result, "fr")
    return time.process_time() - started


def test_the_same_result_gives_the_same_page() -> None:
    assert report_html(small(), "fr") == report_html(small(), "fr")


def test_both_languages_are_in_the_file(french: Page) -> None:
    assert french.elements[0] == ("html", {"lang": "fr"})
    spare = next(a for tag, a in french.elements if a.get("id") == "spare")
    assert spare["lang"] == "en"
    assert "Where the data is" in french.source
    assert "Where the data is" not in french.text
    for lang in ("en", "fr"):
        assert french.data["labels"][lang]["verdict"]["waived"] in {"accepted deviation", "écart accepté"}


def test_the_french_page_has_french_typography(french: Page) -> None:
    own = re.sub(r"AWS::\S+|arn:\S+|s3:\S+|coverage:\S+|offer:\S+|[\w.]+\.json", "", french.text)
    assert not re.search(r"\w'\w", own.split("size(control")[0])
    assert not re.search(r" [;!?%»]", own), re.search(r".{20} [;!?%»]", own)
    for word in ("infraction", "dérogation", "cryptage"):
        assert word not in own.lower()
    assert "violation" not in own.lower()


def test_no_message_is_unused_or_missing() -> None:
    """Every key that a template names exists, so that no page fails on a rare branch."""
    from residency.render.words import messages

    for template in shipped("reports").glob("*.j2"):
        for key in re.findall(r'\bt\("([\w.]+)"(?! ~)', template.read_text(encoding="utf-8")):
            if not key.endswith("."):
                assert key in messages("fr"), f"{template.name}: {key}"
