"""Google Cloud NetApp Volumes: volumes, the volumes they are replicated to, and their backups.

Fields: API description of netapp v1.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, full_name, place_in
from residency.connectors.gcp.rows import PLACE, At, Found, KeyUse, KnownAlias, kept, primary, reads, tells, told, where
from residency.model import KeyCustody, Placement, Role


@reads(
    "netapp.googleapis.com/Volume",
    "fsx-netapp",
    *PLACE,
    *tells(Role.KEY, "kmsConfig"),
    *tells(Role.BACKUP, "backupConfig.backupVault"),
)
def volume(asset: Asset) -> Iterator[Found]:
    """A volume, its key, and the vault of its backups."""
    config = asset.text("kmsConfig")
    yield told(asset, location=where(asset)[0], custody=None if config else KeyCustody.PROVIDER_MANAGED)
    yield from primary(asset)
    if config is not None:
        yield KeyUse(asset.name, full_name("netapp", config), asset.evidence("kmsConfig", config))
    if (vault := asset.text("backupConfig.backupVault")) is not None:
        evidence = asset.evidence("backupConfig.backupVault", vault)
        target = full_name("netapp", vault)
        yield At(Placement(asset.name, Role.BACKUP, None, "netapp-backup", evidence, target=target))


@reads("netapp.googleapis.com/KmsConfig", None, *tells(Role.KEY, "cryptoKeyName"))
def kms_config(asset: Asset) -> Iterator[Found]:
    """A setting that stands for a key of Cloud KMS."""
    if (key := asset.text("cryptoKeyName")) is not None:
        yield KnownAlias(asset.name, key)


@reads(
    "netapp.googleapis.com/Replication",
    None,
    *tells(Role.REPLICA, "destinationVolume"),
    *tells(None, "sourceVolume"),
)
def replication(asset: Asset) -> Iterator[Found]:
    """A relation that copies one volume to another."""
    source, target = asset.text("sourceVolume"), asset.text("destinationVolume")
    if source is not None and target is not None:
        uid = full_name("netapp", target)
        evidence = asset.evidence("destinationVolume", target)
        yield At(
            Placement(
                full_name("netapp", source), Role.REPLICA, place_in(uid), "netapp-replication", evidence, target=uid
            )
        )


@reads("netapp.googleapis.com/BackupVault", "backup-vault", *tells(Role.PRIMARY, "backupRegion"), *PLACE)
def backup_vault(asset: Asset) -> Iterator[Found]:
    """A vault of backups, in the region that it was created in or in another one."""
    field = "backupRegion" if asset.text("backupRegion") else None
    yield told(asset, location=where(asset, field)[0])
    yield from primary(asset, field)


@reads(
    "netapp.googleapis.com/Backup",
    "snapshot",
    *tells(Role.PRIMARY, "backupRegion"),
    *PLACE,
    *tells(Role.BACKUP, "backupRegion", "@name", "@resource.location"),
    *tells(None, "sourceVolume"),
)
def backup(asset: Asset) -> Iterator[Found]:
    """A backup of a volume. Its encryption is not told."""
    field = "backupRegion" if asset.text("backupRegion") else None
    yield from kept(asset, field=field)
    if (source := asset.text("sourceVolume")) is not None:
        place, evidence = where(asset, field)
        uid = full_name("netapp", source)
        yield Placement(uid, Role.BACKUP, place, "netapp-backup", evidence, target=asset.name)
