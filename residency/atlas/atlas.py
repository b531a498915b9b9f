"""The dated knowledge behind one door: places, offers, laws, certificates, adequacy, kinds, as of a day."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from residency.atlas import certificates
from residency.atlas.amend import ACCESS_KINDS, changed
from residency.atlas.catalogue import Catalogue, sells
from residency.atlas.check import check
from residency.atlas.files import Files
from residency.atlas.kinds import Kinds
from residency.atlas.layers import Layers
from residency.atlas.overlay import Overlay, read_overlay
from residency.atlas.overlay_check import check_overlays
from residency.atlas.scenario_check import check_scenario
from residency.atlas.shapes import Text, earliest
from residency.atlas.values import (
    Adequacy,
    CertAnswer,
    Certificate,
    Company,
    Kind,
    LawLink,
    Offer,
    OfferLaw,
    Place,
    Source,
)
from residency.errors import UserError

if TYPE_CHECKING:
    from datetime import date

    from residency.atlas.areas import Areas
    from residency.atlas.law_shapes import LawShape
    from residency.atlas.register_shapes import RungShape, SchemeShape
    from residency.atlas.scenario import Scenario

__all__ = [
    "Adequacy", "Atlas", "CertAnswer", "Certificate", "Company", "Kind", "LawLink", "Offer", "Place", "Source",
    "load_atlas",
]  # fmt: skip

SHIPPED = Path(__file__).resolve().parent / "data"


class Atlas:
    """The knowledge of a data folder. Files are read when first needed; reading a broken one raises `UserError`.

    `overlays` are files with facts of a user's own: they win over the folder, and a later one over an earlier one.
    """

    def __init__(self, folder: Path, overlays: tuple[Path, ...] = ()) -> None:
        self.shipped: Atlas = _shipped(folder) if overlays else self
        self.files: Files = self.shipped.files.with_overlays(overlays) if overlays else Files(folder)
        self.overlays: tuple[Overlay, ...] = tuple(read_overlay(file) for file in overlays)
        self.scenarios: tuple[Scenario, ...] = ()
        self.catalogue = Catalogue(self.files, self.overlays)
        self.layers: Layers = Layers(self.files, self.overlays, ())
        self._kinds: Kinds | None = None
        self._schemes: dict[str, SchemeShape] | None = None
        self._changed: dict[tuple[str, date | None], Offer] = {}

    def under(self, scenario: Scenario) -> Atlas:
        """Another atlas in which the changes of the scenario hold, each on and after its day; this one stays.

        Raises `UserError` when the scenario names what the atlas does not know.
        """
        problems = check_scenario(self, scenario)
        if problems:
            raise UserError(*problems)
        new = Atlas.__new__(Atlas)
        new.shipped, new.files, new.overlays, new.catalogue = self.shipped, self.files, self.overlays, self.catalogue
        new.scenarios = (*self.scenarios, scenario)
        new.layers = Layers(self.files, self.overlays, new.scenarios)
        new._kinds, new._schemes, new._changed = self._kinds, self._schemes, {}
        return new

    @property
    def version(self) -> str:
        """The newest day on which a fact was checked, then the ids of overlays and scenarios if there are any."""
        return self.layers.version

    @property
    def sha256(self) -> str:
        """A hash over all files, overlays and scenarios."""
        return self.layers.sha256

    def check(self) -> Atlas:
        """This atlas, once every file and every reference has been checked. Raises `UserError` with all problems."""
        problems = list(dict.fromkeys([*check(self.files), *check_overlays(self)]))
        if problems:
            raise UserError(*problems)
        return self

    # -- offers and places ---------------------------------------------------------------------------------------

    def offer_ids(self) -> tuple[str, ...]:
        """The ids of all offers, in order."""
        return self.catalogue.ids()

    def offer(self, offer_id: str, as_of: date | None = None) -> Offer | None:
        """An offer by its id or an alias; `None` when the atlas does not know it.

        Overlays and scenarios can change an offer from a day on: `as_of` gives it as it is on that day, no day gives
        it with every such change. Without overlay and scenario the day does not matter.
        """
        found = self.catalogue.entry(offer_id)
        if found is None:
            return None
        key = (found[0].id, as_of)
        if key not in self._changed:
            self._changed[key] = changed(found[0], self.layers.offer_changes(found[0].id), as_of)
        return self._changed[key]

    def place(self, offer_id: str, location: str) -> Place | None:
        """A location code of an offer, without regard to case and white space; aliases and zones count.

        `None` when the offer or the code is not in the atlas, or the code belongs to another partition.
        """
        found = self.catalogue.entry(offer_id)
        if found is None:
            return None
        place = found[1].place(location)
        return place if place is not None and sells(found[0], place) else None

    def places(self, offer_id: str) -> tuple[Place, ...]:
        """Every place of an offer in the order of its file; empty when the offer is not in the atlas."""
        found = self.catalogue.entry(offer_id)
        return tuple(p for p in found[1].places if sells(found[0], p)) if found else ()

    def sellers(self, offer_id: str, location: str) -> tuple[str, ...]:
        """The offers of the same provider that have the location: what to ask for instead of the offer given."""
        found = self.catalogue.entry(offer_id)
        place = found[1].place(location) if found else None
        return tuple(o.id for o in found[1].offers if sells(o, place)) if found and place else ()

    # -- areas ---------------------------------------------------------------------------------------------------

    @property
    def areas(self) -> Areas:
        """Country groups and adequacy decisions."""
        return self.layers.areas

    def group_members(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a day. Raises `KeyError` for an unknown group."""
        return self.areas.members(group, as_of)

    def in_group(self, country: str, group: str, as_of: date) -> bool:
        """Whether a country is in a group on a day. Raises `KeyError` for an unknown group."""
        return country in self.areas.members(group, as_of)

    def within(self, place: Place, group: str, as_of: date) -> bool | None:
        """True when every possible country is in the group, false when any is not, `None` if unknown."""
        return self.areas.within(place, group, as_of)

    def doubt(self, place: Place, group: str, as_of: date) -> Text | None:
        """Why `within` leaves a place open although its countries are known: one has just left the group."""
        return self.areas.doubt(place, group, as_of)

    def countries(self, place: Place, as_of: date) -> tuple[str, ...] | None:
        """Every country the data may be in, sorted; `None` when not listed or anywhere."""
        return self.areas.countries(place, as_of)

    def adequacy(self, country: str, as_of: date) -> Adequacy:
        """How a country stands under GDPR chapter V on a day."""
        return self.areas.adequacy(country, as_of)

    def adequate(self, place: Place, as_of: date) -> bool | None:
        """Whether transfers to the place need nothing more; `None` when unknown or when it hangs on a condition."""
        return self.areas.adequate(place, as_of)

    # -- law and control -----------------------------------------------------------------------------------------

    def law(self, law_id: str, as_of: date | None = None) -> LawShape | None:
        """A law by its id as it stands on a day, without a day its newest version; `None` = not in the atlas."""
        return self.layers.law(law_id, as_of)

    def custody(self, rung: str) -> RungShape | None:
        """A rung of key custody: who can decrypt there, and what that does to a transfer; `None` for an unknown one.

        Source: EDPB Recommendations 01/2020, Annex 2, use cases 1 and 6.
        """
        rungs: list[RungShape] = self.files.shape("key-custody").shape.rungs
        return next((entry for entry in rungs if entry.id == rung), None)

    def law_name(self, law_id: str, language: str) -> str:
        """The short name of a law in `en` or `fr`; the id itself when the atlas does not know it."""
        law = self.law(law_id)
        return law_id if law is None else law.short.fr if language == "fr" else law.short.en

    def laws(self, offer_id: str, as_of: date) -> tuple[LawLink, ...] | None:
        """The laws in force on a day that reach the offer, in the order of its file.

        `None` for an unknown offer, and where the laws cannot be told as the country of a company is not known.
        """
        offer = self.offer(offer_id, as_of)
        if offer is None or offer.laws is None:
            return None
        links = (self._link(link, as_of) for link in offer.laws)
        return tuple(link for link in links if link is not None)

    def _link(self, link: OfferLaw, as_of: date) -> LawLink | None:
        law = self.law(link.law, as_of)
        started = link.valid_from is None or link.valid_from <= as_of
        if law is None or not law.holds(as_of) or not started or (link.valid_until and link.valid_until < as_of):
            return None
        foreign = law.country != "EU" and not self.in_group(law.country, "eu_territory", as_of)
        lapse = law.lapse.note if law.lapse is not None and law.lapse.on <= as_of else None
        return LawLink(
            law=law.id, via=link.via, certainty=link.certainty, source=link.source, note=link.note,
            access=law.kind in ACCESS_KINDS and foreign, country=law.country, kind=law.kind, name=law.name, lapse=lapse,
        )  # fmt: skip

    def applies(self, text_id: str, as_of: date) -> bool | None:
        """Whether a rule of Union law or a framework binds on a day; a proposal never does, until it is adopted.

        `None` when its first day is not known. Raises `KeyError` for an unknown id.
        """
        text = self.layers.rules.get(text_id) or self.layers.frameworks[text_id]
        if text.stage is not None:
            return False
        if text.applies_from is not None:
            return text.applies_from <= as_of
        written: str | None = getattr(text, "date", None)
        return earliest(written) <= as_of if written else None

    def non_eu_share(self, offer_id: str, as_of: date | None = None) -> tuple[float, float] | None:
        """Upper bounds in percent of the largest non-EU holding and of all together; `None` when not known."""
        offer = self.offer(offer_id, as_of)
        share = offer.non_eu_share if offer else None
        return (float(share.largest_at_most), float(share.total_at_most)) if share else None

    # -- certificates --------------------------------------------------------------------------------------------

    def schemes(self) -> dict[str, SchemeShape]:
        """The certificate schemes by the check that asks for them."""
        if self._schemes is None:
            self._schemes = {scheme.check: scheme for scheme in self.files.shape("schemes").shape.schemes}
        return self._schemes

    def certificate(self, offer_id: str, check: str, kind: str | None, location: str | None, as_of: date) -> CertAnswer:
        """Whether a certificate of the scheme behind `check` covers the kind in the location on the day.

        An unknown offer, kind or location makes the answer unknown. Raises `KeyError` for an unknown check.
        """
        scheme = self.schemes()[check]
        offer = self.offer(offer_id, as_of)
        if offer is None:
            why = Text(en="the offer is not in the atlas", fr="l’offre n’est pas dans l’atlas")
            return CertAnswer(None, why, None)
        place = self.place(offer_id, location) if location is not None else None
        return certificates.answer(offer, scheme, certificates.Question(kind, place, as_of))

    # -- kinds and sources
    @property
    def kinds(self) -> Kinds:
        """Kinds of resources and the index of type names."""
        if self._kinds is None:
            self._kinds = Kinds(self.files.shape("resource-types").shape)
        return self._kinds

    def kind(self, kind_id: str) -> Kind | None:
        """A kind by its id; `None` when the atlas does not know it."""
        return self.kinds.by_id.get(kind_id)

    def kind_of(self, vocabulary: str, type_name: str) -> str | None:
        """The kind behind a type name of a vocabulary (aws_cloudformation, gcp_cai, azure_arm, terraform, …)."""
        return self.kinds.kind_of(vocabulary, type_name)

    def source(self, provider: str | None, name: str) -> Source:
        """What the `source` of a fact stands for; `provider` names the file whose own sources count too."""
        for overlay in self.overlays:
            told = (overlay.shape.sources or {}).get(name)
            if told is not None:
                return Source(name, told.kind, told.text)
        for file in self.files.provider_files:
            if provider is not None and file.stem == provider:
                own = (self.files.provider(file).read.shape.sources or {}).get(name)
                if own is not None:
                    return Source(name, own.kind, own.text)
        shared = self.files.shape("sources").shape.sources.get(name)
        return Source(name, shared.kind, shared.text) if shared else Source(None, None, name)


@cache
def _shipped(folder: Path) -> Atlas:
    return Atlas(folder)


def load_atlas(path: Path | None = None, overlays: tuple[Path, ...] = ()) -> Atlas:
    """The atlas of a data folder, by default the shipped one, with the facts of the overlays over it.

    Without overlays the same folder gives the same object. Raises `UserError` when the folder is not complete, and
    with every problem of an overlay. `check()` on the result checks the folder too, every fact at once.
    """
    if not overlays:
        return _shipped(path or SHIPPED)
    atlas = Atlas(path or SHIPPED, overlays)
    problems = check_overlays(atlas)
    if problems:
        raise UserError(*problems)
    return atlas
