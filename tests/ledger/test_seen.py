"""Since when the ledger knows a candidate transfer."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

from residency.ledger.seen import seen_before
from residency.ledger.store import add_run
from residency.render.dpo.transfers import transfers
from tests.end_to_end.command import residency
from tests.ledger.estates import audited, two_buckets

DAYS = ("2026-11-20T09:00:00Z", "2026-11-22T09:00:00Z", "2026-11-24T09:00:00Z")


def test_the_first_run_that_saw_an_entry_dates_it_though_a_run_between_did_not(tmp_path: Path) -> None:
    book = tmp_path / "book"
    assert seen_before(book, ("inventory.json",), None, DAYS[0]) == ()
    for day, replica in zip(DAYS, ("us-east-1", "eu-west-1", "us-east-1"), strict=True):
        add_run(book, audited(tmp_path, two_buckets(replica), day), "en")
    (entry,) = (t.id for t in transfers(audited(tmp_path, two_buckets("us-east-1"), DAYS[2])))
    assert seen_before(book, ("other.json",), None, "2026-11-25T00:00:00Z") == ((entry, "2026-11-20"),)
    assert seen_before(book, ("aws",), None, "2026-11-25T00:00:00Z") == (), "another cloud is another question"
    assert seen_before(book, ("inventory.json",), "dpf-annulled", "2026-11-25T00:00:00Z") == ()
    assert seen_before(book, ("inventory.json",), None, DAYS[0]) == ()


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "transfers.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_register_tells_it_and_so_does_the_run_rendered_again(tmp_path: Path) -> None:
    add_run(tmp_path / "book", audited(tmp_path, two_buckets(), DAYS[0]), "en")
    (tmp_path / "inventory.json").write_text(json.dumps(two_buckets()), encoding="utf-8")
    common = ("audit", "inventory.json", "--as-of", "2026-11-24", "--format", "transfers,parquet,json", "-q")
    residency(*common, "--out", "alone", cwd=tmp_path)
    assert [row["first_seen"] for row in rows(tmp_path / "alone")] == [""]
    ran = residency(*common, "--ledger", "book", "--out", "a", cwd=tmp_path)
    assert ran.code == 1, ran.err
    assert [row["first_seen"] for row in rows(tmp_path / "a")] == ["2026-11-20"]
    again = residency("report", "a", "--format", "transfers", "--out", "b", cwd=tmp_path)
    assert again.code == 0, again.err
    assert (tmp_path / "b" / "transfers.csv").read_bytes() == (tmp_path / "a" / "transfers.csv").read_bytes()
    hidden = residency("report", "a", "--format", "transfers", "--redact", "--out", "c", cwd=tmp_path)
    assert hidden.code == 0, hidden.err
    assert [row["first_seen"] for row in rows(tmp_path / "c")] == [""]


def test_a_new_entry_dates_from_this_run(tmp_path: Path) -> None:
    from residency.render.dpo.register import first_seen

    result = audited(tmp_path, two_buckets(), DAYS[2])
    (entry,) = transfers(result)
    assert first_seen(result, entry) is None
    assert first_seen(replace(result, first_seen=()), entry) == "2026-11-24"
    assert first_seen(replace(result, first_seen=((entry.id, "2025-01-01"),)), entry) == "2025-01-01"
