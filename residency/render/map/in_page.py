"""What the map's template needs: pictures, names of places in words, and the land under them."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from residency.render.map.draw import VIEWS, picture
from residency.render.map.places import MapFigures, Point, world
from residency.render.plain import clip
from residency.render.sentences import Sentences
from residency.result import AuditResult


def map_values(words: Sentences, drawn: MapFigures) -> dict[str, Any]:
    """The values of `map.html.j2` in a language."""
    return {
        "drawn": drawn,
        "pictures": [picture(view, drawn.points, drawn.flows) for view in VIEWS],
        "spot": lambda point: spot(words, point),
    }


def spot(words: Sentences, point: Point) -> str:
    """A place of the map in words: its town and country, or that only the country is known."""
    country = words.country(point.country)
    if point.town is None:
        return words.say("map.country_only", country=country)
    return words.say("map.town", town=clip(point.town), country=country)


def land(result: AuditResult) -> dict[str, Markup]:
    """The shapes of the map in two paths: the European Economic Area on the date, and all other land."""
    inside = set(result.atlas.eea)
    paths = world().paths
    return {
        name: Markup("".join(path for code, path in paths.items() if (code in inside) == within))  # noqa: S704 - our file
        for name, within in (("eea", True), ("other", False))
    }
