"""The frozen contract of the exit codes: 0, 1 and 3 (2 is in test_wrong_use.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import residency
from tests.end_to_end.estates import ACCOUNT, bucket, replicated

PARIS = bucket("patients", "eu-west-3")
GAP = {
    "provider": "aws",
    "account": ACCOUNT,
    "region": "eu-west-3",
    "service": "rds",
    "status": "denied",
    "detail": "AccessDenied",
}


def with_coverage(estate: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    return {**estate, "coverage": [*estate["coverage"], *rows]}


EMPTY: dict[str, Any] = {**PARIS, "resources": [], "placements": []}


@pytest.mark.parametrize(
    ("estate", "options", "expected"),
    [
        (PARIS, (), 0),
        (replicated(PARIS, "us-east-1"), (), 1),
        (replicated(PARIS, "us-east-1"), ("--fail-on", "critical"), 0),
        (replicated(PARIS, "us-east-1"), ("--fail-on", "high"), 1),
        (bucket("patients", "mars-north-1"), (), 3),
        (bucket("patients", None), (), 3),
        (with_coverage(PARIS, GAP), (), 3),
        (with_coverage(PARIS, {**GAP, "status": "throttled"}), (), 3),
        (with_coverage(PARIS, {**GAP, "status": "unreachable"}), (), 3),
        (with_coverage(PARIS, {**GAP, "status": "unsupported"}), (), 3),
        (with_coverage(PARIS, {**GAP, "status": "empty"}), (), 0),
        (with_coverage(PARIS, {**GAP, "status": "disabled"}), (), 0),
        (with_coverage(replicated(PARIS, "us-east-1"), GAP), (), 1),
        ({**PARIS, "coverage": []}, (), 3),
        (EMPTY, (), 3),
        ({"schema": "residency/inventory/v1"}, (), 3),
    ],
)
def test_the_exit_code_says_which(
    tmp_path: Path, estate: dict[str, Any], options: tuple[str, ...], expected: int
) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(estate), encoding="utf-8")
    ran = residency("audit", file, "--policy", "eu-only", "--format", "json", *options, cwd=tmp_path)
    assert ran.code == expected, ran.out + ran.err
    document = json.loads((tmp_path / "residency-report" / "findings.json").read_text(encoding="utf-8"))
    verdict = document["verdict"]["eu-only"]
    assert (verdict == "compliant") == (expected == 0 and not options)
    if expected == 3:
        assert verdict == "unproven"


def test_each_gap_in_the_reading_is_a_finding_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(with_coverage(PARIS, GAP)), encoding="utf-8")
    residency("audit", file, "--policy", "eu-only", "--format", "json", cwd=tmp_path)
    document = json.loads((tmp_path / "residency-report" / "findings.json").read_text(encoding="utf-8"))
    gaps = [f for f in document["findings"] if f["rule"] == "COVERAGE"]
    assert [(gap["verdict"], gap["resource"]["uid"]) for gap in gaps] == [
        ("unproven", f"coverage:aws/{ACCOUNT}/eu-west-3/rds")
    ]
    assert "AccessDenied" in gaps[0]["reason"]["en"]
    assert not document["run"]["complete"]
