"""`transfers.ods`: the transfer register as an OpenDocument workbook, in columns of the French authority's template.

Its first four columns can be copied into that template as they stand. No cell is a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from residency.render.dpo.register import transfer_register
from residency.render.dpo.transfers import left_aside, transfers
from residency.render.formats import Output
from residency.render.office.contents import identity, lacks, moment, safe
from residency.render.office.fixed_zip import fixed_zip
from residency.render.sentences import Sentences
from residency.result import AuditResult


def transfers_ods(result: AuditResult, lang: str) -> Iterable[bytes]:
    """The workbook: the register with a line an entry, then what it was made from and how many fields are empty."""
    from odfdo import Document

    words = Sentences(lang)
    paper = transfer_register(words, result, transfers(result), left_aside(result))
    blank = words.say("dpo.blank")
    lines = [[field.label for field in paper.forms[0].fields]] if paper.forms else [[words.say("dpo.none")]]
    lines += [[f"[{blank}]" if f.value is None else f.value for f in form.fields] for form in paper.forms]
    about = [[name, value] for name, value in identity(words, result)]
    about += [
        [paper.title, note] for note in (*paper.notes, words.say("dpo.empty", n=paper.empty), words.say("opinion"))
    ]
    document = Document("spreadsheet")
    document.body.clear()
    document.body.append(_table(paper.key.upper(), lines))
    document.body.append(_table("0", about))
    meta = document.meta
    meta.set_title(paper.title)
    meta.set_creation_date(moment(result))
    meta.set_modification_date(moment(result))
    meta.set_language("fr-FR" if lang == "fr" else "en-GB")
    made = io.BytesIO()
    document.save(made)
    return [fixed_zip(made.getvalue())]


def _table(name: str, lines: Sequence[Sequence[str]]) -> Any:
    from odfdo import Cell, Paragraph, Row, Table

    table = Table(name)
    for line in lines:
        row = Row()
        for text in line:
            cell = Cell("", cell_type="string")
            cell.clear()
            cell.set_attribute("office:value-type", "string")
            for part in safe(text).split("\n"):
                cell.append(Paragraph(part))
            row.append_cell(cell, clone=False)
        table.append_row(row, clone=False)
    return table


FORMAT = Output("transfers.ods", transfers_ods, partial(lacks, "odfdo", "odfdo"))
