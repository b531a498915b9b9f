"""The report by keyboard alone: every control is reached, shows its focus, and does its work. `-m browser`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from residency.render.html import report_html
from tests.render.chromium import Opened, Opener
from tests.render.factory import hostile, small

pytestmark = pytest.mark.browser
CONTROLS = "a[href], button:not(:disabled), input, select, summary, [tabindex='0']"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(small(), "en"), encoding="utf-8")
    return file


def tab_to(opened: Opened, selector: str) -> None:
    """Press Tab until the element that has the focus matches."""
    for _step in range(500):
        opened.page.keyboard.press("Tab")
        if opened.ask("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def status(opened: Opened) -> str:
    return str(opened.page.inner_text("#findings-status"))


def test_tab_reaches_every_control_and_shows_where_it_is(open_page: Opener, report: Path) -> None:
    opened = open_page(report)
    expected = opened.ask(
        """controls => [...document.querySelectorAll(controls)].filter((control) => control.checkVisibility())
             .map((control, place) => { control.place = place; return control.outerHTML.slice(0, 80); })""", CONTROLS
    )  # fmt: skip
    reached = []
    for _step in expected:
        opened.page.keyboard.press("Tab")
        place, width, style, inside = opened.ask(
            """() => { const now = document.activeElement, look = getComputedStyle(now), box = now.getBoundingClientRect();
                 return [now.place, parseFloat(look.outlineWidth), look.outlineStyle,
                         box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth]; }"""
        )
        assert (width >= 2, style, inside) == (True, "solid", True), expected[place]
        reached.append(place)
    assert reached == list(range(len(expected)))  # all of them, in the order of the page


def test_the_language_switch_keeps_the_focus(open_page: Opener, report: Path) -> None:
    opened = open_page(report)
    opened.page.keyboard.press("Tab")
    assert opened.ask("document.activeElement.className") == "skip"
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    assert opened.ask("[document.documentElement.lang, document.activeElement.id]") == ["fr", "language"]
    assert status(opened) == f"{len(small().findings)} constats sur {len(small().findings)}"
    opened.page.keyboard.press("Enter")
    assert opened.ask("document.documentElement.lang") == "en"
    assert opened.told == []


def test_search_escape_filter_sort_and_reset(open_page: Opener, report: Path) -> None:
    findings, opened = small().findings, open_page(report)
    everything = status(opened)
    tab_to(opened, "#findings-filter input[name=q]")
    opened.page.keyboard.type("imaging")
    found = [finding for finding in findings if finding.resource.name == "imaging"]
    assert opened.page.locator("#findings-rows details.finding").count() == len(found)
    opened.page.keyboard.press("Escape")
    assert status(opened) == everything
    tab_to(opened, "#findings-filter select[name=verdict]")
    opened.page.keyboard.press("ArrowDown")
    verdict = opened.ask("document.activeElement.value")
    assert opened.page.locator("#findings-rows details.finding").count() == sum(f.verdict == verdict for f in findings)
    assert opened.ask("location.hash") == f"#findings?verdict={verdict}"
    tab_to(opened, "#findings-filter select[name=sort]")
    opened.page.keyboard.press("ArrowDown")
    names = opened.page.locator("#findings-rows [data-s=title]").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    assert names
    tab_to(opened, "#findings-filter button[type=reset]")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_function("wanted => document.querySelector('#findings-status').textContent === wanted", arg=everything)


def test_a_finding_opens_and_closes(open_page: Opener, report: Path) -> None:
    opened = open_page(report)
    tab_to(opened, "#findings-rows summary")
    opened.page.keyboard.press("Enter")
    assert opened.ask("document.activeElement.parentElement.open")
    tab_to(opened, ".permalink")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector(".finding.target[open]")
    assert opened.ask("location.hash === '#' + document.querySelector('.finding.target').id")
    opened.page.keyboard.press("Space")
    assert not opened.ask("document.querySelector('.finding.target').open")


def test_a_link_to_a_finding_brings_the_focus_to_it(open_page: Opener, report: Path) -> None:
    wanted = small().findings[-1].id
    opened = open_page(report, f"#f-{wanted}")
    assert opened.ask("document.activeElement.matches('summary') && document.activeElement.parentElement.id") == f"f-{wanted}"
    opened.page.keyboard.press("Enter")
    assert not opened.ask("document.activeElement.parentElement.open")


def test_a_decision_leads_to_its_findings(open_page: Opener, report: Path) -> None:
    opened = open_page(report)
    tab_to(opened, "#decisions a[data-filter]")
    rule = opened.ask("new URLSearchParams(document.activeElement.dataset.filter).get('rule')")
    opened.page.keyboard.press("Enter")
    assert opened.ask("document.activeElement.id") == "h-findings"
    assert opened.ask("document.querySelector('#findings-filter select[name=rule]').value") == rule
    opened.page.keyboard.press("Tab")
    assert opened.ask("document.activeElement.name") == "q"


@pytest.mark.parametrize(("clipboard", "rule"), [("given", "HDH-LOC-03"), ("missing", "HDH-CTL-01")])
def test_the_filtered_findings_are_copied_as_csv(open_page: Opener, tmp_path: Path, clipboard: str, rule: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(hostile(), "en"), encoding="utf-8")
    taken = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    opened = open_page(
        file, f"#findings?rule={rule}", before=taken if clipboard == "missing" else "",
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    tab_to(opened, "#findings-copy")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_function("document.querySelector('#findings-copied').textContent !== ''")
    assert opened.ask("document.activeElement.id") == "findings-copy"
    reader = open_page(file, permissions=["clipboard-read", "clipboard-write"])
    reader.page.bring_to_front()
    rows = list(csv.DictReader(io.StringIO(reader.ask("navigator.clipboard.readText()"), newline="")))
    wanted = [finding for finding in hostile().findings if finding.rule == rule]
    assert {row["id"] for row in rows} == {finding.id for finding in wanted}
    assert {row["rule"] for row in rows} == {rule}
    assert [value for row in rows for value in row.values() if value.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert any(row["name"].startswith("'=cmd") for row in rows)
    assert opened.told == []
