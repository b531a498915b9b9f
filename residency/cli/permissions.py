"""`residency permissions`: the least-privilege grant for a live source."""

from __future__ import annotations

import importlib

import click

# source -> (module, function that gives the grant as JSON-ready data). Imported only for the source that is asked for.
GRANTS: dict[str, tuple[str, str]] = {"aws": ("residency.connectors.aws.permissions", "iam_policy")}


@click.command("permissions")
@click.argument("source", metavar="SOURCE")
@click.option("--format", type=click.Choice(["json"]), default="json", show_default=True, expose_value=False)
def permissions(source: str) -> None:
    """Print the least-privilege grant that a complete run over SOURCE needs, ready to apply.

    For aws: an IAM policy document, made of the calls that the collectors declare. They all read configuration, never
    the content of a resource.
    """
    import json

    from residency.errors import Problem, UserError

    if source not in GRANTS:
        raise UserError(
            Problem(f"there is no grant for the source {source!r}.", remedy=f"There is: {', '.join(sorted(GRANTS))}.")
        )
    module, function = GRANTS[source]
    click.echo(json.dumps(getattr(importlib.import_module(module), function)(), indent=2))
