"""Only some regions of a source that lists all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.model import Placement, Resource, Role, Row


def within(rows: Iterable[Row], regions: tuple[str, ...]) -> Iterator[Row]:
    """Only what has a primary place in one of the regions or their zones, or a place that is not known; all of it
    when no region is named."""
    if not regions:
        yield from rows
        return
    kept = list(rows)
    places: dict[str, list[str | None]] = {}
    for row in kept:
        if isinstance(row, Placement) and row.role is Role.PRIMARY:
            places.setdefault(row.uid, []).append(row.location)

    def wanted(uid: str) -> bool:
        return any(
            place is None or any(place == region or place.startswith(f"{region}-") for region in regions)
            for place in places.get(uid, [None])
        )

    for row in kept:
        if not isinstance(row, Resource | Placement) or wanted(row.uid):
            yield row
