"""Cosmos DB and the managed PostgreSQL, MySQL and MariaDB servers: regions, replicas, backups."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    Found,
    KeyUse,
    copy,
    each,
    each_text,
    key_of,
    paired,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_BACKUP = "properties.backupPolicy.periodicModeProperties.backupStorageRedundancy"


@reads(
    "Microsoft.DocumentDB/databaseAccounts", "dynamodb", LOCATION,
    Tells("properties.locations[].locationName", Role.PRIMARY, "model"),
    Tells("properties.locations[].locationName", Role.REPLICA, "model"), Tells(_BACKUP, Role.BACKUP, "model"),
    Tells("properties.keyVaultKeyUri", Role.KEY, "model"),
)  # fmt: skip
def cosmos(item: Item) -> Iterator[Found]:
    """An account of Cosmos DB. `location` is where it is managed; `locations` are the regions its data is in, the one
    of failover priority 0 being written to first."""
    custody, uses = key_of(item, "properties.keyVaultKeyUri")
    yield told(item, location=where(item)[0], custody=custody)
    regions = list(each(item, "properties.locations"))
    if not regions:
        yield from primary(item)
    for path, region in regions:
        role = Role.PRIMARY if region.get("failoverPriority") == 0 else Role.REPLICA
        yield placed(item, role, "cosmos-region", f"{path}.locationName", region.get("locationName"))
    yield from _cosmos_backup(item, [place(region.get("locationName")) for _, region in regions])
    yield from uses


def _cosmos_backup(item: Item, regions: list[str | None]) -> Iterator[Found]:
    """Continuous backups are kept in each region of the account. Periodic ones are next to the written region; with
    `Geo`, which is the default, also in the region paired with it."""
    kind = (item.text("properties.backupPolicy.type") or "").lower()
    if kind != "periodic":
        return
    redundancy = item.text(_BACKUP)
    if redundancy is None or redundancy.lower() == "geo":
        home = regions[0] if regions else item.location
        yield paired(item, Role.BACKUP, "cosmos-backup", _BACKUP, redundancy or "Geo (default)", region=home)


def _flexible(item: Item) -> Iterator[Found]:
    """A flexible server. Geo-redundant backups are also in the paired region, encrypted with a key there; a read
    replica is a server of its own, which names the one it copies."""
    custody, uses = key_of(item, "properties.dataEncryption.primaryKeyURI")
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    geo = item.text("properties.backup.geoRedundantBackup") or ""
    if geo.lower() == "enabled":
        yield paired(item, Role.BACKUP, "geo-redundant-backup", "properties.backup.geoRedundantBackup", geo)
    if (key := item.text("properties.dataEncryption.geoBackupKeyURI")) is not None:
        evidence = item.evidence("properties.dataEncryption.geoBackupKeyURI", key)
        yield KeyUse(item.uid, key, evidence, decides=False)
    yield from _replica_of(item, "properties.sourceServerResourceId", "properties.replicationRole")


def _replica_of(item: Item, field: str, role: str) -> Iterator[Placement]:
    """A read replica is a place of the server that it copies."""
    source = item.text(field)
    if source is not None and "replica" in (item.text(role) or "").lower():
        evidence = item.evidence(field, source)
        yield Placement(uid_of(source), Role.REPLICA, item.location, "read-replica", evidence, target=item.uid)


_FLEXIBLE = (
    LOCATION,
    Tells("properties.backup.geoRedundantBackup", Role.BACKUP, "model"),
    Tells("properties.sourceServerResourceId", Role.REPLICA, "model"),
    Tells("properties.dataEncryption.primaryKeyURI", Role.KEY, "model"),
    Tells("properties.dataEncryption.geoBackupKeyURI", Role.KEY, "model"),
)
reads("Microsoft.DBforPostgreSQL/flexibleServers", "relational-db", *_FLEXIBLE)(_flexible)
reads("Microsoft.DBforMySQL/flexibleServers", "relational-cluster", *_FLEXIBLE)(_flexible)


def _single(item: Item) -> Iterator[Found]:
    """A single server, of the generation before the flexible ones. Keys are told by a list of their own."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    geo = item.text("properties.storageProfile.geoRedundantBackup") or ""
    if geo.lower() == "enabled":
        yield paired(item, Role.BACKUP, "geo-redundant-backup", "properties.storageProfile.geoRedundantBackup", geo)
    yield from _replica_of(item, "properties.masterServerId", "properties.replicationRole")


