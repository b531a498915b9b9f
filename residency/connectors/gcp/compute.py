"""Compute Engine: machines, disks, and the snapshots and images made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from residency.connectors.gcp.asset import Asset, full_name, place_in
from residency.connectors.gcp.rows import (
    PLACE,
    At,
    Found,
    KeyUse,
    NoPlace,
    copy,
    primaries,
    primary,
    reads,
    regional,
    tells,
    to_bucket,
    told,
    where,
)
from residency.model import KeyCustody, Placement, Role

_DISK = (
    *PLACE,
    *tells(Role.PRIMARY, "replicaZones[]"),
    *tells(Role.PRIMARY, "replicaZone[]", proof="documented"),
    *tells(Role.KEY, "diskEncryptionKey.kmsKeyName"),
    *tells(None, "diskEncryptionKey.sha256"),
    *tells(Role.REPLICA, "asyncSecondaryDisks", "asyncPrimaryDisk.disk"),
    *tells(Role.SNAPSHOT, "resourcePolicies[]"),
    *tells(Role.SNAPSHOT, "resourcePolicy[]", proof="documented"),
)


# Cloud Asset spells it as for one: so it was recorded of a snapshot.
_STORED = (
    *tells(Role.PRIMARY, "storageLocations[]"),
    *tells(Role.PRIMARY, "storageLocation[]", proof="documented"),
    *tells(Role.SNAPSHOT, "storageLocations[]"),
    *tells(Role.SNAPSHOT, "storageLocation[]", proof="documented"),
)


@reads("compute.googleapis.com/RegionDisk", "block-volume", *_DISK)
@reads("compute.googleapis.com/Disk", "block-volume", *_DISK)
def disk(asset: Asset) -> Iterator[Found]:
    """A disk, in a zone or in two of a region, the disks it is replicated to, and its scheduled snapshots."""
    custody, keys = _encryption(asset, "diskEncryptionKey")
    yield told(asset, location=where(asset)[0], custody=custody)
    field = asset.listed("replicaZones")
    if zones := asset.list(field):
        yield from primaries(asset, field, "regional-disk", zones)
    else:
        yield from primary(asset)
    yield from keys
    secondaries = asset.get("asyncSecondaryDisks")
    for link in sorted(secondaries) if isinstance(secondaries, Mapping) else ():
        yield copy(asset, Role.REPLICA, "async-replication", "asyncSecondaryDisks", "compute", link)
    field = asset.listed("resourcePolicies")
    for index, link in enumerate(asset.list(field)):
        evidence = asset.evidence(f"{field}[{index}]", link)
        target = full_name("compute", str(link))
        yield At(Placement(asset.name, Role.SNAPSHOT, None, "snapshot-schedule", evidence, target=target))
    if (source := asset.text("asyncPrimaryDisk.disk")) is not None:
        evidence = asset.evidence("asyncPrimaryDisk.disk", source)
        uid = full_name("compute", source)
        yield Placement(uid, Role.REPLICA, place_in(asset.name), "async-replication", evidence, target=asset.name)


@reads(
    "compute.googleapis.com/ResourcePolicy",
    None,
    *tells(
        Role.PRIMARY,
        "snapshotSchedulePolicy.snapshotProperties.storageLocations",
        "snapshotSchedulePolicy.snapshotProperties.storageLocations[]",
    ),
    *tells(Role.PRIMARY, "snapshotSchedulePolicy.snapshotProperties.storageLocation[]", proof="documented"),
)
def resource_policy(asset: Asset) -> Iterator[Found]:
    """A policy of disks or machines. One that makes snapshots says where they are kept; where it does not, Google
    chooses, and the API does not tell what. The others put nothing anywhere."""
    if asset.get("snapshotSchedulePolicy") is None:
        yield NoPlace(asset.name)
        return
    field = asset.listed("snapshotSchedulePolicy.snapshotProperties.storageLocations")
    places = asset.list(field)
    yield from primaries(asset, field, "storage-location", places)
    if not places:
        yield Placement(asset.name, Role.PRIMARY, None, "storage-location", asset.evidence(field))


@reads("compute.googleapis.com/InstantSnapshot", "snapshot", *PLACE)
def instant_snapshot(asset: Asset) -> Iterator[Found]:
    """An instant snapshot: it is kept in the zone or region of its disk, under the disk's key."""
    yield told(asset, location=where(asset)[0])
    yield from primary(asset)


@reads("compute.googleapis.com/Interconnect", "direct-connect", *tells(Role.PRIMARY, "location"), *PLACE)
def interconnect(asset: Asset) -> Iterator[Found]:
    """A line to a colocation facility: data passes there. Its code names a building, which the atlas may not know."""
    yield told(asset, location=where(asset, "location")[0])
    yield from primary(asset, "location")


@reads(
    "compute.googleapis.com/VpnTunnel",
    "vpn",
    *PLACE,
    *tells(Role.PROCESSING, "peerIp"),
    *tells(None, "peerGcpGateway"),
)
def vpn_tunnel(asset: Asset) -> Iterator[Found]:
    """A tunnel: one end is in its region; the other, told by an address, is anywhere."""
    yield told(asset, location=where(asset)[0])
    yield from primary(asset)
    if (peer := asset.text("peerIp")) is not None and asset.text("peerGcpGateway") is None:
        yield Placement(asset.name, Role.PROCESSING, None, "vpn-peer", asset.evidence("peerIp", peer), target=peer)


