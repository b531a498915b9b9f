"""Azure Backup and Site Recovery: where copies of what is protected are kept."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    AtEach,
    Found,
    Paired,
    each,
    each_text,
    key_of,
    paired,
    placed,
    primary,
    reads,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Evidence, Placement, Role

_KEY = "properties.encryption.keyVaultProperties.keyUri"
_REDUNDANCY = "properties.redundancySettings.standardTierStorageRedundancy"


@reads(
    "Microsoft.RecoveryServices/vaults", "backup-vault", LOCATION, Tells(_REDUNDANCY, Role.REPLICA, "model"),
    Tells(_KEY, Role.KEY, "model"),
)  # fmt: skip
def vault(item: Item) -> Iterator[Found]:
    """A vault of Recovery Services. A geo-redundant one is copied to the paired region, whether or not it may be
    restored there. An old vault does not tell its redundancy here, but in a setting of its own."""
    custody, uses = key_of(item, _KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    if (redundancy := item.text(_REDUNDANCY)) is not None and redundancy.lower() == "georedundant":
        yield paired(item, Role.REPLICA, "vault-redundancy", _REDUNDANCY, redundancy)


@reads(
    "Microsoft.RecoveryServices/vaults/backupstorageconfig", None,
    Tells("properties.storageModelType", Role.REPLICA, "model"),
    Tells("properties.storageType", Role.REPLICA, "model"),
)  # fmt: skip
def vault_setting(item: Item) -> Iterator[Found]:
    """The redundancy of a vault, told apart from it."""
    field = "properties.storageModelType" if item.text("properties.storageModelType") else "properties.storageType"
    chosen = item.text(field) or ""
    if chosen.lower() in ("georedundant", "readaccessgeozoneredundant"):
        evidence = Evidence("rule:azure-paired-region", field, chosen)
        placement = Placement(item.parent, Role.REPLICA, None, "vault-redundancy", evidence)
        yield Paired(placement, None, within=item.parent)


@reads(
    "Microsoft.DataProtection/backupVaults", "backup-vault", LOCATION,
    Tells("properties.storageSettings[].type", Role.REPLICA, "model"),
    Tells("properties.replicatedRegions[]", Role.REPLICA, "model"),
    Tells("properties.securitySettings.encryptionSettings.keyVaultProperties.keyUri", Role.KEY, "model"),
)  # fmt: skip
def backup_vault(item: Item) -> Iterator[Found]:
    """A Backup vault. Its redundancy is that of its stores."""
    custody, uses = key_of(item, "properties.securitySettings.encryptionSettings.keyVaultProperties.keyUri")
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    regions = list(each_text(item, "properties.replicatedRegions"))
    for path, region in regions:
        yield placed(item, Role.REPLICA, "vault-redundancy", path, region)
    for path, setting in each(item, "properties.storageSettings"):
        if not regions and str(setting.get("type")).lower() == "georedundant":
            yield paired(item, Role.REPLICA, "vault-redundancy", f"{path}.type", setting.get("type"))


def _protected(item: Item, field: str, via: str) -> Iterator[Found]:
    """What is backed up has its backups where the vault is, and where the vault is copied to."""
    if (source := item.text(field)) is not None:
        vault_uid = item.uid.partition("/backupfabrics/")[0].partition("/backupinstances/")[0]
        evidence = item.evidence(field, source)
        yield AtEach(Placement(uid_of(source), Role.BACKUP, None, via, evidence, target=vault_uid))


_ITEM = Tells("properties.sourceResourceId", Role.BACKUP, "model")


@reads(
    "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems", None, _ITEM
)  # fmt: skip
def protected_item(item: Item) -> Iterator[Found]:
    """Something that a vault of Recovery Services backs up."""
    yield from _protected(item, "properties.sourceResourceId", "azure-backup")


@reads(
    "Microsoft.DataProtection/backupVaults/backupInstances", None,
    Tells("properties.dataSourceInfo.resourceID", Role.BACKUP, "model"),
)  # fmt: skip
def backup_instance(item: Item) -> Iterator[Found]:
    """Something that a Backup vault backs up."""
    yield from _protected(item, "properties.dataSourceInfo.resourceID", "azure-backup")


_A2A = "properties.providerSpecificDetails"


@reads(
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems",
    None, Tells(f"{_A2A}.recoveryFabricLocation", Role.REPLICA, "model"),
    Tells(f"{_A2A}.fabricObjectId", None, "model"), Tells(f"{_A2A}.instanceType", None, "model"),
)  # fmt: skip
def replicated_item(item: Item) -> Iterator[Found]:
    """A machine that Site Recovery copies. Of one outside Azure only the vault is known to hold a copy."""
    source = item.text(f"{_A2A}.fabricObjectId")
    target = item.text(f"{_A2A}.recoveryFabricLocation")
    vault_uid = item.uid.partition("/replicationfabrics/")[0]
    if source is not None and source.startswith("/"):
        field = f"{_A2A}.recoveryFabricLocation"
        evidence = item.evidence(field, target)
        yield Placement(uid_of(source), Role.REPLICA, place(target), "site-recovery", evidence, target=vault_uid)
        return
    evidence = item.evidence(f"{_A2A}.instanceType", item.text(f"{_A2A}.instanceType"))
    yield At(Placement(vault_uid, Role.REPLICA, place(target), "site-recovery", evidence, target=item.uid))
