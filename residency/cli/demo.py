"""`residency demo`: the whole line on a sample estate, with no cloud account and no network."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from residency.cli.clock import Day, now

# What the demonstration's auditor may not read, so that the report shows an honest gap.
DENIED = "backup:*"


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
    """Audit a sample estate on a local emulator, end to end. Exit code 0 when it ran."""
    from residency.atlas.atlas import load_atlas
    from residency.audit import Origin, Question
    from residency.audit import audit as judge_inventory
    from residency.cli.progress import watched
    from residency.cli.summary import LISTED, print_summary
    from residency.connectors.aws.connector import AwsConnector
    from residency.connectors.aws.permissions import iam_policy
    from residency.connectors.interface import Scope
    from residency.demo.emulator import local_aws
    from residency.demo.estate import REGIONS, seed
    from residency.policy.shipped import DEFAULT, find_pack
    from residency.render.write import DEFAULT_FORMATS, write_run
    from residency.tables import Inventory

    started = now()
    with local_aws() as aws:
        click.echo("Seeding a sample estate on a local emulator of AWS…", err=True)
        seed(aws.client)
        connector = AwsConnector(environment=aws.auditor(iam_policy(), DENIED))
        click.echo("Reading it as an auditor who is refused one service…", err=True)
        with watched(quiet=False) as progress:
            # One call at a time: the emulator is in this process, and many first calls at once make it load each
            # service many times over.
            inventory = Inventory.of(connector.collect(Scope(regions=REGIONS, jobs=1), progress))
        endpoint = connector.endpoint()
    question = Question((find_pack(DEFAULT),), as_of or started.date())
    origin = Origin(("aws",), started.strftime("%Y-%m-%dT%H:%M:%SZ"), live=False, endpoints=(f"aws: {endpoint}",))
    result = judge_inventory(inventory, load_atlas(), question, origin, LISTED)
    files = write_run(result, out, DEFAULT_FORMATS, lang)
    print_summary(result, files, lang, verbose=False, quiet=False)
    if open_report:
        click.launch(str(out / "report.html"))
    return 0
