"""Every location of the data on three days, against countries written here and another YAML reader."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
import yaml

from residency.atlas.atlas import SHIPPED, Atlas

EU_27 = {
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
}
OUTERMOST = {"GP", "MQ", "GF", "RE", "MF", "YT", "AX"}
EFTA = {"IS", "LI", "NO"}
FULL = {"AD", "AR", "FO", "GG", "IM", "JE", "NZ", "CH", "UY"}
CONDITIONAL = {"CA", "IL", "JP"}

BEFORE, TRANSITION, TODAY = date(2019, 6, 1), date(2020, 7, 17), date(2026, 11, 24)
# The day after Privacy Shield fell; the United Kingdom was in transition.
FULL_ON = {BEFORE: FULL, TRANSITION: FULL, TODAY: FULL | {"GB", "BR"}}
CONDITIONAL_ON = {BEFORE: CONDITIONAL | {"US"}, TRANSITION: CONDITIONAL, TODAY: CONDITIONAL | {"US", "KR"}}
MEMBERS_ON = {BEFORE: EU_27 | {"GB"}, TRANSITION: EU_27, TODAY: EU_27}

Answer = tuple[bool | None, bool | None, bool | None]


def countries(line: dict[str, Any], lines: dict[str, dict[str, Any]], day: date) -> set[str] | None:
    if "country" in line:
        return {line["country"]}
    if "countries" in line:
        return set(line["countries"])
    if "countries_of" in line:
        groups = {"eu_27": MEMBERS_ON[day], "eea_efta": EFTA, "efta_not_eea": {"CH"}}
        left_out = {lines[name].get("country") for name in line.get("excludes", ())}
        return set().union(*(groups[name] for name in line["countries_of"])) - left_out
    return None


def expected(line: dict[str, Any], lines: dict[str, dict[str, Any]], day: date) -> Answer:
    """In the Union, in the EEA, free to transfer."""
    found = countries(line, lines, day)
    if found is None:
        if line.get("anywhere"):
            return False, False, False
        outside = False if line.get("never_in") == ["eea_territory"] else None
        return outside, outside, None

    def inside(area: set[str]) -> bool | None:
        left = found - area
        return None if left == {"GB"} and day == TRANSITION else not left

    eu, eea = MEMBERS_ON[day] | OUTERMOST, MEMBERS_ON[day] | OUTERMOST | EFTA
    free = eea | FULL_ON[day] | ({"GB"} if day == TRANSITION else set())
    if found <= free:
        adequate: bool | None = True
    else:
        adequate = None if found <= free | CONDITIONAL_ON[day] else False
    return inside(eu), inside(eea), adequate


@pytest.mark.parametrize("day", [BEFORE, TRANSITION, TODAY])
def test_the_area_of_every_location(atlas: Atlas, day: date) -> None:
    kinds: Counter[str] = Counter()
    for file in sorted((SHIPPED / "providers").glob("*.yaml")):
        provider = atlas.files.provider(file)
        lines = {line["id"]: line for line in yaml.safe_load(file.read_text(encoding="utf-8")).get("locations") or []}
        for name, line in lines.items():
            place = provider.place(name)
            assert place is not None
            eu, eea = (atlas.within(place, group, day) for group in ("eu_territory", "eea_territory"))
            assert (eu, eea, atlas.adequate(place, day)) == expected(line, lines, day), (file.stem, name)
            kinds[place.extent] += 1
            doubt = atlas.doubt(place, "eu_territory", day)
            assert (doubt is not None) == (eu is None and atlas.countries(place, day) is not None)
    assert sum(kinds.values()) == 761
    assert set(kinds) == {"country", "countries", "anywhere", "several"}


@pytest.mark.parametrize(
    ("day", "within", "status", "treated"),
    [
        (date(2020, 1, 31), True, "member", None),
        (date(2020, 2, 1), None, "member", "transition"),
        (date(2020, 6, 1), None, "member", "transition"),
        (date(2020, 12, 31), None, "member", "transition"),
        (date(2021, 1, 1), False, "member", "bridge"),
        (date(2021, 6, 28), False, "member", "bridge"),
        (date(2021, 6, 29), False, "full", None),
        (date(2026, 11, 24), False, "full", None),
    ],
)
def test_the_united_kingdom_day_by_day(
    atlas: Atlas, day: date, within: bool | None, status: str, treated: str | None
) -> None:
    place = atlas.place("aws", "eu-west-2")
    assert place is not None
    for group in ("eu_27", "eu_territory", "eea", "eea_territory"):
        assert atlas.within(place, group, day) is within
        reason = atlas.doubt(place, group, day)
        assert (reason is not None) == (within is None)
        assert reason is None or ("transition" in reason.en and "31 décembre 2020" in reason.fr)
    assert atlas.within(place, "us", day) is False
    found = atlas.adequacy("GB", day)
    assert (found.status, found.treated) == (status, treated)
    assert atlas.adequate(place, day) is True
