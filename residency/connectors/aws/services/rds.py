"""RDS: databases, clusters, their own snapshots, where they are copied to, and whom snapshots are shared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import encrypted_if, primary, resource, tags_of
from residency.connectors.aws.services.rds_elsewhere import (
    BACKUPS,
    CLUSTER_BACKUPS,
    ELSEWHERE,
    EXPORTS,
    INTEGRATIONS,
    read_backups,
    read_cluster_backups,
    read_exports,
    read_integrations,
)
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

INSTANCES = operation("rds:DescribeDBInstances", lists="DBInstances")
CLUSTERS = operation("rds:DescribeDBClusters", lists="DBClusters")
SNAPSHOTS = operation("rds:DescribeDBSnapshots", lists="DBSnapshots")
CLUSTER_SNAPSHOTS = operation("rds:DescribeDBClusterSnapshots", lists="DBClusterSnapshots")
GLOBAL_CLUSTERS = operation("rds:DescribeGlobalClusters", lists="GlobalClusters")
SNAPSHOT_SHARES = operation("rds:DescribeDBSnapshotAttributes", lists="DBSnapshotAttributesResult")
CLUSTER_SHARES = operation("rds:DescribeDBClusterSnapshotAttributes", lists="DBClusterSnapshotAttributesResult")

# The API of RDS also lists what DocumentDB and Neptune run, their global clusters included.
_INSTANCE = {"docdb": ("AWS::DocDB::DBInstance", "documentdb"), "neptune": ("AWS::Neptune::DBInstance", "graph-db")}
_CLUSTER = {"docdb": ("AWS::DocDB::DBCluster", "documentdb"), "neptune": ("AWS::Neptune::DBCluster", "graph-db")}


@collector(
    service="rds",
    actions=(
        INSTANCES, CLUSTERS, SNAPSHOTS, CLUSTER_SNAPSHOTS, GLOBAL_CLUSTERS, SNAPSHOT_SHARES, CLUSTER_SHARES, *ELSEWHERE,
    ),
    scope="regional",
    kinds=("relational-db", "relational-cluster", "documentdb", "graph-db", "db-snapshot"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.BACKUP, Role.SNAPSHOT, Role.PROCESSING, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Nine lists side by side. Without `IncludeShared` and `IncludePublic` the snapshots are the account's own."""
    for operation_, read in (
        (INSTANCES, read_instances), (CLUSTERS, read_clusters), (SNAPSHOTS, read_snapshots),
        (CLUSTER_SNAPSHOTS, read_cluster_snapshots), (GLOBAL_CLUSTERS, read_global_clusters), (BACKUPS, read_backups),
        (CLUSTER_BACKUPS, read_cluster_backups), (EXPORTS, read_exports), (INTEGRATIONS, read_integrations),
    ):  # fmt: skip
        calls.each(_list, operation_, read)


def _list(calls: Calls, operation_: Any, read: Any) -> None:
    for page in calls.pages(operation_, MaxRecords=100):
        calls.add(read(calls.place, page))
        for what in ("DBSnapshot", "DBClusterSnapshot"):
            for snapshot in page.get(f"{what}s", ()):
                # Those that RDS makes by itself cannot be shared.
                if snapshot.get("SnapshotType") == "manual":
                    calls.each(_shares, what, snapshot)


def _shares(calls: Calls, what: str, snapshot: Answer) -> None:
    shares = SNAPSHOT_SHARES if what == "DBSnapshot" else CLUSTER_SHARES
    answer = calls.one(shares, **{f"{what}Identifier": snapshot[f"{what}Identifier"]})
    if answer is not None:
        calls.add(read_shares(calls.place, what, snapshot[f"{what}Arn"], answer))


