"""The map: what is drawn, what is counted instead, and the same content as tables."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from math import cos, radians
from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.atlas_used import atlas_used
from residency.packagedata import shipped
from residency.render.html import report_html
from residency.render.map.build_world import world as build
from residency.render.map.draw import VIEWS, picture
from residency.render.map.places import MapFigures, map_figures, world
from residency.render.map.projection import HEIGHT, WIDTH, project
from residency.result import AuditResult
from tests.render.factory import Estate, empty, small
from tests.render.page import Page


def located(estate: Estate) -> AuditResult:
    result = estate.result()
    return replace(result, atlas=atlas_used(load_atlas(), result.facts, date(2026, 11, 24)))


def drawn(*buckets: tuple[tuple[str, str | None], ...]) -> MapFigures:
    estate = Estate()
    for number, places in enumerate(buckets):
        estate.bucket(f"bucket-{number}", *places)
    for fact in estate.facts:
        if fact["place.location"] == "europe-west2":  # an own code of another provider
            fact["place.offer"] = "gcp"
    return map_figures(located(estate))


def test_the_projection_keeps_the_corners_and_the_middle() -> None:
    assert project(0, 0) == pytest.approx((WIDTH / 2, HEIGHT / 2))
    assert project(180, 0)[0] == pytest.approx(WIDTH)
    assert project(-180, 0)[0] == pytest.approx(0, abs=1e-3)
    assert project(0, 90)[1] == pytest.approx(0, abs=1e-3)

    def area(lat: float) -> float:
        step = 0.01
        return (project(40 + step, lat)[0] - project(40, lat)[0]) * (project(40, lat)[1] - project(40, lat + step)[1])

    for lat in (-70, -20, 10, 48.86, 64):
        assert area(lat) / area(0) == pytest.approx(cos(radians(lat)), rel=1e-3), "areas keep their size"


def test_points_are_counted_by_resource_and_named_by_town() -> None:
    found = drawn((("primary", "eu-west-3"), ("replica", "us-east-1")), (("primary", "eu-west-3"),))
    assert [(p.country, p.town, p.area, p.resources, p.placements) for p in found.points] == [
        ("FR", "Paris", "eu", 2, 2), ("US", "Ashburn / Northern Virginia", "conditional", 1, 1),
    ]  # fmt: skip


def test_only_a_flow_out_of_the_area_leaves_it() -> None:
    found = drawn((
        ("primary", "eu-west-3"), ("replica", "us-east-1"), ("backup", "eu-central-1"), ("log", "europe-west2"),
    ))  # fmt: skip
    assert {(f.start.country, f.end.country, f.leaves) for f in found.flows} == {
        ("FR", "US", True), ("FR", "GB", True), ("FR", "DE", False),
    }  # fmt: skip
    assert [f.leaves for f in found.flows] == [True, True, False]
    assert [f.leaves for f in drawn((("primary", "us-east-1"), ("replica", "ap-southeast-1"))).flows] == [False]


def test_what_is_no_single_place_is_counted() -> None:
    found = drawn((("primary", "eu-west-3"), ("replica", None)), (("primary", "eu"),))
    assert found.undrawn == {"countries": 1, "anywhere": 0, "unknown": 1}
    assert (found.leaving_undrawn, found.other_undrawn) == (0, 1)
    assert [p.country for p in found.points] == ["FR"]


def test_a_place_without_a_town_stands_at_the_middle_of_its_country_and_says_so() -> None:
    estate = Estate()
    estate.bucket("a", ("primary", "us-east-1"))
    result = estate.result()  # no atlas: only the country is known
    point = map_figures(result).points[0]
    assert (point.town, (point.x, point.y)) == (None, world().marks["US"])
    text = Page(report_html(result, "en")).text
    assert "United States (town not known, drawn at the middle of the country)" in text


def test_both_views_hold_what_lies_in_them() -> None:
    found = drawn((("primary", "eu-west-3"), ("replica", "us-east-1"), ("backup", "eu-central-1")))
    views = {view: picture(view, found.points, found.flows) for view in VIEWS}
    assert [len(views[view].circles) for view in ("world", "europe")] == [3, 2]
    assert [len(views[view].arcs) for view in ("world", "europe")] == [2, 2]
    assert views["world"].arcs[-1].flow.leaves, "what leaves the area is drawn on top"


def test_the_tables_say_what_the_picture_says() -> None:
    page = Page(report_html(located(_spread()), "fr"))
    for told in ("Paris, France", "Ashburn / Northern Virginia, États-Unis", "copie répliquée"):
        assert page.text.count(told) >= 2, told
    named = {a["id"] for tag, a in page.elements if "id" in a}
    for tag, attributes in page.elements:
        if tag == "svg" and attributes.get("role") == "img":
            assert set(attributes["aria-labelledby"].split()) <= named


def _spread() -> Estate:
    estate = Estate()
    estate.bucket("a", ("primary", "eu-west-3"), ("replica", "us-east-1"))
    return estate


def test_an_estate_without_places_has_no_map() -> None:
    assert map_figures(empty()).points == ()
    assert "Carte des emplacements" not in Page(report_html(empty(), "fr")).text


def test_the_shapes_are_small_and_know_their_source() -> None:
    file = shipped("reports") / "world.json"
    assert file.stat().st_size < 150_000
    told = json.loads(file.read_text(encoding="utf-8"))
    assert "Natural Earth" in told["source"]
    assert len(told["sha256"]) == 64
    for code in ("FR", "SG", "MT", "LU", "BH", "HK", "US", "NO"):
        assert told["countries"][code]["d"].startswith("M")
    assert "AQ" not in told["countries"]


def square(west: float, south: float, size: float) -> list[list[float]]:
    points = [(west, south), (west + size, south), (west + size, south + size), (west, south + size), (west, south)]
    steps, before = [], (0.0, 0.0)
    for x, y in points:
        steps.append([x - before[0], y - before[1]])
        before = (x, y)
    return steps


def topology(*squares: list[list[float]]) -> dict[str, Any]:
    shapes = [
        {"type": "Polygon", "id": number, "properties": {"name": number}, "arcs": [[place]]}
        for place, number in enumerate(("250", "643"))
    ]
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": list(squares),
        "objects": {"countries": {"geometries": shapes[: len(squares)]}},
    }  # fmt: skip


def test_a_shape_across_the_180th_meridian_is_cut_there() -> None:
    made = build(topology(square(0, 40, 8), square(170, 60, 20)), "x" * 64)["countries"]
    assert made["FR"]["d"].count("M") == 1
    assert made["RU"]["d"].count("M") == 2
    starts = sorted(int(part.split(" ")[0]) for part in made["RU"]["d"].split("M")[1:])
    assert starts[0] < WIDTH / 2 < starts[1]


def test_the_small_report_shows_every_drawn_point_in_its_table() -> None:
    result = small()
    page = Page(report_html(result, "en"))
    assert page.text.count("town not known, drawn at the middle of the country") >= len(map_figures(result).points)
