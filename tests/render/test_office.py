"""The papers as a workbook and a text document, opened again with other readers."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest
from lxml import etree

from residency.render.dpo.papers import dpo_papers, drafted
from residency.render.dpo.transfers_csv import transfers_csv
from residency.render.formats import usable_formats
from residency.render.office.docx import papers_docx
from residency.render.office.fixed_zip import fixed_zip
from residency.render.office.ods import transfers_ods
from residency.render.office.xlsx import papers_xlsx
from residency.render.sentences import Sentences
from residency.result import AuditResult
from tests.render.factory import HOSTILE, empty, hostile, small
from tests.render.test_dpo_papers import known_estate


def book(result: AuditResult, lang: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(papers_xlsx(result, lang))))


def document_text(result: AuditResult, lang: str) -> str:
    document = docx.Document(io.BytesIO(b"".join(papers_docx(result, lang))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_register_of_the_workbook_has_the_record_s_four_columns_first_and_a_line_an_entry() -> None:
    result = known_estate()
    sheet = book(result)["T1"]
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][:4] == ("Recipient (importer)", "Country", "Type of safeguard", "Paper and link")
    assert len(lines) - 1 == len(drafted(result).transfers)
    assert {line[1] for line in lines[1:]} == {
        "United States",
        "Singapore",
        "United Kingdom",
        "country not established",
    }


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_both_files_say_what_the_papers_say(lang: str) -> None:
    result = known_estate()
    papers = dpo_papers(Sentences(lang), result, drafted(result))
    workbook, text = book(result, lang), document_text(result, lang)
    cells = {str(c) for sheet in workbook for line in sheet.iter_rows(values_only=True) for c in line if c}
    assert workbook.sheetnames == ["0", "T1", "T2", "T3", "T4", "T5"]
    for paper in papers:
        assert paper.title in text
        for form in paper.forms:
            for field in form.fields:
                assert field.label in cells
                assert field.label in text
                if field.value:
                    assert field.value in cells
                    assert field.value in text


def sheet(result: AuditResult, lang: str = "en") -> list[list[str]]:
    """The register of `transfers.ods`, read by a second way than it was written: its XML."""
    with zipfile.ZipFile(io.BytesIO(b"".join(transfers_ods(result, lang)))) as archive:
        names = archive.infolist()
        assert (names[0].filename, names[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
        root = etree.fromstring(archive.read("content.xml"))
    space = {"t": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "x": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
    assert not root.xpath("//@t:formula", namespaces=space)
    return [
        ["\n".join("".join(p.itertext()) for p in cell.findall("x:p", space)) for cell in row.findall("t:table-cell", space)]
        for row in root.xpath("//t:table[1]/t:table-row", namespaces=space)
    ]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_register_for_libreoffice_says_what_the_paper_says(lang: str) -> None:
    result = known_estate()
    register = dpo_papers(Sentences(lang), result, drafted(result))[0]
    head, *lines = sheet(result, lang)
    assert head == [field.label for field in register.forms[0].fields]
    blank = f"[{Sentences(lang).say('dpo.blank')}]"
    shown = [[blank if f.value is None else f.value for f in form.fields] for form in register.forms]
    assert [[re.sub(r"\s+", " ", cell) for cell in line] for line in lines] == [
        [re.sub(r"\s+", " ", cell) for cell in line] for line in shown
    ]


def test_hostile_names_are_text_in_it_and_an_empty_run_gives_one() -> None:
    texts = [cell for line in sheet(hostile()) for cell in line]
    assert any("=" in cell for cell in texts)
    assert not any("\u202e" in cell for cell in texts)
    assert sheet(empty()) == [["This run gives no entry."]]


def test_the_register_for_programs_has_a_line_an_entry_in_plain_codes() -> None:
    text = b"".join(transfers_csv(known_estate())).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0])[:4] == ["recipient", "country", "safeguard", "paper"]
    assert sorted((row["country"], row["safeguard"], row["adequacy"]) for row in rows) == [
        ("", "", ""), ("GB", "45", "full"), ("SG", "", "none"), ("US", "", "conditional"),
    ]  # fmt: skip
    assert {row["last_seen"] for row in rows} == {"2026-11-24"}
    for row in csv.DictReader(io.StringIO(b"".join(transfers_csv(hostile())).decode("utf-8-sig"))):
        assert not any((cell or "").startswith(("=", "+", "-", "@", "\t")) for cell in row.values())


def test_empty_fields_are_marked_and_counted() -> None:
    result = known_estate()
    papers = dpo_papers(Sentences("fr"), result, drafted(result))
    empty_fields = sum(paper.empty for paper in papers)
    assert document_text(result, "fr").count("[à compléter]") == empty_fields
    marked = sum(
        cell.fill.fgColor.rgb == "FFFDF3E1"
        for sheet in book(result, "fr")
        for line in sheet.iter_rows()
        for cell in line
    )
    assert marked == empty_fields


def test_no_cell_is_a_formula_or_a_link_and_hidden_characters_are_shown() -> None:
    result = hostile()
    workbook = book(result)
    for sheet in workbook:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"s", "n"}, cell.value
                assert cell.value is None or isinstance(cell.value, str)
                assert cell.hyperlink is None
                assert not isinstance(cell.value, str) or "\u202e" not in cell.value
    accounts = "\n".join(str(c) for line in workbook["T2"].iter_rows(values_only=True) for c in line)
    assert any(name in accounts for name in HOSTILE if name.startswith("="))
    assert "\u202e" not in document_text(result, "en")


def test_the_same_run_gives_the_same_bytes_and_no_date_of_today() -> None:
    for render in (papers_xlsx, transfers_ods, papers_docx):
        one, two = (b"".join(render(small(), "fr")) for _ in range(2))
        assert one[:2] == b"PK"
        assert one == two
        with zipfile.ZipFile(io.BytesIO(one)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = docx.Document(io.BytesIO(one)).core_properties
    assert core.created is not None
    assert core.modified == core.created
    assert core.created.isoformat().startswith("2026-11-24T09:30:00")


def test_a_repacked_archive_keeps_its_contents() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "one")
        archive.writestr("b/c.txt", "two")
    with zipfile.ZipFile(io.BytesIO(fixed_zip(made.getvalue()))) as again:
        assert {name: again.read(name) for name in again.namelist()} == {"a.txt": b"one", "b/c.txt": b"two"}


def test_an_empty_run_gives_both_files() -> None:
    assert "This run gives no entry." in document_text(empty(), "en")
    assert book(empty())["T1"]["A1"].value == "This run gives no entry."


def test_a_time_that_is_none_does_not_stop_the_files() -> None:
    result = small()
    odd = replace(result, run=replace(result.run, started="at noon"))
    assert b"".join(papers_xlsx(odd, "en"))


@pytest.mark.parametrize(("module", "name"), [("xlsxwriter", "xlsx"), ("docx", "docx"), ("odfdo", "ods")])
def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    assert usable_formats(["json", name]) == (("json", name), ())
    monkeypatch.setitem(sys.modules, module, None)
    usable, problems = usable_formats(["json", name])
    assert usable == ("json",)
    assert "residency[office]" in str(problems[0])
