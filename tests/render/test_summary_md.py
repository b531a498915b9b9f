from __future__ import annotations

import importlib
import re

import pytest

from residency.render.summary_md import escape, summary_md
from tests.render.factory import HOSTILE, empty, hostile, large, small


def page(result: object, lang: str = "en") -> str:
    return b"".join(summary_md(result, lang)).decode()  # type: ignore[arg-type]


def test_each_pack_has_its_verdict_in_a_sentence_with_numbers_and_a_denominator() -> None:
    text = page(small())
    assert "**Health Data Hub, target of 2026** (profile hdh-target-2026): **not compliant**" in text
    assert "On 24\u00a0November 2026, of 9 data placements, " in text
    assert "3 of 5 reads did not succeed." in text
    assert "AccessDenied: s3:GetBucketReplication" in text
    assert "1. **No copy outside the Union** (HDH-LOC-03): not compliant, severity: critical" in text


def test_it_speaks_the_language_asked_for() -> None:
    text = page(small(), "fr")
    assert text.startswith("# Rapport sur la localisation des données\n")
    assert "**non conforme**" in text
    assert "Décisions à prendre" in text


def test_what_was_not_seen_comes_before_the_decisions() -> None:
    text = page(small())
    assert text.index("What we could not see") < text.index("Decisions to take")


def test_an_empty_run_is_unproven() -> None:
    text = page(empty())
    assert "**unproven**" in text
    assert "No read is recorded" in text


@pytest.mark.parametrize("result", [small(), hostile(), large(2_000)])
def test_no_table_is_wider_than_five_columns_and_the_page_stays_short(result: object) -> None:
    text = page(result)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) <= 6 for line in tables)
    assert len(text) < 65_000  # what a comment of a pull request holds


def test_hostile_names_stay_text() -> None:
    cmarkgfm = importlib.import_module("cmarkgfm")
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    for text in [page(hostile()), *(f"x {escape(name)} y" for name in [*HOSTILE, *EXTRA])]:
        html = re.sub("<!-- -->", "", cmarkgfm.github_flavored_markdown_to_html(text, options))
        assert not re.search(r"<(?:script|img|a|i|b|u|em|code|del|style)\b", html), text


EXTRA = (
    "https://evil.example/x", "www.evil.example", "a@evil.example", "[x](javascript:alert(1))", "![x](http://e.ex/i.png)",
    "`code`", "*em* _em_ ~~del~~", "<https://e.ex>", "| a | b |", "ftp://e.ex", "mailto:a@b.cd", "&lt;b&gt;", "\\`x`\\",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@team", "@<!-- -->team"), ("#12", "#<!-- -->12"), ("$x$", "$<!-- -->x$<!-- -->"), ("a|b", r"a\|b"),
        ("https://e.ex", "https:<!-- -->//e.ex"), ("arn:aws:s3:::patients", "arn:aws:s3:::patients"),
        ("x\n# y", "x⟨U+000A⟩#<!-- --> y"), ("patients_eu", r"patients\_eu"),
    ],
)  # fmt: skip
def test_what_a_forge_would_act_on_is_parted(name: str, shown: str) -> None:
    assert escape(name) == shown
