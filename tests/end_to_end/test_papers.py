"""Attestations, waivers and data classes through the command line, with the very files that the documentation shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import bucket

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "attest-and-waive.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    papers, configuration = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:3]
    (tmp_path / "papers.yaml").write_text(papers.split("```")[0], encoding="utf-8")
    (tmp_path / "residency.yaml").write_text(configuration.split("```")[0], encoding="utf-8")
    estate = bucket("hdh-snds-lake", "eu-west-3")
    (tmp_path / "inventory.json").write_text(json.dumps(estate), encoding="utf-8")
    return tmp_path


def verdicts(folder: Path, as_of: str) -> dict[str, tuple[str, str | None]]:
    ran = residency("audit", "inventory.json", "--as-of", as_of, "--verdicts", "all", "--format", "json", cwd=folder)
    assert "Traceback" not in ran.err, ran.err
    document: dict[str, Any] = json.loads((folder / "residency-report" / "findings.json").read_text(encoding="utf-8"))
    return {f["rule"]: (f["verdict"], f["waiver"]) for f in document["findings"]}


def test_papers_count_while_they_are_valid(folder: Path) -> None:
    said = verdicts(folder, "2026-11-24")
    assert said["HDH-CERT-02"] == ("waived", "W-2026-04")
    assert said["HDH-JUR-03"][0] == "compliant"
    assert said["HDH-SUB-01"][0] == "compliant"
    assert said["HDH-JUR-02"][0] == "unproven"
    assert "WAIVER" not in said
    assert "ATTESTATION" not in said


def test_papers_that_ran_out_are_findings_of_their_own(folder: Path) -> None:
    said = verdicts(folder, "2027-06-01")
    assert said["HDH-CERT-02"] == ("violation", None)
    assert said["HDH-JUR-03"][0] == "unproven"
    assert said["WAIVER"][0] == "unproven"
    assert said["ATTESTATION"][0] == "unproven"


def test_a_waiver_does_not_hide_what_it_does_not_name(folder: Path) -> None:
    (folder / "inventory.json").write_text(json.dumps(bucket("other", "eu-west-3")), encoding="utf-8")
    said = verdicts(folder, "2026-11-24")
    assert said["HDH-CERT-02"] == ("violation", None)
    assert said["WAIVER"][0] == "unproven"


def test_a_data_class_by_name_from_the_configuration(folder: Path) -> None:
    estate = bucket("catalogue-open-data", "us-east-1", tags={})
    (folder / "inventory.json").write_text(json.dumps(estate), encoding="utf-8")
    said = verdicts(folder, "2026-11-24")
    assert "HDH-LOC-01" not in said
    assert said["HDH-SEN-01"][0] == "compliant"


def test_a_wrong_paper_stops_the_audit_before_anything_is_read(folder: Path) -> None:
    papers = folder / "papers.yaml"
    papers.write_text(
        papers.read_text(encoding="utf-8").replace("    approved_by: director@example.org\n", ""), encoding="utf-8"
    )
    assert one_message(residency("audit", "inventory.json", cwd=folder), "papers.yaml", "approved_by", "Field required")
    assert not (folder / "residency-report").exists()
