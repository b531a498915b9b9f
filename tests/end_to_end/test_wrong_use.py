"""Whatever a user does wrong gives one clear message and exit code 2, never a traceback, and destroys nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from residency.packagedata import shipped
from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import bucket


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(bucket("patients", "eu-west-3")), encoding="utf-8")
    return file


def test_a_broken_policy(tmp_path: Path, inventory: Path) -> None:
    text = (
        (shipped("policies") / "eu-only.yaml")
        .read_text(encoding="utf-8")
        .replace("require: place.in_eu", "require: place.in_ue", 1)
    )
    policy = tmp_path / "mine.yaml"
    policy.write_text(text, encoding="utf-8")
    line = text[: text.index("place.in_ue")].count("\n") + 1
    ran = residency("audit", inventory, "--policy", policy, cwd=tmp_path)
    assert one_message(ran, f"mine.yaml:{line}:", "undeclared reference to 'place.in_ue'", "Did you mean place.in_eu")
    assert not (tmp_path / "residency-report").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", ("inventory.json:1:2", "is not valid JSON")),
        ('{"schema": "residency/inventory/v1", "placements": [{"uid": "x"}]}', ("placements.0.role", "field required")),
        ("{}", ("is not an inventory", "residency/inventory/v1")),
    ],
)
def test_a_broken_inventory(tmp_path: Path, content: str, words: tuple[str, ...]) -> None:
    file = tmp_path / "inventory.json"
    file.write_text(content, encoding="utf-8")
    assert one_message(residency("audit", file, cwd=tmp_path), *words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--polcy", "x"], ("--polcy",)),
        (["--policy", "no-such-pack"], ("no-such-pack", "eu-only")),
        (["--policy", "health-data-hub@nope"], ("nope", "hds-2024")),
        (["--as-of", "24/11/2026"], ("24/11/2026", "2026-11-24")),
        (["--format", "pptx"], ("pptx", "html")),
        (["--verdicts", "good"], ("good", "violation")),
        (["--lang", "de"], ("de",)),
        (["--fail-on", "terrible"], ("terrible", "critical")),
        (["--data-class", "secret"], ("secret", "health")),
        (["--jobs", "0"], ("--jobs",)),
        (["--config", "none.yaml"], ("none.yaml", "cannot be read")),
    ],
)
def test_a_wrong_option(tmp_path: Path, inventory: Path, options: list[str], words: tuple[str, ...]) -> None:
    assert one_message(residency("audit", inventory, *options, cwd=tmp_path), *words)


def test_no_source_an_unknown_source_and_an_unknown_command(tmp_path: Path) -> None:
    assert one_message(residency("audit", cwd=tmp_path), "SOURCE")
    assert one_message(residency("audit", "asw", cwd=tmp_path), "asw", "aws")
    assert one_message(residency("adit", cwd=tmp_path), "adit")
    assert one_message(residency("permissions", "asw", cwd=tmp_path), "asw", "aws")
    assert one_message(residency("lookup", "asw", cwd=tmp_path), "asw", "aws")


def test_a_wrong_configuration(tmp_path: Path, inventory: Path) -> None:
    (tmp_path / "residency.yaml").write_text("policies: [eu-only]\nregion: [eu-west-3]\n", encoding="utf-8")
    assert one_message(residency("audit", inventory, cwd=tmp_path), "residency.yaml:2:9", "region", "regions")


def test_the_configuration_gives_the_defaults(tmp_path: Path, inventory: Path) -> None:
    (tmp_path / "residency.yaml").write_text("policies: [eu-only]\nformats: [json]\nout: here\n", encoding="utf-8")
    assert residency("audit", inventory, cwd=tmp_path).code == 0
    assert sorted(file.name for file in (tmp_path / "here").iterdir()) == [
        "findings.json",
        "inventory.json",
        "manifest.json",
    ]


def test_missing_credentials(tmp_path: Path) -> None:
    isolated = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    assert one_message(residency("audit", "aws", cwd=tmp_path, env=isolated), "credentials")


def test_a_folder_that_cannot_be_written(tmp_path: Path, inventory: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("precious", encoding="utf-8")
    ran = residency("audit", inventory, "--out", blocked, cwd=tmp_path)
    assert one_message(ran, "file", "--out")
    assert blocked.read_text(encoding="utf-8") == "precious"


def test_a_bad_source_date_epoch(tmp_path: Path, inventory: Path) -> None:
    assert one_message(
        residency("audit", inventory, cwd=tmp_path, env={"SOURCE_DATE_EPOCH": "soon"}), "SOURCE_DATE_EPOCH"
    )


def test_the_files_are_for_their_owner_only(tmp_path: Path, inventory: Path) -> None:
    residency("audit", inventory, cwd=tmp_path)
    modes = {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "residency-report").iterdir()}
    assert modes == {"0o600"}
