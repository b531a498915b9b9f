"""Everything that must hold between an overlay and the atlas, each broken rule told at its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from residency.atlas.check import Known, certificate_problems, location_problems, offer_problems, origins, unknown
from residency.atlas.overlay import corrected_id
from residency.atlas.periods import offer_periods, overlaps
from residency.atlas.provider import clashes, folded
from residency.atlas.shapes import NOTHING_TOLD
from residency.errors import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from residency.atlas.atlas import Atlas
    from residency.atlas.overlay import Overlay
    from residency.atlas.reading import Path_

_NEEDED = ("sources", "country-groups", "laws", "resource-types", "schemes")


def check_overlays(atlas: Atlas) -> list[Problem]:
    """All problems of the overlays; empty when there are none. A broken shipped file is told by its own problems."""
    found: list[Problem] = []
    if not atlas.overlays:
        return found
    try:
        known = Known({name: atlas.files.shape(name) for name in _NEEDED}, [], False)
        shipped = frozenset(known.sources or ())
        ids = _Ids(atlas)
        for overlay in atlas.overlays:
            known.laws = {*(known.laws or ()), *(law.id for law in overlay.shape.laws or ())}
            found.extend(_overlay(atlas, overlay, known, shipped, ids))
        if not found:
            for force in (lambda: atlas.areas, lambda: atlas.layers.laws, lambda: atlas.layers.rules,
                          lambda: atlas.layers.frameworks):  # fmt: skip
                force()
    except UserError as error:
        found.extend(error.problems)
    return found


class _Ids:
    """What earlier files have already taken."""

    def __init__(self, atlas: Atlas) -> None:
        self.shipped = shipped = atlas.shipped
        self.offers = {folded(name) for o in shipped.offer_ids() if (x := shipped.offer(o)) for name in (o, *x.aliases)}
        self.decisions = {decision.id for decision in shipped.areas.decisions}
        self.laws = set(shipped.layers.laws)
        self.overlays: set[str] = set()
        self.places: set[tuple[str, str]] = set()


def _overlay(atlas: Atlas, overlay: Overlay, known: Known, shipped: frozenset[str], ids: _Ids) -> Iterator[Problem]:
    shape, read = overlay.shape, overlay.read
    own = set(shape.sources or ())
    for name in sorted(own & shipped):
        message = f"the source {name!r} is one of the atlas."
        yield overlay.problem(("sources", name), message, "Choose another id.")
    sources = shipped | own
    yield from origins(read, read.shape, (), NOTHING_TOLD, set(sources))
    if overlay.id in ids.overlays:
        yield overlay.problem(("overlay",), f"the overlay {overlay.id!r} is given twice.", "Give it once.")
    ids.overlays.add(overlay.id)
    yield from _offers(atlas, overlay, known, sources, ids)
    yield from _places(atlas, overlay, known, ids)
    for i, entry in enumerate(shape.certificates or ()):
        path: Path_ = ("certificates", i)
        wrong = _offer_name(atlas, overlay, entry.offer, (*path, "offer"))
        yield from wrong
        found = None if wrong else atlas.catalogue.entry(entry.offer)
        if found is not None:
            yield from certificate_problems(read, found[1], entry, path, known, set(sources))
    for i, change in enumerate(shape.control or ()):
        yield from _offer_name(atlas, overlay, change.offer, ("control", i, "offer"))
        for j, link in enumerate(change.laws or ()):
            yield from unknown(read, ("control", i, "laws", j, "law"), "law", link.law, known.laws)
    yield from _laws(overlay, known, ids)
    yield from _corrections(atlas, overlay, ids)


def _offer_name(atlas: Atlas, overlay: Overlay, name: str, path: Path_) -> list[Problem]:
    found = atlas.catalogue.entry(name)
    if found is None:
        return [overlay.problem(path, f"the offer {name!r} is not in the atlas.", "Correct the id, or add it.")]
    if found[0].id != name:
        return [overlay.problem(path, f"{name!r} is another name of the offer {found[0].id!r}.", "Write the id.")]
    return []


def _offers(atlas: Atlas, overlay: Overlay, known: Known, sources: frozenset[str], ids: _Ids) -> Iterator[Problem]:
    for i, offer in enumerate(overlay.shape.offers or ()):
        path: Path_ = ("offers", i)
        for name in (offer.id, *(offer.aliases or ())):
            if folded(name) in ids.offers:
                message = f"the offer {name!r} is already in the atlas."
                yield overlay.problem((*path, "id"), message, "Change it under control, or choose another id.")
            ids.offers.add(folded(name))
        if offer.sold_in is not None:
            yield overlay.problem((*path, "sold_in"), "sold_in is not for an overlay: all its locations belong to it.")
        found = atlas.catalogue.entry(offer.id)
        if found is None or found[1].id != offer.id:
            continue
        provider = found[1]
        yield from clashes(overlay.read, provider.places, path)
        codes = {place.id for place in provider.places}
        yield from location_problems(overlay.read, offer.locations or (), path, codes, known)
        yield from offer_problems(provider, offer, path, known, set(sources))
    yield from offer_periods(overlay.read, overlay.shape.offers or (), ())


def _places(atlas: Atlas, overlay: Overlay, known: Known, ids: _Ids) -> Iterator[Problem]:
    for i, own in enumerate(overlay.shape.locations or ()):
        wrong = _offer_name(atlas, overlay, own.offer, ("locations", i, "offer"))
        yield from wrong
        found = atlas.catalogue.entry(own.offer)
        if wrong or found is None:
            continue
        codes = (own.id, *(own.aliases or ()), *(own.zones or ()))
        for code in codes:
            there = ids.shipped.place(own.offer, code)
            if there is not None:
                message = f"the location {code!r} is already in the atlas, as {there.id!r}."
                yield overlay.problem(("locations", i, "id"), message, "Correct it under corrections.")
            if (own.offer, folded(code)) in ids.places:
                yield overlay.problem(("locations", i, "id"), f"the location {code!r} stands twice.", "Keep one.")
            ids.places.add((own.offer, folded(code)))
    names = {place.id for o in overlay.shape.locations or () for place in atlas.places(o.offer)}
    yield from location_problems(overlay.read, overlay.shape.locations or (), (), names, known)


def _laws(overlay: Overlay, known: Known, ids: _Ids) -> Iterator[Problem]:
    sections: tuple[tuple[str, list[Any], set[str]], ...] = (
        ("adequacy", overlay.shape.adequacy or [], ids.decisions),
        ("laws", overlay.shape.laws or [], ids.laws),
    )
    for section, entries, taken in sections:
        for i, entry in enumerate(entries):
            if entry.id in taken:
                message = f"the id {entry.id!r} is already in the atlas."
                yield overlay.problem((section, i, "id"), message, "Correct it under corrections.")
            taken.add(entry.id)
            periods = getattr(entry, "periods", None) or []
            parts = [(entry.id, (section, i, "periods", j), part) for j, part in enumerate(periods)]
            yield from overlaps(overlay.read, parts, "period of the decision {0}")
    groups = ids.shipped.areas.groups
    members = overlay.shape.memberships or []
    for i, member in enumerate(members):
        yield from unknown(overlay.read, ("memberships", i, "group"), "group", member.group, known.groups)
        if member.group in groups and groups[member.group].union_of is not None:
            parts_of = ", ".join(groups[member.group].union_of or ())
            message = f"the group {member.group!r} is made of others."
            yield overlay.problem(("memberships", i, "group"), message, f"Name one of {parts_of}.")
    subjects = [((m.group, m.country), ("memberships", i), m) for i, m in enumerate(members)]
    yield from overlaps(overlay.read, subjects, "membership of {0[1]} in {0[0]}")


def _corrections(atlas: Atlas, overlay: Overlay, ids: _Ids) -> Iterator[Problem]:
    known = {
        "adequacy": ids.decisions, "law": ids.laws, "rule": set(ids.shipped.layers.rules),
        "framework": set(ids.shipped.layers.frameworks),
    }  # fmt: skip
    for i, fix in enumerate(overlay.shape.corrections or ()):
        what, name = corrected_id(fix)
        if what != "location":
            yield from unknown(overlay.read, ("corrections", i, what), what, name, known[what])
            continue
        entry = ids.shipped.catalogue.entry(name.offer)
        if entry is None or entry[0].id != name.offer:
            yield from unknown(overlay.read, ("corrections", i, what, "offer"), "offer", name.offer, set())
        elif name.id not in {place.id for place in entry[1].places}:
            yield from unknown(overlay.read, ("corrections", i, what, "id"), "location", name.id, set())
        else:
            atlas.catalogue.entry(name.offer)  # raises when the corrected location is no valid one
