"""The demonstration, as a user runs it: three emulated clouds, one report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.end_to_end.command import residency

# The known answer of the Google Cloud and the Azure estate: whose, what is named, in which role, where, and by what it
# is known. That of the AWS estate is in test_aws.py, which reads every region.
KNOWN = {
    ("azure", "Plateforme des données de santé", "control-plane", "eudb", "directory"),
    ("azure", "emc2", "backup", "francesouth", "sql-backup"),
    ("azure", "emc2", "primary", "francecentral", "location"),
    ("azure", "hdh-assistant", "key", "francecentral", "encryption-key"),
    ("azure", "hdh-assistant", "key", "francesouth", "encryption-key"),
    ("azure", "hdh-assistant", "primary", "francecentral", "location"),
    ("azure", "hdh-assistant", "processing", "global", "model-deployment"),
    ("azure", "hdh-cohorts", "primary", "francecentral", "location"),
    ("azure", "hdh-keys", "log", "francecentral", "log-to-workspace"),
    ("azure", "hdh-keys", "primary", "francecentral", "location"),
    ("azure", "hdh-keys", "replica", "francesouth", "vault-replication"),
    ("azure", "hdh-logs", "primary", "francecentral", "location"),
    ("azure", "hdh-network", "primary", "francecentral", "location"),
    ("azure", "hdh-operations", "primary", "eastus", "location"),
    ("azure", "hdh-research", "primary", "francecentral", "location"),
    ("azure", "hdh-research-data", "primary", "francecentral", "location"),
    ("azure", "hdhfirstlake", "primary", "westeurope", "location"),
    ("azure", "hdhsndslake", "key", "francecentral", "encryption-key"),
    ("azure", "hdhsndslake", "key", "francesouth", "encryption-key"),
    ("azure", "hdhsndslake", "log", "eastus", "log-to-workspace"),
    ("azure", "hdhsndslake", "primary", "francecentral", "location"),
    ("azure", "hdhsndslake", "replica", "francesouth", "geo-redundancy"),
    ("gcp", "cohorts", "key", "europe-west9", "encryption-key"),
    ("gcp", "cohorts", "primary", "europe-north1", "location"),
    ("gcp", "cohorts", "primary", "europe-west9", "location"),
    ("gcp", "extract-token", "primary", "global", "automatic-replication"),
    ("gcp", "hdh-platform-logs", "primary", "us-central1", "location"),
    ("gcp", "hdh-research-archive", "key", "europe-west9", "encryption-key"),
    ("gcp", "hdh-research-archive", "primary", "eu", "location"),
    ("gcp", "hdh-research-archive", "share", None, "iam-policy"),
    ("gcp", "hdh-research-lake", "key", None, "external-key"),
    ("gcp", "hdh-research-lake", "primary", "europe-west9", "location"),
    ("gcp", "kept-outside", "primary", "europe-west9", "location"),
    ("gcp", "platform", "log", "us-central1", "log-sink"),
    ("gcp", "platform", "primary", "us-central1", "log-sink"),
    ("gcp", "registry", "backup", "eu", "sql-backup"),
    ("gcp", "registry", "primary", "europe-west9", "location"),
    ("gcp", "registry", "replica", "europe-west2", "sql-read-replica"),
    ("gcp", "registry-london", "primary", "europe-west2", "location"),
}


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_the_demonstration_runs_and_shows_what_it_promises(tmp_path: Path) -> None:
    ran = residency("demo", "--out", tmp_path / "report", "--as-of", "2026-11-24", cwd=tmp_path)
    assert ran.code == 0, ran.err
    document = read(tmp_path / "report", "findings.json")
    assert document["verdict"] == {"health-data-hub": "violation"}
    assert document["run"]["live"] is False
    assert [told.partition(":")[0] for told in document["run"]["endpoints"]] == document["run"]["sources"]
    assert document["run"]["sources"] == ["aws", "azure", "gcp"]
    denied = {(row["provider"], row["service"]) for row in document["coverage"] if row["status"] not in ("read", "empty", "disabled")}
    assert denied == {("aws", "backup")}
    violated = {(f["resource"]["provider"], f["rule"]) for f in document["findings"] if f["verdict"] == "violation"}
    rules = {"HDH-LOC-01", "HDH-LOC-03", "HDH-JUR-01", "HDH-CERT-02", "HDH-KEY-02", "HDH-SEN-01"}
    assert rules <= {rule for provider, rule in violated if provider == "aws"}
    assert {provider for provider, rule in violated if rule == "HDH-JUR-01"} == {"aws", "gcp", "azure"}
    assert "NOT COMPLIANT" in ran.out
    assert str(tmp_path / "report" / "report.html") in ran.out
    inventory = read(tmp_path / "report", "inventory.json")
    of = {resource["uid"]: resource for resource in inventory["resources"]}
    told = {
        (of[row["uid"]]["provider"], of[row["uid"]]["name"], row["role"], row.get("location"), row["via"])
        for row in inventory["placements"]
        if of[row["uid"]]["provider"] != "aws"
    }
    assert told == KNOWN
