"""`residency history` and `residency diff`: what changed between the runs of a ledger."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from residency.cli.clock import Day

_AS = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_LANG = click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True)


@click.command()
@click.option("--ledger", type=click.Path(path_type=Path), help="The ledger. Default: that of ./residency.yaml.")
@click.option("--from", "start", type=Day(), help="Tell of the period from this day on.")
@click.option("--to", "end", type=Day(), help="Tell of the period up to and with this day.")
@click.option("--max-gap", type=click.IntRange(1), metavar="DAYS", help="Days without a run to tell.  [default: 35]")
@_AS
@_LANG
def history(
    ledger: Path | None, start: date | None, end: date | None, max_gap: int | None, form: str, lang: str
) -> None:
    """List the runs of a ledger, oldest first: the verdict of each pack, its counts, what is new and gone.

    What is new or gone is counted against the run before of the same pack and profile. With --from, --to or --max-gap:
    the report of that period, with its runs, longer gaps, changes of rules, and for each finding that was not compliant
    or unproven the days it was seen and open. Exit code 0 when the ledger was read, 2 for wrong use or a damaged
    ledger.
    """
    from residency.errors import Problem, UserError
    from residency.ledger.history import history as tell
    from residency.ledger.store import runs_of
    from residency.ledger.text import history_lines, history_values
    from residency.render.words import Words

    folder = _ledger(ledger)
    if folder is None:
        raise UserError(Problem("no ledger is named.", remedy="Give --ledger, or the key ledger in residency.yaml."))
    if start and end and start > end:
        raise UserError(Problem(f"--from {start} is after --to {end}.", remedy="Give the earlier day with --from."))
    if start or end or max_gap:
        _tell_period(folder, (start, end, max_gap), form, lang)
        return
    runs = tell(runs_of(folder))
    if form == "json":
        click.echo(json.dumps({"schema": "residency/history/v1", "runs": history_values(runs)}, ensure_ascii=False))
        return
    for line in history_lines(runs, lang) if runs else [Words(lang).say("history.none")]:
        click.echo(line)


def _tell_period(folder: Path, asked: tuple[date | None, date | None, int | None], form: str, lang: str) -> None:
    from residency.ledger.period import MAX_GAP, period
    from residency.ledger.period_text import period_lines, period_values
    from residency.ledger.store import runs_of
    from residency.render.words import Words

    start, end, max_gap = asked
    told = period(runs_of(folder), start, end, max_gap or MAX_GAP)
    if form == "json":
        values = period_values(told) if told else {"series": []}
        click.echo(json.dumps({"schema": "residency/period/v1", **values}, ensure_ascii=False))
        return
    for line in period_lines(told, lang) if told else [Words(lang).say("history.none")]:
        click.echo(line)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--ledger", type=click.Path(path_type=Path), help="The ledger that ids of runs are looked up in.")
@click.option("--all", "everything", is_flag=True, help="List every change, not the first 50.")
@_AS
@_LANG
def diff(old: str, new: str, ledger: Path | None, everything: bool, form: str, lang: str) -> int:
    """Tell what changed from run OLD to run NEW, and why: the estate, the law, the rules, papers, or the reading.

    A run is a folder that an audit wrote, or the beginning of an id in the ledger. Exit codes: 0 nothing is worse; 1 a
    finding that is not compliant is new, or has become so, or moved; 2 wrong use; 3 none of these, but something is
    newly unproven.
    """
    from residency.ledger.changes import changes_between, stored_side, worst_change
    from residency.ledger.store import find_run
    from residency.ledger.text import SHOWN, change_lines
    from residency.model import Verdict
    from residency.render.findings_json import change_values
    from residency.stored_run import read_run

    folder = _ledger(ledger)
    changes = changes_between(*(stored_side(read_run(find_run(name, folder))) for name in (old, new)))
    if form == "json":
        click.echo(json.dumps({"schema": "residency/diff/v1", **change_values(changes)}, ensure_ascii=False))
    else:
        for line in change_lines(changes, lang, None if everything else SHOWN):
            click.echo(line)
    return {Verdict.VIOLATION: 1, Verdict.UNPROVEN: 3}.get(worst_change(changes) or Verdict.COMPLIANT, 0)


def _ledger(given: Path | None) -> Path | None:
    from residency.config import load_config

    if given:
        return given
    named = load_config(None).ledger
    return Path(named) if named else None
