from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from residency.cli.main import main

DAY = ("--as-of", "2026-11-24")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["lookup", *arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_the_card_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "azure", "France Central", *DAY)
    assert (code, err) == (0, "")
    assert out.startswith("Microsoft Azure (public) (azure) – France Central (francecentral)\nAs of 24 November 2026")
    for line in (
        "  Country: France (FR)",
        "  In the European Union: yes",
        "  Operator: the contracting entity",
        "  Contracting entity for EU customers: Microsoft Ireland Operations Limited, Ireland [verified; ms-mosa]",
        "  Ultimate parent: Microsoft Corporation, United States [from a secondary source; landscape-2026]",
    ):
        assert line in out.splitlines()
    for word in ("US-CLOUD-ACT", "through the parent company", "The statute lapsed on 2026-06-12", "HDS v2: held"):
        assert word in out
    assert all(len(line) <= 110 for line in out.splitlines())


def test_the_card_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "azure", "westeurope", "--lang", "fr", *DAY)
    assert code == 0
    assert "Au 24 novembre 2026" in out
    assert "  Pays\u00a0: Pays-Bas (NL)" in out.splitlines()
    assert (
        "US-CLOUD-ACT\u00a0: CLOUD Act (18 U.S.C. 2713; Pub. L. 115-141 div. V), États-Unis, par la société mère" in out
    )
    assert "par la société mère" in out
    assert "La loi a expiré le 12 juin 2026\u202f;" in out
    # Every colon and semicolon of the product's own words has its space; citations in English keep theirs.
    labels = [line.strip() for line in out.splitlines() if line.startswith("  ") and not line.startswith("      ")]
    assert all("\u00a0:" in line for line in labels)


def test_both_languages_tell_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _, english, _ = run(capsys, "gcp", "eur6", *DAY)
    _, french, _ = run(capsys, "gcp", "eur6", "--lang", "fr", *DAY)
    sections = [
        len([line for line in text.splitlines() if line.startswith("  ") and line[2] != " "])
        for text in (english, french)
    ]
    assert sections[0] == sections[1]
    assert "Switzerland (CH), Germany (DE), Netherlands (NL)" in english
    assert "Suisse (CH), Allemagne (DE), Pays-Bas (NL)" in french


