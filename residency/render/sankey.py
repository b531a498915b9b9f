"""The way of the data as numbers of SVG: from its class to the country it is in, to who controls it.

Each band is as thick as its number of placements. A column with many entries shows the largest and puts the rest into
one; the table beside the picture has all.
"""

from __future__ import annotations

from dataclasses import dataclass

from residency.render.database import connection
from residency.result import AuditResult

WIDTH, HEIGHT, BAR, GAP = 1_000, 420, 14, 10
MOST = 9  # entries of a column, the rest together as one more
SHIFT = (0, (WIDTH - BAR) // 2, WIDTH - BAR)
_ROWS = """
  SELECT "resource.data_class", coalesce(list_sort("place.countries"), []), "place.extent",
    CASE WHEN "place.in_eea" THEN 'eea' WHEN "place.adequate" THEN 'adequate'
         WHEN coalesce(len("place.countries"), 0) = 0 AND "place.extent" IS DISTINCT FROM 'anywhere' THEN 'unknown'
         WHEN "place.adequate" = false THEN 'third' ELSE 'conditional' END,
    "control.parent", "control.parent_country", count(*)
  FROM facts WHERE "place.role" IS DISTINCT FROM 'key' AND "resource.stores_data" IS DISTINCT FROM 'no'
  GROUP BY ALL ORDER BY 7 DESC, 1, 2, 3, 4, 5, 6"""


@dataclass(frozen=True, slots=True)
class Way:
    """Placements of a data class in a place (one country, several, anywhere) under a parent company."""

    data_class: str | None
    countries: tuple[str, ...]
    extent: str | None
    area: str
    parent: str | None
    parent_country: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """An entry of a column: which way it stands for (`None` = all the smaller ones), and its bar."""

    column: int
    way: Way | None
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """A band between two columns, coloured by the area of the country."""

    d: str
    width: float
    area: str


@dataclass(frozen=True, slots=True)
class Sankey:
    """The picture and, in `ways`, everything it says. `height` is that of the picture."""

    ways: tuple[Way, ...]
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]


def sankey(result: AuditResult) -> Sankey:
    """The ways of a run."""
    with connection() as db:
        db.register("facts", result.facts)
        ways = tuple(Way(c, tuple(k), e, a, p, h, n) for c, k, e, a, p, h, n in db.sql(_ROWS).fetchall())
    columns = [_column(number, ways) for number in range(3)]
    return Sankey(ways, tuple(node for column in columns for node in column.values()), _bands(ways, columns))


_Entry = tuple[object, ...] | None


def _entry(way: Way, column: int) -> tuple[object, ...]:
    return ((way.data_class,), (way.countries, way.extent, way.area), (way.parent, way.parent_country))[column]


def _column(number: int, ways: tuple[Way, ...]) -> dict[_Entry, Node]:
    """The entries of a column from the top down, the largest first."""
    counts: dict[tuple[object, ...], int] = {}
    first: dict[tuple[object, ...], Way] = {}
    for way in ways:
        entry = _entry(way, number)
        counts[entry] = counts.get(entry, 0) + way.count
        first.setdefault(entry, way)
    ranked: list[tuple[_Entry, int]] = list(sorted(counts.items(), key=lambda pair: (-pair[1], repr(pair[0])))[:MOST])
    rest = sum(counts.values()) - sum(n for _kept, n in ranked)
    if rest:
        ranked.append((None, rest))
    scale = _scale(ways)
    y = 0.0
    nodes: dict[_Entry, Node] = {}
    for of_bar, count in ranked:
        height = count * scale
        nodes[of_bar] = Node(number, first[of_bar] if of_bar else None, count, round(y, 1), round(height, 1))
        y += max(height, 12.0) + GAP
    return nodes


def _scale(ways: tuple[Way, ...]) -> float:
    """Picture units of one placement: the whole fits with a gap for every entry a column may have."""
    return (HEIGHT - (MOST + 1) * (GAP + 4)) / max(1, sum(way.count for way in ways))


def _rank(ends: tuple[_Entry, _Entry, str], columns: list[dict[_Entry, Node]], left: int) -> tuple[float, float, str]:
    """Bands leave and reach a bar in the order of the bars on their other side, so that few cross."""
    return columns[left][ends[0]].y, columns[left + 1][ends[1]].y, ends[2]


def _bands(ways: tuple[Way, ...], columns: list[dict[_Entry, Node]]) -> tuple[Band, ...]:
    scale = _scale(ways)
    made = []
    for left in (0, 1):
        joined: dict[tuple[_Entry, _Entry, str], int] = {}
        for way in ways:
            start, end = (_entry(way, column) for column in (left, left + 1))
            key = (start if start in columns[left] else None, end if end in columns[left + 1] else None, way.area)
            joined[key] = joined.get(key, 0) + way.count
        filled_start: dict[_Entry, float] = {}
        filled_end: dict[_Entry, float] = {}
        for (start_of, end_of, area), count in sorted(joined.items(), key=lambda j: _rank(j[0], columns, left)):
            width = count * scale
            y0 = columns[left][start_of].y + filled_start.get(start_of, 0.0) + width / 2
            y1 = columns[left + 1][end_of].y + filled_end.get(end_of, 0.0) + width / 2
            filled_start[start_of] = filled_start.get(start_of, 0.0) + width
            filled_end[end_of] = filled_end.get(end_of, 0.0) + width
            x0, x1 = SHIFT[left] + BAR, SHIFT[left + 1]
            middle = (x0 + x1) / 2
            d = f"M{x0} {y0:.1f}C{middle:.0f} {y0:.1f} {middle:.0f} {y1:.1f} {x1} {y1:.1f}"
            made.append(Band(d, round(max(width, 0.8), 1), area))
    return tuple(made)
