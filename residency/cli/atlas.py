"""`residency atlas`: what the atlas holds, whether it is correct and fresh, and the shape of its files."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from residency.cli.clock import Day, now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    Command = Callable[..., Any]

WHATS = (
    "offers", "locations", "certificates", "laws", "adequacy", "groups", "schemes", "frameworks", "rules", "kinds",
    "sources", "scenarios",
)  # fmt: skip
_WIDTH = 60
_FRENCH = {
    "what": "objet", "count": "nombre", "name": "nom", "kind": "genre", "operator": "exploitant",
    "operator_country": "pays de l’exploitant", "parent": "société mère", "parent_country": "pays de la société mère",
    "locations": "lieux", "status": "état", "extent": "étendue", "countries": "pays", "in_eu": "dans l’UE",
    "in_eea": "dans l’EEE", "adequate": "transfert libre", "certainty": "certitude", "scheme": "référentiel",
    "from": "du", "until": "au", "in_force": "en vigueur", "country": "pays", "lapsed": "expirée",
    "conditional": "sous conditions", "stands": "tient", "members": "membres", "check": "contrôle",
    "editions": "éditions", "issuer": "auteur", "criteria": "critères", "stage": "stade", "applies": "s’applique",
    "effect": "effet", "category": "catégorie", "stores_data": "stocke des données", "keys": "clés", "text": "texte",
    "title": "titre", "citation": "référence", "instrument": "acte",
}  # fmt: skip


def _overlays(command: Command) -> Command:
    return click.option(
        "--atlas", "overlays", multiple=True, type=click.Path(path_type=Path), help="Overlay with facts of your own."
    )(command)


@click.group()
def atlas() -> None:
    """List, check and describe the dated knowledge of places, owners, laws and certificates.

    The files are YAML with a source, a certainty and dates for each fact; an overlay adds facts of your own.
    """


@atlas.command("list")
@click.argument("what", required=False, type=click.Choice(WHATS))
@click.argument("offer", required=False)
@_overlays
@click.option("--as-of", type=Day(), help="Day that counts. Default: today.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def list_(
    what: str | None,
    offer: str | None,
    overlays: tuple[Path, ...],
    as_of: date | None,
    form: Literal["text", "json"],
    lang: Literal["en", "fr"],
) -> None:
    """List WHAT the atlas holds; locations and certificates need an OFFER. Without WHAT, how much of each there is."""
    import json

    from residency.atlas.atlas import load_atlas
    from residency.atlas.listing import Listing

    day = as_of or now().date()
    listing = Listing(load_atlas(overlays=overlays), day, lang)
    rows = listing.counts() if what is None else listing.rows(what, offer)
    if form == "json":
        head = {"schema": "residency/atlas-list/v1", "what": what, "as_of": day, "version": listing.atlas.version}
        click.echo(json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(_table(rows, lang)))


def _table(rows: list[dict[str, Any]], lang: str) -> list[str]:
    if not rows:
        return []
    heads = [_FRENCH.get(name, name) if lang == "fr" else name.replace("_", " ") for name in rows[0]]
    cells = [heads, *([_cell(value, lang) for value in row.values()] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _cell(value: Any, lang: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "fr": ("non", "oui")}[lang][value]
    text = ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)
    return textwrap.shorten(text, _WIDTH, placeholder=" …")


@atlas.command("check")
@_overlays
@click.option("--as-of", type=Day(), help="Day on which the facts are to be fresh. Default: today.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of what is old or volatile.")
def check(overlays: tuple[Path, ...], as_of: date | None, quiet: bool) -> None:
    """Check every file, overlay and shipped scenario; warn of facts that are old or volatile.

    Exits with 2 and every problem at its file, line and column: a fact without source, a reference to nothing, an id
    twice, periods that overlap. Exits with 0 otherwise; warnings go to stderr.
    """
    from residency.atlas.atlas import SHIPPED, Atlas
    from residency.atlas.provenance import every_file, facts, is_block, to_look_at
    from residency.atlas.scenario import load_scenario, scenario_ids
    from residency.atlas.scenario_check import check_scenario
    from residency.errors import UserError

    found = Atlas(SHIPPED, overlays).check()
    problems = [problem for name in scenario_ids() for problem in check_scenario(found, load_scenario(name))]
    if problems:
        raise UserError(*problems)
    for warning in [] if quiet else to_look_at(found, as_of or now().date()):
        click.echo(f"residency: warning: {warning}", err=True)
    files = list(every_file(found))
    count = sum(not is_block(path) for read in files for path, _, _ in facts(read.shape))
    click.echo(f"atlas {found.version}: {len(files)} files, {count} facts, correct.")


@atlas.command("schema")
@click.argument("kind", required=False, metavar="[FILE-KIND]")
def schema(kind: str | None) -> None:
    """Print the JSON Schema of a kind of file, such as overlay or scenario; without one, the kinds there are."""
    import json

    from residency.atlas.schemas import KINDS
    from residency.atlas.schemas import schema as made
    from residency.errors import Problem, UserError

    if kind is None:
        click.echo("\n".join(sorted(KINDS)))
        return
    if kind not in KINDS:
        raise UserError(Problem(f"{kind!r} is no kind of file.", remedy=f"Known: {', '.join(sorted(KINDS))}."))
    click.echo(json.dumps(made(kind), ensure_ascii=False, indent=2))
