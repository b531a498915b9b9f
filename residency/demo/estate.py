"""An AWS estate modelled on the French Health Data Hub, put into an emulator by the real boto3 clients.

What it must show: a health-data lake in Paris with a copy in Virginia, an audit trail in Dublin, a database with a
replica in London, keys of three kinds, a bucket nobody tagged, a region nobody meant to use.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

PARIS, DUBLIN, FRANKFURT, LONDON = "eu-west-3", "eu-west-1", "eu-central-1", "eu-west-2"
VIRGINIA, SINGAPORE = "us-east-1", "ap-southeast-1"
# What the demonstration reads: the regions where the estate is. All would only take longer.
REGIONS = (PARIS, DUBLIN, LONDON, VIRGINIA, SINGAPORE)
HEALTH = {"data-class": "health", "project": "emc2"}

Client = Callable[[str, str], Any]


def seed(client: Client) -> None:
    """Create the estate. `client(service, region)` gives a boto3 client that is pointed at the emulator."""
    lake_key, imported_key, external_key = _keys(client)
    _buckets(client, lake_key)
    _databases(client, lake_key)
    _compute(client, imported_key)
    _messages(client, external_key)
    _logs(client)
    _edge(client)


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _keys(client: Client) -> tuple[str, str, str]:
    kms = client("kms", PARIS)
    tags = [{"TagKey": key, "TagValue": value} for key, value in HEALTH.items()]
    arns = []
    for description, origin, multi_region in (
        ("SNDS lake", "AWS_KMS", True), ("EMC2 disks, imported material", "EXTERNAL", False),
        ("Cohort queue, key kept outside AWS", "EXTERNAL_KEY_STORE", False),
    ):  # fmt: skip
        key = kms.create_key(Description=description, Origin=origin, MultiRegion=multi_region, Tags=tags)
        arns.append(key["KeyMetadata"]["Arn"])
        if multi_region:
            kms.replicate_key(KeyId=key["KeyMetadata"]["KeyId"], ReplicaRegion=VIRGINIA)
    return arns[0], arns[1], arns[2]


def _bucket(client: Client, name: str, region: str, tags: dict[str, str] | None) -> None:
    s3 = client("s3", region)
    where = {} if region == VIRGINIA else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if tags is not None:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _tags(tags)})


def _buckets(client: Client, key: str) -> None:
    _bucket(client, "hdh-snds-lake", PARIS, HEALTH)
    _bucket(client, "hdh-snds-lake-copy", VIRGINIA, HEALTH)
    _bucket(client, "hdh-audit-trail", DUBLIN, {"data-class": "personal"})
    _bucket(client, "hdh-open-data", PARIS, {"data-class": "public"})
    _bucket(client, "exports-2021", PARIS, None)
    s3 = client("s3", PARIS)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="hdh-snds-lake", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_replication(
        Bucket="hdh-snds-lake",
        ReplicationConfiguration={
            "Role": "arn:aws:iam::123456789012:role/replication",
            "Rules": [{
                "ID": "to-virginia", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {"Bucket": "arn:aws:s3:::hdh-snds-lake-copy"},
            }],
        },
    )  # fmt: skip


def _databases(client: Client, key: str) -> None:
    rds = client("rds", PARIS)
    source = rds.create_db_instance(
        DBInstanceIdentifier="emc2-cohort", DBInstanceClass="db.r6g.large", Engine="postgres", AllocatedStorage=100,
        MasterUsername="hdh", MasterUserPassword="not-a-real-password",
        StorageEncrypted=True, KmsKeyId=key, Tags=_tags(HEALTH),
    )["DBInstance"]["DBInstanceArn"]  # fmt: skip
    rds.create_db_snapshot(
        DBSnapshotIdentifier="emc2-before-upgrade", DBInstanceIdentifier="emc2-cohort", Tags=_tags(HEALTH)
    )
    client("rds", LONDON).create_db_instance_read_replica(
        DBInstanceIdentifier="emc2-cohort-london",
        SourceDBInstanceIdentifier=source,
        SourceRegion=PARIS,
        Tags=_tags(HEALTH),
    )
    for region, name, tags in ((PARIS, "pseudonyms", HEALTH), (SINGAPORE, "test-2019", None)):
        table: dict[str, Any] = {
            "TableName": name,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
        client("dynamodb", region).create_table(**table, **({"Tags": _tags(tags)} if tags else {}))


def _compute(client: Client, key: str) -> None:
    ec2 = client("ec2", PARIS)
    volume = ec2.create_volume(
        AvailabilityZone=f"{PARIS}a", Size=500, Encrypted=True, KmsKeyId=key,
        TagSpecifications=[{"ResourceType": "volume", "Tags": _tags(HEALTH | {"Name": "emc2-analysis"})}],
    )["VolumeId"]  # fmt: skip
    ec2.create_snapshot(
        VolumeId=volume,
        Description="emc2 weekly",
        TagSpecifications=[{"ResourceType": "snapshot", "Tags": _tags(HEALTH)}],
    )
    stray = client("ec2", SINGAPORE)
    stray.create_volume(AvailabilityZone=f"{SINGAPORE}a", Size=20, Encrypted=False)
    registry = client("ecr", PARIS)
    registry.create_repository(repositoryName="emc2/notebooks", tags=_tags({"data-class": "internal"}))
    registry.put_replication_configuration(
        replicationConfiguration={"rules": [{"destinations": [{"region": FRANKFURT, "registryId": "123456789012"}]}]}
    )
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    role = client("iam", VIRGINIA).create_role(RoleName="ingest", AssumeRolePolicyDocument=json.dumps(trust))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    return event\n")
    client("lambda", PARIS).create_function(
        FunctionName="ingest-snds", Runtime="python3.12", Role=role["Role"]["Arn"], Handler="handler.handle",
        Code={"ZipFile": code.getvalue()}, Tags=HEALTH,
    )  # fmt: skip


def _messages(client: Client, key: str) -> None:
    client("sqs", PARIS).create_queue(QueueName="cohort-requests", Attributes={"KmsMasterKeyId": key}, tags=HEALTH)
    client("sns", DUBLIN).create_topic(Name="cohort-ready", Tags=_tags({"data-class": "personal"}))
    client("secretsmanager", PARIS).create_secret(
        Name="snds/extract-token",
        SecretString="not-a-real-secret",
        Tags=_tags({"data-class": "personal"}),
        AddReplicaRegions=[{"Region": VIRGINIA}],
    )


def _logs(client: Client) -> None:
    client("logs", PARIS).create_log_group(logGroupName="/emc2/portal", tags={"data-class": "personal"})
    client("cloudtrail", PARIS).create_trail(
        Name="hdh-trail",
        S3BucketName="hdh-audit-trail",
        IsMultiRegionTrail=True,
        TagsList=_tags({"data-class": "personal"}),
    )
    vaults = client("backup", PARIS)
    vaults.create_backup_vault(BackupVaultName="hdh-vault", BackupVaultTags=HEALTH)


def _edge(client: Client) -> None:
    origin = {
        "Id": "lake", "DomainName": "hdh-open-data.s3.eu-west-3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }  # fmt: skip
    client("cloudfront", VIRGINIA).create_distribution(
        DistributionConfig={
            "CallerReference": "hdh-portal", "Comment": "public catalogue", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "lake", "ViewerProtocolPolicy": "https-only", "MinTTL": 0,
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            },
        }
    )  # fmt: skip
