"""The report of a period as text and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from residency.ledger.period import OpenFinding, Period, RulesChange, Series
from residency.ledger.text import SHOWN
from residency.render.plain import clip, visible
from residency.render.words import Words


def period_lines(told: Period, lang: str) -> Iterator[str]:
    """For each series its runs, gaps, changes of rules, and the findings that were open, the first 50 of them."""
    words = Words(lang)
    yield words.say("period.title", n=told.runs, start=_date(told.start, words), end=_date(told.end, words))
    for series in told.series:
        yield words.say("period.series", n=len(series.runs), pack=_pack(series, words))
        for run in series.runs:
            unread = "" if run.complete else f", {words.say('history.incomplete')}"
            yield f"  {run.id}  {_date(run.day, words)}{unread}"
        for gap in series.gaps:
            ends = {"start": _date(gap.start, words), "end": _date(gap.end, words)}
            yield "  " + words.say("period.gap", n=gap.days, **ends)
        for change in series.rules:
            yield "  " + _rules(change, words)
        yield "  " + words.say("period.findings", n=len(series.findings))
        for finding in series.findings[:SHOWN]:
            yield "    " + _finding(finding, words)
        if len(series.findings) > SHOWN:
            yield "    " + words.say("period.more", n=len(series.findings) - SHOWN)


def _date(day: date, words: Words) -> str:
    return words.date(day.isoformat())


def _pack(series: Series, words: Words) -> str:
    profile = f"@{series.profile}" if series.profile else ""
    parts = [*series.sources]
    if series.scenario:
        parts.append(words.say("history.scenario", scenario=visible(series.scenario)))
    return f"{visible(series.policy + profile)} ({', '.join(parts)})"


def _rules(change: RulesChange, words: Words) -> str:
    before, after = (f"{version} ({digest[:12]})" for version, digest in (change.before, change.after))
    return words.say("period.rules", date=_date(change.day, words), before=before, after=after)


def _finding(finding: OpenFinding, words: Words) -> str:
    place = f" ({visible(clip(finding.location))})" if finding.location else ""
    parts = [
        words.say("period.seen", first=_date(finding.first_seen, words), last=_date(finding.last_seen, words)),
        words.say("period.days", n=finding.days),
        words.say(f"period.{finding.state}", date=_date(finding.closed, words) if finding.closed else ""),
    ]
    about = f"{words.label('verdict', finding.verdict)} {finding.rule} {visible(clip(finding.subject))}{place}"
    return f"{finding.id[:8]}  {about}{words.say('colon')}{', '.join(parts)}"


def period_values(told: Period) -> dict[str, Any]:
    """The same as plain values, with every finding."""
    return {
        "from": told.start.isoformat(), "to": told.end.isoformat(), "max_gap": told.max_gap, "runs": told.runs,
        "series": [_series(series) for series in told.series],
    }  # fmt: skip


def _series(series: Series) -> dict[str, Any]:
    return {
        "policy": series.policy, "profile": series.profile, "scenario": series.scenario,
        "sources": list(series.sources),
        "runs": [{**asdict(run), "day": run.day.isoformat()} for run in series.runs],
        "gaps": [{"from": g.start.isoformat(), "to": g.end.isoformat(), "days": g.days} for g in series.gaps],
        "rules": [
            {"day": change.day.isoformat(), "before": _version(change.before), "after": _version(change.after)}
            for change in series.rules
        ],
        "findings": [
            {
                **asdict(finding), "verdict": finding.verdict.value, "first_seen": finding.first_seen.isoformat(),
                "last_seen": finding.last_seen.isoformat(),
                "closed": finding.closed.isoformat() if finding.closed else None,
            }
            for finding in series.findings
        ],
    }  # fmt: skip


def _version(side: tuple[str, str]) -> dict[str, str]:
    return {"version": side[0], "sha256": side[1]}
