from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.sources.cloud_asset_file import is_cloud_asset_file
from residency.sources.resolve import collect
from residency.sources.resource_graph_file import is_resource_graph_file, read_resource_graph_file
from tests.connectors.azure.estate import ESTATE, SUB, SUBSCRIPTION, arm
from tests.end_to_end.command import one_message, residency
from tests.sources.messages import assert_one_message

# What Resource Graph holds: resources and subscriptions, none of their parts and settings.
ROWS = [{**row, "tags": row.get("tags")} for row in ESTATE if "location" in row or row is SUBSCRIPTION]
COLUMNS = ("id", "name", "type", "location", "sku", "tags", "properties", "extendedLocation")
TABLE: dict[str, list[Any]] = {
    "columns": [{"name": name, "type": "string"} for name in COLUMNS],
    "rows": [[row.get(name) for name in COLUMNS] for row in ROWS],
}
TEXT_TABLE: dict[str, list[Any]] = {
    **TABLE,
    "rows": [[json.dumps(cell) if isinstance(cell, dict) else cell for cell in row] for row in TABLE["rows"]],
}
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def page(rows: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "totalRecords": len(ROWS),
        "count": len(rows),
        "facets": [],
        "resultTruncated": "false",
        "data": rows,
        **more,
    }


SHAPES = {
    "answer": json.dumps(page(ROWS)).encode(),
    "answer of az graph query": json.dumps({"count": len(ROWS), "data": ROWS, "skip_token": None, "total_records": len(ROWS)}).encode(),
    "answer of Search-AzGraph": json.dumps({"SkipToken": None, "Data": ROWS}, indent=2).encode(),
    "table": json.dumps({"totalRecords": len(ROWS), "data": TABLE}).encode(),
    "table with objects as text": json.dumps({"totalRecords": len(ROWS), "data": TEXT_TABLE}).encode(),
    "list": json.dumps(ROWS, indent=2).encode(),
    "list of Resource Manager": json.dumps({"value": ROWS, "nextLink": None}).encode(),
    "pages": json.dumps([page(ROWS[:20], **{"$skipToken": "t"}), page(ROWS[20:])]).encode(),
    "lines": LINES.encode(),
    "gzip": gzip.compress(LINES.encode()),
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(ROWS).encode(),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_tells_the_same(shape: str, tmp_path: Path) -> None:
    one, other = tmp_path / "export", tmp_path / "lines"
    one.write_bytes(SHAPES[shape])
    other.write_bytes(SHAPES["lines"])
    assert is_resource_graph_file(one)
    found = collect([str(one)], Scope(), Silent()).inventory
    expected = read_resource_graph_file(other)
    assert found.resources.equals(expected.resources)
    assert found.placements.equals(expected.placements)
    assert found.coverage.equals(expected.coverage)
    assert found.resources.num_rows > 60


def test_what_resource_graph_does_not_hold_is_told(tmp_path: Path) -> None:
    file = tmp_path / "export"
    file.write_bytes(SHAPES["answer"])
    gaps = {row["service"]: row for row in read_resource_graph_file(file).coverage.to_pylist()}
    for part in ("microsoft.insights/diagnosticsettings", "microsoft.cognitiveservices/accounts/deployments"):
        assert gaps[part]["status"] == "unsupported"
        assert "not in Resource Graph" in gaps[part]["detail"]
    assert gaps["microsoft.storage"]["status"] == "read"
    assert "*" not in gaps


def test_other_files_are_not_taken_for_an_export(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [{"id": f"/subscriptions/{SUB}"}],
    }
    asset = {"name": "//storage.googleapis.com/b", "assetType": "storage.googleapis.com/Bucket"}
    for text in (
        '{"schema":"residency/inventory/v1"}\n' + json.dumps({"resource": {"tags": {"id": "/subscriptions/1"}}}),
        json.dumps(plan), json.dumps(asset), "{}", "", "[]", "\x00", '{"assets": []}',
    ):  # fmt: skip
        file.write_text(text)
        assert not is_resource_graph_file(file), text
    file.write_bytes(SHAPES["list"])
    assert not is_cloud_asset_file(file)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LINES + '{"id": ', len(ROWS) + 1, "is not valid JSON"),
        (LINES + '{"type": "a/b"}\n', len(ROWS) + 1, "`id` is missing"),
        (LINES + "[]\n", len(ROWS) + 1, "must be an object"),
        (json.dumps([SUBSCRIPTION, {"id": "x", "type": "a/b"}], indent=0), None, "not the id of a resource"),
        (json.dumps({"data": []}), 1, "tells of no resource"),
        (json.dumps({"data": "none"}), 1, "neither a list of resources nor a table"),
        (json.dumps(page(ROWS[:2])), 1, f"holds 2 of {len(ROWS)} resources"),
        (json.dumps({"value": ROWS, "nextLink": "https://management.azure.com/x"}), 1, "not the last: it has a `nextLink`"),
        (json.dumps({"data": ROWS, "$skipToken": "t"}), 1, "not the last: it has a `$skipToken`"),
        (json.dumps({"resultTruncated": "true", "data": ROWS}), 1, "is cut short"),
        (json.dumps({"data": {"columns": [{"name": "id"}], "rows": [[1, 2]]}}), 1, "a list of 1 values"),
        (json.dumps({"data": {"columns": [{}], "rows": []}}), 1, "a column has no name"),
        (json.dumps({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}), 1, "is a template, which says what is to be made"),
        ('{"count": 1, "data": ' + "[" * 200_000, 1, "nested too deeply"),
        ('{"value": "\\ud800"}', 1, "neither a list"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_message_with_its_line(text: str, line: int | None, words: str, tmp_path: Path) -> None:
    assert_one_message(tmp_path / "export.json", text, line, words)


SHOWN = {
    "id": f"/subscriptions/{SUB}/resourceGroups/g/providers/Microsoft.Sql/servers/s/databases/d", "name": "d",
    "type": "Microsoft.Sql/servers/databases", "location": "francecentral", "tags": None, "resourceGroup": "g",
    "currentBackupStorageRedundancy": "Geo", "sku": {"name": "GP_Gen5"},
}  # fmt: skip


@pytest.mark.parametrize("found", [SHOWN, [SHOWN]])
def test_what_a_command_shows_is_read_and_not_taken_for_the_whole(found: Any, tmp_path: Path) -> None:
    file = tmp_path / "show.json"
    file.write_text(json.dumps(found, indent=1))
    assert is_resource_graph_file(file)
    told = read_resource_graph_file(file)
    assert {(row["role"], row["location"]) for row in told.placements.to_pylist()} == {
        ("primary", "francecentral"), ("backup", "francesouth"),
    }  # fmt: skip
    gaps = {row["service"]: row for row in told.coverage.to_pylist()}
    assert gaps["microsoft.sql"]["status"] == "unsupported"
    assert "as a command showed it" in gaps["microsoft.sql"]["detail"]


def test_a_bare_list_of_the_command_line_says_nothing_of_copies(tmp_path: Path) -> None:
    bare = {name: value for name, value in SHOWN.items() if name != "currentBackupStorageRedundancy"}
    file = tmp_path / "list.json"
    file.write_text(json.dumps([{**bare, "properties": None, "createdTime": "2026-01-01", "provisioningState": "Succeeded"}]))
    told = read_resource_graph_file(file)
    assert {(row["role"], row["location"]) for row in told.placements.to_pylist()} == {("primary", "francecentral")}
    gaps = {row["service"]: row for row in told.coverage.to_pylist()}
    assert "without `properties`" in gaps["microsoft.sql"]["detail"]


def test_a_damaged_gzip_is_told(tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    file.write_bytes(gzip.compress(LINES.encode() * 200)[:-20])
    with pytest.raises(UserError, match="damaged gzip"):
        read_resource_graph_file(file)


def test_powershell_files_in_another_encoding_are_told(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_bytes(b"[" + json.dumps(ROWS)[1:].encode().replace(b"Hospital", b"H\xf4pital"))
    with pytest.raises(UserError, match="not UTF-8"):
        read_resource_graph_file(file)


def audit(tmp_path: Path, items: list[dict[str, Any]]) -> int:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(items))
    return residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path).code


def test_the_command_line_reads_an_export(tmp_path: Path) -> None:
    assert audit(tmp_path, ROWS) == 1


def test_an_export_alone_is_never_compliant(tmp_path: Path) -> None:
    account = arm("Microsoft.Storage/storageAccounts", "a", "francecentral", top={"sku": {"name": "Standard_LRS"}})
    assert audit(tmp_path, [SUBSCRIPTION, account]) == 3
    assert audit(tmp_path, [{**account, "properties": None}]) == 3


def test_the_command_line_tells_one_message(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(LINES + "{\n")
    ran = residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path)
    assert one_message(ran, f"export.json:{len(ROWS) + 1}", "not valid JSON")
