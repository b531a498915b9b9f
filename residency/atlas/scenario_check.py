"""Everything that must hold between a scenario and the atlas, each broken rule told at its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from residency.atlas import scenario_shapes as verbs
from residency.atlas.check import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from residency.atlas.atlas import Atlas
    from residency.atlas.law_shapes import FrameworkShape, RuleShape
    from residency.atlas.reading import Path_
    from residency.atlas.scenario import Scenario
    from residency.errors import Problem


def check_scenario(atlas: Atlas, scenario: Scenario) -> list[Problem]:
    """All problems of a scenario with an atlas; empty when there are none."""
    return [p for i, change in enumerate(scenario.changes) for p in _change(atlas, scenario, change, ("changes", i))]


def _change(atlas: Atlas, scenario: Scenario, change: verbs.Change, path: Path_) -> Iterator[Problem]:
    read = scenario.read
    decisions = {decision.id for decision in atlas.areas.decisions}
    decisions |= {c.grant for c in scenario.changes if isinstance(c, verbs.Grant)}
    laws = set(atlas.layers.laws)
    texts: dict[str, FrameworkShape | RuleShape] = {**atlas.layers.rules, **atlas.layers.frameworks}
    match change:
        case verbs.Annul():
            yield from unknown(read, (*path, "annul"), "adequacy decision", change.annul, decisions)
        case verbs.Lapse():
            yield from unknown(read, (*path, "lapse"), "adequacy decision or law", change.lapse, decisions | laws)
        case verbs.Renew():
            yield from unknown(read, (*path, "renew"), "adequacy decision or law", change.renew, decisions | laws)
        case verbs.Adopt():
            yield from unknown(read, (*path, "adopt"), "rule or framework", change.adopt, set(texts))
            if change.adopt in texts and texts[change.adopt].stage is None:
                yield read.problem((*path, "adopt"), f"{change.adopt!r} is not a proposal.", "It applies already.")
        case verbs.Grant():
            if change.grant in {decision.id for decision in atlas.areas.decisions}:
                message = f"the adequacy decision {change.grant!r} is already in the atlas."
                yield read.problem((*path, "grant"), message, "Renew it, or choose another id.")
        case verbs.Certify():
            yield from _offer(atlas, scenario, change.certify, (*path, "certify"))
            yield from _certify(atlas, scenario, change, path)
        case verbs.Withdraw():
            yield from _offer(atlas, scenario, change.withdraw, (*path, "withdraw"))
            schemes = {scheme.scheme for scheme in atlas.schemes().values()}
            yield from unknown(read, (*path, "scheme"), "certificate scheme", change.scheme, schemes)
        case verbs.Acquire():
            yield from _offer(atlas, scenario, change.acquire, (*path, "acquire"))
        case _:
            pass


def _offer(atlas: Atlas, scenario: Scenario, name: str, path: Path_) -> Iterator[Problem]:
    entry = atlas.catalogue.entry(name)
    if entry is None:
        yield from unknown(scenario.read, path, "offer", name, set())
    elif entry[0].id != name:
        yield scenario.read.problem(path, f"{name!r} is another name of the offer {entry[0].id!r}.", "Write the id.")


def _certify(atlas: Atlas, scenario: Scenario, change: verbs.Certify, path: Path_) -> Iterator[Problem]:
    read = scenario.read
    schemes = {scheme.scheme: scheme for scheme in atlas.schemes().values()}
    yield from unknown(read, (*path, "scheme"), "certificate scheme", change.scheme, set(schemes))
    scheme = schemes.get(change.scheme)
    if scheme is not None:
        editions = [edition.version for edition in scheme.editions]
        if change.version is not None and change.version not in editions:
            yield from unknown(read, (*path, "version"), f"edition of {change.scheme}", change.version, set())
        if change.version is None and scheme.edition_unknown == "unknown":
            message = f"a certificate of {change.scheme} without a version proves nothing."
            yield read.problem(path, message, f"Name one of {', '.join(editions)}.")
    for j, kind in enumerate(change.services if isinstance(change.services, list) else ()):
        yield from unknown(read, (*path, "services", j), "kind", kind, set(atlas.kinds.by_id))
    for j, region in enumerate(change.regions if isinstance(change.regions, list) else ()):
        if atlas.catalogue.entry(change.certify) is not None:
            place = atlas.place(change.certify, region)
            if place is None or place.id != region:
                yield from unknown(read, (*path, "regions", j), "location", region, set())
