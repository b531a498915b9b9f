from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from residency.errors import UserError
from residency.model import Status
from residency.render.inventory_json import inventory_json
from residency.sources.inventory_file import read_inventory
from residency.sources.shapes import json_schema

DOCUMENT: dict[str, Any] = {
    "schema": "residency/inventory/v1",
    "accounts": [{"provider": "aws", "offer": "aws", "id": "111122223333", "name": "prod", "path": ["Root", "Health"],
                  "tags": {"team": "ward"}, "settings": {"allowed-locations": "eu-west-3"}}],
    "resources": [
        {"uid": "arn:aws:s3:::patients", "provider": "aws", "offer": "aws", "account": "111122223333",
         "type": "AWS::S3::Bucket", "kind": "object-bucket", "name": "patients", "location": "eu-west-3",
         "stores_data": "yes", "tags": {"data-class": "health"}, "data_class": "health", "key_custody": "unknown"},
    ],
    "placements": [
        {"uid": "arn:aws:s3:::patients", "role": "primary", "location": "eu-west-3", "via": "location",
         "evidence": {"api": "s3:GetBucketLocation", "field": "LocationConstraint", "value": "eu-west-3"}},
    ],
    "coverage": [{"provider": "aws", "account": "111122223333", "region": "eu-west-3", "service": "s3", "status": "read"}],
}  # fmt: skip


def write(folder: Path, value: Any, name: str = "inventory.json") -> Path:
    file = folder / name
    text = value if isinstance(value, str) else json.dumps(value, indent=1)
    file.write_text(text, encoding="utf-8")
    return file


def changed(**changes: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(DOCUMENT)), **changes}


def ndjson() -> str:
    lines: list[Any] = [{"schema": DOCUMENT["schema"]}]
    for section, key in (
        ("accounts", "account"),
        ("resources", "resource"),
        ("placements", "placement"),
        ("coverage", "coverage"),
    ):
        lines += [{key: item} for item in DOCUMENT[section]]
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_every_form_gives_the_same_inventory(tmp_path: Path) -> None:
    plain = read_inventory(write(tmp_path, DOCUMENT))
    lines = read_inventory(write(tmp_path, ndjson(), "inventory.ndjson"))
    packed = tmp_path / "inventory.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(DOCUMENT).encode()))
    assert plain == lines == read_inventory(packed)
    assert plain.resources.to_pylist()[0]["tags"] == [("data-class", "health")]
    assert plain.accounts["path"].to_pylist() == [["Root", "Health"]]
    written = tmp_path / "again.json"
    written.write_bytes(b"".join(inventory_json(plain)))
    assert read_inventory(written) == plain
    assert json.loads(written.read_text(encoding="utf-8"))["accounts"] == DOCUMENT["accounts"]


def test_an_account_without_coverage_is_not_taken_as_read(tmp_path: Path) -> None:
    inventory = read_inventory(write(tmp_path, changed(coverage=[])))
    assert [(row["region"], row["status"]) for row in inventory.coverage.to_pylist()] == [("*", Status.UNSUPPORTED)]


def problems(file: Path) -> list[str]:
    with pytest.raises(UserError) as caught:
        read_inventory(file)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{", "inventory.json:1:2: is not valid JSON"),
        ('{"schema": "residency/inventory/v1",\n "accounts": [}', "inventory.json:2:15: is not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "is not an inventory: `schema` is 'list'. Expected 'residency/inventory/v1'"),
        (changed(schema="residency/inventory/v9"), "`schema` is 'residency/inventory/v9'"),
        (changed(resource=[]), "the section 'resource' is not known. Known: accounts, resources"),
        (changed(resources={}), "resources must be a list"),
        (changed(placements=[{**DOCUMENT["placements"][0], "role": "copy"}]), "placements.0.role: input should be 'primary'"),
        (changed(placements=[{**DOCUMENT["placements"][0], "rolle": "x"}]), "placements.0.rolle: this field is not known"),
        (changed(placements=[{**DOCUMENT["placements"][0], "uid": "other"}]), "names the resource 'other', which is not in the file"),
        (changed(resources=[*DOCUMENT["resources"], {**DOCUMENT["resources"][0], "name": "x"}]), "told in 2 different ways"),
        (changed(coverage=[{"provider": "aws"}]), "coverage.0.account: field required"),
        ("", "is not valid JSON"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_message_with_its_place(tmp_path: Path, value: Any, expected: str) -> None:
    found = problems(write(tmp_path, value))
    assert any(expected in problem for problem in found), found


def test_a_wrong_field_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(
        tmp_path, changed(placements=[DOCUMENT["placements"][0], {**DOCUMENT["placements"][0], "role": "copy"}])
    )
    line = file.read_text().splitlines().index('   "role": "copy",') + 1
    assert problems(file)[0].startswith(f"{file}:{line}: placements.1.role")


def test_a_damaged_line_of_ndjson_is_told_with_its_line(tmp_path: Path) -> None:
    text = ndjson() + '{"bucket": {}}\n{"placement": {"uid": 1}}\n'
    with pytest.raises(UserError, match=r":6: the line must hold one object under one key"):
        read_inventory(write(tmp_path, text, "i.ndjson"))


def test_wrong_encoding_damaged_gzip_and_no_file_are_messages(tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('{\n"schema": "santé"}'.encode("latin-1"))
    assert "latin.json:2: is not UTF-8" in problems(latin)[0]
    broken = tmp_path / "broken.json.gz"
    broken.write_bytes(gzip.compress(json.dumps(DOCUMENT).encode())[:-20])
    assert "damaged gzip" in problems(broken)[0]
    assert "cannot be read" in problems(tmp_path / "none.json")[0]


def test_the_published_schema_accepts_what_is_read_and_refuses_the_rest() -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate(DOCUMENT)
    assert list(validator.iter_errors(changed(placements=[{"uid": "x", "role": "copy", "via": "y"}])))
    assert list(validator.iter_errors(changed(extra=[])))
