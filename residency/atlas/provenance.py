"""Every fact of a file with where it comes from, and the facts to look at again before relying on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from residency.atlas.files import SHAPES
from residency.atlas.shapes import NOTHING_TOLD, Origin, Provenance, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from residency.atlas.atlas import Atlas
    from residency.atlas.reading import Path_, Read
    from residency.errors import Problem

_BLOCKS = ("defaults", "location_defaults")


def facts(
    shape: Shape, path: Path_ = (), inherited: Provenance = NOTHING_TOLD
) -> Iterator[tuple[Path_, Origin, Provenance]]:
    """Every fact at and below a shape: its place, itself, and its provenance with all that it inherits."""
    if isinstance(shape, Origin):
        inherited = inherited.with_(shape)
        yield path, shape, inherited
    for name, value in shape:
        below = inherited
        if name not in _BLOCKS:
            for block in ("defaults", *(("location_defaults",) if name == "locations" else ())):
                if isinstance(default := getattr(shape, block, None), Origin):
                    below = below.with_(default)
        for step, item in _items(value):
            yield from facts(item, (*path, name, *step), below)


def is_block(path: Path_) -> bool:
    """Whether the place is that of a `defaults` block, which is no fact."""
    return not path or path[-1] in _BLOCKS


def _items(value: Any) -> Iterator[tuple[Path_, Shape]]:
    if isinstance(value, Shape):
        yield (), value
    elif isinstance(value, list):
        yield from (((i,), item) for i, item in enumerate(value) if isinstance(item, Shape))
    elif isinstance(value, dict):
        yield from (((key,), item) for key, item in value.items() if isinstance(item, Shape))


def every_file(atlas: Atlas) -> Iterator[Read[Any]]:
    """Every file of an atlas and its overlays, in order."""
    yield from (atlas.files.shape(name) for name in SHAPES)
    yield from (atlas.files.provider(file).read for file in atlas.files.provider_files)
    yield from (overlay.read for overlay in atlas.overlays)


def to_look_at(atlas: Atlas, day: date) -> list[Problem]:
    """Facts checked more than a year before the day, gathered by file and day of checking, and volatile facts."""
    found: list[Problem] = []
    limit = day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
    for read in every_file(atlas):
        old: dict[date, list[Path_]] = {}
        for path, fact, where in facts(read.shape):
            if is_block(path):
                continue
            if where.checked_on is not None and where.checked_on < limit:
                old.setdefault(where.checked_on, []).append(path)
            if getattr(fact, "volatile", None):
                name = getattr(fact, "id", None) or path[-1]
                message = f"{name} is marked volatile (checked on {where.checked_on})."
                found.append(read.problem(path, message, "Check it again before relying on it."))
        for checked, paths in sorted(old.items()):
            count = "1 fact was" if len(paths) == 1 else f"{len(paths)} facts were"
            message = f"{count} checked on {checked}, more than a year before {day}."
            found.append(read.problem(paths[0], message, "Check again, and write the day into checked_on."))
    return found
