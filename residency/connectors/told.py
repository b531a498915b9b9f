"""What something listed says of itself, before it is known whose it is and who holds its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from residency.model import KeyCustody, Resource, StoresData


@dataclass(frozen=True, slots=True)
class Told:
    """A resource as it tells of itself; the account, the offer and the custody are filled in by who reads them all."""

    type: str
    kind: str | None
    uid: str
    name: str | None
    location: str | None
    tags: Mapping[str, str] | None
    stores: StoresData | None = None
    custody: KeyCustody | None = None

    def resource(self, provider: str, account: str, offer: str | None, custody: KeyCustody | None) -> Resource:
        """The resource of an account."""
        return Resource(
            self.uid, provider, offer, account, self.type, kind=self.kind, name=self.name, location=self.location,
            stores_data=self.stores, tags=self.tags, key_custody=custody,
        )  # fmt: skip
