"""Validity periods that overlap although they speak of the same subject."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from residency.atlas.provider_shapes import OfferShape
    from residency.atlas.reading import Path_, Read
    from residency.atlas.shapes import Fact
    from residency.errors import Problem


def law_periods(read: dict[str, Read[Any]]) -> Iterator[Problem]:
    """Overlaps in the files about groups, adequacy and certificate schemes, as far as they could be read."""
    if "country-groups" in read:
        file = read["country-groups"]
        for name, group in file.shape.groups.items():
            members = [(m.country, ("groups", name, "members", i), m) for i, m in enumerate(group.members or ())]
            yield from overlaps(file, members, "membership of {0}")
            treated = [
                ((t.country, purpose), ("groups", name, "treated_as_inside", i), t)
                for i, t in enumerate(group.treated_as_inside or ())
                for purpose in t.counts_for
            ]
            yield from overlaps(file, treated, "treatment of {0[0]} as inside for {0[1]}")
    if "adequacy" in read:
        file = read["adequacy"]
        for section in ("decisions", "revoked"):
            for i, decision in enumerate(getattr(file.shape, section)):
                parts = [
                    (decision.id, (section, i, "periods", j), part) for j, part in enumerate(decision.periods or ())
                ]
                yield from overlaps(file, parts, "period of the decision {0}")
        same = [
            (decision.id, (section, i), decision)
            for section in ("decisions", "revoked")
            for i, decision in enumerate(getattr(file.shape, section))
        ]
        yield from overlaps(file, same, "decision {0}")
    if "schemes" in read:
        file = read["schemes"]
        editions = [
            ((scheme.scheme, edition.version), ("schemes", i, "editions", j), edition)
            for i, scheme in enumerate(file.shape.schemes)
            for j, edition in enumerate(scheme.editions)
        ]
        yield from overlaps(file, editions, "edition {0[1]} of {0[0]}")


def offer_periods(read: Read[Any], offers: Iterable[OfferShape], below: Path_) -> Iterator[Problem]:
    """Overlaps in the offers at `below`: the same law through the same link."""
    for i, offer in enumerate(offers):
        links = [((x.law, x.via), (*below, "offers", i, "laws", j), x) for j, x in enumerate(offer.laws or ())]
        yield from overlaps(read, links, "link of {0[0]} through {0[1]}")


def overlaps(read: Read[Any], entries: Iterable[tuple[Any, Path_, Fact]], what: str) -> Iterator[Problem]:
    """A problem for each entry (subject, place, fact) whose days overlap those of an earlier one of its subject."""
    seen: dict[Any, list[Fact]] = {}
    for subject, path, fact in entries:
        for other in seen.setdefault(subject, []):
            first = max(fact.valid_from or date.min, other.valid_from or date.min)
            last = min(fact.valid_until or date.max, other.valid_until or date.max)
            if first <= last:
                message = f"the {what.format(subject)} stands twice for the same days, from {_day(first)} on."
                yield read.problem(path, message, "Let one end before the other begins.")
                break
        seen[subject].append(fact)


def _day(day: date) -> str:
    return "the beginning" if day == date.min else day.isoformat()
