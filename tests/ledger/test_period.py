"""The report of a period: its runs and gaps, and how long each finding was open. Nothing unseen counts as closed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from residency.ledger.period import Gap, OpenFinding, Period, Series, period
from residency.ledger.period_text import period_lines, period_values
from residency.ledger.store import add_run, runs_of
from tests.end_to_end.command import one_message, residency
from tests.ledger.estates import audited, two_buckets


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`registry` is there in February only; the run of March did not read everything, and that of May has other rules."""
    folder = tmp_path_factory.mktemp("period")
    estates = {
        "01-10": two_buckets(), "02-10": two_buckets(other="registry"), "03-10": two_buckets(denied=True),
        "05-20": two_buckets(),
    }  # fmt: skip
    for day, estate in estates.items():
        run = add_run(folder / "book", audited(folder, estate, f"2026-{day}T09:00:00Z"), "en")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["policies"][0] |= {"version": "next", "sha256": "f" * 64}
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder / "book"


def told(ledger: Path, start: str | None, end: str | None, max_gap: int = 35) -> Period:
    first, last = (date.fromisoformat(f"2026-{day}") if day else None for day in (start, end))
    found = period(runs_of(ledger), first, last, max_gap)
    assert found is not None
    return found


def of(found: Period, subject: str) -> set[tuple[date, date, str, date | None, int]]:
    """What is told of the findings about a bucket."""

    def values(f: OpenFinding) -> tuple[date, date, str, date | None, int]:
        return f.first_seen, f.last_seen, f.state, f.closed, f.days

    return {values(finding) for finding in found.series[0].findings if finding.subject == subject}


def test_runs_gaps_and_changed_rules(ledger: Path) -> None:
    found = told(ledger, "01-01", "06-30")
    (series,) = found.series
    assert found.runs == 4
    assert [(run.day.isoformat()[5:], run.complete) for run in series.runs] == [
        ("01-10", True), ("02-10", True), ("03-10", False), ("05-20", True),
    ]  # fmt: skip
    assert series.gaps == (
        Gap(date(2026, 3, 10), date(2026, 5, 20)), Gap(date(2026, 5, 20), date(2026, 6, 30)),
    )  # fmt: skip
    assert [gap.days for gap in told(ledger, "01-01", "06-30", 41).series[0].gaps] == [71]
    assert [(change.day, change.after) for change in series.rules] == [(date(2026, 5, 20), ("next", "f" * 64))]
    assert told(ledger, "01-01", "05-19").series[0].rules == ()


@pytest.mark.parametrize(
    ("start", "end", "state", "closed", "days"),
    [
        ("01-01", "06-30", "closed", date(2026, 5, 20), 99),
        ("03-01", "06-30", "closed", date(2026, 5, 20), 80),
        ("01-01", "04-01", "unknown", None, 1),
        ("03-01", "04-01", "unknown", None, 0),
        ("02-01", "02-10", "open", None, 1),
    ],
)
def test_how_long_a_finding_was_open(
    ledger: Path, start: str, end: str, state: str, closed: date | None, days: int
) -> None:
    february = date(2026, 2, 10)
    assert of(told(ledger, start, end), "registry") == {(february, february, state, closed, days)}


def test_what_was_closed_before_the_period_or_opens_after_it_is_not_told(ledger: Path) -> None:
    assert of(told(ledger, "05-20", "06-30"), "registry") == set()
    assert of(told(ledger, "05-21", "06-30"), "registry") == set()
    assert of(told(ledger, "01-01", "02-09"), "registry") == set()
    assert told(ledger, "05-21", "06-30").series[0].runs == ()


def test_a_finding_seen_before_the_period_keeps_its_first_day(ledger: Path) -> None:
    open_all_along = (date(2026, 1, 10), date(2026, 5, 20), "open", None, 109)
    assert open_all_along in of(told(ledger, "02-01", "06-30"), "patients")


def test_without_days_the_period_is_that_of_the_ledger(ledger: Path) -> None:
    found = told(ledger, None, None)
    assert (found.start, found.end) == (date(2026, 1, 10), date(2026, 5, 20))
    assert period((), None, None, 35) is None


def test_runs_of_another_pack_are_another_series_and_close_nothing(ledger: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    add_run(book, audited(tmp_path, two_buckets(other="registry"), "2026-02-10T09:00:00Z"), "en")
    add_run(book, audited(tmp_path, two_buckets(), "2026-02-20T09:00:00Z", packs=("eu-only",)), "en")
    found = told(book, "01-01", "06-30")
    series: dict[str, Series] = {one.policy: one for one in found.series}
    assert [len(one.runs) for one in found.series] == [1, 1]
    assert {f.state for f in series["health-data-hub"].findings if f.subject == "registry"} == {"open"}


def test_both_languages_and_json_tell_the_same(ledger: Path) -> None:
    found = told(ledger, "01-01", "06-30")
    english, french = (list(period_lines(found, lang)) for lang in ("en", "fr"))
    assert len(english) == len(french)
    assert english[0] == "Period from 1\u00a0January 2026 to 30\u00a0June 2026: 4 runs"
    assert french[0] == "Période du 1er\u00a0janvier 2026 au 30\u00a0juin 2026\u00a0: 4 exécutions"
    assert any("clos à l’exécution du 20\u00a0mai 2026" in line for line in french)
    values = period_values(found)
    assert len(values["series"][0]["findings"]) == len(found.series[0].findings)
    assert period_values(told(ledger, "01-01", "06-30")) == values


def test_the_command(ledger: Path, tmp_path: Path) -> None:
    asked = ("history", "--ledger", ledger, "--from", "2026-01-01", "--to", "2026-06-30")
    ran = residency(*asked, "--format", "json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out) == {
        "schema": "residency/period/v1", **json.loads(json.dumps(period_values(told(ledger, "01-01", "06-30")))),
    }  # fmt: skip
    assert residency(*asked, "--lang", "fr", cwd=tmp_path).out.startswith("Période du 1er")
    wrong = residency("history", "--ledger", ledger, "--from", "2026-07-01", "--to", "2026-06-30", cwd=tmp_path)
    assert one_message(wrong, "--from 2026-07-01 is after --to 2026-06-30")
