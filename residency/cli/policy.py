"""`residency policy`: list, show, check and test policy packs."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def policy() -> None:
    """List, show, check and test policy packs."""


@policy.command("list")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True)
def list_packs(lang: str) -> None:
    """List the packs that come with the program, with their profiles."""
    from residency.policy.shipped import DEFAULT, find_pack, shipped_ids

    for name in shipped_ids():
        pack = find_pack(name)
        mark = " *" if name == DEFAULT else ""
        click.echo(f"{pack.id}{mark}  {getattr(pack.title, lang)}")
        for profile in pack.profiles:
            chosen = " *" if profile.id == pack.profile else ""
            click.echo(f"  {pack.id}@{profile.id}{chosen}  {getattr(profile.title, lang)}")


@policy.command()
@click.argument("name", metavar="P")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True)
def show(name: str, lang: str) -> None:
    """Print a pack for a reader: each rule, its law, what must hold, what to do."""
    from residency.policy.shipped import find_pack
    from residency.policy.show import pack_text

    click.echo(pack_text(find_pack(name), lang), nl=False)


@policy.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Check policy files: spelling of facts, types, both languages, profiles, examples.

    A folder stands for the files *.yaml in it. Exit code 2 tells every problem.
    """
    from residency.errors import Problem, UserError
    from residency.policy.pack_file import load_pack

    problems: list[Problem] = []
    every = [part for file in files for part in (sorted(file.glob("*.yaml")) if file.is_dir() else [file])]
    for file in every:
        try:
            pack = load_pack(file)
        except UserError as error:
            problems += error.problems
        else:
            click.echo(f"{file}: {pack.id} {pack.version}: correct.")
    if problems:
        raise UserError(*problems)


@policy.command()
@click.argument("name", metavar="P")
def test(name: str) -> None:
    """Run the examples of a pack as its tests. Exit code 2 when one does not come out as written."""
    from residency.errors import Problem, UserError
    from residency.policy.examples import run_examples
    from residency.policy.shipped import find_pack

    pack = find_pack(name)
    outcomes = run_examples(pack)
    failed = [
        Problem(
            f"rule {o.rule}: the example expects {o.expected or 'none'}, the rule says {o.by_sql or 'none'}.",
            pack.file,
            o.line,
        )
        for o in outcomes
        if not o.holds
    ]
    if failed:
        raise UserError(*failed)
    click.echo(f"{pack.id}: {len(outcomes)} examples of {len(pack.rules)} rules hold.")


@policy.command()
def schema() -> None:
    """Print the JSON Schema of a policy file, for editors."""
    from residency.policy.pack_shapes import PackShape

    click.echo(json.dumps(PackShape.model_json_schema(), indent=2, ensure_ascii=False))


@policy.command()
def facts() -> None:
    """List the facts that a condition may name, with type and meaning."""
    from residency.facts import FACTS

    for fact in FACTS:
        click.echo(f"{fact.name}: {fact.type}\n    {fact.meaning}")
