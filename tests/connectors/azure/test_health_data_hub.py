"""The Health Data Hub as it was on Azure: every place of the declared estate, and each verdict on the days of the case."""

from __future__ import annotations

import re
from datetime import date

import pytest

from residency.atlas.atlas import load_atlas
from residency.audit import Origin, Question, audit
from residency.connectors.azure.hierarchy import Tenant
from residency.connectors.azure.item import GRAPH, item_of
from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS
from residency.connectors.azure.read import read
from residency.demo import azure_estate as estate
from residency.model import Verdict
from residency.policy.shipped import find_pack, whole_pack
from residency.result import Finding
from residency.tables import Inventory

# The last day of Privacy Shield, the two orders of the Conseil d'État, and the SREN decree in force.
DAYS = (date(2020, 7, 15), date(2020, 10, 13), date(2024, 3, 22), date(2026, 11, 24))

# Name, role, place -> rules by verdict: c compliant, v violation, u unproven, - the rule says nothing. One letter where
# it is the same on all days, else one a day.
VERDICTS: dict[tuple[str, str, str], dict[str, str]] = {
    ("Plateforme des données de santé", "control-plane", "eudb"): {
        "c": "GDPR-TRF-04",
        "v": "HDH-LOC-04",
    },
    ("emc2", "backup", "francesouth"): {
        "c": "EU-LOC-02 GDPR-TRF-01 HDH-LOC-02 HDH-LOC-03",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01",
    },
    ("emc2", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "v": "HDH-KEY-01",
    },
    ("hdh-assistant", "key", "francecentral"): {
        "c": "EU-LOC-03 GDPR-TRF-04 HDH-KEY-02",
    },
    ("hdh-assistant", "key", "francesouth"): {
        "c": "EU-LOC-03 GDPR-TRF-04 HDH-KEY-02",
    },
    ("hdh-assistant", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01",
        "v": "HDH-CERT-02 HDH-JUR-01",
    },
    ("hdh-assistant", "processing", "global"): {
        "v": "EU-LOC-01 HDH-LOC-01",
        "u": "GDPR-TRF-01",
    },
    ("hdh-cohorts", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01 HDH-KEY-01",
    },
    ("hdh-keys", "log", "francecentral"): {
        "c": "EU-LOC-03 GDPR-TRF-04 HDH-LOC-04",
    },
    ("hdh-keys", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-KEY-02",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01",
    },
    ("hdh-keys", "replica", "francesouth"): {
        "c": "EU-LOC-02 GDPR-TRF-01 HDH-KEY-02 HDH-LOC-03",
    },
    ("hdh-logs", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-SEN-01",
    },
    ("hdh-operations", "primary", "eastus"): {
        "v": "EU-LOC-01 HDH-LOC-01",
        "-u--": "GDPR-TRF-01",
        "u-uu": "GDPR-TRF-02",
        "c": "HDH-SEN-01",
    },
    ("hdh-research", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "u": "HDH-CERT-01 HDH-KEY-01",
        "v": "HDH-CERT-02 HDH-JUR-01",
    },
    ("hdh-research-data", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01 HDH-KEY-01",
    },
    ("hdhfirstlake", "primary", "westeurope"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01 HDH-KEY-01",
    },
    ("hdhsndslake", "key", "francecentral"): {
        "c": "EU-LOC-03 GDPR-TRF-04 HDH-KEY-02",
    },
    ("hdhsndslake", "key", "francesouth"): {
        "c": "EU-LOC-03 GDPR-TRF-04 HDH-KEY-02",
    },
    ("hdhsndslake", "log", "eastus"): {
        "v": "EU-LOC-03 HDH-LOC-04",
        "u": "GDPR-TRF-04",
    },
    ("hdhsndslake", "primary", "francecentral"): {
        "c": "EU-LOC-01 GDPR-TRF-01 HDH-LOC-01 HDH-LOC-02 HDH-SEN-01",
        "u": "HDH-CERT-01",
        "v": "HDH-CERT-02 HDH-JUR-01 HDH-KEY-01",
    },
    ("hdhsndslake", "replica", "francesouth"): {
        "c": "EU-LOC-02 GDPR-TRF-01 HDH-LOC-02 HDH-LOC-03",
    },
}
# Rule, name -> what its reason says, and the source in law that it cites.
REASONS = {
    ("HDH-LOC-01", "hdh-assistant"): ("any country, location global", "Order of 9 October 2020"),
    ("HDH-LOC-01", "hdh-operations"): ("United States, location eastus", "Order of 9 October 2020"),
    ("HDH-LOC-04", "hdhsndslake"): ("log data of hdhsndslake goes to United States", "no. 491644"),
    ("HDH-JUR-01", "hdhsndslake"): ("controlled by Microsoft Corporation (United States)", "SREN law"),
    ("HDH-CERT-02", "hdhsndslake"): ("No SecNumCloud qualification held on this date", "Decree no. 2026-272"),
    ("HDH-KEY-01", "hdhsndslake"): ("managed by the client at the provider", "EDPB Recommendations 01/2020"),
    ("HDH-KEY-01", "hdhfirstlake"): ("managed by the provider", "EDPB Recommendations 01/2020"),
}


