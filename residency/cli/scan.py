"""`residency scan`: what is there and where, without judging it."""

from __future__ import annotations

from pathlib import Path

import click

from residency.cli.options import collecting


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@collecting
def scan(
    sources: tuple[str, ...], config: Path | None, out: Path | None, regions: str | None, accounts: str | None,
    azure_cloud: str | None, config_aggregator: str | None, jobs: int | None, deadline: float | None, resume: bool,
    verbose: bool, quiet: bool,
) -> int:  # fmt: skip
    """Collect an inventory of SOURCE and write it as inventory.json; nothing is judged.

    Exit code 0 when everything asked for was read, 3 when something was not.
    """
    from residency.cli.errand import errand
    from residency.cli.summary import regions_not_allowed
    from residency.config import load_config
    from residency.model import Status
    from residency.render.inventory_json import inventory_json
    from residency.render.write import write_file

    settings = load_config(config)
    task = errand(
        sources, settings, out=out, regions=regions, accounts=accounts, azure_cloud=azure_cloud,
        config_aggregator=config_aggregator, jobs=jobs, deadline=deadline, resume=resume,
    )
    with task.collected(quiet) as found:
        inventory = found.inventory
        file = write_file(task.out, "inventory.json", inventory_json(inventory))
    gaps = [row for row in inventory.coverage.to_pylist() if not Status(row["status"]).complete]
    click.echo(f"{inventory.resources.num_rows} resources, {inventory.placements.num_rows} placements: {file}")
    for line in () if quiet else regions_not_allowed(inventory, "en"):
        click.echo(line, err=True)
    if gaps and not quiet:
        click.echo(f"Not read: {len(gaps)} of {inventory.coverage.num_rows} (account, region, service).", err=True)
        for row in gaps if verbose else gaps[:10]:
            click.echo(
                f"  {row['account']} {row['region']} {row['service']}: {row['status']} {row['detail']}", err=True
            )
    return 3 if gaps or not inventory.coverage.num_rows else 0
