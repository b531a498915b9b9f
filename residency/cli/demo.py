"""`residency demo`: the whole line on a sample estate, with no cloud account and no network."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from residency.cli.clock import Day, now


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("residency-report"),
    show_default=True,
    help="Folder for the report.",
)
@click.option("--open", "open_report", is_flag=True, help="Open the report in the browser.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Language shown first.")
@click.option("--as-of", type=Day(), help="Day whose law counts. Default: today.")
def demo(out: Path, open_report: bool, lang: str, as_of: date | None) -> int:
    """Audit a sample estate on local emulators of AWS, Google Cloud and Azure, end to end. Exit code 0 when it ran."""
    from residency.atlas.atlas import load_atlas
    from residency.audit import Origin, Question
    from residency.audit import audit as judge_inventory
    from residency.cli.progress import watched
    from residency.cli.summary import LISTED, print_summary
    from residency.demo.clouds import three_clouds
    from residency.policy.shipped import DEFAULT, find_pack
    from residency.render.formats import DEFAULT_FORMATS
    from residency.render.write import write_run
    from residency.tables import Inventory

    started = now()
    click.echo("Starting local emulators of AWS, Google Cloud and Azure, and seeding a sample estate…", err=True)
    with three_clouds() as clouds:
        click.echo("Reading them as an auditor who is refused one service…", err=True)
        with watched(quiet=False) as progress:
            rows = (row for cloud in clouds for row in cloud.connector.collect(cloud.scope, progress))
            inventory = Inventory.of(rows)
        endpoints = tuple(f"{cloud.connector.id}: {cloud.connector.endpoint()}" for cloud in clouds)
    question = Question((find_pack(DEFAULT),), as_of or started.date())
    sources = tuple(cloud.connector.id for cloud in clouds)
    origin = Origin(sources, started.strftime("%Y-%m-%dT%H:%M:%SZ"), live=False, endpoints=endpoints)
    result = judge_inventory(inventory, load_atlas(), question, origin, LISTED)
    files = write_run(result, out, DEFAULT_FORMATS, lang)
    print_summary(result, files, lang, verbose=False, quiet=False)
    if open_report:
        click.launch(str(out / "report.html"))
    return 0
