"""The part of the estate where data rests in file systems, warehouses, caches, search domains and catalogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA = "eu-west-3", "us-east-1"


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{PARIS}:{ACCOUNT}:{rest}"


def add_data(aws: AwsEmulator, estate: Estate) -> None:
    """Create one of each."""
    _files(aws, estate)
    _warehouse(aws, estate)
    _caches(aws, estate)
    _search(aws, estate)


def _files(aws: AwsEmulator, estate: Estate) -> None:
    efs = aws.client("efs", PARIS)
    made = efs.create_file_system(CreationToken="c", Encrypted=True, KmsKeyId=estate.key)
    uid, name = made["FileSystemArn"], made["FileSystemId"]
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    efs.put_file_system_policy(FileSystemId=name, Policy=policy("elasticfilesystem:ClientMount", {"AWS": ROOT}))
    estate.also(uid, "share", None, "file-system-policy", ROOT)
    # The emulator has no replication of file systems.
    copy = {"Status": "ENABLED", "FileSystemId": "fs-copy", "Region": VIRGINIA}
    source = {
        "SourceFileSystemId": name,
        "SourceFileSystemArn": uid,
        "SourceFileSystemRegion": PARIS,
        "Destinations": [copy],
    }
    aws.answer("efs:DescribeReplicationConfigurations", lambda region, account, params: {"Replications": [source]})
    estate.also(
        uid,
        "replica",
        VIRGINIA,
        "efs-replication",
        f"arn:aws:elasticfilesystem:{VIRGINIA}:{ACCOUNT}:file-system/fs-copy",
    )
    fsx = aws.client("fsx", PARIS)
    made = fsx.create_file_system(
        FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=["subnet-00000000"], KmsKeyId=estate.key,
        LustreConfiguration={"DeploymentType": "PERSISTENT_1", "PerUnitStorageThroughput": 50, "ExportPath": "s3://lake-copy/out"},
    )["FileSystem"]  # fmt: skip
    uid = made["ResourceARN"]
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    backup = fsx.create_backup(FileSystemId=made["FileSystemId"])["Backup"]["ResourceARN"]
    estate.is_at(backup, PARIS, "provider-managed")


def _warehouse(aws: AwsEmulator, estate: Estate) -> None:
    redshift = aws.client("redshift", PARIS)
    redshift.create_cluster(
        ClusterIdentifier="dwh", NodeType="ra3.large", MasterUsername="someone", MasterUserPassword="Not-a-real-1-password",
        Encrypted=True, KmsKeyId=estate.key,
    )  # fmt: skip
    redshift.enable_snapshot_copy(ClusterIdentifier="dwh", DestinationRegion=VIRGINIA, SnapshotCopyGrantName="g")
    uid = arn("redshift", "cluster:dwh")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "backup", VIRGINIA, "redshift-snapshot-copy", None)
    redshift.create_cluster_snapshot(SnapshotIdentifier="friday", ClusterIdentifier="dwh")
    for snapshot in redshift.describe_cluster_snapshots()["Snapshots"]:
        uid = arn("redshift", f"snapshot:dwh/{snapshot['SnapshotIdentifier']}")
        estate.is_at(uid, PARIS, None)  # the emulator forgets the key of a snapshot
    glue = aws.client("glue", PARIS)
    glue.create_database(DatabaseInput={"Name": "snds", "LocationUri": "s3://lake-copy/snds/"})
    uid = arn("glue", "database/snds")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "primary", VIRGINIA, "glue-location", "arn:aws:s3:::lake-copy")


def _caches(aws: AwsEmulator, estate: Estate) -> None:
    caches = aws.client("elasticache", PARIS)
    caches.create_cache_cluster(
        CacheClusterId="alone", Engine="memcached", NumCacheNodes=1, CacheNodeType="cache.t3.micro"
    )
    estate.is_at(arn("elasticache", "cluster:alone"), PARIS, None)  # the emulator does not say
    caches.create_replication_group(
        ReplicationGroupId="sessions", ReplicationGroupDescription="s", Engine="redis", CacheNodeType="cache.t3.micro",
        AtRestEncryptionEnabled=True, KmsKeyId=estate.key,
    )  # fmt: skip
    uid = arn("elasticache", "replicationgroup:sessions")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)


def _search(aws: AwsEmulator, estate: Estate) -> None:
    text = policy("es:ESHttpGet", {"AWS": OTHER})
    rest = {"Enabled": True, "KmsKeyId": estate.key}
    aws.client("opensearch", PARIS).create_domain(DomainName="texts", AccessPolicies=text, EncryptionAtRestOptions=rest)
    uid = arn("es", "domain/texts")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "share", None, "domain-policy", OTHER)
