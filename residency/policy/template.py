"""The sentences of a rule: placeholders such as `{place.countries}` are filled from the fact row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


def placeholders(sentence: str) -> tuple[str, ...]:
    """Names of the facts a sentence wants, in order."""
    return tuple(_PLACEHOLDER.findall(sentence))


def fill(sentence: str, facts: Mapping[str, Any], say: Callable[[str, Any], str]) -> str:
    """The sentence with each placeholder replaced by `say(fact name, value)`. Braces in values are left alone."""
    return _PLACEHOLDER.sub(lambda found: say(found[1], facts.get(found[1])), sentence)
