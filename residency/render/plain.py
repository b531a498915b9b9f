"""Making text from other people's clouds safe to look at: nothing invisible, nothing endless.

Escaping for HTML is the template engine's part. Here a character that hides or reorders others is shown by its code,
and a very long text is cut with a mark that says by how much.
"""

from __future__ import annotations

import re

# Control characters, bidirectional marks, zero-width and other invisible characters, lone surrogates, tag characters.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
LONG = 2_500
ID = 400
NAME = 120


def visible(text: str) -> str:
    """The text with each hidden character shown as `⟨U+202E⟩`."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def clip(text: str, limit: int = NAME) -> str:
    """At most `limit` characters; what was cut is told as `…[+n]`, n being the number of characters left out."""
    return text if len(text) <= limit else f"{text[:limit]}…[+{len(text) - limit}]"
