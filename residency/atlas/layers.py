"""The facts about law with overlays and scenarios over the files, in that order; a later one wins."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from residency.atlas import overlay as overlays
from residency.atlas import scenario as scenarios
from residency.atlas.areas import Areas

if TYPE_CHECKING:
    from residency.atlas.amend import OfferChange
    from residency.atlas.files import Files
    from residency.atlas.law_shapes import DecisionShape, FrameworkShape, GroupShape, LawShape, RuleShape
    from residency.atlas.overlay import Overlay
    from residency.atlas.scenario import Scenario


class Layers:
    """Groups, adequacy decisions, laws, rules and frameworks, and what is changed of each offer."""

    def __init__(self, files: Files, over: tuple[Overlay, ...], under: tuple[Scenario, ...]) -> None:
        self.files = files
        self.overlays = over
        self.scenarios = under

    @cached_property
    def version(self) -> str:
        """The newest day on which a fact was checked, then the ids of overlays and scenarios if there are any."""
        over = (f"+overlay:{overlay.id}" for overlay in self.overlays)
        return "".join((self.files.version, *over, *(f"+scenario:{scenario.id}" for scenario in self.scenarios)))

    @cached_property
    def sha256(self) -> str:
        """A hash over all data files, the overlays and the scenarios."""
        if not self.scenarios:
            return self.files.sha256
        parts = [self.files.sha256, *(f"{scenario.id}\0{scenario.sha256}" for scenario in self.scenarios)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @cached_property
    def areas(self) -> Areas:
        """Country groups and adequacy decisions."""
        return Areas(self._groups(), self._decisions())

    def _groups(self) -> dict[str, GroupShape]:
        groups: dict[str, GroupShape] = dict(self.files.shape("country-groups").shape.groups)
        for overlay in self.overlays:
            told = overlay.shape.memberships or []
            for name in {entry.group for entry in told}:
                new = [entry for entry in told if entry.group == name]
                countries = {entry.country for entry in new}
                kept = [m for m in groups[name].members or () if m.country not in countries]
                groups[name] = groups[name].model_copy(update={"members": [*kept, *new]})
        return groups

    def _decisions(self) -> tuple[DecisionShape, ...]:
        file = self.files.shape("adequacy").shape
        found: list[DecisionShape] = [*file.decisions, *file.revoked]
        for overlay in self.overlays:
            found = [*overlays.corrections(overlay, "adequacy", found), *(overlay.shape.adequacy or ())]
        for scenario in self.scenarios:
            found = scenarios.decisions_under(scenario, found)
        return tuple(found)

    @cached_property
    def laws(self) -> dict[str, tuple[tuple[date | None, LawShape], ...]]:
        """The laws by id, each as its versions with the day from which they count; `None` = from the beginning."""
        found: list[LawShape] = list(self.files.shape("laws").shape.laws)
        for overlay in self.overlays:
            found = [*overlays.corrections(overlay, "law", found), *(overlay.shape.laws or ())]
        versions: dict[str, tuple[tuple[date | None, LawShape], ...]] = {law.id: ((None, law),) for law in found}
        for scenario in self.scenarios:
            versions = scenarios.laws_under(scenario, versions)
        return versions

    def law(self, law_id: str, as_of: date | None) -> LawShape | None:
        """A law as it stands on a day, or its newest version."""
        for day, law in reversed(self.laws.get(law_id, ())):
            if as_of is None or day is None or day <= as_of:
                return law
        return None

    @cached_property
    def rules(self) -> dict[str, RuleShape]:
        """The rules of Union law by id."""
        return self._adoptable("eu-rules", "rules", "rule")

    @cached_property
    def frameworks(self) -> dict[str, FrameworkShape]:
        """The frameworks by id."""
        return self._adoptable("frameworks", "frameworks", "framework")

    def _adoptable(self, file: str, section: str, what: str) -> dict[str, Any]:
        found: list[Any] = list(getattr(self.files.shape(file).shape, section))
        for overlay in self.overlays:
            found = overlays.corrections(overlay, what, found)
        for scenario in self.scenarios:
            found = [scenarios.adopted_under(scenario, entry) for entry in found]
        return {entry.id: entry for entry in found}

    def offer_changes(self, offer_id: str) -> list[OfferChange]:
        """What overlays and scenarios change of an offer, in order."""
        if not self.overlays and not self.scenarios:
            return []
        laws = [versions[-1][1] for versions in self.laws.values()]
        changes = [c for overlay in self.overlays for c in overlays.law_changes(overlay, offer_id, laws)]
        for scenario in self.scenarios:
            changes += scenarios.offer_changes(scenario, offer_id, laws, self._foreign)
        return changes

    def _foreign(self, country: str, day: date | None) -> bool:
        return country not in self.areas.members("eu_territory", day or date.max)
