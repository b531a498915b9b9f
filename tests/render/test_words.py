"""The report's sentences: nothing untranslated, French typography, plural forms, no banned word."""

from __future__ import annotations

import re
import string

import pytest

from residency.facts import FACTS
from residency.model import DataClass, KeyCustody, Role, Severity, Status, Verdict
from residency.render.html import GLOSSARY, SECTIONS
from residency.render.words import Message, Words, messages

FR, EN = messages("fr"), messages("en")


def forms(message: Message) -> dict[str, str]:
    return {"": message} if isinstance(message, str) else message


def texts(lang: str) -> list[tuple[str, str]]:
    """Each text of a language with its key, the names of its slots left out."""
    pairs = ((key, text) for key, message in messages(lang).items() for text in forms(message).values())
    return [(key, re.sub(r"\{\w+\}", "{}", text)) for key, text in pairs]


def slots(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_messages_forms_and_slots() -> None:
    assert list(FR) == list(EN)
    for key, message in EN.items():
        assert forms(message).keys() == forms(FR[key]).keys(), key
        english = set().union(*map(slots, forms(message).values()))
        french = set().union(*map(slots, forms(FR[key]).values()))
        assert english == french, key


@pytest.mark.parametrize(("key", "text"), texts("fr"))
def test_french_typography(key: str, text: str) -> None:
    assert "'" not in text, "apostrophe droite"
    assert not re.search(r" [;!?:%»]", text), "espace ordinaire avant une ponctuation double"
    assert not re.search(r"« ", text), "espace ordinaire dans les guillemets"
    assert not re.search(r"(?<![\s  ])[;!?»]", text), "espace manquante"
    assert not re.search(r"\w:(?!/)", text.replace("AWS::", "")) or key in {"colon"}, (
        "espace manquante avant deux-points"
    )
    assert not re.search(r"[“”]", text), "guillemets anglais"


@pytest.mark.parametrize(
    "word", ["violation", "infraction", "dérogation", "cryptage", "digital", "datacenter", "supporter"]
)
def test_banned_french_words(word: str) -> None:
    assert [key for key, text in texts("fr") if word in text.lower()] == []


@pytest.mark.parametrize("word", ["breach", "violation", "gdpr compliant", "waiver", "safe country"])
def test_banned_english_words(word: str) -> None:
    assert [key for key, text in texts("en") if word in text.lower()] == []


def test_no_straight_quotes_in_english() -> None:
    assert [key for key, text in texts("en") if "'" in text or '"' in text] == []


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("verdict", Verdict), ("meaning", Verdict), ("severity", Severity), ("role", Role), ("status", Status),
        ("class", DataClass), ("class_of", DataClass), ("custody", KeyCustody), ("decrypt", KeyCustody),
        ("link", ["parent", "operator", "establishment", "technology-supplier", "minority-shareholder"]),
        ("decide", ["automatic", "assisted", "document"]), ("view", ["transfers", "sovereignty"]),
        ("close", [status for status in Status if not status.complete]),
        ("section", SECTIONS), ("term", GLOSSARY), ("define", GLOSSARY),
    ],
)  # fmt: skip
def test_every_code_has_a_word_in_both_languages(family: str, codes: list[str]) -> None:
    for code in codes:
        assert f"{family}.{code}" in EN, code
        assert f"{family}.{code}" in FR, code


def test_every_fact_has_a_name_in_both_languages() -> None:
    for fact in FACTS:
        for lang in ("en", "fr"):
            assert Words(lang).fact(fact.name) not in {"", fact.name}


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", ["aucun n’est démontré conforme", "1 est démontré conforme", "2 sont démontrés conformes"]),
        ("en", ["none is proven compliant", "1 is proven compliant", "2 are proven compliant"]),
    ],
)
def test_plural_forms_at_0_1_2(lang: str, expected: list[str]) -> None:
    assert [Words(lang).say("answer.compliant", n=n) for n in (0, 1, 2)] == expected


def test_zero_is_singular_in_french_and_plural_in_english() -> None:
    assert Words("fr").say("places", n=0) == "0 emplacement"
    assert Words("en").say("places", n=0) == "0 placements"


def test_numbers_dates_and_countries_follow_the_language() -> None:
    fr, en = Words("fr"), Words("en")
    assert (fr.number(1234567), en.number(1234567)) == ("1\u202f234\u202f567", "1,234,567")
    assert (fr.number(12.5), en.number(12.5)) == ("12,5", "12.5")
    assert fr.date("2026-11-24") == "24\u00a0novembre 2026"
    assert fr.date("2026-12-01") == "1er\u00a0décembre 2026"
    assert en.date("2026-12-01") == "1\u00a0December 2026"
    assert fr.date("soon") == "soon"
    assert fr.moment("2026-11-24T09:05:00Z") == "24\u00a0novembre 2026, 9\u00a0h\u00a005 (UTC)"
    assert en.moment("2026-11-24T10:05:00+01:00") == "24\u00a0November 2026, 9:05 (UTC)"
    assert (fr.country("HK"), fr.country("US"), en.country("GB")) == ("Hong Kong", "États-Unis", "United Kingdom")
    assert (fr.country("EU"), fr.country("XX-9"), en.country(None)) == ("Union européenne", "XX-9", "unknown")
