"""`residency lookup`: the card of an offer, or of one of its places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from residency.cli.clock import Day, now

if TYPE_CHECKING:
    from datetime import date

    from residency.atlas.atlas import Atlas, Offer, Place


@click.command("lookup")
@click.argument("offer_id", metavar="OFFER")
@click.argument("location", required=False)
@click.option("--as-of", type=Day(), help="Day whose law counts. Default: today.")
@click.option(
    "--atlas", "overlays", multiple=True, type=click.Path(path_type=Path), help="Overlay with facts of your own."
)
@click.option("--scenario", metavar="S", help="Id of a shipped scenario, or a path.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def lookup(
    offer_id: str,
    location: str | None,
    as_of: date | None,
    overlays: tuple[Path, ...],
    scenario: str | None,
    form: Literal["text", "json"],
    lang: Literal["en", "fr"],
) -> None:
    """Show the card of a place: countries, area, control, laws, certificates, with sources and certainties.

    OFFER is an id of the atlas such as aws, bleu or scaleway; LOCATION a code as the provider writes it. Without
    LOCATION the card of the offer alone is shown. Exits with 2 when the atlas does not know one of them.
    """
    import json

    from residency.atlas.atlas import load_atlas
    from residency.atlas.card import card
    from residency.atlas.card_text import text

    day = as_of or now().date()
    atlas = load_atlas(overlays=overlays)
    if scenario is not None:
        from residency.atlas.scenario import load_scenario

        atlas = atlas.under(load_scenario(scenario))
    offer = _offer(atlas, offer_id, lang)
    place = _place(atlas, offer, location, lang) if location is not None else None
    result = card(atlas, atlas.offer(offer.id, day) or offer, place, day, lang)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2) if form == "json" else text(result, lang))


def _offer(atlas: Atlas, offer_id: str, lang: str) -> Offer:
    from residency.errors import Problem, UserError

    offer = atlas.offer(offer_id) or atlas.offer(offer_id.casefold())
    if offer is not None:
        return offer
    known = {name: name for o in atlas.offer_ids() if (found := atlas.offer(o)) for name in (o, *found.aliases)}
    if lang == "fr":
        message = f"l’atlas ne connaît pas l’offre {offer_id!r}."
    else:
        message = f"the atlas does not know the offer {offer_id!r}."
    raise UserError(Problem(message, remedy=_near(offer_id, known, lang) or _all_of(atlas.offer_ids(), lang)))


def _place(atlas: Atlas, offer: Offer, location: str, lang: str) -> Place:
    from residency.errors import Problem, UserError

    place = atlas.place(offer.id, location)
    if place is not None:
        return place
    if lang == "fr":
        message = f"l’atlas ne connaît pas le lieu {location!r} de l’offre {offer.id!r}."
    else:
        message = f"the atlas does not know the location {location!r} of the offer {offer.id!r}."
    sellers = atlas.sellers(offer.id, location)
    if sellers:
        names = ", ".join(sellers)
        remedy = f"Ce lieu appartient à une autre offre\u00a0: {names}." if lang == "fr" else f"It belongs to: {names}."
    else:
        places = atlas.places(offer.id)
        known = {code: p.id for p in places for code in (p.id, *p.aliases, p.name)}
        remedy = _near(location, known, lang) or _all_of([p.id for p in places], lang)
    raise UserError(Problem(message, remedy=remedy))


def _near(asked: str, known: dict[str, str], lang: str) -> str | None:
    """The known names closest to what was asked, as a sentence; `None` when none is close."""
    import difflib

    folded = {name.casefold(): id_ for name, id_ in known.items()}
    close = dict.fromkeys(folded[n] for n in difflib.get_close_matches(asked.casefold(), folded, n=5, cutoff=0.6))
    if not close:
        return None
    names = ", ".join(close)
    return f"Noms proches\u00a0: {names}." if lang == "fr" else f"Close to it: {names}."


def _all_of(ids: tuple[str, ...] | list[str], lang: str) -> str:
    if not ids:
        return "L’atlas n’en liste aucun." if lang == "fr" else "The atlas lists none."
    names = ", ".join(ids[:60]) + (", …" if len(ids) > 60 else "")
    return f"Connus\u00a0: {names}." if lang == "fr" else f"Known: {names}."
