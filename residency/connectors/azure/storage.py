"""Storage accounts: where blobs, files, queues and tables are and are copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyUse,
    KnownName,
    each,
    key_in_vault,
    paired,
    placed,
    primary,
    reads,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role

# Redundancies that keep copies in a second region: GRS, RAGRS, GZRS, RAGZRS and the same of provisioned v2 accounts.
_LEAVES = ("GRS", "GZRS")
_RULES = "properties.networkAcls.resourceAccessRules"
_KEY = "properties.encryption.keyvaultproperties"


@reads(
    "Microsoft.Storage/storageAccounts", "object-bucket", LOCATION,
    Tells("sku.name", Role.REPLICA, "recorded"), Tells("properties.secondaryLocation", Role.REPLICA, "model"),
    Tells("properties.encryption.keySource", None, "recorded"), Tells(f"{_KEY}.keyvaulturi", Role.KEY, "model"),
    Tells(f"{_RULES}[].tenantId", Role.SHARE, "model"),
)  # fmt: skip
def account(item: Item) -> Iterator[Found]:
    """A storage account. A geo-redundant one is copied to the paired region, which is told as its secondary one."""
    uses = _key(item)
    custody = None if uses else KeyCustody.PROVIDER_MANAGED
    yield told(item, location=where(item)[0], custody=custody)
    yield KnownName(f"storage-account:{item.name.lower()}", item.uid)
    yield from primary(item)
    if item.text("properties.secondaryLocation") is not None:
        field = "properties.secondaryLocation"
        yield placed(item, Role.REPLICA, "geo-redundancy", field, item.get(field))
    elif (item.sku or "").upper().endswith(_LEAVES):
        yield paired(item, Role.REPLICA, "geo-redundancy", "sku.name", item.sku)
    yield from uses
    for path, rule in each(item, _RULES):
        tenant, who = rule.get("tenantId"), rule.get("resourceId")
        if isinstance(tenant, str) and tenant.lower() != item.tenant:
            evidence = item.evidence(f"{path}.tenantId", tenant)
            target = uid_of(who) if isinstance(who, str) else None
            yield Placement(item.uid, Role.SHARE, None, "other-tenant", evidence, target=target)


def _key(item: Item) -> list[KeyUse]:
    source = item.text("properties.encryption.keySource") or ""
    if source.lower() != "microsoft.keyvault":
        return []
    # A key of the customer whose vault is not told is a key in an unknown place, not one of Azure's own.
    unknown = [KeyUse(item.uid, "", item.evidence("properties.encryption.keySource", source))]
    return key_in_vault(item, f"{_KEY}.keyvaulturi", f"{_KEY}.keyname") or unknown


@reads(
    "Microsoft.Storage/storageAccounts/objectReplicationPolicies", "object-replication",
    Tells("properties.destinationAccount", Role.REPLICA, "model"),
)  # fmt: skip
def replication(item: Item) -> Iterator[Found]:
    """A policy that copies blobs to another account. Both accounts list it: the source has the copy. An account is
    told by its id, or by its name alone."""
    source = item.text("properties.sourceAccount") or ""
    target = item.text("properties.destinationAccount")
    if target is None or not item.parent.endswith(f"/{source.rpartition('/')[2].lower()}"):
        return
    uid = target.lower() if "/" in target else f"storage-account:{target.lower()}"
    evidence = item.evidence("properties.destinationAccount", target)
    yield At(Placement(item.parent, Role.REPLICA, None, "object-replication", evidence, target=uid))
