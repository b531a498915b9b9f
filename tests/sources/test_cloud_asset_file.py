from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.sources.cloud_asset_file import is_cloud_asset_file, read_cloud_asset_files
from residency.sources.resolve import collect
from tests.connectors.gcp.estate import ESTATE, asset, project
from tests.end_to_end.command import one_message, residency
from tests.sources.messages import assert_one_message


def exported(item: dict[str, Any]) -> dict[str, Any]:
    """An item as `gcloud asset export` writes it: with underscores."""
    return {("asset_type" if key == "assetType" else key): value for key, value in item.items()}


LINES = "".join(json.dumps(exported(item)) + "\n" for item in ESTATE)
SHAPES = {
    "lines": LINES.encode(),
    "lines of gcloud list": "".join(json.dumps(item) + "\n" for item in ESTATE).encode(),
    "list": json.dumps(ESTATE, indent=2).encode(),
    "list on one line": json.dumps(ESTATE).encode(),
    "answer": json.dumps({"readTime": "2026-11-24T00:00:00Z", "assets": ESTATE}).encode(),
    "gzip": gzip.compress(LINES.encode()),
    "byte order mark": b"\xef\xbb\xbf" + LINES.encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_tells_the_same(shape: str, tmp_path: Path) -> None:
    one, other = tmp_path / "export", tmp_path / "lines"
    one.write_bytes(SHAPES[shape])
    other.write_bytes(SHAPES["lines"])
    assert is_cloud_asset_file(one)
    found = collect([str(one)], Scope(), Silent()).inventory
    expected = read_cloud_asset_files([other])
    assert found.resources.equals(expected.resources)
    assert found.placements.equals(expected.placements)
    assert found.coverage.equals(expected.coverage)
    assert found.resources.num_rows == len(ESTATE) - 3


def test_resources_and_policies_in_two_files_are_one_estate(tmp_path: Path) -> None:
    resources, policies = tmp_path / "assets.ndjson", tmp_path / "policies.ndjson"
    items = [{key: value for key, value in exported(item).items() if key != "iamPolicy"} for item in ESTATE]
    resources.write_text("".join(json.dumps(item) + "\n" for item in items))
    public = {"bindings": [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]}
    told = [
        {"name": item["name"], "asset_type": item["asset_type"], "ancestors": item["ancestors"], "iam_policy": public}
        for item in items
        if item["asset_type"].endswith(("/Project", "/Bucket"))
    ]
    policies.write_text("".join(json.dumps(item) + "\n" for item in told))
    alone = collect([str(resources)], Scope(), Silent()).inventory
    (gap,) = [row for row in alone.coverage.to_pylist() if row["status"] != "read"]
    assert (gap["service"], gap["status"]) == ("iam", "unsupported")
    both = collect([str(policies), str(resources)], Scope(), Silent()).inventory
    assert {row["status"] for row in both.coverage.to_pylist()} == {"read"}
    assert both.resources.num_rows == alone.resources.num_rows
    shared = {row["uid"] for row in both.placements.to_pylist() if (row["role"], row["via"]) == ("share", "iam-policy")}
    assert shared == {item["name"] for item in told if item["asset_type"].endswith("/Bucket")}


def test_our_own_inventory_is_not_taken_for_an_export(tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    tags = {"assetType": "a"}
    for text in (
        '{"schema":"residency/inventory/v1"}\n' + json.dumps({"resource": {"tags": tags}}),
        "{}",
        "",
        "[]",
        "\x00",
    ):
        file.write_text(text)
        assert not is_cloud_asset_file(file)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LINES + '{"name": "//a/b", "asset_type": ', len(ESTATE) + 1, "is not valid JSON"),
        (LINES + '{"name": "//a/b"}\n', len(ESTATE) + 1, "`assetType` is missing"),
        (LINES + "[]\n", len(ESTATE) + 1, "must be an object"),
        (json.dumps([project(), {"name": "x", "assetType": "y"}], indent=0), None, "full resource name"),
        (json.dumps({"assets": [project()], "nextPageToken": "t"}, indent=0), None, "one page of several"),
        ('{"assets": []}', 1, "is an empty list"),
        ('{"readTime": "2026-11-24T00:00:00Z"}', 1, "holds no list"),
    ],
)
def test_wrong_input_is_one_message_with_its_line(text: str, line: int | None, words: str, tmp_path: Path) -> None:
    assert_one_message(tmp_path / "export.json", text, line, words)


def test_a_damaged_gzip_is_told(tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    file.write_bytes(gzip.compress(LINES.encode() * 200)[:-20])
    with pytest.raises(UserError, match="damaged gzip"):
        read_cloud_asset_files([file])


def audit(tmp_path: Path, items: list[dict[str, Any]]) -> int:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(items))
    return residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path).code


def test_the_command_line_reads_an_export(tmp_path: Path) -> None:
    assert audit(tmp_path, ESTATE) == 1


def test_names_only_are_never_compliant(tmp_path: Path) -> None:
    names = [asset("//storage.googleapis.com/b", "storage.googleapis.com/Bucket", None, None)]
    assert audit(tmp_path, [project(), *names]) == 3


def test_the_command_line_tells_one_message(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(LINES + "{\n")
    ran = residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path)
    assert one_message(ran, f"export.json:{len(ESTATE) + 1}", "not valid JSON")
