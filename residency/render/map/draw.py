"""The map as the numbers of an SVG picture: circles, arcs and names. The template only writes them down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from residency.render.map.places import Flow, Point

# West, north, width, height in map units. The world is cut above 84 degrees north and below 58 degrees south.
VIEWS = {"world": (500, 60, 9_100, 4_300), "europe": (4_420, 190, 1_460, 1_010)}
BIGGEST = 0.016  # radius of the largest circle as a share of the width of the view
SMALLEST = 0.0042
NAMES = 14  # names written beside circles; the table has all


@dataclass(frozen=True, slots=True)
class Circle:
    """A point as drawn: centre, radius, and the name beside it with its place (`None` where there is no room)."""

    point: Point
    r: float
    name: tuple[float, float, str] | None


@dataclass(frozen=True, slots=True)
class Arc:
    """A flow as drawn: a curved line with an arrow at its end."""

    flow: Flow
    d: str
    arrow: str
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One view of the map. `size` is the height of the names and `hair` the width of a border, in map units."""

    view: str
    box: tuple[int, int, int, int]
    circles: tuple[Circle, ...]
    arcs: tuple[Arc, ...]
    size: float
    hair: float


def picture(view: str, points: Sequence[Point], flows: Sequence[Flow]) -> Picture:
    """The view with what lies in it. A flow to a place outside the view is drawn up to the edge and beyond."""
    west, north, width, height = box = VIEWS[view]

    def inside(point: Point) -> bool:
        return west <= point.x <= west + width and north <= point.y <= north + height

    shown = [point for point in points if inside(point)]
    most = max((point.resources for point in shown), default=1)
    radii = {p: width * max(SMALLEST, BIGGEST * sqrt(p.resources / most)) for p in shown}
    size = width * 0.0125
    names = _names(shown, radii, size, (west, north, width, height))
    circles = tuple(Circle(p, round(radii[p], 1), names.get(p)) for p in shown)
    busiest = max((flow.count for flow in flows), default=1)
    drawn = [f for f in flows if inside(f.start) or inside(f.end)]
    arcs = tuple(
        _arc(f, radii.get(f.end, 0.0), width * (0.0012 + 0.0022 * sqrt(f.count / busiest)), width * 0.008)
        for f in reversed(drawn)  # those that leave the area last, on top
    )
    return Picture(view, box, circles, arcs, round(size, 1), round(width * 0.0005, 2))


def _arc(flow: Flow, radius: float, width: float, head: float) -> Arc:
    """A quadratic curve bent to its left, ended before the circle, with a triangle as its arrow."""
    (x0, y0), (x1, y1) = (flow.start.x, flow.start.y), (flow.end.x, flow.end.y)
    length = hypot(x1 - x0, y1 - y0) or 1.0
    bend = 0.18 * length
    cx, cy = (x0 + x1) / 2 + (y1 - y0) / length * bend, (y0 + y1) / 2 - (x1 - x0) / length * bend
    dx, dy = x1 - cx, y1 - cy
    along = hypot(dx, dy) or 1.0
    ux, uy = dx / along, dy / along
    tip = (x1 - ux * radius, y1 - uy * radius)
    base = (tip[0] - ux * head, tip[1] - uy * head)
    left, right = ((base[0] - uy * head * side, base[1] + ux * head * side) for side in (0.45, -0.45))
    line = f"M{x0:.0f} {y0:.0f}Q{cx:.0f} {cy:.0f} {base[0]:.0f} {base[1]:.0f}"
    arrow = f"M{tip[0]:.0f} {tip[1]:.0f}L{left[0]:.0f} {left[1]:.0f} {right[0]:.0f} {right[1]:.0f}z"
    return Arc(flow, line, arrow, round(width, 1))


def _names(
    points: Sequence[Point], radii: dict[Point, float], size: float, box: tuple[float, float, float, float]
) -> dict[Point, tuple[float, float, str]]:
    """Where the names of the largest places stand, none on another name or circle."""
    taken = [(p.x - r, p.y - r, p.x + r, p.y + r) for p, r in radii.items()]
    found: dict[Point, tuple[float, float, str]] = {}
    for point in points[:NAMES]:
        text = short_name(point)
        long, r = 0.56 * size * len(text), radii[point]
        for x, y in (
            (point.x + r + size * 0.3, point.y + size * 0.35), (point.x - r - size * 0.3 - long, point.y + size * 0.35),
            (point.x - long / 2, point.y - r - size * 0.35), (point.x - long / 2, point.y + r + size * 1.05),
        ):  # fmt: skip
            room = (x, y - size * 0.8, x + long, y + size * 0.25)
            within = (
                box[0] <= room[0] and room[2] <= box[0] + box[2] and box[1] <= room[1] and room[3] <= box[1] + box[3]
            )
            if within and not any(_meet(room, other) for other in taken):
                found[point] = (round(x, 1), round(y, 1), text)
                taken.append(room)
                break
    return found


def short_name(point: Point) -> str:
    """The town without what stands in brackets or after a comma or stroke, else the country's code."""
    if point.town is None:
        return point.country
    town = point.town
    for mark in (" (", ",", " /"):
        town = town.split(mark)[0]
    return town[:24]


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
