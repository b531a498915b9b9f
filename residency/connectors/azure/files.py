"""Files and images: NetApp volumes, managed file systems, container registries."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyFrom,
    each,
    encrypted,
    key_in_vault,
    key_of,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_VAULT = "properties.encryption.keyVaultProperties"
_COPY = "properties.dataProtection.replication"


@reads("Microsoft.NetApp/netAppAccounts", None, LOCATION, Tells(f"{_VAULT}.keyVaultUri", Role.KEY, "model"))
def netapp(item: Item) -> Iterator[Found]:
    """An account of NetApp Files: settings, and the key of its volumes."""
    uses = key_in_vault(item, f"{_VAULT}.keyVaultUri", f"{_VAULT}.keyName")
    yield from encrypted(item, uses, stores=StoresData.NO)


@reads(
    "Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "fsx-netapp", LOCATION,
    Tells(f"{_COPY}.remoteVolumeRegion", Role.REPLICA, "model"),
    Tells(f"{_COPY}.destinationReplications[].region", Role.REPLICA, "model"),
)  # fmt: skip
def volume(item: Item) -> Iterator[Found]:
    """A volume and the volumes it is copied to. `dst` is the end that receives, so that the other one has the copy."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield KeyFrom(item.uid, item.uid.partition("/capacitypools/")[0])
    if (item.text(f"{_COPY}.endpointType") or "").lower() == "dst":
        return
    listed = list(each(item, f"{_COPY}.destinationReplications"))
    for path, entry in listed:
        yield _remote(item, f"{path}.region", entry.get("region"), entry.get("resourceId"))
    if not listed and item.get(f"{_COPY}.remoteVolumeRegion") is not None:
        field = f"{_COPY}.remoteVolumeRegion"
        yield _remote(item, field, item.get(field), item.get(f"{_COPY}.remoteVolumeResourceId"))


def _remote(item: Item, field: str, region: object, target: object) -> Placement:
    uid = uid_of(target) if isinstance(target, str) else None
    return Placement(
        item.uid, Role.REPLICA, place(region), "volume-replication", item.evidence(field, region), target=uid
    )


@reads(
    "Microsoft.NetApp/netAppAccounts/backupVaults/backups", "snapshot",
    Tells("properties.volumeResourceId", Role.BACKUP, "model"),
)  # fmt: skip
def volume_backup(item: Item) -> Iterator[Found]:
    """A backup, in the place of the vault it lies in, and a place of its volume."""
    yield told(item, location=item.location)
    yield At(
        Placement(item.uid, Role.PRIMARY, item.location, "vault", item.evidence("id", item.id), target=item.parent)
    )
    if (source := item.text("properties.volumeResourceId")) is not None:
        evidence = item.evidence("properties.volumeResourceId", source)
        yield At(Placement(uid_of(source), Role.BACKUP, None, "volume-backup", evidence, target=item.parent))


regional("Microsoft.NetApp/netAppAccounts/backupVaults", "backup-vault")

_REGISTRY_KEY = "properties.encryption.keyVaultProperties.keyIdentifier"


@reads("Microsoft.ContainerRegistry/registries", "registry", LOCATION, Tells(_REGISTRY_KEY, Role.KEY, "model"))
def registry(item: Item) -> Iterator[Found]:
    """A registry of images. Its replications are items of their own, the one in its own region among them."""
    custody, uses = key_of(item, _REGISTRY_KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses


@reads(
    "Microsoft.ContainerRegistry/registries/replications", None, Tells("location", Role.REPLICA, "model")
)  # fmt: skip
def replication(item: Item) -> Iterator[Found]:
    """A region that the images of a registry are copied to."""
    evidence = item.evidence("location", item.get("location"))
    yield Placement(item.parent, Role.REPLICA, item.location, "registry-replication", evidence, target=item.uid)


@reads(
    "Microsoft.StorageSync/storageSyncServices/syncGroups/cloudEndpoints", None,
    Tells("properties.storageAccountResourceId", Role.REPLICA, "model"),
)  # fmt: skip
def sync_endpoint(item: Item) -> Iterator[Found]:
    """The share that a group of file servers is kept the same as."""
    if (target := item.text("properties.storageAccountResourceId")) is not None:
        evidence = item.evidence("properties.storageAccountResourceId", target)
        yield At(Placement(item.parent, Role.REPLICA, None, "file-sync", evidence, target=uid_of(target)))


_GROUP_KEY = "properties.encryptionProperties.keyVaultProperties"


def _elastic(item: Item) -> Iterator[Found]:
    """An Elastic SAN, or a group of its volumes, which says how they are encrypted and not where they are."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    if item.key.endswith("/volumegroups"):
        yield At(
            Placement(item.uid, Role.PRIMARY, None, "elastic-san", item.evidence("id", item.id), target=item.parent)
        )
        yield from key_in_vault(item, f"{_GROUP_KEY}.keyVaultUri", f"{_GROUP_KEY}.keyName")


reads("Microsoft.ElasticSan/elasticSans", "block-volume", LOCATION)(_elastic)
_GROUP = (Tells("id", Role.PRIMARY, "model"), Tells(f"{_GROUP_KEY}.keyVaultUri", Role.KEY, "model"))
reads("Microsoft.ElasticSan/elasticSans/volumeGroups", "block-volume", *_GROUP)(_elastic)
regional("Microsoft.StorageSync/storageSyncServices", "file-share")
regional(
    "Microsoft.StorageCache/amlFilesystems",
    "file-share",
    Tells("properties.encryptionSettings.keyEncryptionKey.keyUrl", Role.KEY, "model"),
)
regional(
    "Microsoft.StorageCache/caches",
    "file-share",
    Tells("properties.encryptionSettings.keyEncryptionKey.keyUrl", Role.KEY, "model"),
)
regional("Microsoft.DataBox/jobs", None, stores=StoresData.TRANSIT)
regional("Microsoft.ClassicStorage/storageAccounts", "object-bucket")
regional("Microsoft.StorageMover/storageMovers", None, stores=StoresData.TRANSIT)
regional("Microsoft.FileShares/fileShares", "file-share")
