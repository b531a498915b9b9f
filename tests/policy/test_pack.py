from __future__ import annotations

from pathlib import Path

import pytest

from residency.errors import UserError
from residency.model import Verdict
from residency.policy.examples import run_examples
from residency.policy.pack_file import load_pack
from residency.policy.shipped import find_pack, shipped_ids, whole_pack

GOOD = """\
id: mine
version: 1.0.0
title: {en: Mine, fr: Le mien}
description: {en: A pack., fr: Un référentiel.}
default_profile: all
profiles:
  - id: all
    title: {en: All, fr: Tout}
    rules: [M-1]
rules:
  - id: M-1
    title: {en: In France, fr: En France}
    severity: high
    view: both
    decide: automatic
    basis:
      - cite: {en: GDPR Art. 44, fr: RGPD art. 44}
    applies: place.role == "primary"
    require: |
      place.countries.all(c,
        c in ["FR"])
    reason: {en: "In {place.countries}.", fr: "Dans {place.countries}."}
    remediation: {en: Move it., fr: Déplacez-la.}
    examples:
      - given: {place.role: primary, place.countries: [FR]}
        expect: compliant
      - given: {place.role: primary, place.countries: [FR, US]}
        expect: violation
      - given: {place.role: primary}
        expect: unproven
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        load_pack(write(folder, text))
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_good_pack_loads_and_its_examples_hold(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, GOOD))
    assert [rule.id for rule in pack.rules] == ["M-1"]
    assert all(outcome.holds for outcome in run_examples(pack))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("place.countries.all", "place.contries.all", "pack.yaml:20:12: rule M-1.require: undeclared reference to 'place.contries'. Did you mean place.countries"),
        ('c in ["FR"])', "c in [1])", "pack.yaml:21:11: rule M-1.require: found no matching overload"),
        ('place.role == "primary"', "place.role", "rule M-1.applies: the condition must be true or false"),
        ("severity: high", "severity: grave", "pack.yaml:13:15: rules.0.severity"),
        ("severity: high", "severty: high", "pack.yaml:13:14: rules.0.severty: this key is not known here"),
        ("    remediation: {en: Move it., fr: Déplacez-la.}\n", "", "rules.0.remediation: is missing"),
        ("{en: Mine, fr: Le mien}", "{en: Mine}", "title.fr: is missing"),
        ("In {place.countries}.", "In {place.land}.", "{place.land} is not a fact"),
        ("rules: [M-1]", "rules: [M-2]", "pack.yaml:9:13: profile all: there is no rule M-2"),
        ("default_profile: all", "default_profile: none", "pack.yaml:5:18: there is no profile none"),
        ("        expect: unproven", "        expect: none", "an example is missing that is: unproven"),
        ("place.role: primary, place.countries: [FR]", "place.roles: primary", "place.roles is not a fact"),
        ("place.role: primary, place.countries: [FR]", "place.role: true", "place.role must be a string"),
        ("decide: automatic", "decide: document", "has no `require`"),
        ("version: 1.0.0", "version: 1.0", "version"),
        ("id: mine", "id: mine\nid: yours", "the key 'id' stands twice"),
        ("id: mine", "id: &a mine", "anchors and aliases"),
        ("id: mine", "id: [mine", "is not valid YAML"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert any(expected in problem for problem in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("place.countries.all", "place.contries.all")
        .replace('place.role == "primary"', "place.rolle")
        .replace("[M-1]", "[M-9]")
    )
    found = problems(tmp_path, text)
    assert sum("undeclared reference" in problem for problem in found) == 2
    assert any("M-9" in problem for problem in found)


def test_a_bare_no_is_norway(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, GOOD.replace("[FR, US]", "[FR, NO]")))
    assert pack.rules[0].examples[1].given["place.countries"] == ["FR", "NO"]


@pytest.mark.parametrize("name", shipped_ids())
def test_the_examples_of_the_shipped_packs_hold(name: str) -> None:
    assert [outcome for outcome in run_examples(whole_pack(name)) if not outcome.holds] == []


@pytest.mark.parametrize("name", shipped_ids())
def test_every_rule_of_a_shipped_pack_is_in_a_profile_and_every_profile_loads(name: str) -> None:
    whole = whole_pack(name)
    for profile in whole.profiles:
        assert tuple(rule.id for rule in find_pack(f"{name}@{profile.id}").rules) == profile.rules
    if whole.profiles:
        assert {rule.id for rule in whole.rules} == {rule for profile in whole.profiles for rule in profile.rules}


def test_a_wrong_example_does_not_hold(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, GOOD.replace("[FR, US]", "[FR]", 1)))
    failed = [outcome for outcome in run_examples(pack) if not outcome.holds]
    assert [(outcome.expected, outcome.by_sql) for outcome in failed] == [(Verdict.VIOLATION, Verdict.COMPLIANT)]


def test_an_unknown_policy_names_those_there_are() -> None:
    with pytest.raises(UserError, match=r"eu-only, .*health-data-hub"):
        find_pack("helth-data-hub")
    with pytest.raises(UserError, match="hdh-2020-order"):
        find_pack("health-data-hub@nope")
