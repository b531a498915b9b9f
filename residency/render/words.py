"""The report's sentences in one language: messages with plural forms, names of countries, dates and numbers.

Messages are data, in `reports/translations/<language>.yaml`: a text, or its forms `zero` (optional), `one` and `other`.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import yaml
from babel import Locale
from babel.numbers import format_decimal

from residency.facts import BY_NAME
from residency.packagedata import shipped

Message = str | dict[str, str]
_LOCALES = {"en": "en_GB", "fr": "fr"}
# Babel's names for these are official titles; ISO has no code for the Union, but the atlas uses EU for it.
_COUNTRIES = {
    "en": {"HK": "Hong Kong", "MO": "Macao"},
    "fr": {"HK": "Hong Kong", "MO": "Macao"},
}


@cache
def messages(lang: str) -> dict[str, Message]:
    """All messages of a language by key."""
    path = shipped("reports") / "translations" / f"{lang}.yaml"
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Message] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return loaded


class Words:
    """The words of one language, `en` or `fr`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._messages = messages(lang)
        self._locale = Locale.parse(_LOCALES[lang])

    def say(self, key: str, **values: Any) -> str:
        """The message `key` with `values` put in. Its plural form follows the value `n`. Raises `KeyError`."""
        message = self._messages[key]
        if isinstance(message, dict):
            message = message[self._form(message, values["n"])]
        return message.format_map({name: self._shown(value) for name, value in values.items()})

    def label(self, family: str, code: str | None) -> str:
        """The word for a code of a family (`role`, `verdict`, …), the code itself when there is none for it."""
        if code is None:
            return self.say("unknown")
        message = self._messages.get(f"{family}.{code}", code)
        return message if isinstance(message, str) else code

    def fact(self, name: str) -> str:
        """What a fact is called in a sentence."""
        fact = BY_NAME.get(name)
        return getattr(fact, self.lang) if fact else self.label("fact", name)

    def number(self, value: int | float) -> str:
        """A number with the thousands and decimal signs of the language."""
        return str(format_decimal(value, locale=self._locale))

    def country(self, code: str | None) -> str:
        """The name of a country, or the code when no name is known."""
        if code is None:
            return self.say("unknown")
        return _COUNTRIES[self.lang].get(code) or self._locale.territories.get(code) or code

    def countries(self, codes: Any) -> str:
        """Names of several countries, in the order of the alphabet of their codes."""
        return ", ".join(self.country(code) for code in sorted(codes))

    def date(self, iso: str) -> str:
        """*24 November 2026*, *1er décembre 2026*; a text that is no ISO date stays as it is."""
        try:
            day = datetime.date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        return f"{number}\u00a0{self._locale.months['format']['wide'][day.month]} {day.year}"

    def moment(self, iso: str) -> str:
        """Date and time of day of an ISO timestamp in UTC."""
        try:
            moment = datetime.datetime.fromisoformat(iso)
        except ValueError:
            return iso
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC)
        between = "\u00a0h\u00a0" if self.lang == "fr" else ":"
        clock = f"{moment.hour}{between}{moment.minute:02}"
        return self.say("moment", date=self.date(iso), time=clock)

    def both(self, text: Any) -> str:
        """The sentence of a two-language text in this language."""
        return str(getattr(text, self.lang))

    def _shown(self, value: Any) -> str:
        return self.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)

    def _form(self, message: dict[str, str], n: int) -> str:
        if n == 0 and "zero" in message:
            return "zero"
        return "one" if n == 1 or (n == 0 and self.lang == "fr") else "other"
