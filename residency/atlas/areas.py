"""Countries on a day: who was in the Union or the European Economic Area, and who had an adequacy decision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from residency.atlas.values import Adequacy, Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from residency.atlas.law_shapes import DecisionShape, GroupShape, TreatedShape
    from residency.atlas.shapes import Text


class Areas:
    """The groups of countries and the adequacy decisions."""

    def __init__(self, groups: dict[str, GroupShape], decisions: tuple[DecisionShape, ...]) -> None:
        self.groups = groups
        self.decisions = decisions
        self._members: dict[tuple[str, date], frozenset[str]] = {}
        self._standing: dict[tuple[str, date], Adequacy] = {}

    def name(self, group: str) -> Text:
        """The name of a group in both languages. Raises `KeyError` for an unknown group."""
        return self.groups[group].name

    def members(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a day. Raises `KeyError` for an unknown group."""
        found = self._members.get((group, as_of))
        if found is None:
            shape = self.groups[group]
            own = {member.country for member in shape.members or () if member.holds(as_of)}
            found = frozenset(own.union(*(self.members(part, as_of) for part in shape.union_of or ())))
            self._members[group, as_of] = found
        return found

    def treated_as_inside(self, country: str, purpose: str, as_of: date) -> TreatedShape | None:
        """The text that treats a country as inside the EEA for a purpose (`gdpr_chapter_v`, `union_law`) on a day."""
        for shape in self.groups.values():
            for treated in shape.treated_as_inside or ():
                if treated.country == country and purpose in treated.counts_for and treated.holds(as_of):
                    return treated
        return None

    def adequacy(self, country: str, as_of: date) -> Adequacy:
        """How a country stands under GDPR chapter V on a day (art. 45; before it, directive 95/46 art. 25)."""
        found = self._standing.get((country, as_of))
        if found is None:
            found = self._standing[country, as_of] = self._adequacy(country, as_of)
        return found

    def _adequacy(self, country: str, as_of: date) -> Adequacy:
        if country in self.members("eea_territory", as_of):
            return Adequacy("member", None, None, None)
        treated = self.treated_as_inside(country, "gdpr_chapter_v", as_of)
        if treated is not None:
            kind: Literal["transition", "bridge"] = "transition" if "union_law" in treated.counts_for else "bridge"
            return Adequacy("member", None, treated.basis, treated.note, kind)
        held = [d for d in self.decisions if country in d.countries and d.holds(as_of)]
        if not held:
            return Adequacy("none", None, None, None)
        decision = next((d for d in held if not d.conditional), held[0])
        limits = _limits(decision, as_of)
        return Adequacy("conditional" if decision.conditional else "full", decision.id, decision.instrument, limits)

    def countries(self, place: Place, as_of: date) -> tuple[str, ...] | None:
        """Every country the data may be in on a day, sorted; `None` when not listed or anywhere."""
        if place.country is not None:
            return (place.country,)
        if place.extent != "countries":
            return None
        members = set(place.listed).union(*(self.members(group, as_of) for group in place.countries_of))
        return tuple(sorted(members.difference(place.left_out)))

    def within(self, place: Place, group: str, as_of: date) -> bool | None:
        """True when every possible country is in the group, false when any is not; `None` when that is not known.

        A country that has just left, while Union law still applies there, is neither: see `doubt`.
        """
        inside = self.members(group, as_of)
        countries = self.countries(place, as_of)
        if countries is not None:
            outside = [country for country in countries if country not in inside]
            if outside and all(self._leaving(country, group, as_of) for country in outside):
                return None
            return not outside
        if place.extent == "anywhere":
            return False
        if any(inside <= self.members(other, as_of) for other in place.never_in):
            return False
        return None

    def doubt(self, place: Place, group: str, as_of: date) -> Text | None:
        """Why `within` gives `None` although the countries are known; `None` when it decides."""
        if self.within(place, group, as_of) is not None:
            return None
        for country in self.countries(place, as_of) or ():
            treated = self._leaving(country, group, as_of)
            if treated is not None:
                return treated.reason
        return None

    def _leaving(self, country: str, group: str, as_of: date) -> TreatedShape | None:
        """The text that keeps Union law in a country that was in the group until the day before it."""
        treated = self.treated_as_inside(country, "union_law", as_of)
        if treated is None or treated.valid_from is None or country in self.members(group, as_of):
            return None
        before = treated.valid_from - timedelta(days=1)
        return treated if country in self.members(group, before) else None

    def adequate(self, place: Place, as_of: date) -> bool | None:
        """True when every possible country is a member or has an unconditional decision; `None` on a condition."""
        countries = self.countries(place, as_of)
        if countries is None:
            return False if place.extent == "anywhere" else None
        standing = {self.adequacy(country, as_of).status for country in countries}
        if "none" in standing:
            return False
        return None if "conditional" in standing else True


def _limits(decision: DecisionShape, as_of: date) -> str | None:
    """Scope and limits of a decision on a day, with its note."""
    limits = next((p.limits for p in decision.periods or () if p.holds(as_of)), decision.limits)
    parts: Iterable[str | None] = (None if decision.scope == "general" else decision.scope, limits, decision.note)
    return "; ".join(p for p in parts if p) or None
