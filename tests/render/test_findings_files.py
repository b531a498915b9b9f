from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest

from residency.render.findings_csv import COLUMNS, findings_csv, safe_cell
from residency.render.findings_json import findings_json
from residency.render.inventory_json import inventory_json
from tests.render.factory import HOSTILE, empty, hostile, large, small


def document(result: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(b"".join(findings_json(result)))
    return loaded


def table(result: Any) -> list[dict[str, str]]:
    data = b"".join(findings_csv(result))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_findings_json_has_the_shape_that_programs_rely_on() -> None:
    loaded = document(small())
    assert list(loaded) == [
        "schema",
        "run",
        "verdict",
        "summary",
        "counts",
        "findings",
        "levels",
        "scenario_changes",
        "since",
        "coverage",
    ]
    assert loaded["schema"] == "residency/findings/v1"
    assert list(loaded["run"]) == [
        "id", "started", "as_of", "scenario", "sources", "policies", "atlas", "complete", "live", "endpoints", "tool", "redacted",
    ]  # fmt: skip
    assert list(loaded["run"]["policies"][0]) == ["id", "version", "sha256", "profile"]
    assert list(loaded["run"]["atlas"]) == ["version", "sha256"]
    assert loaded["verdict"] == {"health-data-hub": "violation"}
    finding = loaded["findings"][0]
    assert list(finding) == [
        "id", "policy", "rule", "verdict", "severity", "resource", "placement", "control", "data_class", "reason",
        "remediation", "basis", "missing", "waiver",
    ]  # fmt: skip
    assert list(finding["resource"]) == ["uid", "provider", "offer", "account", "type", "kind", "name"]
    assert list(finding["placement"]) == ["role", "location", "countries", "anywhere", "via", "target", "evidence"]
    assert list(finding["placement"]["evidence"]) == ["api", "field", "value"]
    assert list(finding["control"]) == ["operator", "parent", "parent_country", "laws"]
    assert finding["control"]["laws"][0] == {"id": "US-CLOUD-ACT", "via": "parent", "certainty": "memory"}
    assert list(finding["reason"]) == ["en", "fr"]
    assert list(loaded["coverage"][0]) == ["provider", "account", "region", "service", "status", "detail"]
    about_offer = next(f for f in loaded["findings"] if f["rule"] == "HDH-DOC-01")
    assert about_offer["placement"] is None
    assert about_offer["control"] is None


def test_every_finding_stands_on_a_line_of_its_own() -> None:
    text = b"".join(findings_json(small())).decode()
    assert text.endswith("}\n")
    assert sum(line.startswith(' {"id"') for line in text.splitlines()) == len(small().findings)


def test_counts_are_the_same_in_json_and_csv() -> None:
    for result in (small(), hostile(), large(3000)):
        loaded, rows = document(result), table(result)
        counted: Counter[str] = Counter()
        for entry in loaded["counts"]:
            counted[entry["verdict"]] += entry["count"]
        assert {k: v for k, v in loaded["summary"].items() if v} == dict(counted)
        listed = Counter(row["verdict"] for row in rows)
        assert listed == Counter(finding["verdict"] for finding in loaded["findings"])
        for verdict in ("violation", "unproven", "waived"):
            assert listed[verdict] == loaded["summary"][verdict]
        assert [row["id"] for row in rows] == [finding["id"] for finding in loaded["findings"]]


def test_an_empty_run_is_unproven_everywhere() -> None:
    loaded = document(empty())
    assert loaded["verdict"] == {"health-data-hub": "unproven"}
    assert loaded["findings"] == loaded["coverage"] == loaded["counts"] == []
    assert table(empty()) == []
    assert json.loads(b"".join(inventory_json(empty().inventory)))["resources"] == []


def test_csv_has_plain_codes_iso_dates_and_both_languages() -> None:
    row = table(small())[0]
    assert tuple(row) == COLUMNS
    assert (row["verdict"], row["countries"], row["as_of"]) == ("violation", "FR", "2026-11-24")
    assert row["reason_en"] != row["reason_fr"]
    assert row["laws"] == "US-CLOUD-ACT (parent, memory); US-FISA-702 (parent, secondary)"
    assert any(row["waiver"].startswith("W-2026-004") for row in table(small()))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("  =1", "'  =1"), ("\u00a0=1", "'\u00a0=1"), ("＝1", "'＝1"), ("a;=1", "a;'=1"), ("a; +1", "a; '+1"),
        ("a\n=1", "a\n'=1"), ("a-b=c", "a-b=c"), ("arn:aws:s3:::x", "arn:aws:s3:::x"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_can_be_a_formula(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


def test_hostile_names_are_whole_in_json_and_safe_in_csv() -> None:
    names = {finding["resource"]["name"] for finding in document(hostile())["findings"]}
    assert set(HOSTILE) <= names
    for row in table(hostile()):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            assert not cell.startswith(("\t", "\r", "\n"))


def test_inventory_json_leaves_out_what_is_unknown() -> None:
    loaded = json.loads(b"".join(inventory_json(small().inventory)))
    assert list(loaded) == ["schema", "accounts", "resources", "placements", "coverage"]
    assert loaded["schema"] == "residency/inventory/v1"
    assert loaded["accounts"] == [
        {"provider": "aws", "offer": "aws", "id": "111122223333", "name": "prod", "path": ["Root", "Health"]}
    ]
    imaging = next(r for r in loaded["resources"] if r["name"] == "imaging")
    assert "key_custody" not in imaging
    assert imaging["tags"] == {"data-class": "health"}
    unknown = next(p for p in loaded["placements"] if p["role"] == "snapshot")
    assert "location" not in unknown
    assert unknown["evidence"] == {"api": "s3:GetBucketLocation", "field": "LocationConstraint"}
    assert len(loaded["placements"]) == small().inventory.placements.num_rows
