"""The report under axe-core in both languages and themes, on a phone and on a desk, and on paper. `-m browser`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from residency.render.html import report_html
from tests.render import axe
from tests.render.chromium import Opener
from tests.render.factory import large, small

pytestmark = pytest.mark.browser
A4_BETWEEN_MARGINS = 688  # CSS pixels: 210 mm less 14 mm on each side
SAMPLES = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe.source(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="module", params=["en", "fr"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(small(), request.param), encoding="utf-8")
    return file


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(open_page: Opener, checker: str, report: Path, theme: str, width: int) -> None:
    # Only the checker needs the policy of the page out of its way.
    opened = open_page(report, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True)
    opened.open_all()
    opened.ask(checker)
    found = opened.ask("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(axe.RULES))
    assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found["violations"]] == []
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}
    assert opened.ask("document.documentElement.scrollWidth <= innerWidth")
    assert opened.told == []


def test_axe_sees_a_fault(open_page: Opener, checker: str, report: Path) -> None:
    opened = open_page(report, bypass_csp=True)
    opened.ask("document.querySelector('#findings-filter input[name=q]').parentElement.replaceWith(document.querySelector('#findings-filter input[name=q]'))")
    opened.ask(checker)
    found = opened.ask("rules => axe.run(document, {runOnly: rules})", list(axe.RULES))["violations"]
    assert "label" in {rule["id"] for rule in found}


CUT = """() => [...document.querySelectorAll('#doc table, #doc svg')]
  .filter((part) => part.checkVisibility())
  .filter((part) => {
    const paper = document.documentElement.clientWidth, box = part.getBoundingClientRect(), around = part.parentElement;
    return box.right > paper + 1 || (getComputedStyle(around).overflowX !== 'visible' && around.scrollWidth > around.clientWidth);
  }).map((part) => [part.getBoundingClientRect().width, part.textContent.trim().slice(0, 80)])"""


@pytest.fixture(scope="module")
def many_regions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(large(600), "fr"), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["small", "thirty regions", "sample-report.html", "sample-report.fr.html"])
def test_no_table_is_cut_on_paper(open_page: Opener, report: Path, many_regions: Path, name: str) -> None:
    file = {"small": report, "thirty regions": many_regions}.get(name, SAMPLES / name)
    opened = open_page(file, viewport={"width": A4_BETWEEN_MARGINS, "height": 1000})
    opened.page.emulate_media(media="print")
    opened.open_all()
    assert opened.ask(CUT) == []
    assert opened.ask("document.documentElement.scrollWidth <= innerWidth")


def test_the_print_has_every_finding(open_page: Opener, report: Path) -> None:
    opened = open_page(report)
    printed = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True)))
    text = "".join(page.extract_text() for page in printed.pages)
    assert [finding.id for finding in small().findings if finding.id not in text] == []
    assert {tuple(map(round, page.mediabox[2:])) for page in printed.pages} == {(595, 842)}  # A4 in points
