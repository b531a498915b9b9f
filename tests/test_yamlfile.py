from __future__ import annotations

from pathlib import Path

import pytest

from residency.errors import UserError
from residency.yamlfile import MAX_DEPTH, parse_yaml, read_yaml


def test_plain_scalars_follow_yaml_1_2() -> None:
    value = parse_yaml("[NO, yes, on, 010, 1:30, 5, -2, 1.5, true, null, '5', 2026-11-24]", "f").value
    assert value == ["NO", "yes", "on", "010", "1:30", 5, -2, 1.5, True, None, "5", "2026-11-24"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1", "f:2:1: is not valid YAML"),
        ("x: &a 1\ny: *a", "f:1:4: anchors and aliases"),
        # Newer libyaml reads ahead and stops by itself at a thousand brackets; older ones crash unless stopped at forty.
        ("[" * 30_000, "nest"),
        ("[" * 60, f"nested deeper than {MAX_DEPTH}"),
        ("{a: " * 30_000, f"nested deeper than {MAX_DEPTH}"),
        ("a: 1\nb: 2\na: 3", "f:3:1: the key 'a' stands twice"),
        ("? [a]\n: b", "a key must be plain text"),
        ("a: \x00", "is not valid YAML"),
    ],
)
def test_hostile_text_is_refused_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_yaml(text, "f")
    assert expected in str(caught.value)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(UserError, match="100,000,000 bytes"):
        read_yaml(file)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("a: 1\nb: santé\n".encode("latin-1"))
    with pytest.raises(UserError, match=r"latin\.yaml:2: is not UTF-8"):
        read_yaml(file)


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("a: one two", 4, (1, 8)),
        ("a: 'one two'", 4, (1, 9)),
        ("a: |\n  one\n  two\n", 4, (3, 3)),
        ("a: >\n  one\n  two\n", 4, (3, 3)),
        ("a:\n  one\n  two\n", 4, (3, 3)),
        ("b: 1\na: |\n    one\n      two\n", 6, (4, 7)),
    ],
)
def test_a_character_of_a_value_is_found_in_the_file(text: str, offset: int, place: tuple[int, int]) -> None:
    assert parse_yaml(text, "f").within(("a",), offset) == place
