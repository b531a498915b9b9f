"""Subscriptions, the management groups above them, and the tenants with their directories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from residency.connectors.azure.item import Item
from residency.connectors.azure.rows import Found
from residency.model import Account

SUBSCRIPTION = "microsoft.resources/subscriptions"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is told of a subscription. `path` are the titles of its management groups, from the root down."""

    name: str | None = None
    path: tuple[str, ...] = ()
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant. `country` is the code that it was created with; `boundary` is its EU Data Boundary setting
    (`NotDefined`, `Global`, `EU`), `None` when it was not read."""

    id: str
    country: str | None = None
    name: str | None = None
    boundary: str | None = None


@dataclass(slots=True)
class Hierarchy:
    """What is known of subscriptions by id, told beforehand or learnt from their own items."""

    subscriptions: dict[str, Subscription]
    tenants: tuple[Tenant, ...] = ()
    whole: set[str] = field(default_factory=set)

    def learn(self, item: Item) -> None:
        """Take in what an item tells of a subscription."""
        if item.key != SUBSCRIPTION or item.subscription is None:
            return
        self.whole.add(item.subscription)
        above = [
            str(entry.get("displayName") or entry.get("name"))
            for entry in item.entries("properties.managementGroupAncestorsChain")
        ]
        name = item.text("name") or item.text("displayName")
        told = Subscription(name, tuple(reversed(above)), item.tenant)
        self.subscriptions.setdefault(item.subscription, told)

    def account(self, item: Item) -> str:
        """The account of an item: its subscription, else its tenant, else `unknown`."""
        return item.subscription or item.tenant or "unknown"

    def accounts(self, items: Iterable[Item], offer: str | None) -> Iterator[Account]:
        """An account for every subscription and every owner of an item."""
        for account in sorted({self.account(item) for item in items} | {*self.subscriptions}):
            known = self.subscriptions.get(account, Subscription())
            yield Account("azure", offer, account, known.name, known.path)

    def directories(self) -> Iterator[tuple[Found, str]]:
        """Where the directory of each tenant is, with the tenant as the account."""
        return iter(())
