"""Databases and caches: where each is, its replicas and its backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from residency.connectors.gcp.access import Grants
from residency.connectors.gcp.asset import Asset, code, full_name, place_in
from residency.connectors.gcp.members import Grant, Party, party
from residency.connectors.gcp.rows import (
    NAME,
    PLACE,
    At,
    Found,
    copy,
    kept,
    key_of,
    primary,
    reads,
    regional,
    tells,
    to_bucket,
    told,
    where,
)
from residency.model import Placement, Role

# Cloud Storage and Spanner give this code to different sets of places; the atlas knows the one of Cloud Storage.
_SPANNER_OWN = frozenset({"eur7"})


@reads(
    "bigquery.googleapis.com/Dataset",
    "warehouse",
    *tells(Role.PRIMARY, "location", proof="recorded"),
    *PLACE,
    *tells(Role.KEY, "defaultEncryptionConfiguration.kmsKeyName"),
    *tells(Role.SHARE, "linkedDatasetSource.sourceDataset", "access[]", "externalDatasetReference.externalSource"),
)
def dataset(asset: Asset) -> Iterator[Found]:
    """A dataset of BigQuery. A linked one shows the data of another; an external one that of another service."""
    custody, keys = key_of(asset, "defaultEncryptionConfiguration.kmsKeyName")
    yield told(asset, location=where(asset, "location")[0], custody=custody)
    yield from primary(asset, "location")
    yield from keys
    source = asset.get("linkedDatasetSource.sourceDataset")
    if isinstance(source, dict) and source.get("datasetId"):
        name = f"projects/{source.get('projectId')}/datasets/{source['datasetId']}"
        yield copy(asset, Role.SHARE, "linked-dataset", "linkedDatasetSource.sourceDataset", "bigquery", name)
    if granted := tuple(_access(asset)):
        yield Grants(asset.name, asset.type, asset.api, granted)
    if (external := asset.text("externalDatasetReference.externalSource")) is not None:
        evidence = asset.evidence("externalDatasetReference.externalSource", external)
        yield Placement(asset.name, Role.SHARE, None, "external-dataset", evidence, target=external)


def _access(asset: Asset) -> Iterator[Grant]:
    """Those that the access list of a dataset lets in: members, and views, routines and datasets of other projects."""
    home = {asset.owner, f"projects/{asset.project_in_name}"}
    for index, entry in enumerate(asset.entries("access")):
        found = _let_in(entry)
        if found is not None and not home & {*found.names}:
            role = str(entry.get("role") or "READER")
            yield Grant(found, role, "dataset-access", f"resource.data.access[{index}]")


def _let_in(entry: Mapping[str, Any]) -> Party | None:
    for key, sort in (("userByEmail", "user:"), ("groupByEmail", "group:"), ("domain", "domain:"), ("iamMember", "")):
        if isinstance(told := entry.get(key), str):
            return party(f"{sort}{told}")
    if isinstance(group := entry.get("specialGroup"), str):
        return None if group.startswith("project") else party(group)
    inner = entry.get("dataset")
    for shown in (entry.get("view"), entry.get("routine"), inner.get("dataset") if isinstance(inner, dict) else None):
        if isinstance(shown, dict) and isinstance(project := shown.get("projectId"), str):
            return Party("container", (f"projects/{project}",))
    return None


@reads(
    "bigquery.googleapis.com/Table",
    "bq-table",
    *tells(Role.PRIMARY, "location"),
    *PLACE,
    *tells(Role.KEY, "encryptionConfiguration.kmsKeyName"),
    *tells(Role.SHARE, "externalDataConfiguration.sourceUris[]"),
    *tells(Role.REPLICA, "replicas[]"),
)
def table(asset: Asset) -> Iterator[Found]:
    """A table of BigQuery, in the place of its dataset. An external one reads its rows from buckets."""
    custody, keys = key_of(asset, "encryptionConfiguration.kmsKeyName")
    yield told(asset, location=where(asset, "location")[0], custody=custody)
    yield from primary(asset, "location")
    yield from keys
    for index, uri in enumerate(asset.list("externalDataConfiguration.sourceUris")):
        if isinstance(uri, str) and uri.startswith("gs://"):
            field = f"externalDataConfiguration.sourceUris[{index}]"
            yield to_bucket(asset, Role.SHARE, "external-table", field, uri)
    for index, entry in enumerate(asset.entries("replicas")):
        if entry.get("datasetId"):
            name = f"projects/{entry.get('projectId')}/datasets/{entry['datasetId']}"
            yield copy(asset, Role.REPLICA, "table-replica", f"replicas[{index}]", "bigquery", name)


@reads("spanner.googleapis.com/InstanceConfig", None, *tells(Role.PRIMARY, "replicas[].location"))
def spanner_config(asset: Asset) -> Iterator[Found]:
    """A configuration of Spanner: the regions that an instance made with it is in, witnesses too."""
    for index, replica in enumerate(asset.entries("replicas")):
        if (place := code(replica.get("location"))) is not None:
            evidence = asset.evidence(f"replicas[{index}].location", replica.get("location"))
            yield Placement(asset.name, Role.PRIMARY, place, "spanner-configuration", evidence)


@reads("spanner.googleapis.com/Instance", "spanner", *tells(Role.PRIMARY, "config"))
def spanner(asset: Asset) -> Iterator[Found]:
    """An instance of Spanner: its configuration names a region or a set of them, or is one that the customer made."""
    yield from _configured(asset)


@reads("spanner.googleapis.com/InstancePartition", "spanner", *tells(Role.PRIMARY, "config"))
def spanner_partition(asset: Asset) -> Iterator[Found]:
    """A partition of an instance of Spanner, with a configuration of its own: the instance is there as well."""
    yield from _configured(asset)
    yield _by_config(asset, asset.name.partition("/instancePartitions/")[0], "instance-partition")


def _configured(asset: Asset) -> Iterator[Found]:
    placed = _by_config(asset, asset.name, "location")
    yield told(asset, location=(placed.placement if isinstance(placed, At) else placed).location)
    yield placed


def _by_config(asset: Asset, uid: str, via: str) -> At | Placement:
    """Where a configuration says that something is: its name tells, or else what is listed of it."""
    config = code(asset.get("config"))
    evidence = asset.evidence("config", asset.get("config"))
    target = None if uid == asset.name else asset.name
    if config is None or not (config in _SPANNER_OWN or config.startswith("custom-")):
        place = config.removeprefix("regional-") if config else None
        return Placement(uid, Role.PRIMARY, place, via, evidence, target=target)
    return At(Placement(uid, Role.PRIMARY, None, via, evidence, target=full_name("spanner", str(asset.get("config")))))


@reads("spanner.googleapis.com/Database", "spanner", *NAME, *tells(Role.KEY, "encryptionConfig.kmsKeyName"))
def spanner_database(asset: Asset) -> Iterator[Found]:
    """A database of Spanner, wherever its instance is."""
    yield from _within(asset, "encryptionConfig.kmsKeyName")


@reads(
    "spanner.googleapis.com/Backup",
    "db-snapshot",
    *NAME,
    *tells(Role.KEY, "encryptionInfo.kmsKeyVersion"),
    *tells(Role.BACKUP, "@name"),
    *tells(None, "database"),
)
def spanner_backup(asset: Asset) -> Iterator[Found]:
    """A backup of Spanner, wherever its instance is, and a place of the database it was made from."""
    yield from _within(asset, "encryptionInfo.kmsKeyVersion")
    if (source := asset.text("database")) is not None:
        instance = asset.name.partition("/backups/")[0]
        yield At(
            Placement(
                full_name("spanner", source), Role.BACKUP, None, "spanner-backup", asset.evidence("@name", asset.name),
                target=instance,
            )
        )  # fmt: skip


def _within(asset: Asset, key: str) -> Iterator[Found]:
    custody, keys = key_of(asset, key)
    yield told(asset, location=None, custody=custody)
    instance = "/".join(asset.name.split("/")[:-2])
    evidence = asset.evidence("@name", asset.name)
    yield At(Placement(asset.name, Role.PRIMARY, None, "instance", evidence, target=instance))
    yield from keys


@reads(
    "sqladmin.googleapis.com/Instance",
    "relational-db",
    *tells(Role.PRIMARY, "region"),
    *PLACE,
    *tells(Role.KEY, "diskEncryptionConfiguration.kmsKeyName"),
    *tells(Role.REPLICA, "replicaNames[]"),
    *tells(Role.BACKUP, "settings.backupConfiguration.location"),
    *tells(None, "settings.backupConfiguration.enabled"),
)
def cloud_sql(asset: Asset) -> Iterator[Found]:
    """An instance of Cloud SQL. Where no backup location is chosen Google chooses one, which the API does not tell."""
    custody, keys = key_of(asset, "diskEncryptionConfiguration.kmsKeyName")
    yield told(asset, location=where(asset, "region")[0], labels="settings.userLabels", custody=custody)
    yield from primary(asset, "region")
    yield from keys
    siblings = asset.name.rpartition("/")[0]
    for index, name in enumerate(asset.list("replicaNames")):
        target = f"{siblings}/{name}"
        evidence = asset.evidence(f"replicaNames[{index}]", name)
        yield At(Placement(asset.name, Role.REPLICA, None, "sql-read-replica", evidence, target=target))
    if asset.get("settings.backupConfiguration.enabled") is True:
        field = "settings.backupConfiguration.location"
        chosen = asset.text(field)
        yield Placement(asset.name, Role.BACKUP, code(chosen), "sql-backup", asset.evidence(field, chosen))


@reads(
    "alloydb.googleapis.com/Cluster",
    "relational-cluster",
    *PLACE,
    *tells(Role.KEY, "encryptionConfig.kmsKeyName"),
    *tells(Role.REPLICA, "primaryConfig.secondaryClusterNames[]"),
    *tells(Role.BACKUP, "automatedBackupPolicy.location"),
    *tells(None, "automatedBackupPolicy.enabled"),
)
def alloydb(asset: Asset) -> Iterator[Found]:
    """A cluster of AlloyDB, its secondary clusters and its automated backups."""
    yield from kept(asset, "encryptionConfig.kmsKeyName")
    for index, name in enumerate(asset.list("primaryConfig.secondaryClusterNames")):
        field = f"primaryConfig.secondaryClusterNames[{index}]"
        yield copy(asset, Role.REPLICA, "alloydb-secondary", field, "alloydb", str(name))
    if asset.get("automatedBackupPolicy.enabled") is not False and asset.get("automatedBackupPolicy") is not None:
        field = "automatedBackupPolicy.location"
        chosen = asset.text(field)
        place = code(chosen) or place_in(asset.name)  # the location of the cluster where none is chosen
        yield Placement(asset.name, Role.BACKUP, place, "alloydb-backup", asset.evidence(field, chosen))


@reads("bigtableadmin.googleapis.com/Instance", "bigtable")
def bigtable(asset: Asset) -> Iterator[Found]:
    """An instance of Bigtable. It has no place of its own: its clusters tell where it is."""
    yield told(asset, location=None)


@reads(
    "bigtableadmin.googleapis.com/Cluster",
    "bigtable",
    *tells(Role.PRIMARY, "location"),
    *PLACE,
    *tells(Role.KEY, "encryptionConfig.kmsKeyName"),
)
def bigtable_cluster(asset: Asset) -> Iterator[Found]:
    """A cluster of Bigtable: a full copy of its instance, each as good as the others."""
    custody, keys = key_of(asset, "encryptionConfig.kmsKeyName")
    place, evidence = where(asset, "location")
    yield told(asset, location=place, custody=custody)
    yield from primary(asset, "location")
    yield from keys
    instance = asset.name.partition("/clusters/")[0]
    yield Placement(instance, Role.PRIMARY, place, "bigtable-cluster", evidence, target=asset.name)


@reads(
    "redis.googleapis.com/Cluster",
    "redis",
    *PLACE,
    *tells(Role.KEY, "kmsKey"),
    *tells(Role.REPLICA, "crossClusterReplicationConfig.membership.secondaryClusters[].cluster"),
)
def redis_cluster(asset: Asset) -> Iterator[Found]:
    """A cluster of Redis and the clusters it is replicated to."""
    yield from _replicated(asset, "redis", "crossClusterReplicationConfig.membership.secondaryClusters", "cluster")


@reads(
    "memorystore.googleapis.com/Instance",
    "redis",
    *PLACE,
    *tells(Role.KEY, "kmsKey", proof="model"),
    *tells(Role.REPLICA, "crossInstanceReplicationConfig.membership.secondaryInstances[].instance", proof="model"),
)
def valkey(asset: Asset) -> Iterator[Found]:
    """An instance of Memorystore for Valkey and the instances it is replicated to."""
    path = "crossInstanceReplicationConfig.membership.secondaryInstances"
    yield from _replicated(asset, "memorystore", path, "instance")


def _replicated(asset: Asset, service: str, members: str, named: str) -> Iterator[Found]:
    yield from kept(asset, "kmsKey")
    for index, member in enumerate(asset.entries(members)):
        name = member.get(named)
        if isinstance(name, str) and full_name(service, name) != asset.name:
            yield copy(asset, Role.REPLICA, f"{service}-replication", f"{members}[{index}].{named}", service, name)


regional("firestore.googleapis.com/Database", "firestore", field="locationId", keys=("cmekConfig.kmsKeyName",))
regional("alloydb.googleapis.com/Backup", "db-snapshot", keys=("encryptionConfig.kmsKeyName",))
regional("alloydb.googleapis.com/Instance", "relational-cluster")
regional("memcache.googleapis.com/Instance", "redis")
regional("oracledatabase.googleapis.com/AutonomousDatabase", "relational-db")
regional("oracledatabase.googleapis.com/CloudExadataInfrastructure", "bare-metal")
regional("oracledatabase.googleapis.com/CloudVmCluster", "relational-cluster")
regional("redis.googleapis.com/Instance", "redis", field="locationId", keys=("customerManagedKey",))
