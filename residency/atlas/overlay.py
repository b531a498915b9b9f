"""Reading an overlay and putting its facts over the shipped ones. `docs/atlas.md` says what an overlay may hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from residency.atlas.amend import OfferChange, with_laws_of_companies
from residency.atlas.overlay_shapes import CORRECTED, OverlayFile
from residency.atlas.provider import Provider, certificate, control
from residency.atlas.provider_shapes import LocationShape, OfferShape, ProviderFile, SoldIn
from residency.atlas.reading import Path_, Read, problems, read_shape
from residency.atlas.shapes import NOTHING_TOLD, Origin, Provenance, Shape
from residency.errors import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from residency.atlas.law_shapes import LawShape
    from residency.atlas.overlay_shapes import ControlShape, CorrectionShape, OwnCertificateShape
    from residency.atlas.values import Offer

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay file; in `shape` every fact has its source, certainty and day filled in from `defaults`."""

    file: Path
    read: Read[OverlayFile]
    shape: OverlayFile

    @property
    def id(self) -> str:
        """The id that the version of the atlas names."""
        return self.shape.overlay

    def problem(self, path: Path_, message: str, remedy: str | None = None) -> Problem:
        """A problem at the value at `path`."""
        return self.read.problem(path, message, remedy)


def read_overlay(file: Path) -> Overlay:
    """Read an overlay. Raises `UserError` with every problem of its shape."""
    read = read_shape(file, OverlayFile)
    return Overlay(file, read, _filled(read.shape, NOTHING_TOLD.with_(read.shape.defaults)))


def _filled(shape: S, told: Provenance) -> S:
    """A shape in which every fact says itself what it would inherit."""
    new: dict[str, Any] = {}
    if isinstance(shape, Origin):
        told = told.with_(shape)
        new = {"source": None, "sources": list(told.sources) or None}
        new |= {"certainty": told.certainty, "checked_on": told.checked_on}
    for name, value in shape:
        if isinstance(value, Shape) and name != "defaults":
            new[name] = _filled(value, told)
        elif isinstance(value, list):
            new[name] = [_filled(item, told) if isinstance(item, Shape) else item for item in value]
    return shape.model_copy(update=new)


def own_providers(overlay: Overlay) -> list[Provider]:
    """Each new offer of an overlay, with its locations, as a provider of its own."""
    found = []
    for own in overlay.shape.offers or ():
        fields = {name: getattr(own, name) for name in OfferShape.model_fields}
        offer = OfferShape.model_construct(**{**fields, "sold_in": SoldIn(all=True)})
        file = ProviderFile.model_construct(
            provider=own.id, name=own.name, defaults=Origin(), sources=None, location_defaults=None,
            zone_pattern=own.zone_pattern, locations=own.locations, offers=[offer],
        )  # fmt: skip
        found.append(Provider(Read(file, overlay.read.document)))
    return found


def law_changes(overlay: Overlay, offer_id: str, laws: list[LawShape]) -> list[OfferChange]:
    """What an overlay changes of an offer, in the order: laws of a new offer, control, certificates."""
    changes = []
    for own in overlay.shape.offers or ():
        if own.id == offer_id and own.laws is None:
            changes.append(OfferChange(None, lambda o: with_laws_of_companies(o, laws, ("parent", "operator"))))
    for entry in overlay.shape.control or ():
        if entry.offer == offer_id:
            changes.append(OfferChange(entry.from_, _Control(entry, laws)))
    granted = [c for c in overlay.shape.certificates or () if c.offer == offer_id]
    if granted:
        changes.append(OfferChange(None, _Certificates(granted)))
    return changes


@dataclass(frozen=True, slots=True)
class _Control:
    entry: ControlShape
    laws: list[LawShape]

    def __call__(self, offer: Offer) -> Offer:
        told = self.entry.model_fields_set - {"offer", "from_"}
        values = control(self.entry, NOTHING_TOLD)
        new = replace(offer, **{name: value for name, value in values.items() if name in told})
        if "laws" in told:
            return new
        through = ["parent"] if new.ultimate_parent != offer.ultimate_parent else []
        through += ["operator"] if new.runs != offer.runs else []
        return with_laws_of_companies(new, self.laws, through) if through else new


@dataclass(frozen=True, slots=True)
class _Certificates:
    entries: list[OwnCertificateShape]

    def __call__(self, offer: Offer) -> Offer:
        gone = {entry.scheme for entry in self.entries if entry.instead}
        kept = (c for c in offer.certificates if c.scheme not in gone)
        new = (certificate(entry, NOTHING_TOLD) for entry in self.entries)
        return replace(offer, certificates=(*new, *kept))


def with_locations(overlay: Overlay, provider: Provider, sells: dict[str, OfferShape]) -> Provider:
    """The provider with the further and the corrected locations that an overlay has for its offers (`sells`)."""
    added = [own for own in overlay.shape.locations or () if own.offer in sells]
    fixes = [c for c in overlay.shape.corrections or () if c.location is not None and c.location.offer in sells]
    if not added and not fixes:
        return provider
    shape = provider.read.shape
    locations = list(shape.locations or ())
    for index, location in enumerate(locations):
        for fix in fixes:
            if fix.location is not None and fix.location.id == location.id:
                locations[index] = corrected(overlay, fix, location)
    offers = {offer.id: offer for offer in shape.offers or ()}
    for own in added:
        fields = {name: getattr(own, name) for name in LocationShape.model_fields}
        offer = offers[sells[own.offer].id]
        sold = offer.sold_in or SoldIn(ids=[])
        if sold.partition is not None:
            fields["partition"] = fields["partition"] or sold.partition
        elif sold.ids is not None:
            sold = sold.model_copy(update={"ids": [*sold.ids, own.id]})
            offers[offer.id] = offer.model_copy(update={"sold_in": sold})
        locations.append(LocationShape.model_construct(**fields))
    update = {"locations": locations, "offers": list(offers.values())}
    return Provider(Read(shape.model_copy(update=update), provider.read.document))


def corrections(overlay: Overlay, what: str, entries: Iterable[S]) -> list[S]:
    """The entries (with an `id`), the corrected ones in their new form."""
    fixes = [c for c in overlay.shape.corrections or () if getattr(c, what) is not None]
    result = list(entries)
    for fix in fixes:
        for index, entry in enumerate(result):
            if getattr(fix, what) == getattr(entry, "id", None):
                result[index] = corrected(overlay, fix, entry)
    return result


def corrected(overlay: Overlay, fix: CorrectionShape, entry: S) -> S:
    """An entry with the keys of a correction. Raises `UserError` when the result has not the shape of such an entry."""
    values = {k: v for k, v in entry.model_dump(exclude_unset=True).items() if v is not None}
    values |= fix.set
    values = {k: v for k, v in values.items() if v is not None and k not in ("source", "sources")}
    values |= {k: getattr(fix, k) for k in ("sources", "certainty", "checked_on") if getattr(fix, k) is not None}
    try:
        return type(entry).model_validate(values)
    except ValidationError as error:
        index = (overlay.shape.corrections or []).index(fix)
        raise UserError(*problems(error, overlay.read.document, ("corrections", index, "set"))) from None


def corrected_id(fix: CorrectionShape) -> tuple[str, Any]:
    """What a correction corrects, and its id."""
    return next((key, value) for key in CORRECTED if (value := getattr(fix, key)) is not None)
