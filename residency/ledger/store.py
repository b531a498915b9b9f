"""The ledger on disk: `runs/<run id>/`, a folder for each run, written beside its final name and renamed at the end.

A run that is killed leaves a hidden folder that nobody reads; a later run removes it when it is more than a day old.
Two runs can be added at once. A folder of the ledger is a run like any other: `residency report`, `explain` and `diff`
read it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from residency.errors import Problem, UserError
from residency.render.manifest import NAME as MANIFEST
from residency.render.write import write_run
from residency.result import AuditResult
from residency.sources.resolve import LIVE
from residency.stored_run import StoredRun, read_run

RUNS = "runs"
_PART = ".part"
_DAY = 86_400
KEPT = ("json", "parquet", "transfers")  # formats of a run in the ledger; inventory and manifest come with them
_NEEDED = frozenset({"run", "started", "as_of", "scenario", "sources", "tool", "policies", "atlas", "complete"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A run of the ledger: its folder, and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]


def add_run(ledger: Path, result: AuditResult, lang: str) -> Path:
    """Add a run and return its folder. A run that is there already is left as it is.

    Raises `UserError` when the ledger cannot be written.
    """
    folder = ledger / RUNS
    final = folder / result.run.id
    if final.is_dir():
        return final
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_old_parts(folder)
        part = Path(tempfile.mkdtemp(dir=folder, prefix=f".{result.run.id}.", suffix=_PART))
        try:
            write_run(result, part, KEPT, lang)
            part.rename(final)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        if final.is_dir():  # another process has just added the same run
            return final
        told, where = f"the ledger cannot be written: {error.strerror or error}.", str(error.filename or ledger)
        raise UserError(Problem(told, where, remedy="Name a folder that you may write to with --ledger.")) from error
    return final


def runs_of(ledger: Path) -> tuple[Kept, ...]:
    """Every run, in the order in which they started. A folder without a manifest is no run.

    Raises `UserError` when there is no ledger, or when a manifest in it is damaged.
    """
    folder = ledger / RUNS
    if not folder.is_dir():
        told = "there is no ledger here."
        raise UserError(Problem(told, str(ledger), remedy="Audit with --ledger first: each run is added to it."))
    kept = [Kept(entry, _manifest(entry / MANIFEST)) for entry in _folders(folder) if (entry / MANIFEST).is_file()]
    return tuple(sorted(kept, key=lambda run: (run.manifest["started"], run.manifest["run"])))


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes two runs comparable: the clouds, the packs with their profiles, and the scenario.

    Which file a run was made from does not count.
    """

    sources: frozenset[str]
    packs: frozenset[tuple[str, str | None]]
    scenario: str | None


def asked(sources: Iterable[str], packs: Iterable[tuple[str, str | None]], scenario: str | None) -> Asked:
    """The same, of the sources as they were given."""
    return Asked(frozenset(s if s in LIVE else "file" for s in sources), frozenset(packs), scenario)


def run_before(ledger: Path, mine: Asked, started: str) -> StoredRun | None:
    """The newest run that asked the same and started before `started` (UTC, ISO).

    `None` when there is none, or no ledger yet. Raises `UserError` when the ledger or that run is damaged: ask before
    an audit takes its time.
    """
    if not (ledger / RUNS).is_dir():
        return None
    found = None
    for run in runs_of(ledger):
        told = run.manifest
        packs = ((use["id"], use.get("profile")) for use in told["policies"])
        if told["started"] < started and asked(told["sources"], packs, told["scenario"]) == mine:
            found = run
    return read_run(found.folder) if found else None


def find_run(name: str, ledger: Path | None) -> Path:
    """The folder of a run: a path, or the beginning of an id in the ledger.

    Raises `UserError` when it is neither, or when several ids begin so.
    """
    path = Path(name)
    if (path / MANIFEST).is_file():
        return path
    if ledger is None:
        remedy = "Give the folder that an audit wrote, or the id of a run and --ledger."
        raise UserError(Problem("is no run.", name, remedy=remedy))
    found = [run for run in runs_of(ledger) if run.manifest["run"].startswith(name)]
    if len(found) == 1:
        return found[0].folder
    if not found:
        remedy = "Give the folder of a run, or an id that `residency history` lists."
        raise UserError(Problem(f"there is no run {name!r} in it.", str(ledger), remedy=remedy))
    some = ", ".join(run.manifest["run"] for run in found[:5])
    raise UserError(
        Problem(f"{len(found)} runs begin with {name!r}: {some}.", str(ledger), remedy="Give more of the id.")
    )


def _folders(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and re.match(r"[A-Za-z0-9]", entry.name):
            yield entry


def _remove_old_parts(folder: Path) -> None:
    """Remove what killed runs left. A run that is being written is never a day old; a link is not followed."""
    for entry in folder.glob(f".*{_PART}"):
        if entry.is_symlink() or not entry.is_dir():
            continue
        with suppress(OSError):  # another process may be removing it too
            if time.time() - max(path.stat().st_mtime for path in (entry, *entry.iterdir())) > _DAY:
                shutil.rmtree(entry, ignore_errors=True)


def _manifest(file: Path) -> dict[str, Any]:
    remedy = "Restore the file, or move the folder of that run out of the ledger."
    try:
        loaded = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(Problem(f"cannot be read: {told}.", str(file), remedy=remedy)) from None
    if not isinstance(loaded, dict) or not loaded.keys() >= _NEEDED:
        raise UserError(Problem("is no manifest of a run.", str(file), remedy=remedy))
    return loaded
