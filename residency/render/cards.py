"""Tables that a narrow screen shows as cards: each cell is told the heading of its column, and every part its role.

A style sheet that lays a table out as blocks takes its meaning from assistive programs; the roles keep it.
"""

from __future__ import annotations

import re

_TABLE = re.compile(r'<table class="cards[^"]*"(?=>).*?</table>', re.DOTALL)
_HEADING = re.compile(r"<th scope=\"col\"[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr(?=[ >]).*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(th|td)(?=[ >])")
_ROLES = (
    ("<table ", '<table role="table" '), ("<thead>", '<thead role="rowgroup">'), ("<tbody", '<tbody role="rowgroup"'),
    ('<th scope="col"', '<th scope="col" role="columnheader"'), ('<th scope="row"', '<th scope="row" role="rowheader"'),
)  # fmt: skip


def with_cards(document: str) -> str:
    """The document with its tables of class `cards` made ready. Such a table has one row of headings and no spans."""
    return _TABLE.sub(lambda found: _table(found[0]), document)


def _table(text: str) -> str:
    headings = [re.sub(r"<[^>]+>", "", heading).strip() for heading in _HEADING.findall(text)]
    text = _ROW.sub(lambda found: _row(found[0], headings), text)
    for plain, marked in _ROLES:
        text = text.replace(plain, marked)
    return text


def _row(text: str, headings: list[str]) -> str:
    columns = iter(headings)

    def cell(found: re.Match[str]) -> str:
        heading = next(columns, "")
        return found[0] if found[1] == "th" else f'<td role="cell" data-h="{heading}"'

    return re.sub(r"<tr", '<tr role="row"', _CELL.sub(cell, text), count=1)
