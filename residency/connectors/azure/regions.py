"""What the atlas knows of regions that a setting names only by relation: the paired one, the data zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from residency.atlas.atlas import load_atlas

EU_ZONE, US_ZONE = "eudatazone", "usdatazone"
# Which regions are in the Union when it matters: data zones exist since December 2024.
_SINCE = date(2024, 12, 1)


@dataclass(frozen=True, slots=True)
class Regions:
    """By region: the one that it is paired with, and the data zone that it belongs to. `single` have no pair."""

    pairs: Mapping[str, str]
    zones: Mapping[str, str]
    single: frozenset[str] = frozenset()


@cache
def regions_of(offer: str | None) -> Regions:
    """The regions of an offer as the atlas says; those of public Azure for an offer it does not know."""
    atlas = load_atlas()
    places = atlas.places(offer or "azure")
    zones = {}
    for place in places:
        if atlas.within(place, "eu_territory", _SINCE):
            zones[place.id] = EU_ZONE
        elif place.country == "US":
            zones[place.id] = US_ZONE
    pairs = {place.id: place.paired for place in places if place.paired}
    single = frozenset(place.id for place in places if place.type == "region" and not place.paired)
    return Regions(pairs, zones, single)
