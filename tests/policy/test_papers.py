from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from residency.errors import UserError
from residency.facts import arrow_schema
from residency.policy.judge import judge
from residency.policy.papers import Papers, load_papers
from residency.policy.shipped import find_pack
from residency.policy.stale import stale_papers, stale_reason
from residency.tables import COVERAGE

PAPERS = """\
attestations:
  - id: hds-2026
    rules: [HDH-CERT-01, HDH-JUR-03, HDH-LOC-01]
    document: HDS certificate 36741-6 with its annex
    owner: dpo@example.org
    issued: 2026-01-10
    valid_until: 2026-12-31
    match: {offer: aws, account: "1111*"}
waivers:
  - id: W-1
    rule: HDH-CERT-02
    match: {uid: "arn:aws:s3:::lake_1"}
    reason: Derogation asked for on 2 June 2026
    owner: ciso@example.org
    approved_by: director@example.org
    expires: 2026-12-01
"""


def papers(folder: Path, text: str = PAPERS) -> Papers:
    file = folder / "papers.yaml"
    file.write_text(text, encoding="utf-8")
    return load_papers([file])


def row(**changes: Any) -> dict[str, Any]:
    base = {
        "resource.uid": "arn:aws:s3:::lake_1", "resource.provider": "aws", "resource.account": "11112222", "place.offer": "aws",
        "place.role": "primary", "resource.stores_data": "yes", "resource.data_class": "health", "resource.holds_keys": False,
        "cert.secnumcloud": False, "place.in_eu": None,
    }  # fmt: skip
    return base | changes


def verdicts(rows: list[dict[str, Any]], given: Papers) -> dict[str, tuple[str, str | None, str | None]]:
    facts = pa.Table.from_pylist(rows, schema=arrow_schema())
    found = judge(facts, COVERAGE.empty_table(), [find_pack("health-data-hub")], given).to_pylist()
    return {f["rule"]: (f["verdict"], f["attestation"], f["waiver"]) for f in found}


def test_an_attestation_proves_what_was_unproven_and_no_more(tmp_path: Path) -> None:
    given = papers(tmp_path)
    assert verdicts([row()], Papers())["HDH-CERT-01"] == ("unproven", None, None)
    said = verdicts([row()], given)
    assert said["HDH-CERT-01"] == ("compliant", "hds-2026", None)
    assert said["HDH-JUR-03"] == ("compliant", "hds-2026", None)
    # Where the data is no paper can say: the rule is automatic.
    assert said["HDH-LOC-01"] == ("unproven", None, None)
    # A paper never overturns what is known to be otherwise.
    assert verdicts([row(**{"cert.hds": False})], given)["HDH-CERT-01"] == ("violation", None, None)


@pytest.mark.parametrize("changes", [{"place.offer": "azure"}, {"resource.account": "2222"}, {"place.offer": None}])
def test_a_paper_speaks_only_of_what_it_matches(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert verdicts([row(**changes)], papers(tmp_path))["HDH-CERT-01"] == ("unproven", None, None)


def test_a_waiver_accepts_a_violation_of_its_resource_only(tmp_path: Path) -> None:
    given = papers(tmp_path)
    assert verdicts([row()], given)["HDH-CERT-02"] == ("waived", None, "W-1")
    # The underscore of the pattern is no wildcard.
    assert verdicts([row(**{"resource.uid": "arn:aws:s3:::lakeX1"})], given)["HDH-CERT-02"] == ("violation", None, None)
    # Nothing is accepted that is not a violation.
    assert verdicts([row(**{"cert.secnumcloud": None})], given)["HDH-CERT-02"] == ("unproven", None, None)


def test_papers_count_between_their_days(tmp_path: Path) -> None:
    given = papers(tmp_path)

    def ids(day: date) -> list[str]:
        valid = given.valid_on(day)
        return [a.id for a in valid.attestations] + [w.id for w in valid.waivers]

    assert ids(date(2026, 1, 9)) == ["W-1"]
    assert ids(date(2026, 12, 1)) == ["hds-2026", "W-1"]
    assert ids(date(2026, 12, 2)) == ["hds-2026"]
    assert ids(date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    approved_by: director@example.org\n", "", "papers.yaml:10:5: waivers.0.approved_by: Field required"),
        ("expires: 2026-12-01", "expires: never", "papers.yaml:16:14: waivers.0.expires"),
        ("expires: 2026-12-01", "expires: 2026-13-01", "papers.yaml:10:5: waivers.0"),
        ("valid_until: 2026-12-31", "valid_until: 2025-12-31", "valid_until lies before issued"),
        ("    match: {uid", "    mach: {uid", "waivers.0.mach: this key is not known"),
        ("id: W-1", "id: hds-2026", "papers.yaml:10: the id hds-2026 is already used"),
        ("rules: [HDH-CERT-01", "rules: HDH-CERT-01 #", "papers.yaml:3:12: attestations.0.rules"),
    ],
)
def test_a_wrong_paper_is_told_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in PAPERS
    with pytest.raises(UserError) as caught:
        papers(tmp_path, PAPERS.replace(old, new))
    assert expected in str(caught.value).replace(f"{tmp_path}/", "")


def test_a_paper_without_effect_is_a_finding_of_its_own(tmp_path: Path) -> None:
    given = papers(tmp_path)
    pack = find_pack("health-data-hub")
    facts = pa.Table.from_pylist([row(**{"place.offer": "azure"})], schema=arrow_schema())

    def stale(day: date) -> dict[str, tuple[str, str]]:
        judged = judge(facts, COVERAGE.empty_table(), [pack], given.valid_on(day))
        by_id = given.by_id()
        found = stale_papers(given, judged, [pack]).to_pylist()
        return {f["subject"]: (f["verdict"], stale_reason(by_id[f["subject"]], day).en) for f in found}

    assert stale(date(2026, 6, 1)) == {
        "hds-2026": (
            "unproven",
            "The supporting document hds-2026 fits nothing that was found: its rule or its pattern is misspelt, or what it spoke of is gone.",
        ),
    }
    assert stale(date(2027, 2, 1)) == {
        "hds-2026": ("unproven", "The supporting document hds-2026 ran out on 2026-12-31."),
        "W-1": ("unproven", "The deviation approval W-1 ran out on 2026-12-01."),
    }
    assert "counts only from 2026-01-10" in stale(date(2025, 12, 1))["hds-2026"][1]


def test_a_paper_for_another_pack_is_no_matter_here(tmp_path: Path) -> None:
    given = papers(tmp_path)
    judged = judge(arrow_schema().empty_table(), COVERAGE.empty_table(), [find_pack("eu-only")], given)
    assert stale_papers(given, judged, [find_pack("eu-only")]).num_rows == 0
