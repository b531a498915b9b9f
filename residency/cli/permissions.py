"""`residency permissions`: the least-privilege grant for a live source."""

from __future__ import annotations

import importlib

import click

# source -> (module, function that gives the grant as JSON-ready data). Imported only for the source that is asked for.
# A text is printed as it is.
GRANTS: dict[str, tuple[str, str]] = {
    "aws": ("residency.connectors.aws.grant_templates", "split_policies"),
    "aws-organization": ("residency.connectors.aws.permissions", "organisation_policy"),
    "azure": ("residency.connectors.azure.permissions", "role_definition"),
    "gcp": ("residency.connectors.gcp.permissions", "custom_role"),
}

# Other formats of a grant, by source: the same kind of entry.
TEMPLATES: dict[str, dict[str, tuple[str, str]]] = {
    "aws": {
        "cloudformation": ("residency.connectors.aws.grant_templates", "cloudformation"),
        "terraform": ("residency.connectors.aws.grant_templates", "terraform"),
    },
    "azure": {"terraform": ("residency.connectors.azure.permissions", "terraform")},
    "gcp": {"terraform": ("residency.connectors.gcp.permissions", "terraform")},
}


@click.command("permissions")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--format", "form", type=click.Choice(["json", "cloudformation", "terraform"]), default="json", show_default=True,
    help="terraform: the role and who has it. cloudformation: the same, for aws only.",
)  # fmt: skip
def permissions(source: str, form: str) -> None:
    """Print the least-privilege grant that a complete run over SOURCE needs, ready to apply.

    For aws: a list of IAM policy documents, as many as it takes since a managed policy has a limit, made of the calls
    that the collectors declare. They all read configuration, never the content of a resource. For aws-organization:
    the same for whoever lists the accounts of an organisation and assumes a role in each, which then has the grant for
    aws. For gcp: a custom role in YAML, for `gcloud iam roles create --file`. For azure: a role definition, for
    `az role definition create`.
    """
    import json

    from residency.errors import Problem, UserError

    if source not in GRANTS:
        raise UserError(
            Problem(f"there is no grant for the source {source!r}.", remedy=f"There is: {', '.join(sorted(GRANTS))}.")
        )
    forms = {"json": GRANTS[source], **TEMPLATES.get(source, {})}
    if form not in forms:
        there = ", ".join(sorted(forms))
        raise UserError(Problem(f"there is no {form} of the grant for {source}.", remedy=f"There is: {there}."))
    module, function = forms[form]
    grant = getattr(importlib.import_module(module), function)()
    click.echo(grant if isinstance(grant, str) else json.dumps(grant, indent=2))
