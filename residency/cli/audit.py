"""`residency audit`: the whole line, from a source to the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from residency.cli.clock import Day
from residency.cli.options import (
    CLASSES,
    collecting,
    formats_to_write,
    parse_verdicts,
    pseudonym_key,
    redact_option,
    severity_option,
    split,
)

if TYPE_CHECKING:
    from residency.result import AuditResult
    from residency.stored_run import StoredRun


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--policy", "policies", multiple=True, metavar="P", help="Pack id, id@profile or path. Default: health-data-hub."
)
@click.option("--as-of", type=Day(), help="Day whose law counts. Default: today.")
@click.option("--format", "formats", metavar="F,…", help="Default: html,json,csv,parquet.")
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language shown first. Default: en.")
@severity_option
@click.option("--verdicts", default="violation,unproven,waived", show_default=True, help="Verdicts to list, or all.")
@click.option(
    "--data-class", type=click.Choice(CLASSES), help="Class of what carries no tag. Default: judged as personal."
)
@click.option("--papers", multiple=True, type=click.Path(path_type=Path), help="File of attestations and waivers.")
@click.option("--scenario", metavar="S", help="Law changed on purpose: id of a shipped scenario, or a path.")
@click.option("--ledger", type=click.Path(path_type=Path), help="Folder that keeps every run; this one is added.")
@redact_option
@click.option("--atlas", "overlays", multiple=True, type=click.Path(path_type=Path), help="Facts of your own.")
@collecting
def audit(
    sources: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    formats: str | None,
    lang: str | None,
    fail_on: str | None,
    verdicts: str,
    data_class: str | None,
    papers: tuple[Path, ...],
    scenario: str | None,
    ledger: Path | None,
    redact: bool,
    overlays: tuple[Path, ...],
    config: Path | None,
    out: Path | None,
    regions: str | None,
    accounts: str | None,
    azure_cloud: str | None,
    config_aggregator: str | None,
    jobs: int | None,
    deadline: float | None,
    resume: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Collect SOURCE, classify, judge and write the report.

    SOURCE is a live connector (aws, azure, gcp), or the path of an inventory file, a Cloud Asset export or a
    Resource Graph export. Exit codes: 0 nothing violated and all read; 1 a violation; 2 wrong use, configuration or
    input; 3 nothing violated, but not all could be read or proven.
    """
    wanted = parse_verdicts(verdicts)
    from residency.atlas.atlas import load_atlas
    from residency.atlas.scenario import load_scenario
    from residency.classify.data_class import ClassRule
    from residency.cli.errand import errand
    from residency.cli.summary import print_summary
    from residency.config import DEFAULT_FILE, load_config
    from residency.errors import Problem, UserError
    from residency.ledger.store import add_run, asked, run_before
    from residency.model import DataClass, Severity
    from residency.policy.papers import load_papers
    from residency.policy.shipped import DEFAULT, find_pack
    from residency.redact.result import redacted
    from residency.render.write import write_run

    settings = load_config(config)
    task = errand(
        sources, settings, out=out, regions=regions, accounts=accounts, azure_cloud=azure_cloud,
        config_aggregator=config_aggregator, jobs=jobs, deadline=deadline, resume=resume,
    )
    chosen, whole = formats_to_write(split(formats) or tuple(settings.formats))
    packs = tuple(find_pack(name) for name in (policies or tuple(settings.policies) or (DEFAULT,)))
    beside = (config or DEFAULT_FILE).parent
    supplied = load_papers(list(papers) or [beside / name for name in settings.papers])
    atlas = load_atlas(overlays=overlays or tuple(beside / name for name in settings.atlas))
    assumed = load_scenario(scenario) if scenario else None
    day = as_of or task.started.date()
    if assumed and assumed.earliest and assumed.earliest > day:
        remedy = f"Give --as-of {assumed.earliest} or a later day."
        raise UserError(Problem(f"the scenario {assumed.id} changes nothing on {day}.", remedy=remedy))
    moment = task.started.strftime("%Y-%m-%dT%H:%M:%SZ")
    book = ledger or (beside / settings.ledger if settings.ledger else None)
    same = asked(sources, ((pack.id, pack.profile) for pack in packs), assumed.id if assumed else None)
    before = run_before(book, same, moment) if book else None
    key = pseudonym_key(book) if redact else None
    language = lang or settings.lang or "en"
    from residency.audit import Origin, Question, exit_code
    from residency.audit import audit as judge_inventory

    with task.collected(quiet) as collected:
        untagged = DataClass(data_class) if data_class else settings.data_class
        classes = tuple(ClassRule(r.data_class, r.account, r.path, r.name, r.uid) for r in settings.data_classes)
        question = Question(
            packs, day, untagged, supplied, assumed, classes, settings.role_rules(), settings.named()
        )  # fmt: skip
        origin = Origin(collected.sources, moment, collected.live, collected.endpoints)
        result = judge_inventory(collected.inventory, atlas, question, origin, wanted)
        if book:
            result = _with_history(result, book, before)
        used = atlas.under(assumed) if assumed else atlas
        shown = redacted(result, used, packs, wanted, key) if key else result
        files = write_run(shown, task.out, chosen, language)
    if book:
        files.append(add_run(book, result, language))
    print_summary(shown, files, language, verbose=verbose, quiet=quiet)
    return 2 if not whole else exit_code(result, Severity(fail_on) if fail_on else settings.fail_on or Severity.LOW)


def _with_history(result: AuditResult, ledger: Path, before: StoredRun | None) -> AuditResult:
    """The result with what changed since the run before, and since when the ledger knows its candidate transfers."""
    from residency.ledger.changes import changes_between, fresh_side, stored_side
    from residency.ledger.seen import seen_before

    since = changes_between(stored_side(before), fresh_side(result)) if before else None
    run = result.run
    return replace(result, since=since, first_seen=seen_before(ledger, run.sources, run.scenario, run.started))
