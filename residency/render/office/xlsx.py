"""`papers.xlsx`: a sheet for each of the papers, its empty fields marked. No cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from typing import Any

from residency.render.dpo.forms import Paper
from residency.render.formats import Output
from residency.render.office.contents import identity, lacks, moment, papers_of, safe
from residency.render.office.fixed_zip import fixed_zip
from residency.render.sentences import Sentences
from residency.result import AuditResult

_WIDTH, _NARROW = 28, 14


def papers_xlsx(result: AuditResult, lang: str) -> Iterable[bytes]:
    """The workbook."""
    import xlsxwriter

    words, papers = papers_of(result, lang)
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        title = words.say("section.papers")
        book.set_properties({"title": title, "created": moment(result), "comments": result.run.id})
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2}),
            "cell": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "empty": book.add_format({"text_wrap": True, "valign": "top", "italic": True, "bg_color": "#FDF3E1"}),
        }
        _about(book, words, result, papers, looks)
        for paper in papers:
            sheet = book.add_worksheet(f"{paper.key.upper()}")
            rows = _table(words, paper) if paper.columns else _steps(words, paper)
            _write(sheet, rows, looks)
    return [fixed_zip(made.getvalue())]


_Row = list[tuple[str, str]]  # text, look


def _about(book: Any, words: Sentences, result: AuditResult, papers: tuple[Paper, ...], looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet("0")
    rows: list[_Row] = [[(words.say("section.papers"), "head"), ("", "head")]]
    rows += [[(name, "cell"), (value, "cell")] for name, value in identity(words, result)]
    rows.append([(words.say("opinion"), "cell"), (words.say("dpo.intro"), "cell")])
    for paper in papers:
        told = "\n".join([*paper.notes, words.say("dpo.empty", n=paper.empty)])
        rows.append([(f"{paper.key.upper()} {paper.title}", "head"), (told, "cell")])
    _write(sheet, rows, looks)
    sheet.set_column(1, 1, 90)


def _table(words: Sentences, paper: Paper) -> list[_Row]:
    """One line a form: its fields in their order, then its id."""
    if not paper.forms:
        return [[(words.say("dpo.none"), "cell")]]
    head: _Row = [(field.label, "head") for field in paper.forms[0].fields]
    return [head, *([_cell(field.value, field.hint) for field in form.fields] for form in paper.forms)]


def _steps(words: Sentences, paper: Paper) -> list[_Row]:
    """One line a field: the form, the step, the field, its content, where it comes from, what to note."""
    names = ("dpo.id", "dpo.step", "dpo.field", "dpo.value", "dpo.origin", "dpo.hint")
    rows: list[_Row] = [[(words.say(name), "head") for name in names]]
    for form in paper.forms:
        for group in form.groups:
            rows += [
                [(f"{form.id} {form.title}", "cell"), (group.heading, "cell"), (field.label, "cell"),
                 _cell(field.value, ""), (words.say(f"dpo.origin.{field.origin}"), "cell"), (field.hint, "cell")]
                for field in group.fields
            ]  # fmt: skip
    return rows


def _cell(value: str | None, hint: str) -> tuple[str, str]:
    return (hint, "empty") if value is None else (value, "cell")


def _write(sheet: Any, rows: list[_Row], looks: dict[str, Any]) -> None:
    for number, row in enumerate(rows):
        for column, (text, look) in enumerate(row):
            sheet.write_string(number, column, safe(text), looks[look])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max((len(row) for row in rows), default=1) - 1, _WIDTH)
    if len(rows) > 1:
        sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


FORMAT = Output("papers.xlsx", papers_xlsx, partial(lacks, "xlsxwriter", "XlsxWriter"))
