"""Formats are found through entry points: those of this package, and those of any other that is installed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from residency.errors import UserError
from residency.render.formats import GROUP, check_formats, known_formats, outputs
from tests.end_to_end.command import one_message, residency
from tests.end_to_end.estates import bucket

ROOT = Path(__file__).parents[2]
PLUGIN = """
from residency.render.formats import Output

FORMAT = Output("packs.txt", lambda result, lang: [f"{lang} {result.policies[0].id}".encode()])
NOT_ONE = 3
"""


def installed(folder: Path, name: str, formats: str) -> Path:
    """A distribution as an installer leaves it in `folder`: a module, and metadata that declare its entry points."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / f"{name}.py").write_text(PLUGIN, encoding="utf-8")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{formats}\n", encoding="utf-8")
    return folder


def audited(folder: Path, formats: str) -> tuple[str, ...]:
    (folder / "inventory.json").write_text(json.dumps(bucket("patients", "eu-west-3")), encoding="utf-8")
    return ("audit", "inventory.json", "--as-of", "2026-11-24", "--format", formats, "-q")


def path(*folders: Path) -> dict[str, str]:
    return {"PYTHONPATH": ":".join(map(str, (*folders, ROOT)))}


def test_every_format_of_this_package_is_declared_where_it_is_found() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][GROUP]
    assert set(declared) <= set(known_formats())
    for name, target in declared.items():
        module, attribute = target.split(":")
        found = getattr(importlib.import_module(module), attribute)
        assert outputs(name) == (found if isinstance(found, tuple) else (found,))


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no format 'pdfx'.*csv, docx, html, .*pdf"):
        check_formats(["json", "pdfx"])
    assert check_formats(["json", "csv", "json"]) == ("json", "csv")


def test_an_installed_package_adds_a_format(tmp_path: Path) -> None:
    plugins = installed(tmp_path / "site", "packs_list", "packs = packs_list:FORMAT\njson = packs_list:FORMAT")
    ran = residency(*audited(tmp_path, "packs,json"), "--lang", "fr", cwd=tmp_path, env=path(plugins))
    assert ran.code in (0, 1, 3), ran.err
    assert (tmp_path / "residency-report" / "packs.txt").read_text() == "fr health-data-hub"
    manifest = json.loads((tmp_path / "residency-report" / "manifest.json").read_text())
    assert {"packs.txt", "findings.json"} <= {entry["name"] for entry in manifest["files"]}


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        ("packs = no_such_module_here:FORMAT", ("'packs' of the package packs_list 1.0 cannot be loaded", "ModuleNotFoundError")),
        ("packs = packs_list:NOT_ONE", ("'packs' of the package packs_list 1.0 is no output format", "packs_list:NOT_ONE")),
    ],
)  # fmt: skip
def test_a_package_whose_format_does_not_work_gives_one_message(
    tmp_path: Path, formats: str, told: tuple[str, ...]
) -> None:
    plugins = installed(tmp_path / "site", "packs_list", formats)
    assert one_message(residency(*audited(tmp_path, "packs"), cwd=tmp_path, env=path(plugins)), *told)
    # It stands in nobody's way who does not ask for it.
    assert residency(*audited(tmp_path, "json"), cwd=tmp_path, env=path(plugins)).code in (0, 1, 3)


def test_two_packages_with_one_format_are_told(tmp_path: Path) -> None:
    folders = [installed(tmp_path / name, name, f"packs = {name}:FORMAT") for name in ("one_list", "other_list")]
    ran = residency(*audited(tmp_path, "packs"), cwd=tmp_path, env=path(*folders))
    assert one_message(ran, "'packs' is offered by the package", "one_list 1.0", "other_list 1.0")


def test_a_format_loads_no_library_of_another() -> None:
    code = (
        "import sys; from residency.render.formats import outputs; outputs('csv'), outputs('sarif'); "
        "print([m for m in ('weasyprint', 'docx', 'xlsxwriter', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_format_that_this_machine_cannot_write_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n", encoding="utf-8")
    (tmp_path / "inventory.json").write_text(json.dumps(bucket("patients", "eu-west-3")), encoding="utf-8")
    arguments = ("audit", "inventory.json", "--as-of", "2026-11-24", "--format", "pdf,json", "-q")
    ran = residency(*arguments, cwd=tmp_path, env={"PYTHONPATH": f"{broken}:{Path(__file__).parents[2]}"})
    assert ran.code == 2
    assert "report.pdf cannot be written on this machine: cannot load library 'libpango-1.0-0'. Install" in ran.err
    assert "residency[pdf]" in ran.err
    assert "Traceback" not in ran.err
    assert sorted(file.name for file in (tmp_path / "residency-report").iterdir()) == [
        "findings.json", "inventory.json", "manifest.json",
    ]  # fmt: skip
    assert "health-data-hub" in ran.out
