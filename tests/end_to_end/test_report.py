from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from residency.packagedata import shipped
from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import ACCOUNT, bucket, replicated

DAY = ("--as-of", "2026-11-24")


def estate() -> dict[str, Any]:
    whole = replicated(bucket("patients", "eu-west-3"), "us-east-1")
    unread = {
        "provider": "aws",
        "account": ACCOUNT,
        "region": "eu-west-1",
        "service": "rds",
        "status": "denied",
        "detail": "AccessDenied",
    }
    return {**whole, "coverage": [*whole["coverage"], unread]}


def audited(folder: Path, *arguments: str | Path, code: int = 1) -> Path:
    file = folder / "inventory.json"
    file.write_text(json.dumps(estate()), encoding="utf-8")
    ran = residency("audit", file, *DAY, *arguments, cwd=folder)
    assert ran.code == code, ran.err
    return folder / "residency-report"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return audited(tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def assert_same(one: Path, other: Path) -> None:
    """The same files; Parquet may pack equal rows otherwise, and the manifest tells of that."""
    assert files(one).keys() == files(other).keys()
    for name, data in files(one).items():
        if name.endswith(".parquet"):
            assert pq.read_table(one / name).equals(pq.read_table(other / name)), name
        elif name != "manifest.json":
            assert data == (other / name).read_bytes(), name


def test_rendering_again_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    ran = residency("report", run, "--out", tmp_path / "again", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert_same(tmp_path / "again", run)
    assert [Path(line).name for line in ran.out.splitlines()] == [
        "report.html", "findings.json", "findings.csv", "findings.parquet", "facts.parquet", "inventory.json", "manifest.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pack", "extra"),
    [
        ("gdpr-transfers", ()),
        ("eu-cloud-sovereignty", ()),
        ("health-data-hub@hdh-2020-order", ("--scenario", "dpf-annulled")),
    ],
)
def test_rendering_other_packs_and_a_scenario_again(pack: str, extra: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(estate()), encoding="utf-8")
    ran = residency("audit", file, *DAY, "--policy", pack, *extra, cwd=tmp_path)
    assert ran.code in (1, 3), ran.err
    ran = residency("report", tmp_path / "residency-report", "--out", "again", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert_same(tmp_path / "again", tmp_path / "residency-report")


def test_other_formats_and_language_join_the_run(run: Path, tmp_path: Path) -> None:
    before = files(run)
    ran = residency("report", run, "--format", "md,sarif,ocsf,oscal,junit", "--lang", "fr", cwd=tmp_path)
    assert ran.code == 0, ran.err
    after = files(run)
    assert {name: after[name] for name in before if name != "manifest.json"} == {
        name: data for name, data in before.items() if name != "manifest.json"
    }
    assert "non conforme" in after["summary.md"].decode()
    listed = {entry["name"]: entry["sha256"] for entry in json.loads(after["manifest.json"])["files"]}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in after.items() if name != "manifest.json"}
    assert residency("report", run, "--format", "html", "--out", "b", cwd=tmp_path).code == 0


def test_verdicts_are_chosen_anew(run: Path, tmp_path: Path) -> None:
    assert residency("report", run, "--format", "json", "--verdicts", "all", "--out", "b", cwd=tmp_path).code == 0
    document = json.loads((tmp_path / "b" / "findings.json").read_text(encoding="utf-8"))
    assert len(document["findings"]) == sum(document["summary"].values())


def test_a_pack_that_changed_since_is_refused(tmp_path: Path) -> None:
    pack = tmp_path / "own.yaml"
    shutil.copy(shipped("policies") / "eu-only.yaml", pack)
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text + "# as it was\n", encoding="utf-8")
    run = audited(tmp_path, "--policy", pack)
    refused = residency("report", run, "--out", "b", cwd=tmp_path)
    assert one_message(refused, "the pack eu-only is not the one of the run", "--policy")
    again = residency("report", run, "--out", "b", "--policy", pack, cwd=tmp_path)
    assert again.code == 0, again.err
    assert_same(tmp_path / "b", run)
    pack.write_text(text + "# as it is\n", encoding="utf-8")
    assert one_message(residency("report", run, "--policy", pack, cwd=tmp_path), "the pack eu-only is not the one")


def test_papers_of_the_run_are_needed_to_word_it(tmp_path: Path) -> None:
    papers = tmp_path / "papers.yaml"
    papers.write_text(
        "waivers:\n"
        "  - {id: W-1, rule: HDH-LOC-03, match: {uid: 'arn:aws:s3:::gone'}, reason: exit, owner: a, approved_by: b, expires: '2027-01-31'}\n"
        "  - {id: W-2, rule: HDH-LOC-03, match: {location: us-east-1}, reason: exit, owner: a, approved_by: b, expires: '2027-01-31'}\n",
        encoding="utf-8",
    )
    run = audited(tmp_path, "--papers", "papers.yaml")
    assert one_message(
        residency("report", run, "--out", "b", cwd=tmp_path), "papers that are not given: W-1", "--papers"
    )
    again = residency("report", run, "--out", "b", "--papers", "papers.yaml", cwd=tmp_path)
    assert again.code == 0, again.err
    assert_same(tmp_path / "b", run)


def test_a_file_changed_after_the_run_is_told(run: Path, tmp_path: Path) -> None:
    inventory = run / "inventory.json"
    inventory.write_text(inventory.read_text(encoding="utf-8").replace("us-east-1", "eu-west-1"), encoding="utf-8")
    assert one_message(residency("report", run, cwd=tmp_path), "inventory.json", "was changed after the run")


def test_wrong_use_of_report(run: Path, tmp_path: Path) -> None:
    assert one_message(residency("report", tmp_path, cwd=tmp_path), "manifest.json is missing", "parquet")
    assert one_message(residency("report", run, "--format", "odt", cwd=tmp_path), "no format 'odt'", "junit")


def test_roles_and_contacts_of_the_configuration_stay_with_the_run(tmp_path: Path) -> None:
    config = """contacts: {organisation: Hospital of Lyon}
account_roles:
  - {account: "1111*", role: processor, controller: Clinique des Alpes}
"""
    (tmp_path / "residency.yaml").write_text(config, encoding="utf-8")
    run = audited(tmp_path)
    (tmp_path / "residency.yaml").unlink()
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "Clinique des Alpes" in page
    assert "Hospital of Lyon" in page
    assert residency("report", run, "--out", tmp_path / "again", cwd=tmp_path).code == 0
    assert (tmp_path / "again" / "report.html").read_text(encoding="utf-8") == page
