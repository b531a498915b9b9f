"""The runs of a ledger one after the other: the verdict of each pack, its counts, and what is new or gone.

DuckDB reads the Parquet files where they lie: no more than the ids of two runs are in memory at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from residency.errors import Problem, UserError
from residency.ledger.store import Kept
from residency.model import Verdict

FINDINGS = "findings.parquet"


@dataclass(frozen=True, slots=True)
class PackInRun:
    """What a pack said in a run. `new` and `gone` count violations and unproven findings that the run of that pack
    before had not, or had; both are 0 for the first one."""

    policy: str
    profile: str | None
    version: str
    verdict: Verdict
    counts: dict[Verdict, int]
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class RunInHistory:
    """A run of the ledger, with its packs in the order of their ids."""

    id: str
    folder: Path
    started: str
    as_of: str
    scenario: str | None
    complete: bool
    packs: tuple[PackInRun, ...]


_COUNTS = "SELECT policy, verdict, count(DISTINCT id) FROM read_parquet($file) GROUP BY ALL"
_TROUBLED = "SELECT DISTINCT id FROM read_parquet({}) WHERE policy = $policy AND verdict IN ('violation', 'unproven')"
_STEP = f"""WITH old AS ({_TROUBLED.format("$old")}), new AS ({_TROUBLED.format("$new")})
SELECT (SELECT count(*) FROM new ANTI JOIN old USING (id)), (SELECT count(*) FROM old ANTI JOIN new USING (id))"""  # noqa: S608


def history(runs: Sequence[Kept]) -> tuple[RunInHistory, ...]:
    """The runs with the verdicts of their packs, in the order given.

    Raises `UserError` when the findings of a run are missing or damaged.
    """
    counts: dict[tuple[int, str], dict[Verdict, int]] = {}
    steps: dict[tuple[int, str, str | None], tuple[int, int]] = {}
    with duckdb.connect() as db:
        for number, run in enumerate(runs):
            for policy, verdict, count in ask(db, run, _COUNTS, file=findings_of(run)):
                counts.setdefault((number, policy), {})[Verdict(verdict)] = count
        for number, before, policy, profile in _pairs(runs):
            files = {"new": findings_of(runs[number]), "old": findings_of(runs[before])}
            new, gone = ask(db, runs[number], _STEP, **files, policy=policy)[0]
            steps[number, policy, profile] = new, gone
    return tuple(_told(number, run, counts, steps) for number, run in enumerate(runs))


def findings_of(run: Kept) -> str:
    """The path of the verdicts of a run."""
    return str(run.folder / FINDINGS)


def ask(db: duckdb.DuckDBPyConnection, run: Kept, query: str, **values: str) -> list[tuple[Any, ...]]:
    """The rows that a query over the verdicts of `run` gives. Raises `UserError` when they are missing or damaged."""
    try:
        return db.execute(query, values).fetchall()
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
        remedy = "Restore the file, or move the folder of that run out of the ledger."
        raise UserError(
            Problem(f"cannot be read: {str(error).splitlines()[0]}", findings_of(run), remedy=remedy)
        ) from None


def _pairs(runs: Sequence[Kept]) -> list[tuple[int, int, str, str | None]]:
    """Each run of a pack and profile, under one scenario or none, with the one before it."""
    last: dict[tuple[str, str | None, str | None], int] = {}
    pairs = []
    for number, run in enumerate(runs):
        for use in run.manifest["policies"]:
            key = (use["id"], use.get("profile"), run.manifest["scenario"])
            if key in last:
                pairs.append((number, last[key], use["id"], use.get("profile")))
            last[key] = number
    return pairs


def _told(
    number: int,
    run: Kept,
    counts: dict[tuple[int, str], dict[Verdict, int]],
    steps: dict[tuple[int, str, str | None], tuple[int, int]],
) -> RunInHistory:
    packs = []
    for use in sorted(run.manifest["policies"], key=lambda use: (use["id"], use.get("profile") or "")):
        found = counts.get((number, use["id"]), {})
        worst = max(found, key=lambda verdict: verdict.weight) if found else Verdict.UNPROVEN
        new, gone = steps.get((number, use["id"], use.get("profile")), (0, 0))
        packs.append(PackInRun(use["id"], use.get("profile"), use["version"], worst, found, new, gone))
    told = run.manifest
    return RunInHistory(
        told["run"], run.folder, told["started"], told["as_of"], told["scenario"], told["complete"], tuple(packs)
    )