def card(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, _ = run(capsys, *arguments, "--format", "json")
    assert code == 0
    result: dict[str, Any] = json.loads(out)
    return result


def test_the_card_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = card(capsys, "scaleway", "fr-par-1", *DAY)
    assert found["schema"] == "residency/card/v1"
    assert found["as_of"] == "2026-11-24"
    assert found["place"]["id"] == "fr-par"
    assert found["place"]["countries"] == [
        {
            "code": "FR",
            "name": "France",
            "adequacy": "member",
            "decision": None,
            "instrument": None,
            "note": None,
            "treated": None,
        }
    ]
    assert found["laws"] == []
    assert found["offer"]["non_eu_share"]["largest_at_most"] == 4
    hds = next(c for c in found["certificates"] if c["scheme"] == "HDS")
    assert (hds["in_force"], hds["covers_place"]) == (None, True)
    refused = [c for c in found["certificates"] if c["status"] == "not-held"]
    assert [c["covers_place"] for c in refused] == [True]
    assert {"scaleway-places-1", "labels-2026"} <= {s["id"] for s in found["sources"]}


def test_the_day_decides(capsys: pytest.CaptureFixture[str]) -> None:
    def standing(day: str) -> str:
        return str(card(capsys, "aws", "us-east-1", "--as-of", day)["place"]["countries"][0]["adequacy"])

    assert [standing(d) for d in ("2020-07-15", "2020-07-17", "2023-07-10")] == ["conditional", "none", "conditional"]


def test_an_offer_alone(capsys: pytest.CaptureFixture[str]) -> None:
    found = card(capsys, "worldline", *DAY)
    assert found["place"] is None
    assert found["offer"]["contracting_entity"]["country"] == "FR"
    code, out, _ = run(capsys, "bleu", "--lang", "fr", *DAY)
    assert code == 0
    assert "LIEU" not in out


def test_anywhere_and_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Country: anywhere: every region of the provider" in run(capsys, "gcp", "global", *DAY)[1]
    assert "Pays\u00a0: plusieurs, non énumérés" in run(capsys, "gcp", "europe", "--lang", "fr", *DAY)[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("awz",), "residency: the atlas does not know the offer 'awz'. Close to it: aws."),
        (("aws", "eu-west-33"), "the location 'eu-west-33' of the offer 'aws'. Close to it: eu-west-3"),
        (
            ("ovhcloud", "us-east-vin"),
            "the location 'us-east-vin' of the offer 'ovhcloud'. It belongs to: ovhcloud-us.",
        ),
        (("worldline", "paris"), "The atlas lists none."),
        (("stackit", "zzzz"), "Known: eu01, eu02."),
        (("awz", "--lang", "fr"), "l’atlas ne connaît pas l’offre 'awz'. Noms proches\u00a0: aws."),
        (("qqqq",), "Known: akamai, alibaba"),
    ],
)
def test_what_is_not_known_exits_with_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "24/11/2026"])
def test_a_wrong_day_exits_with_2(capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert run(capsys, "aws", "--as-of", day)[0] == 2


def test_a_card_under_a_scenario(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = card(capsys, "aws", "us-east-1", "--scenario", "dpf-annulled", *DAY)
    assert found["place"]["countries"][0]["adequacy"] == "none"
    assert found["atlas"]["version"] == "2026-11-24+scenario:dpf-annulled"
    assert found["scenarios"] == [
        {"id": "dpf-annulled", "title": "The EU-US Data Privacy Framework is annulled", "from": None, "applies": True}
    ]
    _, out, _ = run(capsys, "scaleway", "fr-par", "--scenario", "offer-qualified", "--lang", "fr", *DAY)
    assert "Scénario\u00a0: Scaleway est qualifié SecNumCloud à Paris" in out
    assert "SecNumCloud 3.2\u00a0: détenu\u202f; supposé par le scénario offer-qualified" in out
    file = tmp_path / "later.yaml"
    text = "id: later\ntitle: {en: Later, fr: Plus tard}\ndescription: {en: x, fr: x}\nchanges: [{annul: US-DPF, from: 2027-01-01}]\n"
    file.write_text(text, encoding="utf-8")
    _, out, _ = run(capsys, "aws", "us-east-1", "--scenario", str(file), *DAY)
    assert "Scenario: Later (changes nothing before 1 January 2027)" in out
    code, _, err = run(capsys, "aws", "--scenario", "dpf")
    assert code == 2
    assert "Shipped: cada-adopted, dpf-annulled" in err


def test_a_card_with_an_overlay(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "overlay: own\ndefaults: {source: our own papers, certainty: secondary, checked_on: 2026-11-20}\n"
        "offers: [{id: rides, name: Rides, kind: recipient, contracting_entity: {name: Rides BV, country: NL},\n"
        "  ultimate_parent: {name: Rides Inc.}, locations: [{id: nl, country: NL}]}]\n",
        encoding="utf-8",
    )
    found = card(capsys, "rides", "nl", "--atlas", str(file), *DAY)
    assert found["laws"] is None
    assert found["place"]["certainty"] == "secondary"
    _, out, _ = run(capsys, "rides", "nl", "--atlas", str(file), *DAY)
    assert "not known: the country of a company is missing" in out
    assert "atlas of 24 November 2026 + overlay:own" in out


def test_the_united_kingdom_in_2020(capsys: pytest.CaptureFixture[str]) -> None:
    found = card(capsys, "aws", "eu-west-2", "--as-of", "2020-06-01")["place"]
    assert (found["in_eu"], found["in_eea"], found["adequate"]) == (None, None, True)
    assert "transition period" in found["doubt"]
    _, out, _ = run(capsys, "aws", "eu-west-2", "--as-of", "2021-03-01", "--lang", "fr")
    assert "pont jusqu’à une décision d’adéquation" in out
