from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest

from residency.errors import UserError
from residency.sources import jsonpieces
from residency.sources.jsonpieces import Piece, Steps, pieces
from residency.sources.jsonplace import line_of
from residency.sources.jsontext import parsed

DOCUMENT: dict[str, Any] = {
    "schema": 1, "é\n": [{"a": "x" * 90, "b": [1, -2.5e3, None]}, [], 12345678, "]}\\\"", True], "none": [], "deep": {"in": [[]]},
}  # fmt: skip


def opened(steps: Steps, sign: str) -> bool:
    return not steps or (len(steps) == 1 and sign == "[")


def read(text: str) -> list[Piece]:
    return list(pieces(io.BytesIO(text.encode()), "file", "a test", opened))


@pytest.mark.parametrize("size", [1, 2, 7, 50, 1000])
@pytest.mark.parametrize("indent", [None, 0, 3])
def test_the_pieces_are_what_the_whole_document_holds(
    size: int, indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonpieces, "_READ", size)
    text = json.dumps(DOCUMENT, indent=indent, ensure_ascii=False)
    found = read(text)
    assert [piece.steps for piece in found] == [
        ("schema",), *(("é\n", index) for index in range(5)), ("deep",)
    ]  # fmt: skip
    for piece in found:
        value: Any = DOCUMENT
        for step in piece.steps:
            value = value[step]
        assert piece.value == value == json.loads(piece.text)
        assert piece.line == line_of(text, piece.steps)


def test_what_is_no_json_is_told_as_for_a_whole_document(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(20261124)
    whole = json.dumps(DOCUMENT, indent=1)
    for _ in range(400):
        monkeypatch.setattr(jsonpieces, "_READ", chance.choice([1, 5, 40, 1000]))
        at = chance.randrange(len(whole))
        text = whole[:at] + chance.choice(["", "}", "]", ",", ":", '"', "{", "x"]) + whole[at + chance.choice([0, 1]) :]
        if chance.random() < 0.3:
            text = text[:at]
        try:
            parsed(text, "file", 1, "a test")
            expected = None
        except UserError as error:
            expected = (error.problems[0].message, error.problems[0].line, error.problems[0].column)
        try:
            read(text)
            told = None
        except UserError as error:
            told = (error.problems[0].message, error.problems[0].line, error.problems[0].column)
        assert told == expected, text


def test_a_piece_that_never_ends_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonpieces, "MAX_PIECE", 1000)
    monkeypatch.setattr(jsonpieces, "_READ", 100)
    with pytest.raises(UserError, match=r"file:2: has a value of more than 1,000 signs"):
        read('{"a":\n"' + "x" * 5000 + '"}')
