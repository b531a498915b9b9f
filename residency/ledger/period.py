"""What the runs of a ledger show for a period: their days, the gaps between them, and how long each finding was open.

One run is a point in time. For a period an auditor asks for the series of runs, its gaps and the days that exceptions
stayed open. Runs of other clouds or another scenario, or with another pack or profile, are another series: what one of
them does not speak of is not closed by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb

from residency.ledger.history import ask, findings_of
from residency.ledger.store import Kept, asked
from residency.model import Verdict

MAX_GAP = 35  # days: a run a month, and some
OPEN, CLOSED, UNKNOWN = "open", "closed", "unknown"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a run, between two runs or between a run and an end of the period."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """From the one to the other."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class RunInPeriod:
    """A run of the period. `complete` is false where not everything was read."""

    id: str
    day: date
    complete: bool


@dataclass(frozen=True, slots=True)
class RulesChange:
    """A pack that is not, in the run of `day`, the one of the run before. Each side is its version and SHA-256."""

    day: date
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that was not compliant or unproven for some of the period. `verdict` is that of `last_seen`.

    `first_seen` may be before the period. `state` is `open` (in the last run too), `closed` (on the day of a run that
    proves it otherwise, or that read everything and no longer has it), or `unknown`: not seen since, in runs that did
    not read everything. `days` are those of the period, from a run that saw it to the run that closed it, or up to and
    with the last run that saw it.
    """

    id: str
    rule: str
    verdict: Verdict
    subject: str
    account: str
    role: str | None
    location: str | None
    first_seen: date
    last_seen: date
    state: str
    closed: date | None
    days: int


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of a period that ask the same of a pack."""

    policy: str
    profile: str | None
    scenario: str | None
    sources: tuple[str, ...]
    runs: tuple[RunInPeriod, ...]
    gaps: tuple[Gap, ...]
    rules: tuple[RulesChange, ...]
    findings: tuple[OpenFinding, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both days in it. `runs` counts each run once, whatever the number of its packs."""

    start: date
    end: date
    max_gap: int
    runs: int
    series: tuple[Series, ...]


def period(runs: Sequence[Kept], start: date | None, end: date | None, max_gap: int) -> Period | None:
    """What these runs, in the order in which they started, show. An end that is not given is that of the ledger.

    `None` when there is no run at all. Raises `UserError` when the findings of a run are missing or damaged.
    """
    if not runs:
        return None
    start, end = start or _day(runs[0]), end or _day(runs[-1])
    known: dict[tuple[Any, ...], list[tuple[Kept, Mapping[str, Any]]]] = {}
    for run in runs:
        told = run.manifest
        sources = tuple(sorted(asked(told["sources"], (), told["scenario"]).sources))
        for use in told["policies"] if _day(run) <= end else ():
            key = (use["id"], use.get("profile") or "", told["scenario"] or "", sources)
            known.setdefault(key, []).append((run, use))
    series = tuple(_series(key, known[key], Period(start, end, max_gap, 0, ())) for key in sorted(known))
    return Period(start, end, max_gap, sum(start <= _day(run) <= end for run in runs), series)


def _day(run: Kept) -> date:
    return date.fromisoformat(run.manifest["started"][:10])


def _series(key: tuple[Any, ...], told: Sequence[tuple[Kept, Mapping[str, Any]]], when: Period) -> Series:
    policy, profile, scenario, sources = key
    runs = [run for run, _use in told]
    inside = [run for run in runs if _day(run) >= when.start]
    days = [when.start, *map(_day, inside), when.end]
    changed = [
        RulesChange(_day(run), (old["version"], old["sha256"]), (new["version"], new["sha256"]))
        for (_before, old), (run, new) in pairwise(told)
        if _day(run) >= when.start and old["sha256"] != new["sha256"]
    ]
    return Series(
        policy, profile or None, scenario or None, sources,
        tuple(RunInPeriod(run.manifest["run"], _day(run), run.manifest["complete"]) for run in inside),
        tuple(gap for gap in map(Gap, days, days[1:]) if gap.days > when.max_gap), tuple(changed),
        _findings(policy, runs, len(runs) - len(inside), when) if inside else (),
    )  # fmt: skip


_TROUBLED = "verdict IN ('violation', 'unproven')"
_WANTED = f"INSERT INTO wanted SELECT id FROM read_parquet($file) WHERE policy = $policy AND {_TROUBLED}"  # noqa: S608
_SEEN = f"""INSERT INTO seen SELECT CAST($number AS INTEGER), id, bool_or({_TROUBLED}) FROM read_parquet($file)
    SEMI JOIN wanted USING (id) WHERE policy = $policy GROUP BY id"""  # noqa: S608 - own text
_LAST = f"""SELECT id, rule, verdict, coalesce("resource.name", "resource.uid", subject, ''),
      coalesce("resource.account", ''), CASE WHEN per = 'placement' THEN "place.role" END, "place.location"
    FROM read_parquet($file) SEMI JOIN (
      SELECT id FROM seen WHERE troubled GROUP BY id HAVING max(run) = CAST($number AS INTEGER)) last USING (id)
    WHERE policy = $policy AND {_TROUBLED}
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY "row") = 1"""  # noqa: S608 - own text


def _findings(policy: str, runs: Sequence[Kept], before: int, when: Period) -> tuple[OpenFinding, ...]:
    """Those open in the period, the worst and longest first. `before` of the runs precede it: of what their last one
    saw open, the first run of the period closes some only on its own day."""
    with duckdb.connect() as db:
        db.execute("CREATE TEMP TABLE wanted (id TEXT)")
        db.execute("CREATE TEMP TABLE seen (run INTEGER, id TEXT, troubled BOOLEAN)")
        for run in runs[max(before - 1, 0) :]:
            ask(db, run, _WANTED, file=findings_of(run), policy=policy)
        for query in (_SEEN, _LAST):
            found = [
                row
                for number, run in enumerate(runs)
                for row in ask(db, run, query, file=findings_of(run), policy=policy, number=str(number))
            ]
        seen = "SELECT id, list(run ORDER BY run), list(troubled ORDER BY run) FROM seen GROUP BY id"
        states = {name: dict(zip(numbers, told, strict=True)) for name, numbers, told in db.sql(seen).fetchall()}
    made = (_finding(row, states[row[0]], runs, when) for row in found)
    told = (f for f in made if f.days or f.state != CLOSED or f.last_seen >= when.start)
    return tuple(sorted(told, key=lambda f: (-f.verdict.weight, -f.days, f.rule, f.subject, f.id)))


def _finding(row: tuple[Any, ...], states: Mapping[int, bool], runs: Sequence[Kept], when: Period) -> OpenFinding:
    told = [(_day(run), states.get(n, False if run.manifest["complete"] else None)) for n, run in enumerate(runs)]
    seen = [day for day, troubled in told if troubled]
    days, since = 0, None
    for day, troubled in told:
        if troubled and since is None:
            since = day
        elif troubled is False and since is not None:
            days, since = days + _inside(since, day, when), None
    state, closed = CLOSED, None
    if since is not None:
        days += _inside(since, seen[-1] + _DAY, when)
        state = OPEN if told[-1][1] else UNKNOWN
    else:
        last = max(n for n, (_day_of, troubled) in enumerate(told) if troubled)
        closed = next(day for day, troubled in told[last:] if troubled is False)
    name, rule, verdict, subject, account, role, location = row
    return OpenFinding(
        name, rule, Verdict(verdict), subject, account, role, location, seen[0], seen[-1], state, closed, days
    )


def _inside(start: date, end: date, when: Period) -> int:
    """How many days of the period are from `start` up to, and without, `end`."""
    return max((min(end, when.end + _DAY) - max(start, when.start)).days, 0)
