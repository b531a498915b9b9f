from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from residency.cli.atlas import WHATS
from residency.cli.main import main

DAY = ("--as-of", "2026-11-24")
OVERLAY = """\
overlay: own
defaults: {source: our own papers, certainty: memory, checked_on: 2025-11-01}
offers:
  - id: own-dc
    name: Our data centre
    kind: own-data-centre
    contracting_entity: {name: Us, country: FR}
    ultimate_parent: {name: Us, country: FR}
    locations: [{id: lyon, country: FR}]
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(OVERLAY, encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def rows(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    code, out, err = run(capsys, "atlas", "list", *arguments, "--format", "json", *DAY)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["schema"] == "residency/atlas-list/v1"
    assert found["as_of"] == "2026-11-24"
    result: list[dict[str, Any]] = found["rows"]
    return result


def test_how_much_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {row["what"]: row["count"] for row in rows(capsys)}
    assert counts["offers"] == 46
    assert counts["laws"] == 23
    assert counts["adequacy"] == 19
    assert counts["kinds"] == 123
    assert counts["scenarios"] == 5


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("what", WHATS)
def test_each_table_in_both_languages(capsys: pytest.CaptureFixture[str], what: str, lang: str) -> None:
    offer = ["aws"] if what in ("locations", "certificates") else []
    code, out, err = run(capsys, "atlas", "list", what, *offer, "--lang", lang, *DAY)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) > 5
    assert len(rows(capsys, what, *offer, "--lang", lang)) == len(lines) - 1


def test_what_a_table_says(capsys: pytest.CaptureFixture[str]) -> None:
    azure = next(row for row in rows(capsys, "offers", "--lang", "fr") if row["id"] == "azure")
    assert (azure["operator_country"], azure["parent_country"]) == ("Irlande", "États-Unis")
    paris = next(row for row in rows(capsys, "locations", "aws") if row["id"] == "eu-west-3")
    assert (paris["countries"], paris["in_eu"], paris["adequate"]) == (["FR"], True, True)
    stands = {row["id"]: row["stands"] for row in rows(capsys, "adequacy")}
    assert (stands["US-DPF"], stands["US-PRIVACY-SHIELD"]) == (True, False)
    fisa = next(row for row in rows(capsys, "laws", "--lang", "fr") if row["id"] == "US-FISA-702")
    assert (fisa["name"], fisa["in_force"], fisa["lapsed"]) == ("FISA, section 702", True, True)


def test_locations_need_an_offer(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "atlas", "list", "locations")
    assert (code, out) == (2, "")
    assert "locations are those of an offer. Known: akamai, alibaba" in err
    assert "does not know the offer 'awz'" in run(capsys, "atlas", "list", "certificates", "awz")[2]
    assert run(capsys, "atlas", "list", "laws", "aws")[0] == 2
    assert run(capsys, "atlas", "list", "nonsense")[0] == 2


def test_an_overlay_is_listed(capsys: pytest.CaptureFixture[str], overlay: Path) -> None:
    assert "own-dc" in {row["id"] for row in rows(capsys, "offers", "--atlas", overlay)}
    assert [row["id"] for row in rows(capsys, "locations", "own-dc", "--atlas", overlay)] == ["lyon"]


def test_check_is_quiet_about_what_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "atlas", "check", *DAY)
    assert code == 0
    assert out.startswith("atlas 2026-11-24: 46 files, ")
    assert out.endswith(" facts, correct.\n")
    assert len(err.splitlines()) == 7
    assert all("is marked volatile" in line for line in err.splitlines())
    assert run(capsys, "atlas", "check", "--quiet", *DAY)[2] == ""


def test_check_warns_of_old_facts(capsys: pytest.CaptureFixture[str], overlay: Path) -> None:
    code, out, err = run(capsys, "atlas", "check", "--atlas", overlay, *DAY)
    assert code == 0
    assert "+overlay:own: 47 files" in out
    line = next(line for line in err.splitlines() if "own.yaml" in line)
    assert "own.yaml:7:25: 3 facts were checked on 2025-11-01, more than a year before 2026-11-24." in line
    assert len(run(capsys, "atlas", "check", "--as-of", "2028-01-01")[2].splitlines()) > 40


def test_check_tells_every_problem(capsys: pytest.CaptureFixture[str], overlay: Path) -> None:
    text = OVERLAY.replace("id: own-dc", "id: aws").replace("country: FR}]", "country: FR, paired: x}]")
    overlay.write_text(text.replace("source: our own papers", "source: nowhere"), encoding="utf-8")
    code, out, err = run(capsys, "atlas", "check", "--atlas", overlay)
    assert (code, out) == (2, "")
    assert "own.yaml:4:9: the offer 'aws' is already in the atlas." in err
    assert "own.yaml:2:20: the source 'nowhere' is not in the atlas." in err


def test_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "atlas", "schema")
    assert code == 0
    assert {"overlay", "scenario", "provider", "laws", "adequacy"} <= set(out.split())
    for kind in out.split():
        code, text, _ = run(capsys, "atlas", "schema", kind)
        assert code == 0
        assert json.loads(text)["additionalProperties"] is False
    code, _, err = run(capsys, "atlas", "schema", "lawz")
    assert code == 2
    assert "'lawz' is no kind of file. Known: adequacy," in err
