"""A run on disk, read again: what was judged, the fact rows behind it, and under which law and packs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from residency.errors import Problem, UserError
from residency.on_disk import Growing
from residency.policy.pack import Pack
from residency.policy.shipped import find_pack, shipped_ids
from residency.sources.inventory_file import read_inventory
from residency.tables import Inventory

REMEDY = "Name a folder that `residency audit` wrote with the format parquet among its --format."


@dataclass(frozen=True, slots=True)
class StoredRun:
    """`manifest` is manifest.json; `findings` and `facts` are the tables of the two Parquet files."""

    folder: Path
    manifest: dict[str, Any]
    findings: pa.Table
    facts: pa.Table


def read_run(folder: Path) -> StoredRun:
    """Read a run. Raises `UserError` when the folder is no run, or its files are damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        findings, facts = (_table(folder / name) for name in ("findings.parquet", "facts.parquet"))
    except FileNotFoundError as error:
        missing = Path(str(error.filename or folder)).name
        raise UserError(
            Problem(f"is no run with its facts: {missing} is missing.", str(folder), remedy=REMEDY)
        ) from None
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(Problem(f"cannot be read as a run: {told}.", str(folder), remedy=REMEDY)) from None
    return StoredRun(folder, manifest, findings, facts)


def _table(file: Path) -> pa.Table:
    with pq.ParquetFile(file) as stored:
        table = Growing(stored.schema_arrow)
        for batch in stored.iter_batches():
            table.add(pa.Table.from_batches([batch]))
    return table.table()


def check_files(run: StoredRun) -> None:
    """Raise `UserError` when a file is not what the run's manifest says of it."""
    for entry in run.manifest["files"]:
        file = run.folder / entry["name"]
        if entry["name"] not in ("findings.parquet", "facts.parquet", "inventory.json", "findings.json"):
            continue
        try:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise UserError(Problem(f"cannot be read: {error.strerror or error}.", str(file), remedy=REMEDY)) from None
        if digest != entry["sha256"]:
            raise UserError(Problem("was changed after the run: its SHA-256 is not that of manifest.json.", str(file)))


def read_stored_inventory(run: StoredRun) -> Inventory:
    """The inventory of a run, as it was found. Raises `UserError` when it is damaged."""
    return read_inventory(run.folder / "inventory.json", as_written=True)


def packs_of(run: StoredRun, given: Sequence[str]) -> tuple[Pack, ...]:
    """The packs of a run: those of `given` (id or path) that have its ids and profiles, else the shipped ones.

    Raises `UserError` when there is none of that id.
    """
    own = [find_pack(name) for name in given]
    packs = []
    for used in run.manifest["policies"]:
        profile = used.get("profile")
        fits = [pack for pack in own if pack.id == used["id"] and pack.profile == profile]
        packs.append(fits[0] if fits else _shipped_pack(used["id"], profile))
    return tuple(packs)


def _shipped_pack(name: str, profile: str | None) -> Pack:
    if name not in shipped_ids():
        told = f"the run used the pack {name!r}, which is none of the shipped ones."
        raise UserError(Problem(told, remedy="Give its file with --policy, as path or path@profile."))
    return find_pack(f"{name}@{profile}" if profile else name)


@dataclass(frozen=True, slots=True)
class Told:
    """What only findings.json of a run tells: what its scenario turned, and what changed since the run before it."""

    scenario_changes: tuple[dict[str, Any], ...] = ()
    since: dict[str, Any] | None = None


NOTHING_TOLD = Told()


def read_told(run: StoredRun) -> Told:
    """That of a run. Nothing when it had no scenario and no run before it. Raises `UserError` when the file is gone."""
    if not run.manifest["scenario"] and not run.manifest.get("since"):
        return NOTHING_TOLD
    try:
        document = json.loads((run.folder / "findings.json").read_text(encoding="utf-8"))
        return Told(tuple(document["scenario_changes"]), document.get("since"))
    except (OSError, ValueError, KeyError):
        told = "has no findings.json, which tells what its scenario turned and what changed since the run before."
        raise UserError(Problem(told, str(run.folder), remedy="Audit again with json among the --format.")) from None


def find_finding(run: StoredRun, prefix: str) -> dict[str, Any]:
    """The one finding whose id starts with `prefix`. Raises `UserError` when there is none, or more than one."""
    found = run.findings.filter(pc.starts_with(run.findings["id"], prefix)).to_pylist()
    if len(found) == 1:
        only: dict[str, Any] = found[0]
        return only
    if not found:
        raise UserError(
            Problem(f"there is no finding {prefix!r} in it.", str(run.folder), remedy="Ids are in findings.json.")
        )
    some = ", ".join(sorted(row["id"] for row in found)[:5])
    raise UserError(
        Problem(f"{len(found)} findings start with {prefix!r}: {some}.", str(run.folder), remedy="Give more of it.")
    )
