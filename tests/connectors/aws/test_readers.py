"""The pure readers, on answers written by hand for what the emulator lacks or fakes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from residency.connectors.aws.found import CopyOf, Found, InBucket, KeyUse, KnownAlias, KnownBucket, KnownKey
from residency.connectors.aws.place import Place, bucket_of, offer_of, region_of
from residency.connectors.aws.resolve import Knowledge, named_buckets, resolve
from residency.connectors.aws.services import (
    backup,
    cloudfront,
    cloudtrail,
    dynamodb,
    ec2,
    ecr,
    kms,
    lambda_,
    logs,
    rds,
    s3,
    secretsmanager,
    sns,
    sqs,
)
from residency.model import Evidence, KeyCustody, Placement, Resource, Role

HERE = Place("aws", "123456789012", "eu-west-3")
KEY = "arn:aws:kms:eu-west-3:123456789012:key/k"


def finished(found: Iterable[Found]) -> tuple[dict[str, Resource], list[Placement]]:
    rows = list(found)
    knowledge = Knowledge()
    knowledge.learn(rows)
    done = list(resolve(rows, knowledge, "aws"))
    resources = {row.uid: row for row in done if isinstance(row, Resource)}
    return resources, [row for row in done if isinstance(row, Placement)]


def told(placement: Placement) -> tuple[str, str | None, str, str | None, str]:
    assert placement.evidence is not None
    return (str(placement.role), placement.location, placement.via, placement.target, placement.evidence.field)


def test_arns() -> None:
    assert region_of("arn:aws:kms:eu-west-3:1:key/k") == "eu-west-3"
    assert region_of("arn:aws:s3:::b") is None
    assert region_of("b") is None
    assert bucket_of("arn:aws:s3:::b/prefix") == bucket_of("b") == "b"
    assert [offer_of("aws-iso", "us-iso-east-1"), offer_of("aws-cn", None)] == [None, None]


def test_dynamodb_replicas_witness_and_keys() -> None:
    answer = {"Table": {
        "TableName": "t", "TableArn": HERE.arn("dynamodb", "table/t"), "SSEDescription": {"KMSMasterKeyArn": KEY},
        "Replicas": [
            {"RegionName": "eu-west-3", "ReplicaStatus": "ACTIVE"},
            {"RegionName": "us-east-1", "ReplicaStatus": "ACTIVE", "KMSMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/r"},
            {"RegionName": "us-west-2", "ReplicaStatus": "CREATION_FAILED"},
        ],
        "GlobalTableWitnesses": [{"RegionName": "eu-central-1", "WitnessStatus": "ACTIVE"}],
    }}  # fmt: skip
    resources, placements = finished(
        [*dynamodb.read_table(HERE, answer, {"a": "b"}), KnownKey(KEY, KeyCustody.IMPORTED)]
    )
    uid = "arn:aws:dynamodb:eu-west-3:123456789012:table/t"
    assert (resources[uid].key_custody, resources[uid].tags) == (KeyCustody.IMPORTED, {"a": "b"})
    assert [told(row) for row in placements] == [
        ("primary", "eu-west-3", "location", None, "Table.TableArn"),
        ("key", "eu-west-3", "encryption-key", KEY, "Table.SSEDescription.KMSMasterKeyArn"),
        ("replica", "us-east-1", "dynamodb-global-table", "arn:aws:dynamodb:us-east-1:123456789012:table/t", "Table.Replicas[1].RegionName"),
        ("key", "us-east-1", "encryption-key", "arn:aws:kms:us-east-1:123456789012:key/r", "Table.Replicas[1].KMSMasterKeyId"),
        ("replica", "eu-central-1", "dynamodb-witness", None, "Table.GlobalTableWitnesses[0].RegionName"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("origin", "custody"),
    [
        ("AWS_KMS", "customer-managed"), ("EXTERNAL", "imported"), ("AWS_CLOUDHSM", "hsm"),
        ("EXTERNAL_KEY_STORE", "external"), ("SOMETHING_NEW", None),
    ],
)  # fmt: skip
def test_kms_origin(origin: str, custody: str | None) -> None:
    answer = {"KeyMetadata": {"Arn": KEY, "KeyId": "k", "Origin": origin, "XksKeyConfiguration": {"Id": "x"}}}
    resources, _ = finished(kms.read_key(HERE, answer, None))
    assert resources[KEY].key_custody == custody
    assert resources[KEY].tags is None


def test_keys_by_alias_by_id_and_of_other_accounts() -> None:
    user = HERE.arn("sqs", "q")
    answers = {
        "alias/mine": KeyCustody.HSM, "k": KeyCustody.HSM, KEY: KeyCustody.HSM, "alias/aws/sqs": KeyCustody.PROVIDER_MANAGED,
        "arn:aws:kms:eu-west-3:999999999999:key/other": None, "alias/unread": None,
    }  # fmt: skip
    alias = {"AliasName": "alias/mine", "AliasArn": HERE.arn("kms", "alias/mine"), "TargetKeyId": "k"}
    reserved = {"AliasName": "alias/aws/ebs", "AliasArn": HERE.arn("kms", "alias/aws/ebs")}
    known = [*kms.read_aliases(HERE, [alias, reserved]), KnownKey(KEY, KeyCustody.HSM)]
    assert [row for row in known if isinstance(row, KnownAlias)] == [KnownAlias(alias["AliasArn"], KEY)]
    for key, custody in answers.items():
        answer = {"Attributes": {"QueueArn": user, "KmsMasterKeyId": key}}
        resources, placements = finished([*known, *sqs.read_queue(HERE, answer, {})])
        assert resources[user].key_custody == custody, key
        assert [row.location for row in placements if row.role is Role.KEY] == ["eu-west-3"]


def test_queue_without_a_key() -> None:
    for value, custody in (("true", KeyCustody.PROVIDER_MANAGED), ("false", KeyCustody.NONE), (None, None)):
        attributes = {"QueueArn": HERE.arn("sqs", "q"), **({"SqsManagedSseEnabled": value} if value else {})}
        resources, _ = finished(sqs.read_queue(HERE, {"Attributes": attributes}, {}))
        assert resources[HERE.arn("sqs", "q")].key_custody == custody


def database(name: str, region: str = "eu-west-3", **more: object) -> dict[str, object]:
    return {
        "DBInstanceIdentifier": name, "DBInstanceArn": f"arn:aws:rds:{region}:123456789012:db:{name}",
        "Engine": "postgres", "StorageEncrypted": True, "TagList": [], **more,
    }  # fmt: skip


def test_rds_automated_backups_in_another_region() -> None:
    arn = "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1"
    answer = {
        "DBInstances": [
            database("main", DBInstanceAutomatedBackupsReplications=[{"DBInstanceAutomatedBackupsArn": arn}])
        ]
    }
    _, placements = finished(rds.read_instances(HERE, answer))
    field = "DBInstances[0].DBInstanceAutomatedBackupsReplications[0].DBInstanceAutomatedBackupsArn"
    assert told(placements[1]) == ("backup", "us-west-2", "rds-automated-backup", arn, field)


def test_rds_replicas_told_by_either_side() -> None:
    main, far = "arn:aws:rds:eu-west-3:123456789012:db:main", "arn:aws:rds:us-east-1:123456789012:db:far"
    source = list(
        rds.read_instances(HERE, {"DBInstances": [database("main", ReadReplicaDBInstanceIdentifiers=["near", far])]})
    )
    there = Place("aws", HERE.account, "us-east-1")
    copy = list(
        rds.read_instances(
            there, {"DBInstances": [database("far", "us-east-1", ReadReplicaSourceDBInstanceIdentifier=main)]}
        )
    )
    near = "arn:aws:rds:eu-west-3:123456789012:db:near"
    _, told_by_source = finished(source)
    assert {(row.uid, row.location, row.target) for row in told_by_source if row.role is Role.REPLICA} == {
        (main, "eu-west-3", near), (main, "us-east-1", far),
    }  # fmt: skip
    _, told_by_both = finished([*source, *copy])
    assert {(row.uid, row.location, row.target) for row in told_by_both if row.role is Role.REPLICA} == {
        (main, "eu-west-3", near), (main, "us-east-1", far),
    }  # fmt: skip
    _, told_by_copy = finished(copy)
    assert [row.role for row in told_by_copy] == [Role.PRIMARY], "the original was not read: nothing to place"


def test_rds_snapshots_copied_from_elsewhere() -> None:
    there = Place("aws", HERE.account, "us-east-1")
    snapshot = {
        "DBSnapshotIdentifier": "s", "DBSnapshotArn": "arn:aws:rds:us-east-1:123456789012:snapshot:s", "Encrypted": False,
        "DBInstanceIdentifier": "main", "SourceRegion": "eu-west-3", "KmsKeyId": "default",
    }  # fmt: skip
    original = rds.read_instances(HERE, {"DBInstances": [database("main")]})
    resources, placements = finished([*original, *rds.read_snapshots(there, {"DBSnapshots": [snapshot]})])
    assert resources[str(snapshot["DBSnapshotArn"])].key_custody is KeyCustody.NONE
    copies = [told(row) for row in placements if row.role is Role.SNAPSHOT]
    assert copies == [
        ("snapshot", "us-east-1", "rds-snapshot-copy", snapshot["DBSnapshotArn"], "DBSnapshots[0].SourceRegion")
    ]
    cluster = {
        "DBClusterIdentifier": "c", "DBClusterArn": HERE.arn("rds", "cluster:c"), "Engine": "docdb", "StorageEncrypted": False,
        "ReadReplicaIdentifiers": ["arn:aws:rds:eu-west-1:123456789012:cluster:d"], "ReplicationSourceIdentifier": "",
    }  # fmt: skip
    copy = {
        "DBClusterSnapshotIdentifier": "s", "DBClusterIdentifier": "c", "StorageEncrypted": True, "KmsKeyId": KEY,
        "DBClusterSnapshotArn": "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:s",
        "SourceDBClusterSnapshotArn": "arn:aws:rds:eu-west-3:123456789012:cluster-snapshot:o",
    }  # fmt: skip
    rows = [
        *rds.read_clusters(HERE, {"DBClusters": [cluster]}),
        *rds.read_cluster_snapshots(there, {"DBClusterSnapshots": [copy]}),
    ]
    resources, placements = finished(rows)
    assert resources[str(cluster["DBClusterArn"])].kind == "documentdb"
    assert {(str(row.role), row.location, row.via) for row in placements if row.uid == cluster["DBClusterArn"]} == {
        ("primary", "eu-west-3", "location"), ("replica", "eu-west-1", "rds-read-replica"),
        ("snapshot", "us-east-1", "rds-snapshot-copy"),
    }  # fmt: skip


def test_rds_global_database() -> None:
    writer, reader = HERE.arn("rds", "cluster:w"), "arn:aws:rds:us-east-1:123456789012:cluster:r"
    members = [{"DBClusterArn": writer, "IsWriter": True}, {"DBClusterArn": reader, "IsWriter": False}]
    cluster = {"DBClusterIdentifier": "w", "DBClusterArn": writer, "Engine": "aurora-mysql", "StorageEncrypted": True}
    answer = {"GlobalClusters": [{"GlobalClusterIdentifier": "g", "GlobalClusterMembers": members}]}
    rows = [*rds.read_clusters(HERE, {"DBClusters": [cluster]}), *rds.read_global_clusters(HERE, answer)]
    _, placements = finished(rows)
    assert told(placements[-1]) == (
        "replica", "us-east-1", "rds-global-database", reader, "GlobalClusters[0].GlobalClusterMembers[1].DBClusterArn",
    )  # fmt: skip


def test_images_copied_from_another_region() -> None:
    original = {"ImageId": "ami-1", "OwnerId": HERE.account}
    copy = {"ImageId": "ami-2", "OwnerId": HERE.account, "SourceImageId": "ami-1", "SourceImageRegion": "eu-west-3"}
    there = Place("aws", HERE.account, "us-east-1")
    _, placements = finished(
        [*ec2.read_images(HERE, {"Images": [original]}), *ec2.read_images(there, {"Images": [copy]})]
    )
    copies = [(row.uid, *told(row)) for row in placements if row.role is Role.REPLICA]
    assert copies == [(
        "arn:aws:ec2:eu-west-3::image/ami-1", "replica", "us-east-1", "ami-copy", "arn:aws:ec2:us-east-1::image/ami-2",
        "Images[0].SourceImageRegion",
    )]  # fmt: skip


def test_what_others_own_and_what_is_gone_is_left_out() -> None:
    foreign = {"OwnerId": "999999999999"}
    assert list(ec2.read_images(HERE, {"Images": [{"ImageId": "ami-1", **foreign}]})) == []
    assert list(ec2.read_snapshots(HERE, {"Snapshots": [{"SnapshotId": "snap-1", **foreign}]}, {})) == []
    ended = {"InstanceId": "i-1", "State": {"Name": "terminated"}}
    assert list(ec2.read_instances(HERE, {"Reservations": [{"Instances": [ended]}]}, {})) == []


def test_secret_with_keys_in_both_regions() -> None:
    secret = {
        "ARN": HERE.arn("secretsmanager", "secret:token-AbCdEf"), "Name": "token", "KmsKeyId": KEY,
        "ReplicationStatus": [{"Region": "us-east-1", "Status": "InSync", "KmsKeyId": "alias/far"}],
    }  # fmt: skip
    resources, placements = finished(
        [*secretsmanager.read_secret(HERE, secret), KnownKey(KEY, KeyCustody.CUSTOMER_MANAGED)]
    )
    assert [row.key_custody for row in resources.values()] == [KeyCustody.CUSTOMER_MANAGED]
    assert {(str(row.role), row.location, row.target) for row in placements} == {
        ("primary", "eu-west-3", None), ("key", "eu-west-3", KEY),
        ("replica", "us-east-1", "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf"),
        ("key", "us-east-1", "arn:aws:kms:us-east-1:123456789012:alias/far"),
    }  # fmt: skip


def test_cloudfront_logging_functions_and_origins() -> None:
    uid = "arn:aws:cloudfront::123456789012:distribution/E1"
    nowhere = Place("aws", HERE.account, "aws-global")
    function = "arn:aws:lambda:us-east-1:123456789012:function:auth:3"
    associations = {"LambdaFunctionAssociations": {"Quantity": 1, "Items": [{"LambdaFunctionARN": function}]}}
    distribution = {
        "ARN": uid, "Id": "E1", "DomainName": "d1.cloudfront.net", "PriceClass": "PriceClass_100",
        "Origins": {"Items": [{"DomainName": "site.s3-website-eu-west-1.amazonaws.com"}, {"DomainName": "example.org"}]},
        "DefaultCacheBehavior": associations, "CacheBehaviors": {"Quantity": 1, "Items": [associations]},
    }  # fmt: skip
    config = {"DistributionConfig": {"Logging": {"Enabled": True, "Bucket": "cdn.logs.s3.amazonaws.com"}}}
    rows = [
        *cloudfront.read_distribution(nowhere, distribution, 0, {}), *cloudfront.read_logging(nowhere, uid, config),
        KnownBucket("cdn.logs", "us-east-1"), KnownBucket("site", "eu-west-1"),
    ]  # fmt: skip
    _, placements = finished(rows)
    assert {(str(row.role), row.location, row.via, row.target) for row in placements} == {
        ("cache", "aws-global", "cdn-edge", None), ("primary", "eu-west-1", "cdn-origin", "arn:aws:s3:::site"),
        ("primary", None, "cdn-origin", "example.org"), ("log", "us-east-1", "cdn-logging", "arn:aws:s3:::cdn.logs"),
        ("processing", "aws-global", "lambda-at-edge", function),
    }  # fmt: skip
    assert [row.evidence.field for row in placements if row.role is Role.PROCESSING and row.evidence][1] == (
        "DistributionList.Items[0].CacheBehaviors.Items[0].LambdaFunctionAssociations.Items[0].LambdaFunctionARN"
    )
    off = {"DistributionConfig": {"Logging": {"Enabled": False, "Bucket": ""}}}
    assert list(cloudfront.read_logging(nowhere, uid, off)) == []


def test_bucket_encryption_and_replica_key() -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    custody, keys = s3.read_encryption(HERE, "u", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}})
    assert (custody, keys) == (KeyCustody.PROVIDER_MANAGED, [])
    destination = {
        "Bucket": "arn:aws:s3:::far", "Account": "999999999999",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:us-east-1:999999999999:key/f"},
    }  # fmt: skip
    answer = {"ReplicationConfiguration": {"Rules": [{"Status": "Enabled", "Destination": destination}]}}
    where = Evidence("s3:ListBuckets", "Buckets[0].BucketRegion", "eu-west-3")
    rows = [*s3.read_bucket(HERE, "b", where, None, {}), *s3.read_replication(HERE, "b", answer)]
    assert named_buckets(rows) == {"far"}
    resources, placements = finished(rows)
    assert resources["arn:aws:s3:::b"].key_custody is KeyCustody.PROVIDER_MANAGED
    assert told(placements[-1]) == (
        "key", "us-east-1", "encryption-key", "arn:aws:kms:us-east-1:999999999999:key/f",
        "ReplicationConfiguration.Rules[0].Destination.EncryptionConfiguration.ReplicaKmsKeyID",
    )  # fmt: skip


def test_trails_also_deliver_to_log_groups() -> None:
    group = "arn:aws:logs:eu-west-3:123456789012:log-group:trail:*"
    trail = {
        "Name": "t", "TrailARN": HERE.arn("cloudtrail", "trail/t"), "HomeRegion": "eu-west-3", "S3BucketName": "b",
        "CloudWatchLogsLogGroupArn": group, "KmsKeyId": KEY,
    }  # fmt: skip
    elsewhere = Place("aws", HERE.account, "us-east-1")
    resources, placements = finished(
        [*cloudtrail.read_trail(elsewhere, trail, 0, None), *cloudtrail.read_trail(HERE, trail, 0, {})]
    )
    assert [(row.location, row.tags) for row in resources.values()] == [("eu-west-3", {})]
    assert {(row.via, row.location) for row in placements if row.role is Role.LOG} == {
        ("cloudtrail-delivery", None), ("cloudtrail-logs", "eu-west-3"),
    }  # fmt: skip


def test_a_copy_into_the_other_region_of_china_is_at_another_offer() -> None:
    north = Place("aws-cn", HERE.account, "cn-north-1")
    rows: list[Found] = [
        *s3.read_bucket(north, "b", Evidence("a", "b"), {}, {}),
        InBucket(Placement("arn:aws-cn:s3:::b", Role.REPLICA, None, "s3-replication"), "c"), KnownBucket("c", "cn-northwest-1"),
    ]  # fmt: skip
    knowledge = Knowledge()
    knowledge.learn(rows)
    placements = [row for row in resolve(rows, knowledge, "aws-cn") if isinstance(row, Placement)]
    assert [(row.role, row.offer) for row in placements] == [(Role.PRIMARY, None), (Role.REPLICA, "aws-china-nwcd")]


def test_registry_rules_without_filters_count_for_all() -> None:
    repository = {"repositoryArn": HERE.arn("ecr", "repository/a"), "repositoryName": "a"}
    rules = [
        {"destinations": [{"region": "eu-west-1", "registryId": "999999999999"}]},
        {"destinations": [{"region": "us-east-1", "registryId": "1"}], "repositoryFilters": [{"filter": "b", "filterType": "PREFIX_MATCH"}]},
    ]  # fmt: skip
    found = list(ecr.read_replication(HERE, repository, {"replicationConfiguration": {"rules": rules}}))
    assert [(row.location, row.target) for row in found if isinstance(row, Placement)] == [
        ("eu-west-1", "arn:aws:ecr:eu-west-1:999999999999:repository/a")
    ]


def test_keys_of_the_other_services() -> None:
    rows: list[Found] = [
        *lambda_.read_function(HERE, {"FunctionArn": HERE.arn("lambda", "function:f"), "FunctionName": "f", "KMSKeyArn": KEY}, 0, {}),
        *logs.read_group(HERE, {"arn": HERE.arn("logs", "log-group:/g:*"), "logGroupName": "/g", "kmsKeyId": KEY}, 0, {}),
        *ecr.read_repository(HERE, {"repositoryArn": HERE.arn("ecr", "repository/a"), "repositoryName": "a", "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": KEY}}, 0, {}),
        *sns.read_topic(HERE, HERE.arn("sns", "t"), 0, {"Attributes": {"KmsMasterKeyId": KEY}}, {}),
        *backup.read_vault(HERE, {"BackupVaultArn": HERE.arn("backup", "backup-vault:v"), "BackupVaultName": "v", "EncryptionKeyArn": KEY}, 0, {}),
    ]  # fmt: skip
    resources, placements = finished([*rows, KnownKey(KEY, KeyCustody.EXTERNAL)])
    assert {row.key_custody for row in resources.values()} == {KeyCustody.EXTERNAL}
    assert sum(row.role is Role.KEY for row in placements) == len(resources) == 5
    unread = [row for row in sns.read_topic(HERE, HERE.arn("sns", "t"), 0, None, None) if isinstance(row, Resource)]
    assert [(row.key_custody, row.tags) for row in unread] == [(None, None)]


def test_backup_copies_count_for_vaults_that_are_there() -> None:
    target = "arn:aws:backup:us-east-1:999999999999:backup-vault:far"
    plan = {
        "BackupPlan": {
            "Rules": [{"TargetBackupVaultName": "gone", "CopyActions": [{"DestinationBackupVaultArn": target}]}]
        }
    }
    rows = list(backup.read_plan(HERE, plan))
    assert [row.placement.location for row in rows if isinstance(row, CopyOf)] == ["us-east-1"]
    assert finished(rows) == ({}, [])


def test_readers_hand_over_no_raw_answers() -> None:
    answer = {"Attributes": {"QueueArn": HERE.arn("sqs", "q"), "KmsMasterKeyId": KEY, "Policy": "{}"}}
    for row in sqs.read_queue(HERE, answer, {}):
        assert isinstance(row, Resource | Placement | KeyUse)
        assert "Policy" not in repr(row)


def test_local_zones_and_outposts_are_places_of_their_own() -> None:
    zones = ec2.read_zones(HERE, {"AvailabilityZones": [
        {"ZoneName": "eu-west-3a", "ZoneType": "availability-zone"}, {"ZoneName": "eu-west-3b"},
        {"ZoneName": "eu-west-3-wl1-cmn-wlz-1", "ZoneType": "wavelength-zone", "ParentZoneName": "eu-west-3a"},
    ]})  # fmt: skip
    outpost = HERE.arn("outposts", "outpost/op-1")
    volumes = [
        {"VolumeId": "vol-1", "Encrypted": False, "AvailabilityZone": "eu-west-3a"},
        {"VolumeId": "vol-2", "Encrypted": False, "AvailabilityZone": "eu-west-3-wl1-cmn-wlz-1"},
        {"VolumeId": "vol-3", "Encrypted": False, "AvailabilityZone": "eu-west-3a", "OutpostArn": outpost},
        {"VolumeId": "vol-4", "Encrypted": False, "AvailabilityZone": "eu-west-3z"},
    ]  # fmt: skip
    resources, placements = finished(ec2.read_volumes(HERE, {"Volumes": volumes}, zones))
    expected = ["eu-west-3", "eu-west-3-wl1-cmn-wlz-1", None, None]
    assert [row.location for row in resources.values()] == [row.location for row in placements] == expected
    assert told(placements[2]) == ("primary", None, "outpost", outpost, "Volumes[2].OutpostArn")
    _, unread = finished(ec2.read_volumes(HERE, {"Volumes": volumes[:1]}, None))
    assert [row.location for row in unread] == [None], "without the zones, the country is not known"
    local = {"SnapshotId": "snap-1", "Encrypted": False, "AvailabilityZone": "eu-west-3-wl1-cmn-wlz-1"}
    _, kept = finished(ec2.read_snapshots(HERE, {"Snapshots": [local, {"SnapshotId": "snap-2"}]}, zones))
    assert [row.location for row in kept] == ["eu-west-3-wl1-cmn-wlz-1", "eu-west-3"]
