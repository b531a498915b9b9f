"""The dated knowledge behind one door: places, offers, laws, certificates, adequacy, kinds, as of a day."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from residency.atlas import certificates
from residency.atlas.areas import Areas
from residency.atlas.check import check
from residency.atlas.files import Files
from residency.atlas.kinds import Kinds
from residency.atlas.shapes import Text
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

    from residency.atlas.law_shapes import LawShape
    from residency.atlas.provider import Provider
    from residency.atlas.register_shapes import SchemeShape

__all__ = [
    "Adequacy", "Atlas", "CertAnswer", "Certificate", "Company", "Kind", "LawLink", "Offer", "Place", "Source",
    "load_atlas",
]  # fmt: skip

SHIPPED = Path(__file__).resolve().parent / "data"
_ACCESS = ("law_enforcement", "intelligence", "both")


class Atlas:
    """The knowledge of a data folder. Files are read when first needed; reading a broken one raises `UserError`.

    `overlays` are further provider files: a data centre of one's own, a recipient that is no cloud.
    """

    def __init__(self, folder: Path, overlays: tuple[Path, ...] = ()) -> None:
        self.files = Files(folder, overlays)
        self._areas: Areas | None = None
        self._kinds: Kinds | None = None
        self._laws: dict[str, LawShape] | None = None
        self._schemes: dict[str, SchemeShape] | None = None
        self._offers: dict[str, tuple[Offer, Provider]] = {}
        self._unread = list(self.files.provider_files)
        self._lock = RLock()

    @property
    def version(self) -> str:
        """The newest day on which a fact was checked."""
        return self.files.version

    @property
    def sha256(self) -> str:
        """A hash over all data files."""
        return self.files.sha256

    def check(self) -> Atlas:
        """This atlas, once every file and every reference has been checked. Raises `UserError` with all problems."""
        problems = check(self.files)
        if problems:
            raise UserError(*problems)
        return self

    # -- offers and places ---------------------------------------------------------------------------------------

    def offer_ids(self) -> tuple[str, ...]:
        """The ids of all offers, in order."""
        with self._lock:
            while self._unread:
                self._read(0)
        return tuple(sorted(offer.id for key, (offer, _) in self._offers.items() if key == offer.id))

    def offer(self, offer_id: str) -> Offer | None:
        """An offer by its id or an alias; `None` when the atlas does not know it."""
        found = self._entry(offer_id)
        return found[0] if found else None

    def place(self, offer_id: str, location: str) -> Place | None:
        """A location code of an offer, without regard to case and white space; aliases and zones count.

        `None` when the offer or the code is not in the atlas, or the code belongs to another partition.
        """
        found = self._entry(offer_id)
        if found is None:
            return None
        offer, provider = found
        place = provider.place(location)
        return place if place is not None and _sells(offer, place) else None

    def places(self, offer_id: str) -> tuple[Place, ...]:
        """Every place of an offer in the order of its file; empty when the offer is not in the atlas."""
        found = self._entry(offer_id)
        return tuple(p for p in found[1].places if _sells(found[0], p)) if found else ()

    def sellers(self, offer_id: str, location: str) -> tuple[str, ...]:
        """The offers of the same provider that have the location: what to ask for instead of the offer given."""
        found = self._entry(offer_id)
        place = found[1].place(location) if found else None
        return tuple(o.id for o in found[1].offers if _sells(o, place)) if found and place else ()

    def _entry(self, offer_id: str) -> tuple[Offer, Provider] | None:
        with self._lock:
            return self._find(offer_id)

    def _find(self, offer_id: str) -> tuple[Offer, Provider] | None:
        if offer_id not in self._offers and self._unread:
            # Most offers stand in the file of their own name or of the first part of it; the others are tried next.
            near = [f for f in self._unread if f"{offer_id}-".startswith(f"{f.stem}-")]
            for file in sorted(near, key=lambda f: -len(f.stem)):
                if offer_id not in self._offers:
                    self._read(self._unread.index(file))
            while offer_id not in self._offers and self._unread:
                self._read(0)
        return self._offers.get(offer_id)

    def _read(self, index: int) -> None:
        provider = self.files.provider(self._unread[index])
        del self._unread[index]
        for offer in provider.offers:
            for name in (offer.id, *offer.aliases):
                self._offers.setdefault(name, (offer, provider))

    # -- areas ---------------------------------------------------------------------------------------------------

    @property
    def areas(self) -> Areas:
        """Country groups and adequacy decisions."""
        if self._areas is None:
            self._areas = Areas(self.files.shape("country-groups").shape, self.files.shape("adequacy").shape)
        return self._areas

    def group_members(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a day. Raises `KeyError` for an unknown group."""
        return self.areas.members(group, as_of)

    def in_group(self, country: str, group: str, as_of: date) -> bool:
        """Whether a country is in a group on a day. Raises `KeyError` for an unknown group."""
        return country in self.areas.members(group, as_of)

    def within(self, place: Place, group: str, as_of: date) -> bool | None:
        """True when every possible country of the place is in the group, false when any is not, `None` if unknown."""
        return self.areas.within(place, group, as_of)

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

    def law(self, law_id: str) -> LawShape | None:
        """A law by its id; `None` when the atlas does not know it."""
        if self._laws is None:
            self._laws = {law.id: law for law in self.files.shape("laws").shape.laws}
        return self._laws.get(law_id)

    def laws(self, offer_id: str, as_of: date) -> tuple[LawLink, ...] | None:
        """The laws in force on a day that reach the offer, in the order of its file; `None` for an unknown offer."""
        offer = self.offer(offer_id)
        if offer is None:
            return None
        links = (self._link(link, as_of) for link in offer.laws)
        return tuple(link for link in links if link is not None)

    def _link(self, link: OfferLaw, as_of: date) -> LawLink | None:
        law = self.law(link.law)
        started = link.valid_from is None or link.valid_from <= as_of
        if law is None or not law.holds(as_of) or not started or (link.valid_until and link.valid_until < as_of):
            return None
        foreign = law.country != "EU" and not self.in_group(law.country, "eu_territory", as_of)
        lapse = law.lapse.note if law.lapse is not None and law.lapse.on <= as_of else None
        return LawLink(
            law=law.id, via=link.via, certainty=link.certainty, source=link.source, note=link.note,
            access=law.kind in _ACCESS and foreign, country=law.country, kind=law.kind, name=law.name, lapse=lapse,
        )  # fmt: skip

    def non_eu_share(self, offer_id: str) -> tuple[float, float] | None:
        """Upper bounds in percent of the largest non-EU holding and of all together; `None` when not known."""
        offer = self.offer(offer_id)
        share = offer.non_eu_share if offer else None
        return (float(share.largest_at_most), float(share.total_at_most)) if share else None

    # -- certificates --------------------------------------------------------------------------------------------

    def schemes(self) -> dict[str, SchemeShape]:
        """The certificate schemes by the check that asks for them."""
        if self._schemes is None:
            self._schemes = {scheme.check: scheme for scheme in self.files.shape("schemes").shape.schemes}
        return self._schemes

    def certificate(
        self, offer_id: str, check: str, kind: str | None, location: str | None, as_of: date
    ) -> CertAnswer:
        """Whether a certificate of the scheme behind `check` covers the kind in the location on the day.

        An unknown offer, kind or location makes the answer unknown. Raises `KeyError` for an unknown check.
        """
        scheme = self.schemes()[check]
        offer = self.offer(offer_id)
        if offer is None:
            why = Text(en="the offer is not in the atlas", fr="l’offre n’est pas dans l’atlas")
            return CertAnswer(None, why, None)
        place = self.place(offer_id, location) if location is not None else None
        return certificates.answer(offer, scheme, certificates.Question(kind, place, as_of))

    # -- kinds and sources ---------------------------------------------------------------------------------------

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
        for file in self.files.provider_files:
            if provider is not None and file.stem == provider:
                own = (self.files.provider(file).read.shape.sources or {}).get(name)
                if own is not None:
                    return Source(name, own.kind, own.text)
        shared = self.files.shape("sources").shape.sources.get(name)
        return Source(name, shared.kind, shared.text) if shared else Source(None, None, name)


def _sells(offer: Offer, place: Place) -> bool:
    if offer.ids is not None:
        return place.id in offer.ids
    return offer.all_places or (offer.partition is not None and place.partition == offer.partition)


@cache
def load_atlas(path: Path | None = None, overlays: tuple[Path, ...] = ()) -> Atlas:
    """The atlas of a data folder, by default the shipped one; the same folder gives the same object.

    Raises `UserError` when the folder is not complete. `check()` on the result checks every fact at once.
    """
    return Atlas(path or SHIPPED, overlays)
