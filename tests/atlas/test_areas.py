from __future__ import annotations

from datetime import date

import pytest

from residency.atlas.atlas import Atlas

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("country", "group", "day", "inside"),
    [
        ("FR", "eu_territory", TODAY, True), ("RE", "eu_territory", TODAY, True), ("AX", "eu_territory", TODAY, True),
        ("NC", "eu_territory", TODAY, False), ("PF", "eea_territory", TODAY, False), ("GL", "eu_territory", TODAY, False),
        ("NO", "eu_territory", TODAY, False), ("NO", "eea_territory", TODAY, True), ("IS", "eea_territory", TODAY, True),
        ("LI", "eea", TODAY, True), ("CH", "eea_territory", TODAY, False), ("GB", "eea_territory", TODAY, False),
        ("GB", "eu_territory", date(2020, 1, 31), True), ("GB", "eu_territory", date(2020, 2, 1), False),
        ("HR", "eu_territory", date(2013, 6, 30), False), ("HR", "eu_territory", date(2013, 7, 1), True),
        ("YT", "eu_territory", date(2013, 12, 31), False), ("YT", "eu_territory", date(2014, 1, 1), True),
        ("BL", "eu_territory", date(2011, 12, 31), True), ("BL", "eu_territory", date(2012, 1, 1), False),
        ("PR", "us", TODAY, True), ("HK", "china", TODAY, False),
    ],
)  # fmt: skip
def test_membership_on_a_day(atlas: Atlas, country: str, group: str, day: date, inside: bool) -> None:
    assert atlas.in_group(country, group, day) is inside


def test_group_sizes(atlas: Atlas) -> None:
    assert len(atlas.group_members("eu_27", TODAY)) == 27
    assert len(atlas.group_members("eea", TODAY)) == 30
    assert len(atlas.group_members("eu_territory", TODAY)) == 34
    assert len(atlas.group_members("eea_territory", TODAY)) == 37
    assert len(atlas.group_members("eu_27", date(2019, 1, 1))) == 28
    with pytest.raises(KeyError):
        atlas.group_members("nowhere", TODAY)


def test_the_united_kingdom_was_treated_as_inside_for_a_while(atlas: Atlas) -> None:
    treated = atlas.areas.treated_as_inside
    assert treated("GB", "gdpr_chapter_v", date(2020, 6, 1)) is not None
    assert treated("GB", "union_law", date(2020, 6, 1)) is not None
    assert treated("GB", "gdpr_chapter_v", date(2021, 3, 1)) is not None
    assert treated("GB", "union_law", date(2021, 3, 1)) is None
    assert treated("GB", "gdpr_chapter_v", date(2021, 6, 29)) is None
    assert not atlas.in_group("GB", "eu_territory", date(2020, 6, 1))


@pytest.mark.parametrize(
    ("country", "day", "status", "decision"),
    [
        ("FR", TODAY, "member", None), ("RE", TODAY, "member", None), ("NO", TODAY, "member", None),
        ("GB", date(2019, 6, 1), "member", None), ("GB", date(2020, 6, 1), "member", None),
        ("GB", date(2021, 6, 28), "member", None), ("GB", date(2021, 6, 29), "full", "GB"),
        ("GB", date(2031, 12, 27), "full", "GB"), ("GB", date(2031, 12, 28), "none", None),
        ("CH", TODAY, "full", "CH"), ("BR", date(2026, 1, 25), "none", None), ("BR", TODAY, "full", "BR"),
        ("US", date(2015, 10, 5), "conditional", "US-SAFE-HARBOUR"), ("US", date(2015, 10, 6), "none", None),
        ("US", date(2020, 7, 15), "conditional", "US-PRIVACY-SHIELD"), ("US", date(2020, 7, 17), "none", None),
        ("US", date(2023, 7, 9), "none", None), ("US", date(2023, 7, 10), "conditional", "US-DPF"),
        ("CA", TODAY, "conditional", "CA"), ("JP", TODAY, "conditional", "JP"), ("CN", TODAY, "none", None),
        ("NC", TODAY, "none", None),
    ],
)  # fmt: skip
def test_adequacy_on_a_day(atlas: Atlas, country: str, day: date, status: str, decision: str | None) -> None:
    found = atlas.adequacy(country, day)
    assert (found.status, found.decision) == (status, decision)
    assert (found.instrument is not None) == (
        decision is not None or (country == "GB" and day.year in (2020, 2021) and status == "member")
    )


def test_limits_follow_the_period_of_the_decision(atlas: Atlas) -> None:
    before, after = atlas.adequacy("GB", date(2024, 1, 1)).note, atlas.adequacy("GB", TODAY).note
    assert before is not None
    assert "immigration" in before
    assert after is not None
    assert "immigration" not in after


def test_adequate_places(atlas: Atlas) -> None:
    def adequate(offer: str, location: str, day: date = TODAY) -> bool | None:
        place = atlas.place(offer, location)
        assert place is not None
        return atlas.adequate(place, day)

    assert adequate("aws", "eu-west-3") is True
    assert adequate("aws", "eu-west-2") is True
    assert adequate("aws", "us-east-1") is None
    assert adequate("aws", "us-east-1", date(2022, 1, 1)) is False
    assert adequate("aws", "ap-southeast-1") is False
