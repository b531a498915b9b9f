"""Subscriptions, the management groups above them, and the tenants with their directories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.azure.item import Item, place
from residency.connectors.azure.rows import Found
from residency.connectors.told import Told
from residency.model import Account, Evidence, Placement, Role, StoresData

SUBSCRIPTION = "microsoft.resources/subscriptions"
POLICY = "microsoft.authorization/policyassignments"
# The built-in policies "Allowed locations" and "Allowed locations for resource groups".
_ALLOWED = {
    "e56962a6-4747-49cd-b67b-bf8b01975c4c": "allowed locations",
    "e765b5de-1225-4ba3-bd56-1ac6695af988": "allowed locations of resource groups",
}
_DIRECTORY = "Microsoft.AzureActiveDirectory/tenants"
_TENANTS, _BOUNDARY = "Microsoft.Resources/tenants/read", "Microsoft.Resources/dataBoundaries/read"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is told of a subscription. `path` are the titles of its management groups, from the root down."""

    name: str | None = None
    path: tuple[str, ...] = ()
    tenant: str | None = None
    tags: Mapping[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant. `country` is the code that it was created with; `boundary` is its EU Data Boundary setting
    (`NotDefined`, `Global`, `EU`), `None` when it was not read."""

    id: str
    country: str | None = None
    name: str | None = None
    boundary: str | None = None

    def settings(self) -> dict[str, str]:
        """What bears on residency for every subscription of the tenant."""
        told = {"tenant country": self.country, "EU Data Boundary": self.boundary}
        return {name: value for name, value in told.items() if value}


@dataclass(slots=True)
class Hierarchy:
    """What is known of subscriptions by id, told beforehand or learnt from their own items."""

    subscriptions: dict[str, Subscription]
    tenants: tuple[Tenant, ...] = ()
    whole: set[str] = field(default_factory=set)
    policies: dict[str, dict[str, str]] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def learn(self, item: Item) -> None:
        """Take in what an item tells of a subscription, or of a management group above some."""
        if item.key == SUBSCRIPTION and item.subscription is not None:
            self._learn_subscription(item, item.subscription)
        elif item.key == POLICY:
            # A policy on a resource group does not bind the rest of the subscription.
            scope = item.uid.partition("/providers/microsoft.authorization/")[0]
            group = scope.partition("/providers/microsoft.management/managementgroups/")[2]
            if group or scope == f"/subscriptions/{item.subscription}":
                self._learn_policy(item, f"group:{group}" if group else scope.rpartition("/")[2])

    def _learn_subscription(self, item: Item, subscription: str) -> None:
        self.whole.add(subscription)
        above = [
            str(entry.get("displayName") or entry.get("name"))
            for entry in item.entries("properties.managementGroupAncestorsChain")
        ]
        chain = item.entries("properties.managementGroupAncestorsChain")
        self.groups[subscription] = tuple(f"group:{str(entry.get('name')).lower()}" for entry in chain)
        name = item.text("displayName") or item.text("name")
        told = Subscription(name, tuple(reversed(above)), item.tenant, item.tags)
        self.subscriptions.setdefault(subscription, told)

    def _learn_policy(self, item: Item, scope: str) -> None:
        definition = (item.text("properties.policyDefinitionId") or "").lower().rpartition("/")[2]
        if (what := _ALLOWED.get(definition)) is not None:
            regions = item.list("properties.parameters.listOfAllowedLocations.value")
            title = item.text("properties.displayName") or item.name
            named = ", ".join(sorted(filter(None, map(place, regions))))
            self.policies.setdefault(scope, {})[f"{what}: {title}"] = named

    def account(self, item: Item) -> str:
        """The account of an item: its subscription, else its tenant, else `unknown`."""
        return item.subscription or item.tenant or "unknown"

    def accounts(self, owners: Iterable[str], offer: str | None) -> Iterator[Account]:
        """An account for every subscription, every tenant and every owner of an item."""
        tenants = {tenant.id.lower(): tenant for tenant in self.tenants}
        for account in sorted({*owners} | {*self.subscriptions} | {*tenants}):
            known = self.subscriptions.get(account, Subscription())
            tenant = tenants.get(account) or tenants.get((known.tenant or "").lower())
            name = known.name or (tenant.name if tenant is not None and account in tenants else None)
            settings = dict(tenant.settings()) if tenant else {}
            for scope in (*reversed(self.groups.get(account, ())), account):
                settings |= self.policies.get(scope, {})
            yield Account("azure", offer, account, name, known.path, known.tags, settings)

    def directories(self, homes: Mapping[str, str]) -> Iterator[tuple[Found, str]]:
        """Where the directory of each tenant is, with the tenant as the account. `homes` are the places of directories
        by the country of the tenant; the directories of other countries are kept in several."""
        for tenant in self.tenants:
            uid = f"/tenants/{tenant.id.lower()}"
            location: str | None = "eudb"
            if (tenant.boundary or "").upper() == "EU":
                evidence = Evidence(_BOUNDARY, "properties.dataBoundary", tenant.boundary)
            else:
                location = homes.get((tenant.country or "").upper())
                evidence = Evidence(_TENANTS, "countryCode", tenant.country)
            told = Told(_DIRECTORY, "project", uid, tenant.name or tenant.id, location, None, StoresData.NO)
            yield told, tenant.id.lower()
            yield Placement(uid, Role.CONTROL_PLANE, location, "directory", evidence), tenant.id.lower()
