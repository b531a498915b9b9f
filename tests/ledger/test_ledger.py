from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from residency.errors import UserError
from residency.ledger.history import history
from residency.ledger.store import add_run, asked, find_run, run_before, runs_of
from residency.model import Verdict
from tests.end_to_end.command import one_message, residency
from tests.ledger.estates import audited, two_buckets

PACKS = [("health-data-hub", "hdh-target-2026")]


def three_runs(folder: Path) -> Path:
    ledger = folder / "ledger"
    for number, estate in enumerate([two_buckets(), two_buckets(other="registry"), two_buckets("eu-central-1")]):
        add_run(ledger, audited(folder, estate, f"2026-11-2{number}T09:00:00Z"), "en")
    return ledger


def test_each_run_is_kept_whole_and_nothing_else(tmp_path: Path) -> None:
    ledger = three_runs(tmp_path)
    kept = runs_of(ledger)
    assert [run.manifest["started"][:10] for run in kept] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert sorted(file.name for file in kept[0].folder.iterdir()) == [
        "facts.parquet", "findings.json", "findings.parquet", "inventory.json", "manifest.json", "transfers.csv",
    ]  # fmt: skip
    assert len(list((ledger / "runs").iterdir())) == 3
    told = history(kept)
    assert [[pack.verdict for pack in run.packs] for run in told] == [[Verdict.VIOLATION]] * 3
    assert [(run.packs[0].new > 0, run.packs[0].gone > 0) for run in told] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert told[1].packs[0].new == sum(
        n - told[0].packs[0].counts.get(verdict, 0)
        for verdict, n in told[1].packs[0].counts.items()
        if verdict in (Verdict.VIOLATION, Verdict.UNPROVEN)
    )


def test_the_run_before_asked_the_same(tmp_path: Path) -> None:
    ledger = three_runs(tmp_path)
    same = asked(["another.json"], PACKS, None)
    before = run_before(ledger, same, "2026-11-22T09:00:00Z")
    assert before is not None
    assert before.manifest["started"] == "2026-11-21T09:00:00Z"
    assert run_before(ledger, same, "2026-11-20T09:00:00Z") is None
    assert run_before(ledger, asked(["aws"], PACKS, None), "2026-11-30T09:00:00Z") is None
    assert run_before(ledger, asked(["x"], PACKS, "dpf-annulled"), "2026-11-30T09:00:00Z") is None
    assert run_before(ledger, asked(["x"], [("eu-only", None)], None), "2026-11-30T09:00:00Z") is None
    assert run_before(tmp_path / "none", same, "2026-11-30T09:00:00Z") is None


