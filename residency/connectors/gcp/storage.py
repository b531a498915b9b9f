"""Cloud Storage, Filestore and Artifact Registry: where objects, files and images are and are copied to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.gcp.access import Grants, NoPublic
from residency.connectors.gcp.asset import Asset, full_name, place_in
from residency.connectors.gcp.members import Grant, party
from residency.connectors.gcp.rows import (
    PLACE,
    At,
    Found,
    copy,
    kept,
    key_of,
    primaries,
    primary,
    reads,
    regional,
    tells,
    to_bucket,
    told,
    where,
)
from residency.model import Placement, Role


@reads(
    "storage.googleapis.com/Bucket",
    "object-bucket",
    *tells(Role.PRIMARY, "location", proof="recorded"),
    *tells(Role.PRIMARY, "customPlacementConfig.dataLocations[]"),
    *PLACE,
    *tells(Role.KEY, "encryption.defaultKmsKeyName"),
    *tells(Role.LOG, "logging.logBucket", proof="recorded"),
    *tells(Role.SHARE, "acl[].entity", "defaultObjectAcl[].entity"),
    *tells(None, "iamConfiguration.publicAccessPrevention", "iamConfiguration.uniformBucketLevelAccess.enabled"),
)
def bucket(asset: Asset) -> Iterator[Found]:
    """A bucket. `EU` says where its objects may be; two chosen regions, when they are told, say where they are."""
    custody, keys = key_of(asset, "encryption.defaultKmsKeyName")
    yield told(asset, location=where(asset, "location")[0], custody=custody)
    chosen = asset.list("customPlacementConfig.dataLocations")
    if chosen:
        yield from primaries(asset, "customPlacementConfig.dataLocations", "custom-placement", chosen)
    else:
        yield from primary(asset, "location")
    yield from keys
    if (log := asset.text("logging.logBucket")) is not None:
        yield to_bucket(asset, Role.LOG, "bucket-logging", "logging.logBucket", log)
    if asset.text("iamConfiguration.publicAccessPrevention") == "enforced":
        yield NoPublic(asset.name)
    if asset.get("iamConfiguration.uniformBucketLevelAccess.enabled") is not True and (granted := tuple(_acl(asset))):
        yield Grants(asset.name, asset.type, asset.api, granted)


def _acl(asset: Asset) -> Iterator[Grant]:
    """Those that the access lists of a bucket, and of what is written into it, let in. An entity is `allUsers`, or what
    it is and a name: `group-staff@example.org`, `domain-example.org`, `project-owners-123`."""
    for field in ("acl", "defaultObjectAcl"):
        for index, entry in enumerate(asset.entries(field)):
            sort, _, name = str(entry.get("entity")).partition("-")
            if sort == "project":
                sort, name = "projectOwner", name.partition("-")[2]
            found = party(f"{sort}:{name}" if name else sort)
            if found is not None and asset.owner not in found.names:
                yield Grant(found, str(entry.get("role")), "bucket-acl", f"resource.data.{field}[{index}].entity")


@reads(
    "file.googleapis.com/Instance",
    "file-share",
    *PLACE,
    *tells(Role.KEY, "kmsKeyName"),
    *tells(Role.REPLICA, "replication.replicas[].peerInstance"),
    *tells(None, "replication.role"),
)
def filestore(asset: Asset) -> Iterator[Found]:
    """A Filestore instance and the standby it is replicated to."""
    yield from kept(asset, "kmsKeyName")
    if asset.text("replication.role") != "STANDBY":
        for index, peer in enumerate(asset.entries("replication.replicas")):
            if isinstance(peer.get("peerInstance"), str):
                field = f"replication.replicas[{index}].peerInstance"
                yield copy(asset, Role.REPLICA, "filestore-replication", field, "file", peer["peerInstance"])


@reads(
    "storagetransfer.googleapis.com/TransferJob",
    None,
    *tells(Role.PRIMARY, "transferSpec.gcsDataSink.bucketName", "replicationSpec.gcsDataSink.bucketName"),
    *tells(Role.REPLICA, "transferSpec.gcsDataSink.bucketName", "replicationSpec.gcsDataSink.bucketName"),
    *tells(None, "transferSpec.gcsDataSource.bucketName", "replicationSpec.gcsDataSource.bucketName", "status"),
)
def transfer(asset: Asset) -> Iterator[Found]:
    """A transfer job: it writes into a bucket, and its configuration holds no content. A bucket that it copies from
    has a copy there."""
    yield told(asset, location=where(asset)[0])
    for spec in ("transferSpec", "replicationSpec"):
        path = f"{spec}.gcsDataSink.bucketName"
        if (sink := asset.text(path)) is None:
            continue
        row = to_bucket(asset, Role.PRIMARY, "transfer-sink", path, sink)
        yield row
        source = asset.text(f"{spec}.gcsDataSource.bucketName")
        if source is not None and source != sink and asset.text("status") != "DISABLED":
            copied = replace(row.placement, uid=full_name("storage", source), role=Role.REPLICA, via="transfer-job")
            yield At(copied)


@reads(
    "file.googleapis.com/Backup",
    "snapshot",
    *PLACE,
    *tells(Role.KEY, "kmsKey"),
    *tells(Role.BACKUP, "@name"),
    *tells(None, "sourceInstance"),
)
def filestore_backup(asset: Asset) -> Iterator[Found]:
    """A backup of a Filestore instance; also a place of the instance it was made from."""
    yield from kept(asset, "kmsKey")
    if (source := asset.text("sourceInstance")) is not None:
        uid = f"//file.googleapis.com/{source}"
        evidence = asset.evidence("@name", asset.name)
        yield Placement(uid, Role.BACKUP, place_in(asset.name), "filestore-backup", evidence, target=asset.name)


regional("artifactregistry.googleapis.com/Repository", "registry", keys=("kmsKeyName",))
regional("parallelstore.googleapis.com/Instance", "file-share")
regional("lustre.googleapis.com/Instance", "file-share", keys=("kmsKey",), proof="model")
