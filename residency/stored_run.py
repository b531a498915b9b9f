"""A run on disk, read again: what was judged, the fact rows behind it, and under which law and packs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from residency.errors import Problem, UserError

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
        findings, facts = (pq.read_table(folder / name) for name in ("findings.parquet", "facts.parquet"))
    except FileNotFoundError as error:
        missing = Path(str(error.filename or folder)).name
        raise UserError(
            Problem(f"is no run with its facts: {missing} is missing.", str(folder), remedy=REMEDY)
        ) from None
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(Problem(f"cannot be read as a run: {told}.", str(folder), remedy=REMEDY)) from None
    return StoredRun(folder, manifest, findings, facts)


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
