"""Free sentences of the data files, which are written in English, for a French reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from residency.atlas.shapes import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from residency.atlas.atlas import Atlas

_JOINED = "; "


def said(atlas: Atlas, sentence: str) -> Text:
    """A sentence of the atlas in both languages. One that french.yaml lacks (a user's own) stays as written."""
    table: Mapping[str, str] = atlas.files.shape("french").shape.table
    return Text(en=sentence, fr=_french(table, sentence) or sentence)


def _french(table: Mapping[str, str], sentence: str) -> str | None:
    """The sentence, or the sentences it was joined from, in French; `None` when one has no translation."""
    if sentence in table:
        return table[sentence]
    parts = sentence.split(_JOINED)
    for n in range(len(parts) - 1, 0, -1):
        head, rest = _JOINED.join(parts[:n]), _JOINED.join(parts[n:])
        if head in table and (tail := _french(table, rest)):
            return f"{table[head]}\u202f; {tail}"
    return None
