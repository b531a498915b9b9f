from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest

from residency.errors import UserError
from residency.render import write
from residency.render.formats import Output, outputs
from residency.render.write import write_file, write_run
from tests.render.factory import small


def test_a_run_is_written_with_its_manifest_last(tmp_path: Path) -> None:
    out = tmp_path / "new" / "report"
    files = write_run(small(), out, ["html", "json", "csv"], "fr")
    names = [file.name for file in files]
    assert names == ["report.html", "findings.json", "findings.csv", "inventory.json", "manifest.json"]
    assert sorted(file.name for file in out.iterdir()) == sorted(names)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_the_manifest_has_the_size_and_hash_of_every_file(tmp_path: Path) -> None:
    write_run(small(), tmp_path, ["json", "csv"], "en")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["schema"] == "residency/manifest/v1"
    assert [entry["name"] for entry in manifest["files"]] == ["findings.csv", "findings.json", "inventory.json"]
    for entry in manifest["files"]:
        data = (tmp_path / entry["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert manifest["run"] == small().run.id
    assert manifest["policies"][0]["id"] == "health-data-hub"


def test_a_run_that_fails_leaves_the_run_before_it_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(small(), tmp_path, ["json", "csv"], "en")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def broken(*_arguments: object) -> list[bytes]:
        raise KeyboardInterrupt

    json_format = outputs("json")
    monkeypatch.setattr(
        write, "outputs", lambda name: json_format if name == "json" else (Output("findings.csv", broken),)
    )
    with pytest.raises(KeyboardInterrupt):
        write_run(small(), tmp_path, ["json", "csv"], "en")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_run(small(), tmp_path / name, ["html", "json", "csv"], "fr")
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes(), file.name


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UserError, match=r"cannot be written.*--out"):
        write_run(small(), blocked, ["json"], "en")
    with pytest.raises(UserError, match="cannot be written"):
        write_file(blocked / "deeper", "inventory.json", [b""])


def test_unknown_formats_and_languages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no format 'pdfx'"):
        write_run(small(), tmp_path, ["json", "pdfx"], "en")
    with pytest.raises(UserError, match="language 'de'"):
        write_run(small(), tmp_path, ["json"], "de")
    assert not list(tmp_path.iterdir())


def test_one_file_alone(tmp_path: Path) -> None:
    assert write_file(tmp_path / "x", "inventory.json", [b"{", b"}"]).read_bytes() == b"{}"