def read_instances(place: Place, answer: Answer) -> Iterator[Found]:
    """Instances, their read replicas told by either side, and their replicated automated backups."""
    for index, instance in enumerate(answer["DBInstances"]):
        path, uid, name = f"DBInstances[{index}]", instance["DBInstanceArn"], instance["DBInstanceIdentifier"]
        type_, kind = _INSTANCE.get(instance.get("Engine", ""), ("AWS::RDS::DBInstance", "relational-db"))
        yield from _database(place, uid, type_, kind, name, instance, INSTANCES.call, path)
        yield primary(place, uid, INSTANCES.call, f"{path}.DBInstanceArn", uid)
        for at, told in enumerate(instance.get("ReadReplicaDBInstanceIdentifiers", ())):
            field = f"{path}.ReadReplicaDBInstanceIdentifiers[{at}]"
            yield _replica(uid, _arn(place, "db", told), "rds-read-replica", INSTANCES.call, field, told)
        source = instance.get("ReadReplicaSourceDBInstanceIdentifier")
        if source:
            yield _copy(place, _arn(place, "db", source), uid, "rds-read-replica", INSTANCES.call,
                        f"{path}.ReadReplicaSourceDBInstanceIdentifier", source)  # fmt: skip
        for at, entry in enumerate(instance.get("DBInstanceAutomatedBackupsReplications", ())):
            arn = entry["DBInstanceAutomatedBackupsArn"]
            field = f"{path}.DBInstanceAutomatedBackupsReplications[{at}].DBInstanceAutomatedBackupsArn"
            evidence = Evidence(INSTANCES.call, field, arn)
            yield Placement(uid, Role.BACKUP, region_of(arn), "rds-automated-backup", evidence, target=arn)


def read_clusters(place: Place, answer: Answer) -> Iterator[Found]:
    """Clusters and their read replicas, told by either side."""
    for index, cluster in enumerate(answer["DBClusters"]):
        path, uid, name = f"DBClusters[{index}]", cluster["DBClusterArn"], cluster["DBClusterIdentifier"]
        type_, kind = _CLUSTER.get(cluster.get("Engine", ""), ("AWS::RDS::DBCluster", "relational-cluster"))
        yield from _database(place, uid, type_, kind, name, cluster, CLUSTERS.call, path)
        yield primary(place, uid, CLUSTERS.call, f"{path}.DBClusterArn", uid)
        for at, told in enumerate(cluster.get("ReadReplicaIdentifiers", ())):
            field = f"{path}.ReadReplicaIdentifiers[{at}]"
            yield _replica(uid, _arn(place, "cluster", told), "rds-read-replica", CLUSTERS.call, field, told)
        source = cluster.get("ReplicationSourceIdentifier")
        if source and (":cluster:" in source or ":db:" in source):
            yield _copy(place, source, uid, "rds-read-replica", CLUSTERS.call, f"{path}.ReplicationSourceIdentifier",
                        source)  # fmt: skip


def read_snapshots(place: Place, answer: Answer) -> Iterator[Found]:
    """Snapshots of instances. One copied from another region tells which: the database there has a copy here."""
    for index, snapshot in enumerate(answer["DBSnapshots"]):
        path, uid, name = f"DBSnapshots[{index}]", snapshot["DBSnapshotArn"], snapshot["DBSnapshotIdentifier"]
        yield from _database(place, uid, "AWS::RDS::DBSnapshot", "db-snapshot", name, snapshot, SNAPSHOTS.call, path,
                             flag="Encrypted")  # fmt: skip
        yield primary(place, uid, SNAPSHOTS.call, f"{path}.DBSnapshotArn", uid)
        region = snapshot.get("SourceRegion")
        if region and region != place.region:
            evidence = Evidence(SNAPSHOTS.call, f"{path}.SourceRegion", region)
            original = place.arn("rds", f"db:{snapshot['DBInstanceIdentifier']}", region)
            yield CopyOf(Placement(original, Role.SNAPSHOT, place.region, "rds-snapshot-copy", evidence, target=uid))