@reads(
    "compute.googleapis.com/Snapshot",
    "snapshot",
    *_STORED,
    *tells(Role.KEY, "snapshotEncryptionKey.kmsKeyName"),
    *tells(None, "snapshotEncryptionKey.sha256", "sourceDisk"),
)
def snapshot(asset: Asset) -> Iterator[Found]:
    """A snapshot, and a place of the disk it was made from."""
    yield from _stored(asset, "snapshotEncryptionKey", "sourceDisk", "disk-snapshot")


@reads(
    "compute.googleapis.com/Image",
    "machine-image",
    *_STORED,
    *tells(Role.KEY, "imageEncryptionKey.kmsKeyName"),
    *tells(None, "imageEncryptionKey.sha256", "sourceDisk"),
)
def image(asset: Asset) -> Iterator[Found]:
    """An image, and a place of the disk it was made from."""
    yield from _stored(asset, "imageEncryptionKey", "sourceDisk", "disk-image")


@reads(
    "compute.googleapis.com/MachineImage",
    "machine-image",
    *_STORED,
    *tells(Role.KEY, "machineImageEncryptionKey.kmsKeyName"),
    *tells(None, "machineImageEncryptionKey.sha256", "sourceInstance"),
)
def machine_image(asset: Asset) -> Iterator[Found]:
    """An image of a whole machine, and a place of that machine."""
    yield from _stored(asset, "machineImageEncryptionKey", "sourceInstance", "machine-image")


def _stored(asset: Asset, key: str, source: str, via: str) -> Iterator[Found]:
    """Something whose name says `global` and whose bytes are where `storageLocations` says. Without it: unknown."""
    custody, keys = _encryption(asset, key)
    field = asset.listed("storageLocations")
    places = asset.list(field)
    yield told(asset, location=str(places[0]).lower() if len(places) == 1 else None, custody=custody)
    yield from primaries(asset, field, "storage-location", places)
    yield from keys
    if (origin := asset.text(source)) is not None:
        uid = full_name("compute", origin)
        for index, place in enumerate(places):
            evidence = asset.evidence(f"{field}[{index}]", place)
            yield Placement(uid, Role.SNAPSHOT, str(place).lower(), via, evidence, target=asset.name)


def _encryption(asset: Asset, field: str) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody of something encrypted by Google's key, a key of Cloud KMS, or one that the customer hands in each time
    (of which only the hash is told)."""
    if (key := asset.text(f"{field}.kmsKeyName")) is not None:
        return None, [KeyUse(asset.name, key, asset.evidence(f"{field}.kmsKeyName", key))]
    if asset.text(f"{field}.sha256") is not None:
        return KeyCustody.CLIENT_SIDE, []
    return KeyCustody.PROVIDER_MANAGED, []


@reads(
    "compute.googleapis.com/BackendBucket",
    "cdn",
    *tells(Role.PRIMARY, "bucketName"),
    *tells(Role.CACHE, "enableCdn"),
)
def backend_bucket(asset: Asset) -> Iterator[Found]:
    """A bucket behind a load balancer; with Cloud CDN its objects are kept at the edge, anywhere."""
    yield told(asset, location=None)
    if (bucket := asset.text("bucketName")) is not None:
        yield to_bucket(asset, Role.PRIMARY, "cdn-origin", "bucketName", bucket)
    yield from _edge(asset, "enableCdn")


@reads("compute.googleapis.com/RegionBackendService", "load-balancer", *PLACE, *tells(Role.CACHE, "enableCDN"))
@reads("compute.googleapis.com/BackendService", "load-balancer", *PLACE, *tells(Role.CACHE, "enableCDN"))
def backend_service(asset: Asset) -> Iterator[Found]:
    """The machines behind a load balancer; with Cloud CDN their answers are kept at the edge, anywhere."""
    yield told(asset, location=where(asset)[0])
    yield from primary(asset)
    yield from _edge(asset, "enableCDN")


@reads("networkservices.googleapis.com/EdgeCacheService", "cdn", *tells(Role.CACHE, "@name", proof="documented"))
def edge_cache(asset: Asset) -> Iterator[Found]:
    """A service of Media CDN: what it serves is kept at the edge, anywhere."""
    yield told(asset, location="global")
    yield Placement(asset.name, Role.CACHE, "global", "media-cdn", asset.evidence("@name", asset.name))


def _edge(asset: Asset, field: str) -> Iterator[Placement]:
    if asset.get(field) is True:
        yield Placement(asset.name, Role.CACHE, "global", "cloud-cdn", asset.evidence(field, "true"))


regional("compute.googleapis.com/ForwardingRule", "load-balancer")
regional("compute.googleapis.com/GlobalForwardingRule", "load-balancer")
regional("compute.googleapis.com/Instance", "vm")
regional("compute.googleapis.com/StoragePool", "block-volume")
regional("compute.googleapis.com/InstanceGroupManager", "vm-group")