_SINGLE = (
    LOCATION,
    Tells("properties.storageProfile.geoRedundantBackup", Role.BACKUP, "model"),
    Tells("properties.masterServerId", Role.REPLICA, "model"),
)
reads("Microsoft.DBforPostgreSQL/servers", "relational-db", *_SINGLE)(_single)
reads("Microsoft.DBforMySQL/servers", "relational-cluster", *_SINGLE)(_single)
reads("Microsoft.DBforMariaDB/servers", "relational-cluster", *_SINGLE)(_single)

_GEO = "properties.enableGeoBackup"


@reads(
    "Microsoft.DBforPostgreSQL/serverGroupsv2", "relational-cluster", LOCATION, Tells(_GEO, Role.BACKUP, "specified"),
    Tells("properties.sourceResourceId", Role.REPLICA, "model"),
)  # fmt: skip
def cluster(item: Item) -> Iterator[Found]:
    """A cluster of PostgreSQL. One that copies another names it."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    if item.get(_GEO) is True:
        yield paired(item, Role.BACKUP, "geo-redundant-backup", _GEO, "true")
    yield from _copy_of(item, "properties.sourceResourceId")


def _copy_of(item: Item, field: str) -> Iterator[Placement]:
    """What names another one that it copies is a place of that."""
    if (source := item.text(field)) is not None:
        evidence = item.evidence(field, source)
        yield Placement(uid_of(source), Role.REPLICA, item.location, "read-replica", evidence, target=item.uid)


_SOURCE = "properties.replica.sourceResourceId"
_MONGO_KEY = "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl"


@reads(
    "Microsoft.DocumentDB/mongoClusters", "dynamodb", LOCATION, Tells(_SOURCE, Role.REPLICA, "model"),
    Tells(_MONGO_KEY, Role.KEY, "model"),
)  # fmt: skip
def mongo(item: Item) -> Iterator[Found]:
    """A cluster for MongoDB. One that copies another names it."""
    custody, uses = key_of(item, _MONGO_KEY)
    yield told(item, location=where(item)[0], custody=custody, stores=StoresData.YES)
    yield from primary(item)
    yield from uses
    yield from _copy_of(item, _SOURCE)


regional("Microsoft.DocumentDB/cassandraClusters", "dynamodb", stores=StoresData.YES)


@reads(
    "Microsoft.DocumentDB/cassandraClusters/dataCenters", None,
    Tells("properties.dataCenterLocation", Role.REPLICA, "model"),
    Tells("properties.managedDiskCustomerKeyUri", Role.KEY, "model"),
)  # fmt: skip
def data_center(item: Item) -> Iterator[Found]:
    """A region that a cluster for Cassandra keeps its data in."""
    field = "properties.dataCenterLocation"
    evidence = item.evidence(field, item.get(field))
    yield Placement(item.parent, Role.REPLICA, place(item.get(field)), "data-center", evidence, target=item.uid)
    if (key := item.text("properties.managedDiskCustomerKeyUri")) is not None:
        yield KeyUse(item.parent, key, item.evidence("properties.managedDiskCustomerKeyUri", key))


_PEERS = "properties.peerDbIds"


@reads(
    "Microsoft.OracleDatabase/autonomousDatabases", "relational-db", LOCATION,
    Tells(f"{_PEERS}[]", Role.REPLICA, "model"),
)  # fmt: skip
def oracle(item: Item) -> Iterator[Found]:
    """An Autonomous Database, and its peers for disaster recovery."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    for path, peer in each_text(item, _PEERS):
        if peer.startswith("/"):
            yield copy(item, Role.REPLICA, "peer-database", path, peer)


for _name in ("cloudVmClusters", "cloudExadataInfrastructures", "exadbVmClusters", "exascaleDbStorageVaults"):
    regional(f"Microsoft.OracleDatabase/{_name}", "bare-metal", stores=StoresData.YES)
