"""Backups that a service of its own keeps: Backup and DR, Backup for GKE, and those of the databases.

Fields: API descriptions of backupdr v1, gkebackup v1, sqladmin v1, firestore v1 and bigtableadmin v2.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, full_name, place_in
from residency.connectors.gcp.rows import (
    NAME,
    PLACE,
    At,
    Found,
    kept,
    key_of,
    of_other,
    primary,
    reads,
    regional,
    tells,
    told,
    where,
)
from residency.model import Placement, Role, StoresData


@reads(
    "backupdr.googleapis.com/DataSource",
    None,
    *tells(Role.BACKUP, "dataSourceGcpResource.gcpResourcename"),
    *tells(None, "dataSourceGcpResource.type"),
)
def data_source(asset: Asset) -> Iterator[Found]:
    """What a vault keeps backups of: a place of that resource, which is where the vault is."""
    resource = asset.text("dataSourceGcpResource.gcpResourcename")
    if resource is not None:
        service = (asset.text("dataSourceGcpResource.type") or "compute").partition(".")[0]
        field = "dataSourceGcpResource.gcpResourcename"
        vault = asset.name.partition("/dataSources/")[0]
        yield of_other(asset, full_name(service, resource), Role.BACKUP, "backup-dr-vault", field, vault)


@reads("backupdr.googleapis.com/BackupPlan", None, *tells(Role.PRIMARY, "backupVault"))
def backup_plan(asset: Asset) -> Iterator[Found]:
    """A plan: the backups of what is associated with it are where its vault is."""
    vault = asset.text("backupVault")
    yield Placement(asset.name, Role.PRIMARY, place_in(vault), "backup-vault", asset.evidence("backupVault", vault))


@reads(
    "backupdr.googleapis.com/BackupPlanAssociation",
    None,
    *tells(Role.BACKUP, "backupPlan"),
    *tells(None, "resource", "resourceType"),
)
def association(asset: Asset) -> Iterator[Found]:
    """A resource that is backed up by a plan."""
    resource, plan = asset.text("resource"), asset.text("backupPlan")
    if resource is not None and plan is not None:
        service = (asset.text("resourceType") or "compute").partition(".")[0]
        uid, target = full_name(service, resource), full_name("backupdr", plan)
        evidence = asset.evidence("backupPlan", plan)
        yield At(Placement(uid, Role.BACKUP, None, "backup-dr-plan", evidence, target=target))


@reads("gkebackup.googleapis.com/BackupPlan", None, *tells(Role.BACKUP, "cluster"), *tells(None, "deactivated"))
def gke_plan(asset: Asset) -> Iterator[Found]:
    """A plan of Backup for GKE: the backups of its cluster are in the region of the plan."""
    if asset.get("deactivated") is not True and (cluster := asset.text("cluster")) is not None:
        yield from _of_cluster(asset, cluster, "gke-backup-plan", "cluster")


@reads(
    "gkebackup.googleapis.com/Backup",
    "snapshot",
    *PLACE,
    *tells(Role.KEY, "encryptionKey.gcpKmsEncryptionKey"),
    *tells(Role.BACKUP, "clusterMetadata.cluster"),
)
def gke_backup(asset: Asset) -> Iterator[Found]:
    """A backup of a cluster of GKE."""
    yield from kept(asset, "encryptionKey.gcpKmsEncryptionKey")
    if (cluster := asset.text("clusterMetadata.cluster")) is not None:
        yield from _of_cluster(asset, cluster, "gke-backup", "clusterMetadata.cluster")


def _of_cluster(asset: Asset, cluster: str, via: str, field: str) -> Iterator[Found]:
    # Cloud Asset names a zonal cluster by its zone, this API by `locations`: whichever is there is meant.
    for name in (cluster, cluster.replace("/locations/", "/zones/")):
        yield of_other(asset, full_name("container", name), Role.BACKUP, via, field)


@reads("gkebackup.googleapis.com/BackupChannel", "backup-vault", *PLACE, *tells(Role.SHARE, "destinationProject"))
def gke_channel(asset: Asset) -> Iterator[Found]:
    """A channel through which backups go to another project; where they then are that project decides."""
    yield told(asset, location=where(asset)[0], stores=StoresData.NO)
    yield from primary(asset)
    if (project := asset.text("destinationProject")) is not None:
        evidence = asset.evidence("destinationProject", project)
        yield Placement(asset.name, Role.SHARE, None, "backup-channel", evidence, target=project)


@reads(
    "sqladmin.googleapis.com/BackupRun",
    "db-snapshot",
    *tells(Role.PRIMARY, "location"),
    *PLACE,
    *tells(Role.KEY, "diskEncryptionConfiguration.kmsKeyName"),
    *tells(Role.BACKUP, "location", "@name", "@resource.location"),
)
def sql_backup_run(asset: Asset) -> Iterator[Found]:
    """A backup of an instance of Cloud SQL, in the location that it tells."""
    yield from _sql(asset, "diskEncryptionConfiguration.kmsKeyName", asset.name.partition("/backupRuns/")[0])


@reads(
    "sqladmin.googleapis.com/Backup",
    "db-snapshot",
    *tells(Role.PRIMARY, "location"),
    *PLACE,
    *tells(Role.KEY, "kmsKey"),
    *tells(Role.BACKUP, "location", "@name", "@resource.location"),
    *tells(None, "instance"),
)
def sql_backup(asset: Asset) -> Iterator[Found]:
    """A backup that outlives its instance."""
    instance = (asset.text("instance") or "").rpartition("/")[2]
    yield from _sql(asset, "kmsKey", f"{asset.name.rpartition('/backups/')[0]}/instances/{instance}")


def _sql(asset: Asset, key: str, instance: str) -> Iterator[Found]:
    yield from kept(asset, key, field="location")
    place, evidence = where(asset, "location")
    yield Placement(instance, Role.BACKUP, place, "sql-backup-run", evidence, target=asset.name)


@reads("firestore.googleapis.com/Backup", "db-snapshot", *PLACE, *tells(Role.BACKUP, "database"))
def firestore_backup(asset: Asset) -> Iterator[Found]:
    """A backup of a Firestore database. Its encryption is not told."""
    yield from kept(asset)
    if (database := asset.text("database")) is not None:
        yield of_other(asset, full_name("firestore", database), Role.BACKUP, "firestore-backup", "database")


@reads(
    "bigtableadmin.googleapis.com/Backup",
    "db-snapshot",
    *NAME,
    *tells(Role.KEY, "encryptionInfo.kmsKeyVersion"),
    *tells(Role.BACKUP, "@name"),
    *tells(None, "sourceTable"),
)
def bigtable_backup(asset: Asset) -> Iterator[Found]:
    """A backup of a table of Bigtable, in the cluster that keeps it."""
    custody, keys = key_of(asset, "encryptionInfo.kmsKeyVersion")
    yield told(asset, location=None, custody=custody)
    cluster = asset.name.partition("/backups/")[0]
    evidence = asset.evidence("@name", asset.name)
    yield At(Placement(asset.name, Role.PRIMARY, None, "bigtable-cluster", evidence, target=cluster))
    yield from keys
    if (table := asset.text("sourceTable")) is not None:
        instance = full_name("bigtableadmin", table.partition("/tables/")[0])
        yield At(Placement(instance, Role.BACKUP, None, "bigtable-backup", evidence, target=cluster))


regional("backupdr.googleapis.com/BackupVault", "backup-vault", keys=("encryptionConfig.kmsKeyName",))
