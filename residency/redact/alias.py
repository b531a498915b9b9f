"""Pseudonyms: a keyed hash of what they stand for, so that nobody without the key can try out account numbers.

The same key gives the same pseudonym in every run and every file, so that two redacted reports still compare.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

# Words and codes of a message that say nothing of the estate: plain words, `s3:GetBucketLocation`, `Rules[0].Role`.
_PLAIN = re.compile(
    r"[^\W\d_]{1,40}|[a-z0-9-]{1,40}:[A-Z][A-Za-z]{1,80}|rule:[a-z-]{1,60}|[A-Za-z]{1,60}(\[[0-9*]*\])?(\.[A-Za-z]{1,60}(\[[0-9*]*\])?)+|\d{1,3}"
)
_BETWEEN = re.compile(r"""([\s,;()\[\]{}"'<>=]+)""")
_ENDS = ".:!?"


class Aliases:
    """Pseudonyms under one key. `known` gives what is to be hidden with its kind; `shown` are texts that stay."""

    def __init__(self, key: bytes, known: Mapping[str, str], shown: Iterable[str]) -> None:
        self._key = key
        self._known = dict(known)
        self._folded = {name.casefold() for name in known}
        self._shown = set(shown)
        # Names with white space or brackets in them are not found word by word.
        self._broken = sorted((name for name in known if _BETWEEN.search(name)), key=len, reverse=True)

    def of(self, text: str, kind: str = "id") -> str:
        """The pseudonym of a text, `account-3f2a91c04b7d`. A known text has the kind it is known by."""
        return f"{self._known.get(text, kind)}-{self._digest(text)[:12]}"

    def finding(self, text: str) -> str:
        """The id of a finding anew: it is made from names without a key, so it could be tried out."""
        return self._digest(f"finding {text}")[:16]

    def value(self, text: str) -> str:
        """A value that was read: locations and yes or no stay, all else is hidden."""
        return (
            text if self.stays(text) or text in ("true", "false", "True", "False", "*", "") else self.of(text, "value")
        )

    def stays(self, text: str) -> bool:
        """Whether a text is one of those that are shown, and no name of something as well."""
        return text in self._shown and text.casefold() not in self._folded

    def free(self, text: str) -> str:
        """A message with whatever could name something hidden: only plain words and codes of an interface stay."""
        for name in self._broken:
            if name in text:
                text = text.replace(name, self.of(name))
        return "".join(part if number % 2 else self._word(part) for number, part in enumerate(_BETWEEN.split(text)))

    def _word(self, word: str) -> str:
        core = word.rstrip(_ENDS)
        if not core or self.stays(core) or re.fullmatch(r"[a-z]{2,8}-[0-9a-f]{12}", core):
            return word
        if core.casefold() not in self._folded and _PLAIN.fullmatch(core):
            return word
        return self.of(core) + word[len(core) :]

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
