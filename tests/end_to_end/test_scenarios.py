"""What breaks if the law changes: the audit under a scenario, and its difference to the law as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import bucket


def changes(
    folder: Path, estate: dict[str, Any], scenario: str, policy: str, as_of: str = "2027-02-01"
) -> dict[str, Any]:
    file = folder / "inventory.json"
    file.write_text(json.dumps(estate), encoding="utf-8")
    ran = residency(
        "audit", file, "--policy", policy, "--scenario", scenario, "--as-of", as_of, "--format", "json", cwd=folder
    )
    assert ran.code in (0, 1, 3), ran.err
    document: dict[str, Any] = json.loads((folder / "residency-report" / "findings.json").read_text(encoding="utf-8"))
    assert document["run"]["scenario"] == scenario
    return {change["rule"]: (change["before"], change["after"]) for change in document["scenario_changes"]}


def test_the_data_privacy_framework_annulled(tmp_path: Path) -> None:
    found = changes(tmp_path, bucket("patients", "us-east-1"), "dpf-annulled", "gdpr-transfers")
    assert found["GDPR-TRF-02"] == ("unproven", None)
    assert found["GDPR-TRF-01"] == (None, "unproven")


def test_an_offer_qualified(tmp_path: Path) -> None:
    found = changes(tmp_path, bucket("patients", "fr-par", offer="scaleway"), "offer-qualified", "health-data-hub")
    assert found == {"HDH-CERT-02": ("violation", "compliant")}


def test_uk_adequacy_lapsed(tmp_path: Path) -> None:
    found = changes(tmp_path, bucket("patients", "eu-west-2"), "uk-adequacy-lapsed", "gdpr-transfers", "2032-02-01")
    again = changes(tmp_path, bucket("patients", "eu-west-3"), "uk-adequacy-lapsed", "gdpr-transfers", "2032-02-01")
    assert again == {}
    assert set(found) <= {"GDPR-TRF-01", "GDPR-TRF-02", "GDPR-PSE-01", "GDPR-KEY-01"}


def test_a_scenario_of_ones_own_with_an_acquisition(tmp_path: Path) -> None:
    scenario = tmp_path / "acquired.yaml"
    scenario.write_text(
        """\
id: acquired
title: {en: Scaleway is bought by a US company, fr: Scaleway est achetée par une société américaine}
description: {en: A parent in the United States., fr: Une société mère aux États-Unis.}
changes:
  - acquire: scaleway
    by: {name: Example Corp., country: US}
""",
        encoding="utf-8",
    )
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(bucket("patients", "fr-par", offer="scaleway")), encoding="utf-8")
    ran = residency("audit", file, "--scenario", scenario, "--as-of", "2026-11-24", cwd=tmp_path)
    assert "HDH-JUR-01 patients (fr-par): compliant → not compliant" in ran.out, ran.out + ran.err
    assert "acquired" in (tmp_path / "residency-report" / "report.html").read_text(encoding="utf-8")


def test_a_scenario_that_is_none_and_one_that_is_too_late(tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(bucket("patients", "eu-west-3")), encoding="utf-8")
    assert one_message(
        residency("audit", file, "--scenario", "dpf-anulled", cwd=tmp_path), "dpf-anulled", "dpf-annulled"
    )
    late = tmp_path / "late.yaml"
    late.write_text(
        "id: late\ntitle: {en: Late, fr: Tard}\ndescription: {en: Late., fr: Tard.}\nchanges:\n  - annul: US-DPF\n    from: 2030-01-01\n",
        encoding="utf-8",
    )
    ran = residency("audit", file, "--scenario", late, "--as-of", "2026-11-24", cwd=tmp_path)
    assert one_message(ran, "late", "changes nothing on 2026-11-24", "2030-01-01")


@pytest.mark.parametrize("option", ["--atlas", "config"])
def test_facts_of_ones_own(tmp_path: Path, option: str) -> None:
    documented = Path(__file__).parents[2] / "docs" / "how-to" / "correct-the-atlas.md"
    assert documented.is_file()
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(_example(documented.read_text(encoding="utf-8")), encoding="utf-8")
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(bucket("patients", "eu-west-3")), encoding="utf-8")
    if option == "config":
        (tmp_path / "residency.yaml").write_text("atlas: [mine.yaml]\n", encoding="utf-8")
    arguments = ["--atlas", str(overlay)] if option == "--atlas" else []
    residency("audit", file, "--format", "json", *arguments, cwd=tmp_path)
    document = json.loads((tmp_path / "residency-report" / "findings.json").read_text(encoding="utf-8"))
    assert document["run"]["atlas"]["version"] != "2026-11-24"


def _example(page: str) -> str:
    return page.split("```yaml\n", 1)[1].split("```", 1)[0]
