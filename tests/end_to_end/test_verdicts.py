"""The verdicts a lawyer would give, through the command line, from an inventory file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.end_to_end.command import residency
from tests.end_to_end.estates import bucket, replicated

LOCATION_RULES = ("HDH-LOC-01", "HDH-LOC-02", "HDH-LOC-03")


def findings(folder: Path, estate: dict[str, Any], *options: str) -> tuple[int, dict[str, Any]]:
    file = folder / "inventory.json"
    file.write_text(json.dumps(estate), encoding="utf-8")
    ran = residency(
        "audit", file, "--policy", "health-data-hub", "--as-of", "2026-11-24", "--format", "json", "--verdicts", "all",
        "--out", folder / "out", *options, cwd=folder,
    )  # fmt: skip
    assert "Traceback" not in ran.err, ran.err
    document: dict[str, Any] = json.loads((folder / "out" / "findings.json").read_text(encoding="utf-8"))
    return ran.code, document


def verdicts(document: dict[str, Any], role: str = "primary") -> dict[str, str]:
    """Verdict by rule of the findings about a placement of this role."""
    return {f["rule"]: f["verdict"] for f in document["findings"] if f["placement"] and f["placement"]["role"] == role}


def test_s3_in_paris_is_in_place_and_under_us_law(tmp_path: Path) -> None:
    code, document = findings(tmp_path, bucket("patients", "eu-west-3"))
    said = verdicts(document)
    assert code == 1
    assert document["verdict"] == {"health-data-hub": "violation"}
    assert {rule: said[rule] for rule in LOCATION_RULES[:2]} == {"HDH-LOC-01": "compliant", "HDH-LOC-02": "compliant"}
    assert said["HDH-JUR-01"] == "violation"
    assert said["HDH-CERT-02"] == "violation"
    assert said["HDH-KEY-01"] == "violation"
    jur = next(f for f in document["findings"] if f["rule"] == "HDH-JUR-01")
    assert jur["control"]["parent_country"] == "US"
    assert {"US-CLOUD-ACT", "US-FISA-702"} <= {law["id"] for law in jur["control"]["laws"] if law["via"] == "parent"}


def test_a_copy_in_virginia_is_found_with_its_evidence(tmp_path: Path) -> None:
    code, document = findings(tmp_path, replicated(bucket("patients", "eu-west-3"), "us-east-1"))
    assert code == 1
    assert verdicts(document, "replica")["HDH-LOC-03"] == "violation"
    copy = next(f for f in document["findings"] if f["rule"] == "HDH-LOC-03")
    assert copy["placement"]["countries"] == ["US"]
    assert copy["placement"]["evidence"] == {
        "api": "s3:GetBucketReplication",
        "field": "ReplicationConfiguration.Rules[0].Destination.Bucket",
        "value": "arn:aws:s3:::patients-dr",
    }
    assert "États-Unis" in copy["reason"]["fr"]
    assert verdicts(document)["HDH-LOC-01"] == "compliant"


def test_scaleway_is_under_european_control_but_not_yet_qualified(tmp_path: Path) -> None:
    _, document = findings(tmp_path, bucket("patients", "fr-par", offer="scaleway"))
    said = verdicts(document)
    assert said["HDH-LOC-01"] == "compliant"
    assert said["HDH-JUR-01"] == "compliant"
    assert said["HDH-CERT-02"] == "violation"


def test_an_unknown_region_is_unproven(tmp_path: Path) -> None:
    _, document = findings(tmp_path, bucket("patients", "mars-north-1"))
    said = verdicts(document)
    assert {said[rule] for rule in LOCATION_RULES[:2]} == {"unproven"}
    where = next(f for f in document["findings"] if f["rule"] == "HDH-LOC-01")
    assert where["missing"] == ["place.in_eu"]
    assert "mars-north-1" in where["reason"]["en"]


def test_a_bucket_whose_location_was_not_read_is_unproven_not_lost(tmp_path: Path) -> None:
    _, document = findings(tmp_path, bucket("patients", None))
    assert verdicts(document)["HDH-LOC-01"] == "unproven"


def test_what_only_a_paper_shows_is_unproven_until_attested(tmp_path: Path) -> None:
    _, document = findings(tmp_path, bucket("patients", "eu-west-3"))
    papers = {f["rule"]: f for f in document["findings"] if f["missing"] == ["attestation"]}
    assert {"HDH-JUR-02", "HDH-JUR-03", "HDH-TRF-02", "HDH-SUB-01", "HDH-EXIT-01"} <= set(papers)
    assert {f["verdict"] for f in papers.values()} == {"unproven"}


def test_untagged_data_is_judged_as_personal_and_said_so(tmp_path: Path) -> None:
    _, document = findings(tmp_path, bucket("exports", "eu-west-3", tags={}))
    said = verdicts(document)
    assert said["HDH-LOC-01"] == "compliant"
    assert said["HDH-SEN-01"] == "violation"
    assert "HDH-CERT-02" not in said
    _, document = findings(tmp_path, bucket("exports", "eu-west-3", tags={}), "--data-class", "health")
    assert verdicts(document)["HDH-CERT-02"] == "violation"
