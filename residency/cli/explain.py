"""`residency explain`: which facts decided a finding, where they come from, and what would change it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("finding_id")
@click.option("--policy", metavar="P", help="The pack, where the run used a file of your own.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True)
def explain(run: Path, finding_id: str, policy: str | None, lang: str) -> None:
    """Explain a finding of RUN, the folder that an audit wrote. A beginning of its id is enough."""
    from residency.render.explanation import explanation_text
    from residency.stored_run import find_finding, read_run

    stored = read_run(run)
    click.echo(explanation_text(stored, find_finding(stored, finding_id), policy, lang), nl=False)
