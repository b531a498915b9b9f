from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import bucket, replicated


@pytest.fixture
def run(tmp_path: Path) -> Path:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(replicated(bucket("patients", "eu-west-3"), "us-east-1")), encoding="utf-8")
    residency("audit", file, "--as-of", "2026-11-24", cwd=tmp_path)
    return tmp_path / "residency-report"


def finding(run: Path, rule: str) -> str:
    document = json.loads((run / "findings.json").read_text(encoding="utf-8"))
    return str(next(f["id"] for f in document["findings"] if f["rule"] == rule))


def test_why_a_provider_is_under_foreign_law(run: Path) -> None:
    ran = residency("explain", run, finding(run, "HDH-JUR-01"), cwd=run)
    assert ran.code == 0, ran.err
    for words in (
        "NOT COMPLIANT",
        "Amazon.com, Inc.",
        "US-CLOUD-ACT: parent, memory",
        "SREN law",
        "control.parent_in_eu = yes",
    ):
        assert words in ran.out
    french = residency("explain", run, finding(run, "HDH-JUR-01"), "--lang", "fr", cwd=run)
    for words in ("NON CONFORME", "Loi SREN", "Ce qui le changerait"):
        assert words in french.out


def test_why_a_copy_is_outside(run: Path) -> None:
    ran = residency("explain", run, finding(run, "HDH-LOC-03")[:10], cwd=run)
    assert "s3:GetBucketReplication → ReplicationConfiguration.Rules[0].Destination.Bucket" in ran.out
    assert "place.in_eu = yes → compliant" in ran.out


def test_wrong_use_of_explain(run: Path, tmp_path: Path) -> None:
    assert one_message(residency("explain", run, "zzzz", cwd=run), "no finding 'zzzz'")
    assert one_message(residency("explain", run, "", cwd=run), "findings start with ''")
    assert one_message(residency("explain", tmp_path, "x", cwd=run), "manifest.json is missing", "parquet")
    (run / "facts.parquet").write_bytes(b"PAR1 no more")
    assert one_message(residency("explain", run, "x", cwd=run), "cannot be read as a run")


def test_every_verdict_is_in_parquet_with_its_place(run: Path) -> None:
    counts = json.loads((run / "findings.json").read_text(encoding="utf-8"))["counts"]
    query = f"SELECT verdict, count(*) FROM '{run / 'findings.parquet'}' GROUP BY 1"
    in_parquet = dict(duckdb.execute(query).fetchall())
    assert in_parquet["compliant"] > 0
    assert in_parquet == {v: sum(c["count"] for c in counts if c["verdict"] == v) for v in in_parquet}
    copy = f"""SELECT "resource.name", "place.countries" FROM '{run / "findings.parquet"}' WHERE rule = 'HDH-LOC-03'"""
    assert duckdb.execute(copy).fetchall() == [("patients", ["US"])]
