"""The table of all placements: none is left out, each has its worst verdict, and what is packed is what is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from residency.render import html
from residency.render.counted.placements import placements
from residency.render.counted.views import opened
from residency.render.html import report_html
from residency.render.payload import NAME_MARK, UID_MARK
from tests.render.factory import HOSTILE, Estate, hostile, large, small
from tests.render.page import Page


def test_every_fact_row_is_a_placement_and_the_worst_come_first() -> None:
    result = small()
    with opened(result) as db:
        found = placements(db).to_pylist()
    facts = result.facts.to_pylist()
    key = ("resource.uid", "place.role", "place.location")
    assert Counter((row["uid"], row["role"], row["location"]) for row in found) == Counter(
        tuple(fact[name] for name in key) for fact in facts
    )
    weights = {"violation": 3, "unproven": 2, "waived": 1, "compliant": 0}
    worst = [max(weights[said.split("=")[1]] for said in row["judged"].split()) for row in found]
    assert worst == sorted(worst, reverse=True)
    places = {(row["uid"], row["role"]): row for row in found}
    assert places["arn:aws:s3:::patients", "replica"]["area"] == "conditional"
    assert places["arn:aws:s3:::archive", "snapshot"]["area"] == "unknown"
    assert places["arn:aws:s3:::archive", "snapshot"]["countries"] == ""


def test_a_placement_no_rule_speaks_of_is_not_said_to_be_compliant() -> None:
    estate = Estate()
    estate.bucket("a", ("primary", "eu-west-3"), offer="ovhcloud", custody="external")
    result = estate.result()
    page = Page(report_html(replace(result, judged=result.judged.slice(0, 0)), "fr"))
    assert page.column("judged", "placements") == [None]
    assert "non apprécié" in page.text.split("Tous les emplacements")[-1]


def test_a_rule_about_a_resource_speaks_of_each_of_its_places() -> None:
    estate = Estate()
    estate.bucket("a", ("primary", "eu-west-3"), ("replica", "eu-central-1"), offer="ovhcloud", custody=None)
    for entry in estate.judged:
        entry["per"] = "resource" if entry["rule"] == "HDH-KEY-02" and entry["row"] == 0 else entry["per"]
    estate.judged = [entry for entry in estate.judged if entry["rule"] != "HDH-KEY-02" or entry["row"] == 0]
    assert Page(report_html(estate.result(), "en")).column("judged", "placements") == ["health-data-hub=unproven"] * 2


def test_what_is_packed_is_what_the_inventory_says() -> None:
    page = Page(report_html(small(), "en"))
    names, uids = page.column("name", "placements"), page.column("uid", "placements")
    whole = [str(uid).replace(NAME_MARK, name or "") for uid, name in zip(uids, names, strict=True)]
    targets = [
        target and target.replace(UID_MARK, uid)
        for target, uid in zip(page.column("target", "placements"), whole, strict=True)
    ]
    rows = Counter(zip(whole, page.column("role", "placements"), targets, strict=True))
    facts = small().facts.to_pylist()
    assert rows == Counter((f["resource.uid"], f["place.role"], f["place.target"]) for f in facts)


def test_hostile_names_are_cleaned_in_the_packed_placements() -> None:
    page = Page(report_html(hostile(), "en"))
    assert page.data["placements"]["n"] == len(HOSTILE)
    shown = "".join(str(text) for name in ("name", "uid", "account") for text in page.column(name, "placements"))
    assert not set(shown) & {"\u202e", "\u200b", "\t", "\n"}


def test_a_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = large(3_000)
    total = f"{result.facts.num_rows:,}"
    page = Page(report_html(result, "en"))
    assert f"The first 200 of {total} are shown here." in page.text
    assert page.data["placements"]["n"] == result.facts.num_rows
    monkeypatch.setattr(html, "PACKED", 1_000)
    page = Page(report_html(result, "en"))
    assert f"This file has the 1,000 worst of {total} placements." in page.text
    assert page.data["placements"]["n"] == 1_000
