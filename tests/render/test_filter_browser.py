"""The filters of the findings in a real browser. Needs Chromium: `-m browser`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from residency.render.html import report_html
from tests.render.test_browser import opened, status
from tests.render.test_dpo_papers import known_estate

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "report.html"
    file.write_text(report_html(known_estate(), "en"), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("policy=health-data-hub", lambda f: True),
        ("provider=aws", lambda f: f.resource.provider == "aws"),
        ("data_class=health", lambda f: f.data_class == "health"),
        ("area=third", lambda f: f.placement is not None and f.placement.countries == ("SG",)),
        ("area=adequate", lambda f: f.placement is not None and f.placement.countries == ("GB",)),
        ("area=unknown&data_class=health", lambda f: f.placement is not None and not f.placement.countries),
    ],
)
def test_each_filter_shows_what_it_names(page: Path, tmp_path: Path, query: str, wanted: object) -> None:
    findings = known_estate().findings
    expected = sum(wanted(finding) for finding in findings)  # type: ignore[operator]
    document = opened(page, tmp_path / "p", f"#findings?{query}")
    one = "finding" if expected == 1 else "findings"
    assert status(document) == f"{expected} {one} of {len(findings)}"


def test_sorting_by_name_puts_the_rows_in_that_order(page: Path, tmp_path: Path) -> None:
    document = opened(page, tmp_path / "p", "#findings?sort=name")
    rows = document.split('id="findings-rows"')[1].split('id="findings-pages"')[0]
    names = re.findall(r'data-s="title">([^<]*)<', rows)
    assert len(names) == len(known_estate().findings)
    assert [name.casefold() for name in names] == sorted(name.casefold() for name in names)
    assert '<h3 class="group">' not in rows
