"""Virtual machines, disks, and the snapshots and images made of them; machines that Azure only manages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    Found,
    KeyStand,
    KeyUse,
    copy,
    each,
    kept,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role, StoresData

_SET = "properties.encryption.diskEncryptionSetId"
_OLD_KEY = "properties.encryptionSettingsCollection.encryptionSettings"
_KEYS = (
    Tells("properties.encryption.type", None, "recorded"),
    Tells(_SET, Role.KEY, "recorded"),
    Tells(f"{_OLD_KEY}[].keyEncryptionKey.keyUrl", Role.KEY, "model"),
)


def _encryption(item: Item) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody of a disk or a snapshot: a disk encryption set, a key that the machine itself uses, or Azure's own."""
    uses = []
    if (chosen := item.text(_SET)) is not None:
        uses.append(KeyUse(item.uid, chosen, item.evidence(_SET, chosen)))
    for path, setting in each(item, _OLD_KEY):
        key = setting.get("keyEncryptionKey")
        if isinstance(key, Mapping) and isinstance(key.get("keyUrl"), str):
            evidence = item.evidence(f"{path}.keyEncryptionKey.keyUrl", key["keyUrl"])
            uses.append(KeyUse(item.uid, key["keyUrl"], evidence, decides=not uses))
    kind = (item.text("properties.encryption.type") or "").lower()
    custody = None if uses or "customer" in kind else KeyCustody.PROVIDER_MANAGED
    return custody, uses


@reads("Microsoft.Compute/disks", "block-volume", LOCATION, *_KEYS)
def disk(item: Item) -> Iterator[Found]:
    """A managed disk. Its redundancy stays within the region."""
    custody, uses = _encryption(item)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses


@reads(
    "Microsoft.Compute/snapshots", "snapshot", LOCATION, *_KEYS,
    Tells("properties.creationData.sourceResourceId", Role.SNAPSHOT, "model"),
)  # fmt: skip
def snapshot(item: Item) -> Iterator[Found]:
    """A snapshot, and a place of the disk or the snapshot it was made from."""
    custody, uses = _encryption(item)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    yield from _made_from(item, "properties.creationData.sourceResourceId", "disk-snapshot")


def _made_from(item: Item, field: str, via: str) -> Iterator[Placement]:
    if (source := item.text(field)) is not None:
        evidence = item.evidence(field, source)
        yield Placement(uid_of(source), Role.SNAPSHOT, where(item)[0], via, evidence, target=item.uid)


@reads(
    "Microsoft.Compute/images", "machine-image", LOCATION,
    Tells("properties.sourceVirtualMachine.id", Role.SNAPSHOT, "model"),
)  # fmt: skip
def image(item: Item) -> Iterator[Found]:
    """An image, and a place of the machine it was made from."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield from _made_from(item, "properties.sourceVirtualMachine.id", "machine-image")


_TARGETS = "properties.publishingProfile.targetRegions"


def _version(item: Item) -> Iterator[Found]:
    """A version in a gallery is kept in its own region and in each of its target regions."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    for path, region in each(item, _TARGETS):
        found = placed(item, Role.REPLICA, "gallery-region", f"{path}.name", region.get("name"))
        if found.location != item.location:
            yield found
        encryption = region.get("encryption")
        system = encryption.get("osDiskImage") if isinstance(encryption, Mapping) else None
        if isinstance(system, Mapping) and isinstance(system.get("diskEncryptionSetId"), str):
            chosen = system["diskEncryptionSetId"]
            field = f"{path}.encryption.osDiskImage.diskEncryptionSetId"
            yield KeyUse(item.uid, chosen, item.evidence(field, chosen), decides=found.location == item.location)


_GALLERY = (
    LOCATION,
    Tells(f"{_TARGETS}[].name", Role.REPLICA, "model"),
    Tells(f"{_TARGETS}[].encryption.osDiskImage.diskEncryptionSetId", Role.KEY, "model"),
)
reads("Microsoft.Compute/galleries/images/versions", "machine-image", *_GALLERY)(_version)
reads("Microsoft.Compute/galleries/applications/versions", None, *_GALLERY)(_version)


@reads(
    "Microsoft.Compute/diskEncryptionSets", None, LOCATION, Tells("properties.activeKey.keyUrl", Role.KEY, "model"),
)  # fmt: skip
def encryption_set(item: Item) -> Iterator[Found]:
    """A disk encryption set: what disks name, and what names their key."""
    yield told(item, location=where(item)[0], stores=StoresData.NO)
    yield from primary(item)
    if (key := item.text("properties.activeKey.keyUrl")) is not None:
        yield KeyStand(item.uid, key)
        yield KeyUse(item.uid, key, item.evidence("properties.activeKey.keyUrl", key))


