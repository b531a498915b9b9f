"""Reading a report back as a browser does: its elements, its text in one language, its packed findings."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from typing import Any

_WITHIN_A_LINE = {"a", "b", "strong", "code", "span", "svg", "use"}
_VOID = {"meta", "br", "input", "use", "circle", "path", "link", "img"}


class Page(HTMLParser):
    """Elements with their attributes, in order; `text` is what shows outside scripts, styles and templates."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.styles: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self._shown: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if "id" in attributes and "template" not in self._open:
            self.ids.append(attributes["id"])
        if tag == "script":
            self.scripts.append((attributes, ""))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1:] == [tag], f"</{tag}> closes {self._open[-3:]}"
        self._open.pop()
        if tag not in _WITHIN_A_LINE and "template" not in self._open:
            self._shown.append(" ")

    def handle_data(self, data: str) -> None:
        where = self._open[-1] if self._open else ""
        if where == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif where == "style":
            self.styles.append(data)
        elif not {"template", "title", "head"} & set(self._open):
            self._shown.append(data)

    @property
    def text(self) -> str:
        """What a reader without scripts sees, white space folded (no-break spaces kept)."""
        return re.sub(r"[ \n\t]+", " ", "".join(self._shown))

    @property
    def csp(self) -> str:
        """The Content-Security-Policy."""
        return next(a["content"] for t, a in self.elements if a.get("http-equiv") == "Content-Security-Policy")

    @property
    def data(self) -> dict[str, Any]:
        """What the script unpacks."""
        packed = next(text for attributes, text in self.scripts if attributes.get("id") == "data")
        loaded: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
        return loaded

    def column(self, name: str, table: str = "findings") -> list[str | None]:
        """A column of a packed table, as the script reads it."""
        column = self.data[table]["columns"][name]
        if "v" in column:
            return list(column["v"])
        return [None if place < 0 else column["d"][place] for place in column["i"]]
