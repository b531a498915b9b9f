"""What the map shows: places with how much is there, flows between them, and what cannot be drawn. Pure.

A place whose town is not known stands at the middle of its country, and is told to. A place that may be in several
countries, anywhere, or in none that is known, is no point: it is counted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from residency.packagedata import shipped
from residency.render.database import connection
from residency.render.map.projection import project
from residency.result import AuditResult


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in map units. `town` is `None` where only the country is known.

    `locations` are the provider's codes, several where offers have the same town. `resources` counts each once.
    """

    x: float
    y: float
    country: str
    town: str | None
    locations: tuple[str, ...]
    area: str
    resources: int
    placements: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Copies from one place to another, by role. `leaves` is true when they leave the European Economic Area."""

    start: Point
    end: Point
    roles: tuple[tuple[str, int], ...]
    count: int
    leaves: bool


@dataclass(frozen=True, slots=True)
class MapFigures:
    """Points (the most resources first), flows (leaving ones first), and placements and flows that are not drawn.

    `undrawn` counts placements by why: `countries` (one of several), `anywhere`, `unknown`. `leaving_undrawn` are flows
    out of the area to a place that is no point.
    """

    points: tuple[Point, ...]
    flows: tuple[Flow, ...]
    undrawn: dict[str, int]
    leaving_undrawn: int
    other_undrawn: int


@dataclass(frozen=True, slots=True)
class World:
    """Country shapes as SVG paths in map units by code, and the point of each country. `source` says whose they are."""

    source: str
    paths: dict[str, str]
    marks: dict[str, tuple[float, float]]


@cache
def world() -> World:
    """The shapes of `reports/world.json`."""
    told = json.loads((shipped("reports") / "world.json").read_text(encoding="utf-8"))
    countries = told["countries"]
    return World(
        told["source"],
        {code: shape["d"] for code, shape in countries.items()},
        {code: (shape["at"][0], shape["at"][1]) for code, shape in countries.items()},
    )


_HELD = """"place.role" IS DISTINCT FROM 'key' AND "resource.stores_data" IS DISTINCT FROM 'no'"""
_AREA = """CASE WHEN "place.in_eu" THEN 'eu' WHEN "place.in_eea" THEN 'eea' WHEN "place.adequate" THEN 'adequate'
             WHEN "place.adequate" = false THEN 'third' ELSE 'conditional' END"""
_POINTS = f"""
  SELECT "place.offer", "place.location", "place.country", {_AREA}, count(*), list(DISTINCT "resource.uid")
  FROM facts WHERE {_HELD} AND "place.country" IS NOT NULL GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - own text
_UNDRAWN = f"""
  SELECT CASE WHEN "place.extent" = 'anywhere' THEN 'anywhere'
              WHEN coalesce(len("place.countries"), 0) > 1 OR "place.extent" = 'several' THEN 'countries'
              ELSE 'unknown' END AS why, count(*)
  FROM facts WHERE {_HELD} AND "place.country" IS NULL GROUP BY 1"""  # noqa: S608 - own text
_FLOWS = f"""
  WITH held AS (SELECT * FROM facts WHERE {_HELD}),
  home AS (SELECT "resource.uid" AS uid, "place.offer" AS offer, "place.location" AS location,
    "place.country" AS country, "place.in_eea" AS inside FROM held WHERE "place.role" = 'primary')
  SELECT home.offer, home.location, home.country, f."place.offer", f."place.location", f."place.country",
    f."place.role",
    home.inside AND f."place.in_eea" = false AS leaves, count(*)
  FROM home JOIN held f ON f."resource.uid" = home.uid
  WHERE f."place.role" <> 'primary' AND (home.location IS DISTINCT FROM f."place.location"
    OR home.offer IS DISTINCT FROM f."place.offer") GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - own text


def map_figures(result: AuditResult) -> MapFigures:
    """Points and flows of a run."""
    with connection() as db:
        db.register("facts", result.facts)
        rows = db.sql(_POINTS).fetchall()
        undrawn = dict(db.sql(_UNDRAWN).fetchall())
        streams = db.sql(_FLOWS).fetchall()
    points, of_place = _points(rows, result)
    flows, leaving, other = _flows(streams, of_place)
    return MapFigures(
        points, flows, {why: undrawn.get(why, 0) for why in ("countries", "anywhere", "unknown")}, leaving, other
    )


_Place = tuple[str | None, str | None, str]


def _points(rows: list[Any], result: AuditResult) -> tuple[tuple[Point, ...], dict[_Place, Point]]:
    """The places that have a spot; those of one spot and area are one point."""
    known = {(place.offer, place.location): place for place in result.atlas.places}
    grouped: dict[tuple[float, float, str], list[Any]] = {}
    for offer, location, country, area, count, uids in rows:
        place = known.get((offer, location))
        town = None
        if place is not None and place.lat is not None and place.lon is not None:
            spot, town = project(place.lon, place.lat), place.city or place.name
        elif country in world().marks:
            spot = world().marks[country]
        else:
            continue
        key = (round(spot[0], -1), round(spot[1], -1), area)
        grouped.setdefault(key, []).append((spot, town, (offer, location, country), count, uids))
    made: dict[_Place, Point] = {}
    points = []
    for (_x, _y, area), members in grouped.items():
        spot, town, (_offer, _location, country) = members[0][:3]
        codes = dict.fromkeys(location for _s, _t, (_o, location, _c), _n, _u in members if location)
        resources = {uid for member in members for uid in member[4]}
        point = Point(
            round(spot[0], 1), round(spot[1], 1), country, town, tuple(codes), area, len(resources),
            sum(member[3] for member in members),
        )  # fmt: skip
        points.append(point)
        made |= {member[2]: point for member in members}
    return tuple(sorted(points, key=lambda p: (-p.resources, p.country, p.locations))), made


def _flows(streams: list[Any], of_place: dict[_Place, Point]) -> tuple[tuple[Flow, ...], int, int]:
    """The flows between points, and how many lead to or from a place that is none: out of the area, and others."""
    grouped: dict[tuple[Point, Point, bool], dict[str, int]] = {}
    leaving = other = 0
    for *ends, role, leaves, count in streams:
        start, end = of_place.get(tuple(ends[:3])), of_place.get(tuple(ends[3:]))
        if start is None or end is None:
            leaving, other = leaving + count * bool(leaves), other + count * (not leaves)
        elif start != end:
            roles = grouped.setdefault((start, end, bool(leaves)), {})
            roles[role] = roles.get(role, 0) + count
    flows = [
        Flow(start, end, tuple(sorted(roles.items())), sum(roles.values()), leaves)
        for (start, end, leaves), roles in grouped.items()
    ]
    ordered = sorted(flows, key=lambda f: (not f.leaves, -f.count, f.start.locations, f.end.locations))
    return tuple(ordered), leaving, other
