"""Who else can reach what is kept: anyone, people of another tenant, whoever a gallery or a share is open to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item
from residency.connectors.azure.rows import LOCATION, Found, primary, reads, regional, told, where
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_ANYONE = "*"


@reads(
    "Microsoft.Storage/storageAccounts/blobServices/containers", None,
    Tells("properties.publicAccess", Role.SHARE, "model"),
)  # fmt: skip
def container(item: Item) -> Iterator[Found]:
    """A container whose blobs anyone may read. It counts only where the account lets containers be public, so that the
    containers of other accounts are not asked for."""
    field = "properties.publicAccess"
    if (item.text(field) or "none").lower() != "none":
        evidence = item.evidence(field, item.text(field))
        yield Placement(item.parent, Role.SHARE, None, "public-container", evidence, target=_ANYONE)


_OFFERED = "properties.registrationDefinition.properties.managedByTenantId"


@reads(
    "Microsoft.ManagedServices/registrationAssignments", None, Tells(_OFFERED, Role.SHARE, "model"),
    Tells("properties.registrationDefinitionId", Role.SHARE, "model"),
)  # fmt: skip
def delegation(item: Item) -> Iterator[Found]:
    """Azure Lighthouse: people of another tenant who work in this subscription. Where they are, Azure does not tell."""
    yield told(item, location=None, stores=StoresData.NO)
    field = _OFFERED if item.text(_OFFERED) else "properties.registrationDefinitionId"
    tenant = item.text(_OFFERED)
    target = f"/tenants/{tenant.lower()}" if tenant else None
    yield Placement(item.uid, Role.SHARE, None, "delegation", item.evidence(field, item.text(field)), target=target)


_OPEN = "properties.sharingProfile.permissions"


@reads("Microsoft.Compute/galleries", None, LOCATION, Tells(_OPEN, Role.SHARE, "model"))
def gallery(item: Item) -> Iterator[Found]:
    """A gallery of images: private, open to some subscriptions or tenants, or to everybody as a community gallery."""
    yield told(item, location=where(item)[0], stores=StoresData.NO)
    yield from primary(item)
    match (item.text(_OPEN) or "private").lower():
        case "private":
            return
        case "community":
            yield Placement(item.uid, Role.SHARE, None, "gallery", item.evidence(_OPEN, "Community"), target=_ANYONE)
        case _:
            yield Placement(item.uid, Role.SHARE, None, "gallery", item.evidence(_OPEN, item.text(_OPEN)))


@reads("Microsoft.DataShare/accounts/shares", None)
def share(_: Item) -> Iterator[Found]:
    """Data that is offered to others; who took it is a list of its own."""
    yield from ()


@reads(
    "Microsoft.DataShare/accounts/shares/providerShareSubscriptions", None,
    Tells("properties.consumerTenantName", Role.SHARE, "model"),
)  # fmt: skip
def taken_share(item: Item) -> Iterator[Found]:
    """Another tenant that takes data from a share, into a place that this side is not told."""
    if (item.text("properties.shareSubscriptionStatus") or "active").lower() == "active":
        field = "properties.consumerTenantName"
        tenant = item.text(field)
        account = item.uid.partition("/shares/")[0]
        yield Placement(account, Role.SHARE, None, "data-share", item.evidence(field, tenant), target=tenant)


regional("Microsoft.DataShare/accounts", None, stores=StoresData.YES)
