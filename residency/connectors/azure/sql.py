"""Azure SQL: databases, servers and managed instances; their backups, replication links and failover groups."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyFrom,
    KeyUse,
    each,
    in_store,
    key_of,
    paired,
    primary,
    reads,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_CURRENT, _REQUESTED = "properties.currentBackupStorageRedundancy", "properties.requestedBackupStorageRedundancy"
_BACKUP = (Tells(_CURRENT, Role.BACKUP, "model"), Tells(_REQUESTED, Role.BACKUP, "model"))


@reads("Microsoft.Sql/servers", "mssql-server", LOCATION, Tells("properties.keyId", Role.KEY, "model"))
def server(item: Item) -> Iterator[Found]:
    """A logical server: it holds sign-ins and settings; data and backups are those of its databases."""
    custody, uses = key_of(item, "properties.keyId")
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses


@reads("Microsoft.Sql/servers/databases", "mssql", LOCATION, *_BACKUP)
def database(item: Item) -> Iterator[Found]:
    """A database and its backups. It is encrypted with the key of its server, which the server tells."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    if item.name.lower() != "master":
        yield from _backups(item)
    yield KeyFrom(item.uid, item.parent)


@reads(
    "Microsoft.Sql/managedInstances", "mssql-server", LOCATION, *_BACKUP, Tells("properties.keyId", Role.KEY, "model")
)
def instance(item: Item) -> Iterator[Found]:
    """A managed instance with its databases, and the backups of them all."""
    custody, uses = key_of(item, "properties.keyId")
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    yield from _backups(item)


def _backups(item: Item) -> Iterator[Found]:
    """What the backups are kept in now; what was asked for where that is not told. `Geo` and `GeoZone` are copied to
    the paired region, and `Geo` is what a database gets when nothing is chosen."""
    field = _CURRENT if item.text(_CURRENT) else _REQUESTED
    redundancy = item.text(field)
    if redundancy is None or redundancy.lower() in ("geo", "geozone"):
        yield paired(item, Role.BACKUP, "sql-backup", field, redundancy or "Geo (default)")


@reads("Microsoft.Sql/managedInstances/databases", "mssql", LOCATION)
def instance_database(item: Item) -> Iterator[Found]:
    """A database of a managed instance, which has its backups and its key."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    yield KeyFrom(item.uid, item.parent)


@reads(
    "Microsoft.Sql/servers/databases/replicationLinks", None,
    Tells("properties.partnerLocation", Role.REPLICA, "model"),
)  # fmt: skip
def link(item: Item) -> Iterator[Found]:
    """A link to a copy on another server. Both ends list it: the one that is not a copy has the copy."""
    if (item.text("properties.role") or "Primary").lower() not in ("primary", "source"):
        return
    partner = item.text("properties.partnerDatabaseId") or item.text("properties.partnerServer")
    field = "properties.partnerLocation"
    evidence = item.evidence(field, item.get(field))
    target = uid_of(partner) if partner else None
    yield Placement(item.parent, Role.REPLICA, place(item.get(field)), "sql-replication", evidence, target=target)


@reads(
    "Microsoft.Sql/servers/failoverGroups", None,
    Tells("properties.partnerServers[].location", Role.REPLICA, "model"),
    Tells("properties.databases[]", None, "model"),
)  # fmt: skip
def failover_group(item: Item) -> Iterator[Found]:
    """A group of databases that fail over together: each has a copy on the partner servers."""
    if (item.text("properties.replicationRole") or "Primary").lower() != "primary":
        return
    databases = [uid_of(name) for name in item.list("properties.databases") if isinstance(name, str)]
    for path, partner in each(item, "properties.partnerServers"):
        evidence = item.evidence(f"{path}.location", partner.get("location"))
        target = partner.get("id") if isinstance(partner.get("id"), str) else None
        for uid in databases or [item.parent]:
            placement = Placement(uid, Role.REPLICA, place(partner.get("location")), "failover-group", evidence,
                                  target=uid_of(target) if target else None)  # fmt: skip
            yield placement if placement.location else At(placement)


@reads(
    "Microsoft.Sql/locations/instanceFailoverGroups", None,
    Tells("properties.managedInstancePairs[].partnerManagedInstanceId", Role.REPLICA, "model"),
    Tells("properties.partnerRegions[].location", Role.REPLICA, "model"),
)  # fmt: skip
def instance_failover_group(item: Item) -> Iterator[Found]:
    """A group of managed instances that fail over together: each has a copy on its partner."""
    if (item.text("properties.replicationRole") or "Primary").lower() != "primary":
        return
    regions = [place(entry.get("location")) for _, entry in each(item, "properties.partnerRegions")]
    for path, pair in each(item, "properties.managedInstancePairs"):
        first, second = pair.get("primaryManagedInstanceId"), pair.get("partnerManagedInstanceId")
        if isinstance(first, str) and isinstance(second, str):
            evidence = item.evidence(f"{path}.partnerManagedInstanceId", second)
            known = regions[0] if len(regions) == 1 else None
            yield At(Placement(uid_of(first), Role.REPLICA, known, "failover-group", evidence, target=uid_of(second)))


@reads(
    "Microsoft.Sql/servers/encryptionProtector", None, Tells("properties.uri", Role.KEY, "model"),
    Tells("properties.serverKeyType", None, "model"),
)  # fmt: skip
def protector(item: Item) -> Iterator[Found]:
    """The key that the databases of a server are encrypted with."""
    if (key := item.text("properties.uri")) is not None:
        yield KeyUse(item.parent, key, item.evidence("properties.uri", key))


_AUDIT = "properties.storageEndpoint"


def _audit(item: Item) -> Iterator[Found]:
    """Records of who asked what of a server or a database, in a storage account. Those that go to a workspace are told
    by its diagnostic settings."""
    if (item.text("properties.state") or "").lower() == "enabled":
        yield from in_store(item, item.parent, Role.LOG, "sql-audit", _AUDIT, item.get(_AUDIT))


for _type in ("Microsoft.Sql/servers", "Microsoft.Sql/servers/databases"):
    reads(f"{_type}/auditingSettings", None, Tells(_AUDIT, Role.LOG, "model"))(_audit)


_MACHINE = "properties.autoBackupSettings.storageAccountUrl"


@reads(
    "Microsoft.SqlVirtualMachine/sqlVirtualMachines", None, LOCATION, Tells(_MACHINE, Role.BACKUP, "model"),
)  # fmt: skip
def sql_machine(item: Item) -> Iterator[Found]:
    """A SQL server in a virtual machine, which is listed by itself, and the storage account that it is backed up to."""
    yield told(item, location=where(item)[0], stores=StoresData.NO)
    yield from primary(item)
    machine = item.text("properties.virtualMachineResourceId")
    if item.get("properties.autoBackupSettings.enable") is not False:
        uid = uid_of(machine) if machine else item.uid
        yield from in_store(item, uid, Role.BACKUP, "sql-backup", _MACHINE, item.get(_MACHINE))
