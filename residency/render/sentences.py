"""Whole sentences of the report made from its figures, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from residency.atlas_used import AtlasUsed
from residency.model import Verdict
from residency.policy.template import fill
from residency.render.counted.answers import ViewAnswer
from residency.render.counted.gaps import LISTED
from residency.render.decisions import Decision
from residency.render.plain import clip
from residency.render.words import Words
from residency.result import LawRef, ResourceRef, RunChanges, Text

SPELT = 4  # countries named one by one in a cell


class Sentences(Words):
    """The words of a language, and the sentences that need more than one of them."""

    def answer(self, as_of: str, view: ViewAnswer) -> str:
        """The one-sentence answer of a view, with its denominator."""
        if not view.total:
            return self.say("answer.no_place", date=self.date(as_of))
        classes = [name for name, _counts in view.by_class]
        if len(classes) == 1 and classes[0] is not None:
            places = self.say("answer.places_of", n=view.total, data_class=self.label("class_of", classes[0]))
        else:
            places = self.say("answer.places", n=view.total)
        parts = {verdict.value: self.say(f"answer.{verdict.value}", n=n) for verdict, n in view.places.items()}
        key = "answer.sentence_waived" if view.places[Verdict.WAIVED] else "answer.sentence"
        return self.say(key, date=self.date(as_of), places=places, **parts)

    def other_checks(self, view: ViewAnswer) -> str:
        """What was found about accounts, offers and documents."""
        parts = {verdict.value: self.say(f"answer.{verdict.value}", n=n) for verdict, n in view.other.items()}
        return self.say("answer.other", checks=self.say("answer.checks", n=sum(view.other.values())), **parts)

    def where(self, decision: Decision) -> str:
        """Where the findings of a decision are: place, accounts, how many."""
        if not decision.about_place:
            what = clip(self.subject(decision.example.resource))
            return what if decision.count == 1 else self.say("where.others", what=what, n=decision.count - 1)
        count = self.say("places", n=decision.count)
        accounts = self.say("in_accounts", n=len(decision.accounts))
        if decision.one_place and decision.location is None:
            return self.say("where.unknown", places=count, accounts=accounts)
        if decision.location is None:
            return self.say("where.several", places=count, accounts=accounts)
        extent = "anywhere" if decision.anywhere else None
        country = self.place_name(decision.countries, extent)
        return self.say("where.place", place=clip(decision.location), country=country, places=count, accounts=accounts)

    def subject(self, resource: ResourceRef) -> str:
        """What a finding is about, by its name or else its id."""
        if resource.type == "coverage" and resource.name == "* *":
            return self.say("everything")
        return resource.name or resource.uid

    def place_name(self, countries: Sequence[str] | None, extent: str | None) -> str:
        """A country, several possible ones, anywhere, or that it is not known."""
        if extent == "anywhere":
            return self.say("place.anywhere")
        if not countries:
            return self.say("place.several" if extent == "several" else "place.unknown")
        if len(countries) == 1:
            return self.country(countries[0])
        return self.say("place.one_of", countries=self.countries(countries))

    def place_short(self, countries: Sequence[str] | None, extent: str | None) -> str:
        """The same for the cell of a table, which counts the countries where they are many."""
        if countries and len(countries) > SPELT:
            return self.say("place.many", n=len(countries))
        return self.place_name(countries, extent)

    def cites(self, basis: Sequence[Text]) -> str:
        """The sources of a rule, one after the other."""
        return self.say("semicolon").join(self.both(cite) for cite in basis)

    def company(self, name: str | None, country: str | None) -> str:
        """A company and its country, each of which may be unknown."""
        if name is None:
            if country is None:
                return self.say("unknown")
            return self.say("company.unnamed", country=self.country(country))
        return self.say("company", name=clip(name), country=self.country(country))

    def offer(self, atlas: AtlasUsed, offer_id: str | None) -> str:
        """The name of an offer and its id, each where it is known."""
        if offer_id is None:
            return self.say("offer.unknown")
        known = atlas.offer(offer_id)
        return self.say("offer.named", name=clip(known.name), id=clip(offer_id)) if known else clip(offer_id)

    def laws(self, refs: Sequence[LawRef]) -> list[tuple[str, str, list[str]]]:
        """The names of laws for each link and certainty that they act through: link, certainty, names."""
        groups: dict[tuple[str, str], list[str]] = {}
        for law in sorted(refs, key=lambda law: (law.via, law.certainty, law.id)):
            groups.setdefault((law.via, law.certainty), []).append(self.label("law", law.id))
        return [(via, certainty, names) for (via, certainty), names in groups.items()]

    def since(self, changes: RunChanges) -> str:
        """How many findings changed since the run before."""
        kinds = Counter(change.kind for change in changes.findings)
        parts = {kind: self.say(f"answer.since.{kind}", n=kinds[kind]) for kind in ("new", "gone", "changed", "moved")}
        return self.say("answer.since", run=changes.old, date=self.date(changes.old_as_of), **parts)

    def remedy(self, text: Text) -> str:
        """The remedy of a rule, with the name of a fact where a finding has its value."""
        return fill(self.both(text), {}, lambda name, _value: self.fact(name))

    def share(self, percent: float | None) -> str:
        """A percentage, or that it is not known."""
        return self.say("unknown") if percent is None else self.say("percent", value=percent)

    def some(self, names: Sequence[str], most: int, key: str) -> str:
        """The names when they are few, else how many there are (message `key`) with the first ones."""
        shown = ", ".join(self.say("all_of_them") if name == "*" else clip(name, 60) for name in names[:most])
        if len(names) <= most:
            return shown
        count = self.say(key, n=len(names)) if len(names) < LISTED else self.say("some.many")
        return self.say("some", count=count, names=shown)

    def pattern(self, key: str) -> Any:
        """The message as the script needs it: forms and slots as they stand in the file."""
        return self._messages[key]
