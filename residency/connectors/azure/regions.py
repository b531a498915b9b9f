"""What the atlas knows of regions that a setting names only by relation: the paired one, the data zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from residency.atlas.atlas import load_atlas

# What the atlas calls the services for which it lists a place.
_DATA_ZONES, _DIRECTORIES = "DataZone deployments of Azure OpenAI", "Entra ID directories"
# Which regions are in the Union when it matters: data zones exist since December 2024.
_SINCE = date(2024, 12, 1)


@dataclass(frozen=True, slots=True)
class Regions:
    """By region: the one that it is paired with, and the data zone that it belongs to. `single` have no pair.

    `directories` is where Entra ID keeps the directory of a tenant, by the tenant's country, where that is one country.
    """

    pairs: Mapping[str, str]
    zones: Mapping[str, str]
    single: frozenset[str] = frozenset()
    directories: Mapping[str, str] = field(default_factory=dict)


@cache
def regions_of(offer: str | None) -> Regions:
    """The regions of an offer as the atlas says; those of public Azure for an offer it does not know."""
    atlas = load_atlas()
    places = atlas.places(offer or "azure") or atlas.places("azure")
    countries = {place.id: frozenset(atlas.countries(place, _SINCE) or ()) for place in places}
    whole = [place.id for place in places if _DATA_ZONES in place.services]
    zones = {
        place.id: zone
        for place in places
        for zone in whole
        if countries[place.id] and countries[place.id] <= countries[zone]
    }
    directories = {place.country: place.id for place in places if place.country and _DIRECTORIES in place.services}
    pairs = {place.id: place.paired for place in places if place.paired}
    single = frozenset(place.id for place in places if place.type == "region" and not place.paired)
    return Regions(pairs, zones, single, directories)
