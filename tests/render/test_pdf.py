"""The PDF, drawn and read back. Needs Pango, so these tests run only when they are asked for: `-m pdf`."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from residency.atlas.atlas import load_atlas
from residency.model import Verdict
from residency.policy.shipped import find_pack
from residency.redact.result import redacted
from residency.render.html import report_html
from residency.render.pdf import MOST, report_pdf, unavailable
from residency.render.words import Words
from residency.render.write import write_run
from residency.result import AuditResult
from tests.ledger.estates import audited, two_buckets
from tests.render.factory import empty, hostile, large, small
from tests.render.page import Page

pytestmark = pytest.mark.pdf


def drawn(result: AuditResult, lang: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(b"".join(report_pdf(result, lang))))


def squeezed(text: str) -> str:
    """Without white space, which lines of a page break anew."""
    return re.sub(r"[\s\u00a0\u202f\u00ad]+", "", text)


def words_of(reader: pypdf.PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module", params=["fr", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def reader(lang: str) -> pypdf.PdfReader:
    assert unavailable() is None, "these tests need Pango: install it, or leave out `-m pdf`"
    return drawn(small(), lang)


def test_it_is_tagged_and_says_its_language_and_title(reader: pypdf.PdfReader, lang: str) -> None:
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    title = Page(report_html(small(), lang)).source.split("<title>")[1].split("</title>")[0]
    assert squeezed(reader.metadata.title or "") == squeezed(title)
    assert str(reader.metadata.creation_date) == "2026-11-24 09:30:00+00:00"
    assert reader.outline


def kinds(reader: pypdf.PdfReader) -> set[str]:
    """The names of the structure elements."""
    found: set[str] = set()
    root: Any = reader.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found.add(str(node.get("/S", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    return found


def test_headings_and_tables_are_tagged_as_such(reader: pypdf.PdfReader) -> None:
    assert {"/Document", "/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P"} <= kinds(reader)


def test_the_first_page_gives_the_answer_of_the_page(reader: pypdf.PdfReader, lang: str) -> None:
    first = squeezed(reader.pages[0].extract_text())
    page = Page(report_html(small(), lang)).text
    words = Words(lang)
    for key in ("title", "opinion", "strip.incomplete"):
        assert squeezed(words.say(key)) in first
    start = page.index("24\u00a0novembre 2026, sur" if lang == "fr" else "24\u00a0November 2026, of")
    assert squeezed(page[start : start + 120]) in first
    assert squeezed(words.label("verdict", "violation")) in first


def test_every_finding_is_in_it_once(reader: pypdf.PdfReader, lang: str) -> None:
    text = words_of(reader)
    label = squeezed(Words(lang).say("finding.id"))
    told = re.findall(rf"{label}:([0-9a-f]{{16}})", text)
    assert sorted(told) == sorted(finding.id for finding in small().findings)


def test_no_row_is_lost_at_the_edge_of_a_page(reader: pypdf.PdfReader) -> None:
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)

        def seen(
            text: str, cm: list[float], tm: list[float], *_font: object, w: float = width, h: float = height
        ) -> None:
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            assert not text.strip() or (0 <= x <= w and 0 <= y <= h), text

        page.extract_text(visitor_text=seen)


def test_a_redacted_edition_holds_no_raw_name(tmp_path: Path) -> None:
    result = audited(tmp_path, two_buckets(denied=True))
    listed = frozenset(Verdict)
    edition = redacted(result, load_atlas(), (find_pack("health-data-hub"),), listed, b"a key of an organisation")
    reader = drawn(edition, "fr")
    told = words_of(reader) + str(reader.metadata) + str([item for item in reader.outline if isinstance(item, dict)])
    for secret in ("patients", "111122223333", *result.judged["id"].to_pylist()):
        assert secret not in told
    assert "us-east-1" in told


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        code = "import sys; from tests.render.factory import small; from residency.render.pdf import report_pdf; " \
               "sys.stdout.buffer.write(b''.join(report_pdf(small(), 'fr')))"  # fmt: skip
        environment = os.environ | {"PYTHONHASHSEED": seed}
        made.append(
            subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        )
    assert made[0] == made[1]


def test_a_long_list_is_cut_in_the_open_and_its_annex_has_all(tmp_path: Path) -> None:
    result = large(MOST + 50)
    files = [file.name for file in write_run(result, tmp_path, ["pdf", "csv"], "en")]
    assert files == ["report.pdf", "findings.csv", "inventory.json", "manifest.json"]
    text = words_of(pypdf.PdfReader(tmp_path / "report.pdf"))
    notice = Words("en").say("findings.annex", n=MOST, total=len(result.findings), file="findings.csv")
    assert squeezed(notice) in text
    assert text.count("Reference:") == MOST
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(result.findings)


@pytest.mark.parametrize("result", [hostile(), empty()], ids=["hostile", "empty"])
def test_nothing_in_it_acts(result: AuditResult) -> None:
    reader = drawn(result, "en")
    raw = b"".join(report_pdf(result, "en"))
    assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|EmbeddedFiles|SubmitForm)\b", raw)
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get_object().get("/A", {})
            assert "/URI" not in action
    assert squeezed(Words("en").label("verdict", "unproven")) in words_of(reader)
