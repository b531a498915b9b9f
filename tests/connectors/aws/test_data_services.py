"""Readers of file systems, warehouses, caches and catalogs, on answers in the client library's own output shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from residency.connectors.aws.found import Found, KnownBucket, KnownKey
from residency.connectors.aws.place import Place
from residency.connectors.aws.resolve import Knowledge, resolve
from residency.connectors.aws.services import efs, elasticache, fsx, glue, opensearch, redshift
from residency.demo.aws_answers import checked
from residency.model import KeyCustody, Placement, Resource

HERE = Place("aws", "123456789012", "eu-west-3")
THERE = Place("aws", "123456789012", "us-east-1")
KEY = "arn:aws:kms:eu-west-3:123456789012:key/k"
Told = tuple[str, str | None, str, str | None, str]


def finished(*found: Iterable[Found]) -> tuple[dict[str, Resource], list[Told]]:
    rows = [row for part in found for row in part]
    rows += [KnownKey(KEY, KeyCustody.IMPORTED), KnownBucket("out", "us-east-1")]
    knowledge = Knowledge()
    knowledge.learn(rows)
    done = list(resolve(rows, knowledge, "aws"))
    places = [row for row in done if isinstance(row, Placement)]
    return {row.uid: row for row in done if isinstance(row, Resource)}, [
        (str(row.role), row.location, row.via, row.target, row.evidence.field if row.evidence else "") for row in places
    ]


def test_a_wrong_field_or_type_fails() -> None:
    with pytest.raises(AssertionError, match="has no Regoin"):
        checked("efs:DescribeReplicationConfigurations", {"Replications": [{"Destinations": [{"Regoin": "x"}]}]})
    with pytest.raises(AssertionError, match="is a list"):
        checked("efs:DescribeReplicationConfigurations", {"Replications": {}})
    with pytest.raises(AssertionError, match="is of type boolean"):
        checked("redshift:DescribeLoggingStatus", {"LoggingEnabled": "true"})
    with pytest.raises(AssertionError, match="is one of"):
        checked("fsx:DescribeFileSystems", {"FileSystems": [{"FileSystemType": "FLOPPY"}]})


def test_efs_replication_is_told_by_both_sides() -> None:
    uid = "arn:aws:elasticfilesystem:eu-west-3:123456789012:file-system/fs-1"
    system = {
        "FileSystemArn": uid,
        "FileSystemId": "fs-1",
        "Name": "home",
        "Encrypted": True,
        "KmsKeyId": KEY,
        "Tags": [],
    }
    systems = checked("efs:DescribeFileSystems", {"FileSystems": [system]})
    copies = [{"Status": "ENABLED", "FileSystemId": "fs-2", "Region": "us-east-1", "OwnerId": "999999999999"}]
    answer = checked(
        "efs:DescribeReplicationConfigurations",
        {"Replications": [{"SourceFileSystemArn": uid, "Destinations": copies}]},
    )
    resources, places = finished(
        efs.read_system(HERE, systems["FileSystems"][0], 0), efs.read_replications(THERE, answer)
    )
    assert [(row.name, row.key_custody) for row in resources.values()] == [("home", KeyCustody.IMPORTED)]
    assert places[-1] == (
        "replica", "us-east-1", "efs-replication",
        "arn:aws:elasticfilesystem:us-east-1:999999999999:file-system/fs-2", "Replications[0].Destinations[0].Region",
    )  # fmt: skip
    assert finished(efs.read_replications(THERE, answer)) == ({}, []), "the original was not read"


def test_fsx_export_and_backup_copied_from_another_region() -> None:
    uid = "arn:aws:fsx:eu-west-3:123456789012:file-system/fs-1"
    system: dict[str, Any] = {
        "ResourceARN": uid, "FileSystemId": "fs-1", "FileSystemType": "LUSTRE",
        "LustreConfiguration": {"DataRepositoryConfiguration": {"ExportPath": "s3://out/prefix"}},
    }  # fmt: skip
    copy = "arn:aws:fsx:us-east-1:123456789012:backup/backup-1"
    backup = {
        "ResourceARN": copy,
        "BackupId": "backup-1",
        "SourceBackupRegion": "eu-west-3",
        "FileSystem": {"ResourceARN": uid},
    }
    netapp = {"ResourceARN": f"{uid}2", "FileSystemId": "fs-2", "FileSystemType": "ONTAP", "KmsKeyId": KEY}
    systems = checked("fsx:DescribeFileSystems", {"FileSystems": [system, netapp]})["FileSystems"]
    backups = checked("fsx:DescribeBackups", {"Backups": [backup]})
    resources, places = finished(
        fsx.read_system(HERE, systems[0], 0), fsx.read_system(HERE, systems[1], 1), fsx.read_backups(THERE, backups)
    )
    assert [(row.kind, str(row.key_custody)) for row in resources.values()] == [
        ("file-share", "provider-managed"), ("fsx-netapp", "imported"), ("snapshot", "provider-managed"),
    ]  # fmt: skip
    field = "FileSystems[0].LustreConfiguration.DataRepositoryConfiguration.ExportPath"
    assert ("replica", "us-east-1", "fsx-export", "arn:aws:s3:::out", field) in places
    assert ("backup", "us-east-1", "fsx-backup-copy", copy, "Backups[0].SourceBackupRegion") in places


def test_redshift_log_and_shared_snapshot() -> None:
    logging = checked("redshift:DescribeLoggingStatus", {"LoggingEnabled": True, "BucketName": "out"})
    snapshots = checked("redshift:DescribeClusterSnapshots", {"Snapshots": [
        {"SnapshotIdentifier": "s", "ClusterIdentifier": "c", "OwnerAccount": HERE.account, "Encrypted": False,
         "AccountsWithRestoreAccess": [{"AccountId": "999999999999"}]},
        {"SnapshotIdentifier": "t", "ClusterIdentifier": "d", "OwnerAccount": "999999999999"},
    ]})  # fmt: skip
    cluster = checked("redshift:DescribeClusters", {"Clusters": [{"ClusterIdentifier": "c"}]})["Clusters"][0]
    uid = HERE.arn("redshift", "cluster:c")
    resources, places = finished(
        redshift.read_cluster(HERE, cluster, 0), redshift.read_logging(HERE, uid, logging), redshift.read_snapshots(HERE, snapshots)
    )
    assert [(row.name, row.key_custody) for row in resources.values()] == [("c", None), ("s", KeyCustody.NONE)]
    assert places == [
        ("primary", "eu-west-3", "location", None, "Clusters[0].ClusterIdentifier"),
        ("log", "us-east-1", "redshift-logging", "arn:aws:s3:::out", "BucketName"),
        ("primary", "eu-west-3", "location", None, "Snapshots[0].SnapshotIdentifier"),
        (
            "share",
            None,
            "redshift-snapshot-share",
            "999999999999",
            "Snapshots[0].AccountsWithRestoreAccess[0].AccountId",
        ),
    ]
    off = checked("redshift:DescribeLoggingStatus", {"LoggingEnabled": False, "BucketName": "out"})
    assert list(redshift.read_logging(HERE, "u", off)) == []


def test_global_datastores() -> None:
    uid = HERE.arn("elasticache", "replicationgroup:a")
    group = {"ARN": uid, "ReplicationGroupId": "a", "AtRestEncryptionEnabled": True}
    groups = checked("elasticache:DescribeReplicationGroups", {"ReplicationGroups": [group]})["ReplicationGroups"]
    members = [
        {"ReplicationGroupId": "b", "ReplicationGroupRegion": "us-east-1", "Role": "SECONDARY"},
        {"ReplicationGroupId": "a", "ReplicationGroupRegion": "eu-west-3", "Role": "PRIMARY"},
    ]
    answer = checked("elasticache:DescribeGlobalReplicationGroups", {"GlobalReplicationGroups": [{"Members": members}]})
    resources, places = finished(
        elasticache.read_cache(HERE, groups[0], "ReplicationGroups", 0, {}), elasticache.read_global(THERE, answer)
    )
    assert [row.key_custody for row in resources.values()] == [KeyCustody.PROVIDER_MANAGED]
    assert places[-1] == (
        "replica", "us-east-1", "elasticache-global-datastore", THERE.arn("elasticache", "replicationgroup:b"),
        "GlobalReplicationGroups[0].Members[0].ReplicationGroupRegion",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rest", "custody"),
    [
        ({"Enabled": True, "KmsKeyId": KEY}, KeyCustody.IMPORTED), ({"Enabled": True}, KeyCustody.PROVIDER_MANAGED),
        ({"Enabled": False, "KmsKeyId": KEY}, KeyCustody.NONE), ({}, None),
    ],
)  # fmt: skip
def test_custody_of_a_search_domain(rest: dict[str, Any], custody: KeyCustody | None) -> None:
    domain = {
        "DomainName": "d",
        "ARN": HERE.arn("es", "domain/d"),
        "ClusterConfig": {},
        "EncryptionAtRestOptions": rest,
    }
    answer = checked("opensearch:DescribeDomains", {"DomainStatusList": [domain]})
    resources, _ = finished(opensearch.read_domain(HERE, answer["DomainStatusList"][0], 0, {}))
    assert [row.key_custody for row in resources.values()] == [custody]


def test_glue_link_into_another_region() -> None:
    link = {"CatalogId": "999999999999", "DatabaseName": "far", "Region": "us-east-1"}
    near = {"Name": "near", "TargetDatabase": {"DatabaseName": "n"}, "LocationUri": "hdfs://host/x"}
    answer = checked("glue:GetDatabases", {"DatabaseList": [{"Name": "link", "TargetDatabase": link}, near]})
    _, places = finished(
        *(glue.read_database(HERE, row, index, {}) for index, row in enumerate(answer["DatabaseList"]))
    )
    assert places == [
        ("primary", "eu-west-3", "location", None, "DatabaseList[0].Name"),
        (
            "primary",
            "us-east-1",
            "glue-link",
            "arn:aws:glue:us-east-1:999999999999:database/far",
            "DatabaseList[0].TargetDatabase.Region",
        ),
        ("primary", "eu-west-3", "location", None, "DatabaseList[1].Name"),
    ]


def test_keys_that_the_emulator_forgets() -> None:
    snapshot = {"SnapshotIdentifier": "s", "ClusterIdentifier": "c", "Encrypted": True, "KmsKeyId": KEY}
    snapshots = checked("redshift:DescribeClusterSnapshots", {"Snapshots": [snapshot]})
    clusters = checked("elasticache:DescribeCacheClusters", {"CacheClusters": [
        {"ARN": HERE.arn("elasticache", f"cluster:{told}"), "CacheClusterId": str(told), "AtRestEncryptionEnabled": told}
        for told in (True, False)
    ]})["CacheClusters"]  # fmt: skip
    caches = [
        row for at, told in enumerate(clusters) for row in elasticache.read_cache(HERE, told, "CacheClusters", at, {})
    ]
    resources, places = finished(redshift.read_snapshots(HERE, snapshots), caches)
    assert [(row.kind, str(row.key_custody)) for row in resources.values()] == [
        ("db-snapshot", "imported"), ("redis", "provider-managed"), ("redis", "none"),
    ]  # fmt: skip
    assert ("key", "eu-west-3", "encryption-key", KEY, "Snapshots[0].KmsKeyId") in places