def read_cluster_snapshots(place: Place, answer: Answer) -> Iterator[Found]:
    """Snapshots of clusters. A copy names the snapshot it was made from."""
    for index, snapshot in enumerate(answer["DBClusterSnapshots"]):
        path, uid = f"DBClusterSnapshots[{index}]", snapshot["DBClusterSnapshotArn"]
        name = snapshot["DBClusterSnapshotIdentifier"]
        yield from _database(place, uid, "AWS::RDS::DBClusterSnapshot", "db-snapshot", name, snapshot,
                             CLUSTER_SNAPSHOTS.call, path)  # fmt: skip
        yield primary(place, uid, CLUSTER_SNAPSHOTS.call, f"{path}.DBClusterSnapshotArn", uid)
        source = snapshot.get("SourceDBClusterSnapshotArn")
        region = region_of(source) if source else None
        if region and region != place.region:
            evidence = Evidence(CLUSTER_SNAPSHOTS.call, f"{path}.SourceDBClusterSnapshotArn", source)
            original = place.arn("rds", f"cluster:{snapshot['DBClusterIdentifier']}", region)
            yield CopyOf(Placement(original, Role.SNAPSHOT, place.region, "rds-snapshot-copy", evidence, target=uid))


def read_global_clusters(_place: Place, answer: Answer) -> Iterator[Found]:
    """Global databases: every member holds all the data, so each is a replica of the one that is written to. A member
    that takes writes for it has them processed where the writer is."""
    for index, group in enumerate(answer["GlobalClusters"]):
        members = [(at, member["DBClusterArn"]) for at, member in enumerate(group.get("GlobalClusterMembers", ()))]
        writers = [member["DBClusterArn"] for member in group.get("GlobalClusterMembers", ()) if member.get("IsWriter")]
        for writer in writers:
            for at, arn in members:
                if arn != writer:
                    field = f"GlobalClusters[{index}].GlobalClusterMembers[{at}].DBClusterArn"
                    yield CopyOf(_replica(writer, arn, "rds-global-database", GLOBAL_CLUSTERS.call, field, arn))
                    told = group["GlobalClusterMembers"][at].get("GlobalWriteForwardingStatus")
                    if told == "enabled":
                        field = f"GlobalClusters[{index}].GlobalClusterMembers[{at}].GlobalWriteForwardingStatus"
                        evidence, via = Evidence(GLOBAL_CLUSTERS.call, field, told), "rds-write-forwarding"
                        yield CopyOf(Placement(arn, Role.PROCESSING, region_of(writer), via, evidence, target=writer))


def read_shares(place: Place, what: str, uid: str, answer: Answer) -> Iterator[Found]:
    """Who else may restore a snapshot: accounts, or everybody."""
    call = (SNAPSHOT_SHARES if what == "DBSnapshot" else CLUSTER_SHARES).call
    for index, attribute in enumerate(answer[f"{what}AttributesResult"].get(f"{what}Attributes", ())):
        if attribute.get("AttributeName") != "restore":
            continue
        for at, told in enumerate(attribute.get("AttributeValues", ())):
            if told != place.account:
                path = f"{what}AttributesResult.{what}Attributes[{index}].AttributeValues[{at}]"
                yield share(uid, "rds-snapshot-share", Evidence(call, path, told), "*" if told == "all" else told)


def _database(
    place: Place, uid: str, type_: str, kind: str | None, name: str, told: Answer, call: str, path: str,
    flag: str = "StorageEncrypted",
) -> Iterator[Found]:  # fmt: skip
    custody, keys = encrypted_if(place, uid, told.get(flag), told.get("KmsKeyId"), call, f"{path}.KmsKeyId")
    yield resource(place, uid, type_, kind, name, tags=tags_of(told.get("TagList", ())), custody=custody)
    yield from keys


def _arn(place: Place, what: str, told: str) -> str:
    """RDS names what is in the same region by its identifier, and what is elsewhere by its ARN."""
    return told if told.startswith("arn:") else place.arn("rds", f"{what}:{told}")


def _replica(uid: str, target: str, via: str, call: str, field: str, value: str) -> Placement:
    return Placement(uid, Role.REPLICA, region_of(target), via, Evidence(call, field, value), target=target)


def _copy(place: Place, original: str, copy: str, via: str, call: str, field: str, value: str) -> CopyOf:
    return CopyOf(Placement(original, Role.REPLICA, place.region, via, Evidence(call, field, value), target=copy))
