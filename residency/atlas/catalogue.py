"""The offers and places of a data folder and its overlays; a provider file is read when first needed."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from residency.atlas.overlay import own_providers, with_locations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from residency.atlas.files import Files
    from residency.atlas.overlay import Overlay
    from residency.atlas.provider import Provider
    from residency.atlas.values import Offer, Place


class Catalogue:
    """Offers by id and alias, each with the provider in whose places it is sold."""

    def __init__(self, files: Files, overlays: Sequence[Overlay]) -> None:
        self._files = files
        self._overlays = overlays
        self._unread = list(files.provider_files)
        self._offers: dict[str, tuple[Offer, Provider]] = {}
        self._lock = RLock()

    def ids(self) -> tuple[str, ...]:
        """The ids of all offers, in order."""
        with self._lock:
            self._read_own()
            while self._unread:
                self._read(0)
        return tuple(sorted(offer.id for key, (offer, _) in self._offers.items() if key == offer.id))

    def entry(self, offer_id: str) -> tuple[Offer, Provider] | None:
        """An offer by id or alias, with its provider; `None` when it is not known."""
        with self._lock:
            self._read_own()
            if offer_id not in self._offers and self._unread:
                self._search(offer_id)
            return self._offers.get(offer_id)

    def _search(self, offer_id: str) -> None:
        # Most offers stand in the file of their own name or of the first part of it; the others are tried next.
        near = [f for f in self._unread if f"{offer_id}-".startswith(f"{f.stem}-")]
        for file in sorted(near, key=lambda f: -len(f.stem)):
            if offer_id not in self._offers:
                self._read(self._unread.index(file))
        while offer_id not in self._offers and self._unread:
            self._read(0)

    def _read_own(self) -> None:
        if not self._offers:
            for overlay in self._overlays:
                for provider in own_providers(overlay):
                    self._add(provider)

    def _read(self, index: int) -> None:
        provider = self._files.provider(self._unread[index])
        del self._unread[index]
        self._add(provider)

    def _add(self, provider: Provider) -> None:
        sells = {name: o for o in provider.read.shape.offers or () for name in (o.id, *(o.aliases or ()))}
        for overlay in self._overlays:
            provider = with_locations(overlay, provider, sells)
        for offer in provider.offers:
            for name in (offer.id, *offer.aliases):
                self._offers.setdefault(name, (offer, provider))


def sells(offer: Offer, place: Place) -> bool:
    """Whether a place of the provider belongs to an offer."""
    if offer.ids is not None:
        return place.id in offer.ids
    return offer.all_places or (offer.partition is not None and place.partition == offer.partition)
