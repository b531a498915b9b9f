"""The report in a real browser. Needs Chromium, so these tests run only when they are asked for: `-m browser`."""

from __future__ import annotations

import re
import subprocess
import time
from html import unescape
from pathlib import Path

import pytest

from residency.render.html import report_html
from tests.render.chromium import chromium
from tests.render.factory import hostile, large, small

pytestmark = pytest.mark.browser


def opened(page: Path, profile: Path, fragment: str = "") -> str:
    """The page's elements after its script ran. Fails on any console message."""
    command = [
        chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
        "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", f"{page.as_uri()}{fragment}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr, [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout


def status(document: str) -> str:
    found = re.search(r'id="findings-status"[^>]*>([^<]*)<', document)
    assert found
    return found[1]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "report.html"
    file.write_text(report_html(small(), "fr"), encoding="utf-8")
    return file


def test_the_page_opens_without_a_message(page: Path, tmp_path: Path) -> None:
    document = opened(page, tmp_path / "p")
    assert 'data-findings="open"' in document
    assert status(document) == f"{len(small().findings)} constats sur {len(small().findings)}"
    assert re.search(r'<form id="findings-filter">', document)


def test_the_script_builds_the_same_rows_as_the_template(page: Path, tmp_path: Path) -> None:
    def rows(source: str) -> dict[str, str]:
        found = re.findall(r'<details class="finding" id="f-(\w+)">(.*?)</details>', source, re.DOTALL)
        return {name: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip() for name, body in found}

    assert rows(opened(page, tmp_path / "p")) == rows(page.read_text(encoding="utf-8"))


def test_the_filter_is_in_the_address(page: Path, tmp_path: Path) -> None:
    document = opened(page, tmp_path / "p", "#findings?verdict=unproven&q=archive")
    rows = [f for f in small().findings if f.verdict == "unproven" and f.resource.name == "archive"]
    assert status(document) == f"{len(rows)} constat sur {len(small().findings)}"
    assert status(opened(page, tmp_path / "q", "#findings?q=nowhere")) == "Aucun constat ne correspond."


def test_a_link_to_a_finding_opens_it(page: Path, tmp_path: Path) -> None:
    wanted = small().findings[-1].id
    document = opened(page, tmp_path / "p", f"#f-{wanted}")
    assert re.search(rf'<details class="finding target" id="f-{wanted}" open="">', document)


def test_hostile_names_do_nothing(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(hostile(), "en"), encoding="utf-8")
    document = opened(file, tmp_path / "p")
    assert "<script>alert" not in document
    assert not re.search(r"<img", document)


def test_a_hundred_thousand_findings_open_quickly(tmp_path: Path) -> None:
    result = large(100_000)
    file = tmp_path / "report.html"
    file.write_text(report_html(result, "en"), encoding="utf-8")
    started = time.perf_counter()
    document = opened(file, tmp_path / "p", f"#f-{result.findings[-1].id}")
    assert time.perf_counter() - started < 5  # the start of the browser included
    assert status(document) == f"{len(result.findings):,} findings of {len(result.findings):,}"
    assert f'id="f-{result.findings[-1].id}" open=""' in document
