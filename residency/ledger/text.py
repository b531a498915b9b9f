"""History and changes as text and as plain values, for the commands that print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from residency.ledger.history import PackInRun, RunInHistory
from residency.model import Verdict
from residency.render.plain import clip, visible
from residency.render.words import Words
from residency.result import FindingChange, RunChanges

SHOWN = 50


def history_lines(runs: Sequence[RunInHistory], lang: str) -> Iterator[str]:
    """One line a run and one for each of its packs, the newest run last."""
    words = Words(lang)
    for run in runs:
        parts = [words.say("history.as_of", date=words.date(run.as_of))]
        if run.scenario:
            parts.append(words.say("history.scenario", scenario=visible(run.scenario)))
        if not run.complete:
            parts.append(words.say("history.incomplete"))
        yield f"{run.id}  {words.moment(run.started)}, {', '.join(parts)}"
        for pack in run.packs:
            yield f"  {_pack(pack, words)}"


def _pack(pack: PackInRun, words: Words) -> str:
    counts = ", ".join(
        f"{words.number(pack.counts[verdict])} {words.label('verdict', verdict)}"
        for verdict in reversed(Verdict)
        if pack.counts.get(verdict)
    )
    steps = words.say("history.steps", new=pack.new, gone=pack.gone)
    profile = f"@{pack.profile}" if pack.profile else ""
    verdict = words.label("verdict", pack.verdict).upper()
    return f"{pack.policy}{profile} {pack.version}{words.say('colon')}{verdict} ({counts or 0}; {steps})"


def history_values(runs: Sequence[RunInHistory]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {
            "id": run.id, "folder": str(run.folder), "started": run.started, "as_of": run.as_of,
            "scenario": run.scenario, "complete": run.complete,
            "packs": [
                {
                    "id": pack.policy, "profile": pack.profile, "version": pack.version,
                    "verdict": pack.verdict.value, "counts": {v.value: n for v, n in sorted(pack.counts.items())},
                    "new": pack.new, "gone": pack.gone,
                }
                for pack in run.packs
            ],
        }
        for run in runs
    ]  # fmt: skip


def change_lines(changes: RunChanges, lang: str, limit: int | None = SHOWN) -> Iterator[str]:
    """What changed, in the order a reader asks: what the runs were made from, how many changed and why, and which."""
    words = Words(lang)
    yield words.say("since.title", run=changes.old, date=words.date(changes.old_as_of))
    for change in changes.inputs:
        yield "  " + since_input(change.what, change.before, change.after, words)
    if not changes.counts:
        yield "  " + words.say("since.nothing")
    for count in changes.counts:
        told = since_count(count.kind, count.cause, words)
        verdicts = f"{_verdict(count.before, words)} → {_verdict(count.after, words)}"
        yield f"  {words.number(count.count)}  {told}{words.say('colon')}{verdicts}"
    for finding in changes.findings[:limit]:
        yield "  " + _change(finding, words)
    if limit is not None and len(changes.findings) > limit:
        yield "  " + words.say("since.more", n=len(changes.findings) - limit)


def since_input(what: str, before: str | None, after: str | None, words: Words) -> str:
    """One thing that two runs were made from and that differs, in words."""
    family, _, name = what.partition(":")
    label = words.say(f"since.input.{family}", name=visible(clip(name)))
    sides = [words.say("none_f") if side is None else visible(clip(side)) for side in (before, after)]
    if what == "as_of":
        sides = [words.date(side) for side in sides]
    return f"{label}{words.say('colon')}{sides[0]} → {sides[1]}"


def since_count(kind: str, cause: str, words: Words) -> str:
    """A kind of change and its cause, in words."""
    return f"{words.label('since.kind', kind)} ({words.label('since.cause', cause)})"


def _change(change: FindingChange, words: Words) -> str:
    where = change.location_after or change.location_before
    if change.kind == "moved":
        where = f"{change.location_before or '?'} → {change.location_after or '?'}"
    place = f" ({visible(clip(where))})" if where else ""
    verdicts = f"{_verdict(change.before, words)} → {_verdict(change.after, words)}"
    facts = ", ".join(words.fact(name) for name in change.facts[:3])
    subject = visible(clip(change.subject))
    told = f"{since_count(change.kind, change.cause, words)} {change.policy} {change.rule} {subject}{place}"
    return f"{told}{words.say('colon')}{verdicts}" + (f" [{facts}]" if facts else "")


def _verdict(verdict: Verdict | None, words: Words) -> str:
    return words.label("verdict", verdict) if verdict else words.say("since.absent")
