"""The colours of the style sheet: enough contrast in both themes (WCAG 2.2, 1.4.3 and 1.4.11, level AA)."""

from __future__ import annotations

import re

import pytest

from residency.packagedata import shipped

CSS = (shipped("reports") / "report.css").read_text(encoding="utf-8")
TEXT = ("ink", "soft", "accent", "link", "compliant", "violation", "unproven", "waived", "alert")
GROUNDS = ("paper", "sheet", "wash", "alert-wash")
DRAWN = ("place", "place-eea", "place-adequate", "violation", "unproven", "soft")


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme: the light ones, and the dark ones where they are given anew."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)) for block in blocks]
    return {"light": found[0], "dark": found[0] | found[1], "print": found[0] | found[2]}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_the_guidelines() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read_on_every_ground(theme: str, text: str) -> None:
    colours = themes()[theme]
    for ground in GROUNDS:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("mark", DRAWN)
def test_marks_of_the_map_stand_out_from_sea_and_land(theme: str, mark: str) -> None:
    colours = themes()[theme]
    for ground in ("sheet", "land", "land-eea"):
        assert contrast(colours[mark], colours[ground]) >= 3, (mark, ground)
