"""Makes `reports/world.json`, the country shapes of the map, from Natural Earth's (public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m residency.render.map.build_world package/countries-50m.json > reports/world.json

The input is the TopoJSON of the npm package world-atlas (ISC licence). Borders that two countries share are one arc
there, and arcs are simplified one by one, so that neighbours still fit. Europe keeps more detail, since the map zooms
to it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.core import get_global

from residency.render.map.projection import HEIGHT, WIDTH, project

Point = tuple[float, float]
SOURCE = "Natural Earth 1:50m countries (public domain), npm world-atlas 2.0.2 countries-50m.json (ISC)"
EUROPE = (-26.0, 34.0, 45.0, 72.0)  # degrees: west, south, east, north
FINE, COARSE = 0.03, 0.2  # degrees by which a border may be off, in Europe and elsewhere
LEAST = (60.0, 400.0)  # square map units of the smallest island kept, in Europe and elsewhere
LEFT_OUT = ("AQ",)  # no data is held in Antarctica, and it would take a quarter of the picture


def world(topology: dict[str, Any], sha256: str) -> dict[str, Any]:
    """Paths by country code, each in map units, with the point at which a country's name or mark may stand."""
    arcs = [_simplified(arc) for arc in _arcs(topology)]
    shapes: dict[str, str] = {}
    marks: dict[str, list[int]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = _code(geometry)
        if code in LEFT_OUT:
            continue
        outer = [piece for ring in _rings(geometry, arcs) for piece in _pieces(ring)]
        drawn = sorted(([project(*point) for point in piece] for piece in outer), key=_area, reverse=True)
        kept = [ring for number, ring in enumerate(drawn) if number == 0 or _area(ring) >= _least(ring)]
        path = "".join(_path(ring) for ring in kept)
        if path:
            shapes[code] = shapes.get(code, "") + path
            marks.setdefault(code, [round(value) for value in _middle(drawn[0])])
    return {
        "source": SOURCE, "sha256": sha256, "width": WIDTH, "height": HEIGHT,
        "countries": {code: {"d": shapes[code], "at": marks[code]} for code in sorted(shapes)},
    }  # fmt: skip


def _arcs(topology: dict[str, Any]) -> Iterator[list[Point]]:
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + offset[0], y * scale[1] + offset[1]))
        yield points


def _code(geometry: dict[str, Any]) -> str:
    """ISO 3166-1 alpha-2 of a shape, from its number; a shape without a number keeps its name."""
    number = geometry.get("id")
    name: str = geometry["properties"]["name"]
    if number is None:
        return "XK" if name == "Kosovo" else name
    found = get_global("territory_aliases").get(str(number).zfill(3), [name])
    return str(found[0])


def _simplified(points: Sequence[Point]) -> list[Point]:
    """Douglas-Peucker: the line without the points that lie nearer to it than the tolerance of its place."""
    inside = any(EUROPE[0] <= x <= EUROPE[2] and EUROPE[1] <= y <= EUROPE[3] for x, y in points)
    tolerance = FINE if inside else COARSE
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, at = 0.0, 0
        for number in range(first + 1, last):
            distance = _distance(points[number], points[first], points[last])
            if distance > far:
                far, at = distance, number
        if far > tolerance:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [points[number] for number in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return float(((point[0] - start[0] - along * dx) ** 2 + (point[1] - start[1] - along * dy) ** 2) ** 0.5)


def _rings(geometry: dict[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    """The rings of a shape, holes included: a lake or an enclave is a ring of its own, cut out by the filling rule."""
    shapes = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for ring in (ring for shape in shapes for ring in shape):
        points: list[Point] = []
        for number in ring:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += part[1:] if points else part
        yield points


def _pieces(ring: Sequence[Point]) -> Iterator[list[Point]]:
    """A ring that crosses the 180th meridian is cut there; the part beyond it goes to the other side of the map."""
    line = [ring[0]]
    for lon, lat in ring[1:]:
        turn = round((line[-1][0] - lon) / 360) * 360
        line.append((lon + turn, lat))
    for shift in (-360, 0, 360):
        moved = [(lon + shift, lat) for lon, lat in line]
        cut = _clip(_clip(moved, -180, 1), 180, -1)
        if len(cut) > 2:
            yield cut


def _clip(ring: Sequence[Point], edge: float, sign: int) -> list[Point]:
    """The part of a ring on one side of a meridian (Sutherland-Hodgman)."""
    made: list[Point] = []
    for number, point in enumerate(ring):
        before = ring[number - 1]
        here, there = sign * (point[0] - edge) >= 0, sign * (before[0] - edge) >= 0
        if here != there:
            part = (edge - before[0]) / (point[0] - before[0])
            made.append((edge, before[1] + part * (point[1] - before[1])))
        if here:
            made.append(point)
    return made


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _least(ring: Sequence[Point]) -> float:
    x, y = _middle(ring)
    west, north = project(EUROPE[0], EUROPE[3])
    east, south = project(EUROPE[2], EUROPE[1])
    return LEAST[0] if west <= x <= east and north <= y <= south else LEAST[1]


def _middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a ring."""
    double = x = y = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        double, x, y = double + cross, x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return (x / (3 * double), y / (3 * double)) if double else ring[0]


def _path(ring: Sequence[Point]) -> str:
    """Whole map units, each step from the one before."""
    rounded = [(round(x), round(y)) for x, y in ring]
    steps = [rounded[0]]
    text = f"M{rounded[0][0]} {rounded[0][1]}l"
    moves = []
    for x, y in rounded[1:]:
        if (x, y) != steps[-1]:
            moves.append(f"{x - steps[-1][0]} {y - steps[-1][1]}")
            steps.append((x, y))
    return text + " ".join(moves) + "z" if len(steps) > 2 else ""


def main(arguments: Sequence[str]) -> None:
    """Read the TopoJSON named and print the shapes as JSON, one country a line."""
    raw = Path(arguments[0]).read_bytes()
    made = world(json.loads(raw), hashlib.sha256(raw).hexdigest())
    head = {key: value for key, value in made.items() if key != "countries"}
    lines = ",\n".join(
        f"{json.dumps(code, ensure_ascii=False)}:{json.dumps(shape, separators=(',', ':'))}"
        for code, shape in made["countries"].items()
    )
    sys.stdout.write(json.dumps(head)[:-1] + ', "countries": {\n' + lines + "\n}}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
