"""Texts of several lines."""

from __future__ import annotations

from markupsafe import Markup, escape

from residency.render.plain import visible


def lines(text: str) -> Markup:
    """A text whose line ends stay; every other hidden character is shown."""
    return Markup("\n").join(escape(visible(line)) for line in text.split("\n")) if text else Markup("")
