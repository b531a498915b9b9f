"""`papers.docx`: the papers as text, for a person to finish. Empty fields are marked and shaded."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from typing import Any

from residency.render.dpo.forms import Field, Form, Paper
from residency.render.formats import Output
from residency.render.office.contents import identity, lacks, moment, papers_of, safe
from residency.render.office.fixed_zip import fixed_zip
from residency.render.sentences import Sentences
from residency.result import AuditResult


def papers_docx(result: AuditResult, lang: str) -> Iterable[bytes]:
    """The document."""
    import docx

    words, papers = papers_of(result, lang)
    document = docx.Document()
    core = document.core_properties
    core.title, core.author, core.comments = words.say("section.papers"), "residency", result.run.id
    core.created = core.modified = moment(result)
    core.last_modified_by, core.language = "residency", "fr-FR" if lang == "fr" else "en-GB"
    _speak(document, core.language)
    document.add_heading(words.say("section.papers"), level=0)
    for name, value in identity(words, result):
        document.add_paragraph(safe(f"{name}{words.say('colon')}{value}"))
    document.add_paragraph(words.say("opinion"))
    document.add_paragraph(words.say("dpo.intro"))
    for paper in papers:
        _paper(document, words, paper)
    _signatures(document, words, result)
    made = io.BytesIO()
    document.save(made)
    return [fixed_zip(made.getvalue())]


def _speak(document: Any, language: str) -> None:
    """Set the language of the text, so that a reader's speech and spelling fit."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles["Normal"].element.get_or_add_rPr()
    told = OxmlElement("w:lang")
    told.set(qn("w:val"), language)
    properties.append(told)


def _paper(document: Any, words: Sentences, paper: Paper) -> None:
    document.add_heading(safe(paper.title), level=1)
    for note in paper.notes:
        document.add_paragraph(safe(note))
    document.add_paragraph(words.say("dpo.empty", n=paper.empty) if paper.forms else words.say("dpo.none"))
    for form in paper.forms:
        _form(document, words, form)


def _form(document: Any, words: Sentences, form: Form) -> None:
    document.add_heading(safe(f"{form.id} · {form.title}"), level=2)
    for group in form.groups:
        if group.heading:
            document.add_heading(safe(group.heading), level=3)
        _table(document, words, group.fields)


def _table(document: Any, words: Sentences, fields: tuple[Field, ...]) -> None:
    table = document.add_table(rows=1 + len(fields), cols=3)
    table.style = "Table Grid"
    cells = table._cells  # all at once: asking for one at a time walks the whole table each time
    for cell, name in zip(cells[:3], ("dpo.field", "dpo.value", "dpo.origin"), strict=True):
        cell.paragraphs[0].add_run(words.say(name)).bold = True
    _repeat(table.rows[0])
    for number, field in enumerate(fields, 1):
        label, content, origin = cells[3 * number : 3 * number + 3]
        label.text = safe(field.label)
        content.text = safe(field.hint if field.value is None else field.value)
        origin.text = words.say(f"dpo.origin.{field.origin}")
        if field.value is None:
            content.paragraphs[0].insert_paragraph_before(f"[{words.say('dpo.blank')}]")
            _shade(content)
    document.add_paragraph()


def _signatures(document: Any, words: Sentences, result: AuditResult) -> None:
    document.add_heading(words.say("section.sign"), level=1)
    document.add_paragraph(words.say("sign.intro"))
    table = document.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, ("line", "statement", "name", "date"), strict=True):
        cell.paragraphs[0].add_run(words.say(f"sign.{name}")).bold = True
    for name in ("prepared", "dpo", "controller"):
        table.add_row().cells[0].text = words.say(f"sign.{name}")
    run = result.run
    table.rows[1].cells[1].text = safe(words.say("sign.prepared_by", version=run.tool_version, run=run.id))


def _repeat(row: Any) -> None:
    """Repeat the row at the top of each page; it is then also the header that a screen reader names."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FDF3E1")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


FORMAT = Output("papers.docx", papers_docx, partial(lacks, "docx", "python-docx"))