@reads(
    "Microsoft.Compute/restorePointCollections", "snapshot", LOCATION,
    Tells("properties.source.id", Role.SNAPSHOT, "model"),
)  # fmt: skip
def restore_points(item: Item) -> Iterator[Found]:
    """Restore points of a machine or a disk, which may be kept in another region."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield from _made_from(item, "properties.source.id", "restore-point")


def _elsewhere(item: Item) -> Iterator[Found]:
    """A machine or a cluster outside Azure: `location` is where Azure keeps what it knows of it."""
    yield told(item, location=None, stores=StoresData.YES)
    evidence = item.evidence("location", item.get("location"))
    yield Placement(item.uid, Role.PRIMARY, None, "outside-azure", evidence)
    yield Placement(item.uid, Role.CONTROL_PLANE, item.location, "arc-metadata", evidence)


_ARC = (Tells("location", Role.CONTROL_PLANE, "documented"), Tells("location", Role.PRIMARY, "documented"))
for _type, _kind in (
    ("Microsoft.HybridCompute/machines", "vm"),
    ("Microsoft.Kubernetes/connectedClusters", "kubernetes"),
    ("Microsoft.AzureArcData/sqlServerInstances", "mssql-server"),
    ("Microsoft.AzureArcData/sqlManagedInstances", "mssql-server"),
    ("Microsoft.AzureStackHCI/clusters", "bare-metal"),
    ("Microsoft.ConnectedVMwarevSphere/virtualMachines", "vm"),
    ("Microsoft.ScVmm/virtualMachines", "vm"),
    ("Microsoft.AzureStackHCI/virtualMachineInstances", "vm"),
    ("Microsoft.AzureArcData/postgresInstances", "relational-db"),
    ("Microsoft.DataBoxEdge/dataBoxEdgeDevices", "bare-metal"),
):
    reads(_type, _kind, *_ARC)(_elsewhere)

_BATCH_KEY = "properties.encryption.keyVaultProperties.keyIdentifier"

_BATCH_STORE = "properties.autoStorage.storageAccountId"


@reads(
    "Microsoft.Batch/batchAccounts", None, LOCATION, Tells(_BATCH_KEY, Role.KEY, "model"),
    Tells(_BATCH_STORE, Role.REPLICA, "model"),
)  # fmt: skip
def batch(item: Item) -> Iterator[Found]:
    """An account of Batch, and the storage account that holds the files of its tasks."""
    yield from kept(item, _BATCH_KEY, stores=StoresData.TRANSIT)
    if (target := item.text(_BATCH_STORE)) is not None:
        yield copy(item, Role.REPLICA, "own-storage", _BATCH_STORE, target)


_DISTRIBUTE = "properties.distribute"


@reads(
    "Microsoft.VirtualMachineImages/imageTemplates", None, LOCATION,
    Tells(f"{_DISTRIBUTE}[].replicationRegions[]", Role.REPLICA, "model"),
    Tells(f"{_DISTRIBUTE}[].targetRegions[].name", Role.REPLICA, "model"),
    Tells(f"{_DISTRIBUTE}[].location", Role.REPLICA, "model"),
)  # fmt: skip
def image_template(item: Item) -> Iterator[Found]:
    """A recipe for images, and the regions that what it makes is put into."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    for path, entry in each(item, _DISTRIBUTE):
        named: list[tuple[str, Any]] = [(f"{path}.location", entry["location"])] if entry.get("location") else []
        for member, step in (("replicationRegions", ""), ("targetRegions", ".name")):
            regions = entry.get(member)
            for index, region in enumerate(regions if isinstance(regions, list) else ()):
                told_place = region.get("name") if isinstance(region, Mapping) else region
                named.append((f"{path}.{member}[{index}]{step}", told_place))
        for field, region in named:
            if place(region) != item.location:
                yield placed(item, Role.REPLICA, "gallery-region", field, region)


regional("Microsoft.Compute/virtualMachines", "vm")
regional("Microsoft.Compute/virtualMachineScaleSets", "vm-group")
regional("Microsoft.Compute/hostGroups/hosts", "bare-metal")
regional("Microsoft.ClassicCompute/virtualMachines", "vm")
regional("Microsoft.Compute/cloudServices", "vm-group")
regional("Microsoft.AVS/privateClouds", "bare-metal", stores=StoresData.YES)
regional("Microsoft.DesktopVirtualization/hostPools", "workspace-desktop")
regional("Microsoft.DevCenter/devCenters", None, stores=StoresData.YES)
