"""The card as lines of plain text, in English or French."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from residency.atlas.card_words import LOCALES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from residency.atlas.card import Lang

_WIDTH = 110


def text(card: dict[str, Any], lang: Lang) -> str:
    """The card of `residency.atlas.card.card` as text."""
    return "\n".join(_Lines(lang).card(card))


class _Lines:
    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.fr = lang == "fr"
        self.colon = "\u00a0: " if self.fr else ": "
        self.semicolon = "\u202f; " if self.fr else "; "

    def word(self, key: str) -> str:
        """A label or a value of the atlas in the language; a value without a translation stays as it is."""
        pair = WORDS.get(key)
        return pair[self.fr] if pair else key

    def card(self, card: dict[str, Any]) -> Iterator[str]:
        offer, place = card["offer"], card["place"]
        title = f"{offer['name']} ({offer['id']})"
        yield f"{title} – {place['name']} ({place['id']})" if place else title
        version, *over = card["atlas"]["version"].split("+")
        words = [self.day(version), *over]
        yield f"{self.word('as of')} {self.day(card['as_of'])} – {self.word('atlas of')} {' + '.join(words)}"
        for scenario in card["scenarios"]:
            when = "" if scenario["applies"] else f" ({self.word('not before').format(self.day(scenario['from']))})"
            yield f"{self.word('scenario')}{self.colon}{scenario['title']}{when}"
        if place:
            yield from self.section("place", self.place(place))
        yield from self.section("control", self.control(offer))
        yield from self.section("laws", self.laws(card["laws"]))
        yield from self.section("certificates", self.certificates(card["certificates"], bool(place)))
        sources = (self.item(s["id"], s["text"]) for s in card["sources"] if s["text"] != s["id"])
        yield from self.section("sources", (line for lines in sources for line in lines))

    def section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        yield ""
        yield self.word(title).upper()
        yield from lines

    def item(self, label: str, value: str) -> Iterator[str]:
        head = f"  {label}{self.colon}"
        yield from textwrap.wrap(
            head + value, _WIDTH, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
        )

    def place(self, place: dict[str, Any]) -> Iterator[str]:
        yield from self.item(self.word("countries"), self.countries(place))
        for key in ("in_eu", "in_eea"):
            yield from self.item(self.word(key), self.truth(place[key]))
        if place["doubt"]:
            yield from self.item(self.word("note"), place["doubt"])
        yield from self.item(self.word("adequate"), self.truth(place["adequate"]))
        for country in place["countries"] or ():
            standing = self.word(f"adequacy {country['treated'] or country['adequacy']}")
            parts = [standing, country["instrument"], country["note"]]
            yield from self.item(f"  {country['name']}", self.semicolon.join(p for p in parts if p))
        for key in ("city", "paired", "operator"):
            if place[key]:
                yield from self.item(self.word(f"place {key}"), place[key])
        partition = f"{self.word('partition')} {place['partition']}"
        kind = [self.word(place["type"]), self.word(f"status {place['status']}"), partition]
        yield from self.item(self.word("place type"), ", ".join(kind))
        for key in ("residency", "note"):
            if place[key]:
                yield from self.item(self.word("note"), place[key])
        yield from self.item(self.word("certainty"), self.origin(place["certainty"], ", ".join(place["sources"])))

    def countries(self, place: dict[str, Any]) -> str:
        if place["countries"] is None:
            return self.word("anywhere" if place["extent"] == "anywhere" else "several")
        return ", ".join(f"{country['name']} ({country['code']})" for country in place["countries"])

    def control(self, offer: dict[str, Any]) -> Iterator[str]:
        for key in ("operator", "contracting_entity", "ultimate_parent"):
            company = offer[key]
            value = f"{company['name']}, {company['country_name'] or self.word('unknown')}"
            if key == "operator" and offer["operator_is_contracting_entity"]:
                yield from self.item(self.word(key), self.word("same as contracting"))
                continue
            yield from self.item(self.word(key), self.told(value, company))
        for statement in offer["ownership"]:
            yield from self.item(self.word("ownership"), self.told(statement["text"], statement))
        share = offer["non_eu_share"]
        if share:
            numbers = (self.number(share["largest_at_most"]), self.number(share["total_at_most"]))
            yield from self.item(self.word("non_eu_share"), self.told(self.word("at most").format(*numbers), share))
        else:
            yield from self.item(self.word("non_eu_share"), self.word("unknown"))
        for holder in offer["non_eu_holders"] or ():
            value = f"{holder['name']}, {holder['country_name']}, {self.percent(holder)}"
            yield from self.item(self.word("non_eu_holder"), self.told(value, holder))
        for supplier in offer["technology_suppliers"] or ():
            country = supplier["country_name"] or self.word("no country")
            value = f"{supplier['name']}, {country}{self.semicolon}{supplier['what']}"
            yield from self.item(self.word("technology"), self.told(value, supplier))
        if offer["us_establishment"]:
            link = offer["us_establishment"]
            yield from self.item(self.word("us_establishment"), self.told(link["text"], link))
        for branch in offer["establishments"] or ():
            value = f"{branch['entity']}, {branch['country_name']}"
            value += f"{self.semicolon}{branch['note']}" if branch["note"] else ""
            yield from self.item(self.word("establishment"), self.told(value, branch))
        for note in offer["notes"]:
            yield from self.item(self.word("note"), note)

    def laws(self, laws: list[dict[str, Any]] | None) -> Iterator[str]:
        if laws is None:
            yield f"  {self.word('laws unknown')}"
            return
        if not laws:
            yield f"  {self.word('no law')}"
        for law in laws:
            parts = [f"{law['short']} ({law['citation']})", law["country_name"], self.word(f"via {law['via']}")]
            if law["access"] and law["via"] not in ("parent", "operator"):
                parts.append(self.word("disputed"))
            parts.append(self.word("access" if law["access"] else "no access"))
            value = ", ".join(parts)
            yield from self.item(law["law"], self.told(value, law))
            if law["note"]:
                yield from self.item(f"  {self.word('note')}", law["note"])
            if law["lapse"]:
                yield from self.item(f"  {self.word('note')}", law["lapse"])

    def certificates(self, entries: list[dict[str, Any]], place: bool) -> Iterator[str]:
        if not entries:
            yield f"  {self.word('no certificate')}"
        for entry in entries:
            edition = f" {entry['version']}" if entry["version"] else ""
            parts = [self.word(entry["status"])]
            if entry["assumed"]:
                parts.append(self.word("assumed by").format(entry["assumed"]))
            elif entry["status"] == "held":
                parts.append(self.dates(entry["date"], entry["valid_until"]))
                parts.append(f"{self.word('in_force')}{self.colon}{self.truth(entry['in_force'])}")
            if place:
                parts.append(f"{self.word('covers_place')}{self.colon}{self.truth(entry['covers_place'])}")
            if entry["product"]:
                parts.append(f"{self.word('product')} {entry['product']}")
            if entry["coverage_certainty"] == "inferred":
                parts.append(self.word("inferred"))
            yield from self.item(f"{entry['scheme']}{edition}", self.told(self.semicolon.join(parts), entry))
            if entry["note"]:
                yield from self.item(f"  {self.word('note')}", entry["note"])

    def dates(self, first: str | None, last: str | None) -> str:
        if first is None and last is None:
            return self.word("dates unknown")
        form = "from to" if first and last else "from only" if first else "to only"
        return self.word(form).format(self.day(first), self.day(last))

    def told(self, value: str, fact: dict[str, Any]) -> str:
        return f"{value} [{self.origin(fact['certainty'], fact['source'])}]"

    def origin(self, certainty: str | None, source: str | None) -> str:
        if certainty is None and (source or "").startswith("scenario "):
            return self.word("assumed by").format((source or "").removeprefix("scenario "))
        word = self.word(f"certainty {certainty}") if certainty else self.word("unknown")
        return word if source in (None, "", "memory") else f"{word}{self.semicolon}{source}"

    def truth(self, value: bool | None) -> str:
        return self.word({True: "yes", False: "no", None: "unknown"}[value])

    def number(self, value: float) -> str:
        shown = f"{value:g}"
        return shown.replace(".", ",") if self.fr else shown

    def percent(self, holder: dict[str, Any]) -> str:
        share = self.word("not published") if holder["percent"] is None else f"{self.number(holder['percent'])}\u00a0%"
        return f"{share} ({self.day(holder['as_of'])})"

    def day(self, value: str | None) -> str:
        if value is None:
            return self.word("unknown")
        if len(value) != 10:
            return value
        return str(format_date(date.fromisoformat(value), "long", locale=LOCALES[self.lang]))
