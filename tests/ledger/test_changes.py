from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from residency.ledger.changes import changes_between, fresh_side, worst_change
from residency.ledger.text import change_lines
from residency.model import Verdict
from residency.policy.papers import Papers, Waiver
from residency.result import AuditResult, RunChanges
from tests.ledger.estates import audited, two_buckets


def compared(old: AuditResult, new: AuditResult) -> RunChanges:
    return changes_between(fresh_side(old), fresh_side(new))


def tally(changes: RunChanges) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for count in changes.counts:
        counted[count.kind, count.cause] += count.count
    return counted


def test_the_same_run_changes_nothing(tmp_path: Path) -> None:
    one = audited(tmp_path, two_buckets())
    changes = compared(one, one)
    assert (changes.inputs, changes.counts, changes.findings) == ((), (), ())
    assert worst_change(changes) is None
    assert "No finding changed." in "\n".join(change_lines(changes, "en"))


def test_what_is_added_moved_and_unread(tmp_path: Path) -> None:
    old = audited(tmp_path, two_buckets())
    new = audited(tmp_path, two_buckets("ap-southeast-1", "registry", denied=True))
    changes = compared(old, new)
    assert set(tally(changes)) == {("moved", "estate"), ("new", "estate"), ("new", "reading")}
    moved = next(change for change in changes.findings if change.kind == "moved")
    assert (moved.subject, moved.role, moved.location_before, moved.location_after) == (
        "patients", "replica", "us-east-1", "ap-southeast-1",
    )  # fmt: skip
    assert {change.subject for change in changes.findings if change.cause == "estate" and change.kind == "new"} == {
        "registry"
    }
    assert worst_change(changes) is Verdict.VIOLATION
    back = compared(new, old)
    assert set(tally(back)) == {("moved", "estate"), ("gone", "estate"), ("gone", "reading")}
    assert sum(tally(back).values()) == sum(tally(changes).values())
    # the replica moved back to a place that is no better; nothing else got worse
    assert worst_change(back) is Verdict.VIOLATION


def test_only_a_repair_is_no_worse(tmp_path: Path) -> None:
    old = audited(tmp_path, two_buckets(other="registry", denied=True))
    new = audited(tmp_path, two_buckets())
    changes = compared(old, new)
    assert {kind for kind, _cause in tally(changes)} == {"gone"}
    assert worst_change(changes) is None


def test_another_day_is_a_change_of_law(tmp_path: Path) -> None:
    old = audited(tmp_path, two_buckets(), as_of="2022-01-10", packs=("gdpr-transfers",))
    new = audited(tmp_path, two_buckets(), as_of="2026-11-24", packs=("gdpr-transfers",))
    changes = compared(old, new)
    assert [change.what for change in changes.inputs] == ["as_of"]
    assert {cause for _kind, cause in tally(changes)} == {"law"}
    assert {(change.kind, change.rule) for change in changes.findings} >= {
        ("new", "GDPR-TRF-02"),
        ("gone", "GDPR-KEY-01"),
    }
    text = "\n".join(change_lines(changes, "fr"))
    assert "évolution du droit" in text
    assert "Date d’appréciation\u00a0: 10\u00a0janvier 2022 → 24\u00a0novembre 2026" in text


def test_a_fact_of_the_atlas_that_turns_a_verdict_is_named(tmp_path: Path) -> None:
    packs = ("eu-only", "gaia-x")  # a copy in London, before and after the United Kingdom left the Union
    old, new = (
        audited(tmp_path, two_buckets("eu-west-2"), as_of=day, packs=packs) for day in ("2019-06-01", "2026-11-24")
    )
    turned = [change for change in compared(old, new).findings if change.kind == "changed"]
    assert {change.cause for change in turned} == {"law"}
    assert all({"place.in_eu", "place.adequacy"} <= set(change.facts) for change in turned)
    assert not any("place.location" in change.facts for change in turned)
    assert "EU-LOC-02" in {change.rule for change in turned}


def test_a_waiver_is_a_change_of_papers(tmp_path: Path) -> None:
    waiver = Waiver(
        "W-1",
        "HDH-LOC-03",
        None,
        (("place.location", "us-east-1"),),
        "exit",
        "a",
        "b",
        date(2027, 1, 31),
        "papers.yaml",
    )
    old = audited(tmp_path, two_buckets())
    new = audited(tmp_path, two_buckets(), papers=Papers(waivers=(waiver,)))
    changes = compared(old, new)
    assert tally(changes) == {("changed", "papers"): 1}
    assert changes.findings[0].after is Verdict.WAIVED
    # the waiver is withdrawn: not compliant again, and told as worse
    assert worst_change(compared(new, old)) is Verdict.VIOLATION


def test_another_pack_is_told(tmp_path: Path) -> None:
    old = audited(tmp_path, two_buckets(), packs=("eu-only",))
    new = audited(tmp_path, two_buckets(), packs=("eu-only", "sren-31"))
    changes = compared(old, new)
    assert [(change.what, change.before) for change in changes.inputs] == [("policy:sren-31", None)]
    assert {(c.kind, c.cause) for c in changes.findings if c.policy == "sren-31"} == {("new", "rules")}
    assert not [c for c in changes.findings if c.policy == "eu-only"]


def test_another_edition_of_a_pack_is_told_by_its_hash(tmp_path: Path) -> None:
    new = audited(tmp_path, two_buckets(), packs=("eu-only",))
    first = new.policies[0]
    old = replace(new, policies=(replace(first, version="0.9.0", sha256="0" * 64),))
    told = compared(old, new).inputs[0]
    assert (told.what, told.before) == ("policy:eu-only", f"0.9.0 ({'0' * 12})")


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    old = audited(tmp_path, two_buckets())
    new: dict[str, Any] = two_buckets(other="\u202e<script>\x1b[31m")
    lines = "\n".join(change_lines(compared(old, audited(tmp_path, new)), "en"))
    assert "⟨U+202E⟩" in lines
    assert "\x1b" not in lines
