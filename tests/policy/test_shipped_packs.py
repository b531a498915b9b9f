"""What every shipped pack must keep to: the atlas behind each basis, scope shown by examples, French as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.classify.rows import classify
from residency.model import Coverage, Placement, Resource, Role, Row, Status, Verdict
from residency.packagedata import shipped
from residency.policy.judge import judge
from residency.policy.pack import Pack, Rule
from residency.policy.shipped import find_pack, shipped_ids
from residency.result import Text
from residency.tables import Inventory
from residency.yamlfile import read_yaml

DAY = date(2026, 11, 24)
NB, NN = "\u00a0", "\u202f"
# "dérogation" is the law's own word here: SREN art. 31 and GDPR art. 49.
DEROGATION = {"sren-31", "gdpr-transfers", "health-data-hub/HDH-EXIT-02", "health-data-hub/HDH-CERT-02"}


@cache
def every_rule(name: str) -> tuple[Rule, ...]:
    """The rules of a pack, those outside its default profile too."""
    pack = find_pack(name)
    rules = {rule.id: rule for rule in pack.rules}
    for profile in pack.profiles:
        rules |= {rule.id: rule for rule in find_pack(f"{name}@{profile.id}").rules}
    return tuple(rules.values())


def sentences(name: str) -> Iterator[tuple[str, Text]]:
    pack = find_pack(name)
    yield name, pack.title
    yield name, pack.description
    yield from ((f"{name}/{profile.id}", profile.title) for profile in pack.profiles)
    yield from ((f"{name}/{level.id}", level.title) for level in pack.levels)
    yield from ((f"{name}/{objective.id}", objective.title) for objective in pack.objectives)
    for rule in every_rule(name):
        for text in (rule.title, rule.reason, rule.remediation, *rule.basis):
            yield f"{name}/{rule.id}", text


ALL = [(where, text) for name in shipped_ids() for where, text in sentences(name)]


def told(pattern: str, lang: str = "fr") -> list[str]:
    """Where a pattern is found, with what is around it."""
    hits = []
    for where, text in ALL:
        plain = re.sub(r"\{[a-z_.]+\}", "X", getattr(text, lang))
        hits += [f"{where}: …{plain[max(0, m.start() - 15) : m.end() + 15]}…" for m in re.finditer(pattern, plain)]
    return hits


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("'", "straight apostrophe"),
        ('[“”"]', "English quotes"),
        (rf"[^{NB}]:(?=\s|$)", "no-break space before a colon"),
        (rf"[^{NB}]%", "no-break space before a percent sign"),
        (rf"[^{NN}][;!?»]", "narrow no-break space before a double punctuation mark"),
        (rf"«[^{NN}]", "narrow no-break space after an opening quote"),
        (r"  |\s$|^\s", "stray space"),
    ],
)
def test_french_typography(pattern: str, what: str) -> None:
    assert told(pattern) == [], what


@pytest.mark.parametrize(
    "word", ["violation", "infraction", "cryptage", "crypté", "digital", "datacenter", "supporter"]
)
def test_banned_french_words(word: str) -> None:
    assert told(f"(?i){word}") == []


def test_derogation_is_said_only_where_the_law_says_it() -> None:
    hits = {line.split(":")[0] for line in told("(?i)dérogation")}
    assert {hit for hit in hits if hit not in DEROGATION and hit.split("/")[0] not in DEROGATION} == set()


@pytest.mark.parametrize("word", ["violation", "breach", "waiver", "gdpr compliant", "safe country"])
def test_banned_english_words(word: str) -> None:
    assert told(f"(?i){word}", "en") == []


def test_sentences_differ_and_name_the_same_facts() -> None:
    for where, text in ALL:
        if " " in text.en and not any(char.isdigit() for char in text.en):
            assert text.en != text.fr, where
    for name in shipped_ids():
        for rule in every_rule(name):
            for text in (rule.reason, rule.remediation):
                english, french = (set(re.findall(r"\{([a-z_.]+)\}", t)) for t in (text.en, text.fr))
                # French leaves a role or a class out where its code would stand in the sentence.
                assert french <= english, rule.id
                assert english - french <= {"place.role", "resource.data_class", "place.location"}, rule.id


@cache
def atlas_ids() -> frozenset[str]:
    found: set[str] = set()
    data = shipped("policies").parent / "residency" / "atlas" / "data"
    if not data.is_dir():
        data = shipped("policies").parent / "atlas" / "data"
    for file, section in (("laws", "laws"), ("eu-rules", "eu_rules"), ("frameworks", "frameworks")):
        value: Any = read_yaml(data / f"{file}.yaml").value
        entries = value.get(section) or next(v for v in value.values() if isinstance(v, list) and "id" in v[0])
        found |= {entry["id"] for entry in entries}
        found |= {entry["related"]["id"] for entry in entries if isinstance(entry.get("related"), dict)}
    return frozenset(found)


@pytest.mark.parametrize("name", shipped_ids())
def test_each_basis_is_in_the_atlas_and_dates_are_days(name: str) -> None:
    for rule in every_rule(name):
        assert set(rule.basis_atlas) <= atlas_ids(), rule.id
    for rule in read_yaml(shipped("policies") / f"{name}.yaml").value["rules"]:
        for basis in rule["basis"]:
            assert "date" not in basis or date.fromisoformat(basis["date"]) <= DAY, rule["id"]


@pytest.mark.parametrize("name", [n for n in shipped_ids() if n not in ("eu-only", "health-data-hub")])
def test_the_scope_of_each_rule_is_shown(name: str) -> None:
    rules = every_rule(name)
    assert 8 <= len(rules) <= 28
    for rule in rules:
        assert any(example.expect is None for example in rule.examples), rule.id


def test_rule_ids_are_of_one_pack_only() -> None:
    """An attestation names a rule by its id alone."""
    ids = [rule.id for name in shipped_ids() for rule in every_rule(name)]
    assert len(ids) == len(set(ids))


def test_each_profile_of_gaia_x_is_there() -> None:
    assert [p.id for p in find_pack("gaia-x").profiles] == ["gaia-x-sc", "gaia-x-l1", "gaia-x-l2", "gaia-x-l3"]


def verdicts(
    pack: Pack, offer: str, location: str, day: date = DAY, role: Role = Role.PRIMARY, **resource: Any
) -> dict[str, Verdict]:
    """The verdict of each rule on one health bucket of an offer in a location, by the atlas of the day."""
    shape: dict[str, Any] = {
        "uid": "b",
        "provider": offer,
        "offer": offer,
        "account": "1",
        "type": "X",
        "kind": "object-bucket",
        "tags": {"data-class": "health"},
    }
    rows: list[Row] = [
        Resource(**{**shape, **resource}),
        Placement("b", role, location, "location"),
        Coverage(offer, "1", location, "s3", Status.READ, ""),
    ]
    inventory = Inventory.of(rows)
    found = judge(classify(inventory, load_atlas(), day), inventory.coverage, [pack]).to_pylist()
    return {finding["rule"]: Verdict(finding["verdict"]) for finding in found}


C, U, V = Verdict.COMPLIANT, Verdict.UNPROVEN, Verdict.VIOLATION


@pytest.mark.parametrize(
    ("offer", "location", "day", "unconditional", "conditional"),
    [
        ("aws", "eu-west-3", DAY, C, None),
        ("aws", "sa-east-1", DAY, C, None),  # Brazil, Decision (EU) 2026/179
        ("aws", "sa-east-1", date(2026, 1, 25), U, None),
        ("aws", "eu-west-2", DAY, C, None),  # United Kingdom
        ("aws", "eu-west-2", date(2020, 6, 1), C, None),  # treated as inside
        ("aws", "us-east-1", DAY, None, U),  # Data Privacy Framework
        ("aws", "us-east-1", date(2021, 1, 1), U, None),  # after Schrems II
        ("aws", "ca-central-1", DAY, None, U),
        ("aws", "ap-northeast-1", DAY, None, U),
        ("aws", "ap-south-1", DAY, U, None),  # India
        ("gcp", "global", DAY, U, None),  # anywhere
        ("aws", "mars-north-1", DAY, U, U),
    ],
)
def test_transfers_follow_the_decisions_of_the_day(
    offer: str, location: str, day: date, unconditional: Verdict | None, conditional: Verdict | None
) -> None:
    found = verdicts(find_pack("gdpr-transfers"), offer, location, day)
    assert (found.get("GDPR-TRF-01"), found.get("GDPR-TRF-02")) == (unconditional, conditional)


def test_keys_held_by_the_provider_are_no_measure_in_a_non_adequate_country() -> None:
    pack = find_pack("gdpr-transfers")
    assert verdicts(pack, "aws", "ap-south-1", key_custody="customer-managed")["GDPR-KEY-01"] == V
    assert verdicts(pack, "aws", "ap-south-1", key_custody="external")["GDPR-KEY-01"] == U
    assert "GDPR-KEY-01" not in verdicts(pack, "aws", "eu-west-3", key_custody="customer-managed")


@pytest.mark.parametrize(
    ("offer", "location", "expected"),
    [
        ("aws", "eu-west-3", {"SNC-QUAL": V, "SNC-19.2.b": C, "SNC-19.6.b": V, "SNC-19.6.c": U}),
        ("aws", "eu-central-2", {"SNC-19.2.b": V}),  # Zurich: neither EU nor EEA
        ("scaleway", "fr-par", {"SNC-QUAL": V, "SNC-19.2.b": C, "SNC-19.6.a": C, "SNC-19.6.b": C, "SNC-19.6.c": U}),
    ],
)
def test_secnumcloud_by_known_offers(offer: str, location: str, expected: dict[str, Verdict]) -> None:
    found = verdicts(find_pack("secnumcloud-3.2"), offer, location)
    assert {rule: found.get(rule) for rule in expected} == expected


def test_hds_asks_for_the_eea_and_gaia_x_level_3_does_too() -> None:
    hds, label = find_pack("hds-v2"), find_pack("gaia-x@gaia-x-l3")
    assert verdicts(hds, "aws", "eu-west-2")["HDS-EXI-28"] == V
    assert verdicts(hds, "scaleway", "fr-par")["HDS-EXI-28"] == C
    assert verdicts(label, "aws", "eu-west-2")["GX-P5.1.2"] == V
    assert verdicts(label, "aws", "eu-west-3")["GX-P5.1.5"] == V


@pytest.mark.parametrize("name", shipped_ids())
def test_an_unknown_offer_and_place_pass_nothing(name: str) -> None:
    found = verdicts(find_pack(name), "nobody", "nowhere")
    assert {
        rule: verdict for rule, verdict in found.items() if verdict is not U and "SEN" not in rule and "CLA" not in rule
    } == {}