def inventory() -> Inventory:
    """The declared estate, read as if Azure had answered with it."""
    boundary = estate.DATA_BOUNDARY["properties"]["dataBoundary"]
    tenants = [Tenant(t["tenantId"], t["countryCode"], t["displayName"], boundary) for t in estate.TENANTS]
    items = [item_of(found, GRAPH) for found in (*estate.SUBSCRIPTIONS, *estate.RESOURCES)]
    items += [item_of(found, f"{found['type']}/read") for found in estate.PARTS]
    parts = [part.type for part in (*PARTS, INSTANCE_FAILOVER)]
    return Inventory.of(read(items, tenants=tenants, asked=[estate.SUBSCRIPTION], parts=parts))


@pytest.fixture(scope="module")
def findings() -> dict[date, list[Finding]]:
    found, atlas = inventory(), load_atlas()
    assert {row["status"] for row in found.coverage.to_pylist()} == {"read", "empty"}
    packs = (whole_pack("health-data-hub"), find_pack("gdpr-transfers"), find_pack("eu-only"))
    return {
        day: list(
            audit(
                found, atlas, Question(packs, day), Origin(("azure",), f"{day}T00:00:00Z", live=False), set(Verdict)
            ).findings
        )
        for day in DAYS
    }


def test_every_place_of_the_estate_is_found() -> None:
    found = inventory()
    names = {row["uid"]: row["name"] for row in found.resources.to_pylist()}
    places = {(names[row["uid"]], row["role"], row["location"]) for row in found.placements.to_pylist()}
    # A network holds nothing: no rule speaks of its place.
    assert places == {*VERDICTS, ("hdh-network", "primary", "francecentral")}


def test_each_verdict_on_each_day(findings: dict[date, list[Finding]]) -> None:
    told: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for at, day in enumerate(DAYS):
        for finding in findings[day]:
            if (place := finding.placement) is not None:
                key = (str(finding.resource.name), str(place.role), str(place.location))
                told.setdefault(key, {}).setdefault(finding.rule, ["-"] * len(DAYS))[at] = finding.verdict[0]
    grouped: dict[tuple[str, str, str], dict[str, str]] = {}
    for key, rules in told.items():
        for rule, days in sorted(rules.items()):
            letters = days[0] if len(set(days)) == 1 else "".join(days)
            grouped.setdefault(key, {})[letters] = f"{grouped.get(key, {}).get(letters, '')} {rule}".strip()
    assert grouped == VERDICTS


@pytest.mark.parametrize(
    ("profile", "day", "violated"),
    [
        ("hdh-2020-order", DAYS[1], {"HDH-LOC-01"}),
        ("hds-2024", DAYS[2], set()),
        ("hdh-target-2026", DAYS[3], {"HDH-LOC-01", "HDH-LOC-04", "HDH-JUR-01", "HDH-CERT-02", "HDH-KEY-01"}),
    ],
)
def test_what_each_text_asked_in_its_time(profile: str, day: date, violated: set[str]) -> None:
    """The order of 2020 asked for a place in the Union and not for another owner; the law of 2024 and its decree do."""
    question = Question((find_pack(f"health-data-hub@{profile}"),), day)
    origin = Origin(("azure",), f"{day}T00:00:00Z", live=False)
    told = audit(inventory(), load_atlas(), question, origin, {Verdict.VIOLATION}).findings
    assert {finding.rule for finding in told} == violated


@pytest.mark.parametrize("key", REASONS, ids="/".join)
def test_the_reason_is_that_of_the_case(findings: dict[date, list[Finding]], key: tuple[str, str]) -> None:
    words, law = REASONS[key]
    for day in DAYS:
        told = [f for f in findings[day] if (f.rule, f.resource.name, f.verdict) == (*key, Verdict.VIOLATION)]
        assert told
        for finding in told:
            assert words in finding.reason.en
            assert any(law in basis for basis in finding.basis)


def test_a_violation_cites_the_law_of_the_requirement_that_it_stands_for(findings: dict[date, list[Finding]]) -> None:
    requirements = {entry.id: entry for entry in load_atlas().files.shape("hdh-case").shape.requirements}
    violated = [
        finding
        for finding in findings[DAYS[-1]]
        if finding.policy == "health-data-hub" and finding.verdict == Verdict.VIOLATION
    ]
    assert {finding.rule for finding in violated} == {
        "HDH-LOC-01",
        "HDH-LOC-04",
        "HDH-JUR-01",
        "HDH-CERT-02",
        "HDH-KEY-01",
    }
    for finding in violated:
        requirement = requirements[finding.rule]
        assert finding.severity == requirement.severity
        cited = " ".join(finding.basis)
        for source in requirement.legal_basis:
            numbers = re.findall(r"\d[\d.]*\d", source)
            assert all(number in cited for number in numbers) or "ministries" in source, source