def test_many_runs_at_once_are_all_kept(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    results = [audited(tmp_path, two_buckets(), f"2026-11-24T09:00:{second:02}Z") for second in range(4)]
    with ThreadPoolExecutor(8) as pool:  # each run twice: the second of a pair finds it there
        folders = list(pool.map(lambda result: add_run(ledger, result, "fr"), results * 2))
    assert folders[:4] == folders[4:]
    assert len(runs_of(ledger)) == 4
    assert len(list((ledger / "runs").iterdir())) == 4


def test_a_run_that_was_killed_is_no_run(tmp_path: Path) -> None:
    ledger = three_runs(tmp_path)
    part = ledger / "runs" / ".20261124T090000Z-1f3c.abc"
    part.mkdir()
    (part / "manifest.json").write_text("{", encoding="utf-8")
    (ledger / "runs" / "20261124T090000Z-5555").mkdir()
    assert len(runs_of(ledger)) == 3


def test_what_killed_runs_left_is_removed_after_a_day_and_nothing_else(tmp_path: Path) -> None:
    runs = tmp_path / "book" / "runs"
    left = {name: runs / f".20261101T000000Z-{name}.x.part" for name in ("old", "young", "growing")}
    for folder in left.values():
        folder.mkdir(parents=True)
        (folder / "findings.json").write_text("{}", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (runs / ".link.part").symlink_to(elsewhere, target_is_directory=True)
    two_days_ago = time.time() - 2 * 86_400
    for path in (left["old"], left["old"] / "findings.json", left["growing"], elsewhere):
        os.utime(path, (two_days_ago, two_days_ago))
    kept = add_run(tmp_path / "book", audited(tmp_path, two_buckets()), "en")
    assert {path.name for path in runs.iterdir()} == {
        kept.name, left["young"].name, left["growing"].name, ".link.part",
    }  # fmt: skip
    assert elsewhere.is_dir()


def test_a_damaged_ledger_is_told_with_the_file(tmp_path: Path) -> None:
    ledger = three_runs(tmp_path)
    last = runs_of(ledger)[-1].folder
    good = (last / "findings.parquet").read_bytes()
    (last / "findings.parquet").write_bytes(good[:200])
    with pytest.raises(UserError, match=r"findings\.parquet: cannot be read.*out of the ledger"):
        history(runs_of(ledger))
    with pytest.raises(UserError, match="cannot be read as a run"):
        run_before(ledger, asked(["x"], PACKS, None), "2026-11-30T09:00:00Z")
    (last / "findings.parquet").write_bytes(good)
    (last / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UserError, match=r"manifest\.json: is no manifest of a run.*out of the ledger"):
        runs_of(ledger)
    (last / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match=r"manifest\.json: cannot be read"):
        runs_of(ledger)
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"ledger cannot be written.*--ledger"):
        add_run(blocked, audited(tmp_path, two_buckets()), "en")


def test_runs_are_found_by_path_and_by_id(tmp_path: Path) -> None:
    ledger = three_runs(tmp_path)
    first = runs_of(ledger)[0]
    assert find_run(str(first.folder), None) == first.folder
    assert find_run("20261120", ledger) == first.folder
    with pytest.raises(UserError, match="3 runs begin with '2026112'"):
        find_run("2026112", ledger)
    with pytest.raises(UserError, match="no run 'x'"):
        find_run("x", ledger)
    with pytest.raises(UserError, match=r"x: is no run.*--ledger"):
        find_run("x", None)


def test_the_commands_from_audit_to_diff(tmp_path: Path) -> None:
    def audit(moment: int, *more: str) -> Path:
        file, out = tmp_path / "inventory.json", tmp_path / f"report-{moment}"
        args: tuple[str | Path, ...] = ("audit", file, "--as-of", "2026-11-24", "--ledger", "book", "--out", out, *more)
        ran = residency(*args, cwd=tmp_path, env={"SOURCE_DATE_EPOCH": str(1795512600 + moment)})
        assert ran.code == 1, ran.err
        return out

    (tmp_path / "inventory.json").write_text(json.dumps(two_buckets()), encoding="utf-8")
    first = audit(0)
    (tmp_path / "inventory.json").write_text(json.dumps(two_buckets(other="registry")), encoding="utf-8")
    second = audit(60)
    told = json.loads((second / "findings.json").read_text(encoding="utf-8"))["since"]
    assert json.loads((first / "findings.json").read_text(encoding="utf-8"))["since"] is None
    assert {change["subject"] for change in told["findings"]} == {"registry"}
    # A run rendered again says the same of the run before it.
    assert residency("report", second, "--format", "json,html", "--out", "again", cwd=tmp_path).code == 0
    for name in ("findings.json", "report.html"):
        assert (tmp_path / "again" / name).read_bytes() == (second / name).read_bytes()

    (tmp_path / "residency.yaml").write_text("ledger: book\n", encoding="utf-8")
    listed = residency("history", cwd=tmp_path)
    assert listed.code == 0
    runs = json.loads(residency("history", "--format", "json", cwd=tmp_path).out)["runs"]
    assert [run["packs"][0]["new"] > 0 for run in runs] == [False, True]
    assert all(run["id"] in listed.out for run in runs)

    compared = residency("diff", runs[0]["id"], second, "--format", "json", cwd=tmp_path)
    assert compared.code == 1
    assert json.loads(compared.out) == {"schema": "residency/diff/v1", **told}
    better = residency("diff", second, first, "--lang", "fr", cwd=tmp_path)
    assert better.code == 0
    assert "disparu (évolution du parc)" in better.out
    assert one_message(
        residency("diff", "nothing", second, cwd=tmp_path), "there is no run 'nothing'", "residency history"
    )
    assert one_message(residency("history", "--ledger", "none", cwd=tmp_path), "there is no ledger here", "--ledger")
