"""Configuration items as AWS Config writes them, with an answer that was worked out by hand.

The keys are those of https://github.com/awslabs/aws-config-resource-schema (Apache-2.0) at 24997cf, 599974d, 68f9250 and
2de88dc, files `config/properties/resource-types/TYPE.properties.json`. That schema names nothing of replication rules
but their role: the keys of a rule are the properties of `BucketReplicationConfiguration`, `ReplicationRule` and
`ReplicationDestinationConfig` in the Java client library of S3.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-west-3:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
SNAPSHOT_ID = "3e46b911-99e6-4205-aba8-5739f7c37680"
API = f"config:{SNAPSHOT_ID}"


def item(type_: str, id_: str, arn: str | None, configuration: Any, **more: Any) -> dict[str, Any]:
    """An item of a snapshot: recorded, in Paris, without tags, unless told otherwise."""
    return {
        "relatedEvents": [],
        "relationships": [],
        "configuration": configuration,
        "supplementaryConfiguration": {},
        "tags": {},
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": "2026-11-20T12:44:50.026Z",
        "configurationStateId": 1,
        "awsAccountId": ACCOUNT,
        "configurationItemStatus": "OK",
        "resourceType": type_,
        "resourceId": id_,
        "resourceName": None,
        "ARN": arn,
        "awsRegion": "eu-west-3",
    } | more


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:eu-west-3:{ACCOUNT}:{rest}"


VOLUME = item(
    "AWS::EC2::Volume", "vol-1", _arn("ec2", "volume/vol-1"),
    {"volumeId": "vol-1", "availabilityZone": "eu-west-3a", "encrypted": True, "kmsKeyId": KEY, "iops": None,
     "state": {"value": "in-use"}, "outpostArn": None, "tags": [{"key": "Name", "value": "disk"}]},
    tags={"Name": "disk", "data-class": "health"},
)  # fmt: skip
INSTANCE = item(
    "AWS::EC2::Instance", "i-1", _arn("ec2", "instance/i-1"),
    {"instanceId": "i-1", "placement": {"availabilityZone": "eu-west-3-cmn-1a"}, "state": {"name": "running"}},
)  # fmt: skip
TABLE = item(
    "AWS::DynamoDB::Table", "visits", _arn("dynamodb", "table/visits"),
    {"tableArn": _arn("dynamodb", "table/visits"), "tableName": "visits", "tableStatus": "ACTIVE",
     "ssedescription": {"status": "ENABLED", "ssetype": "KMS", "kmsmasterKeyArn": KEY},
     "replicas": [{"regionName": "us-east-1", "replicaStatus": "ACTIVE", "kmsmasterKeyId": None}]},
)  # fmt: skip
DATABASE = item(
    "AWS::RDS::DBInstance", "db-ABC", _arn("rds", "db:care"),
    {"dBInstanceArn": _arn("rds", "db:care"), "dBInstanceIdentifier": "care", "engine": "postgres",
     "storageEncrypted": False, "kmsKeyId": None,
     "readReplicaDBInstanceIdentifiers": [f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:care-copy"]},
)  # fmt: skip
DB_SNAPSHOT = item(
    "AWS::RDS::DBSnapshot", "care-1", _arn("rds", "snapshot:care-1"),
    {"dBSnapshotArn": _arn("rds", "snapshot:care-1"), "dBSnapshotIdentifier": "care-1", "snapshotType": "manual",
     "dBInstanceIdentifier": "care", "encrypted": True, "kmsKeyId": KEY, "sourceRegion": None},
    supplementaryConfiguration={
        "DBSnapshotAttributes": [{"attributeName": "restore", "attributeValues": ["999988887777"]}]
    },
)  # fmt: skip
CLUSTER = item(
    "AWS::RDS::DBCluster", "cluster-ABC", _arn("rds", "cluster:ward"),
    {"dbclusterArn": _arn("rds", "cluster:ward"), "dbclusterIdentifier": "ward", "engine": "aurora-postgresql",
     "storageEncrypted": True, "kmsKeyId": KEY, "readReplicaIdentifiers": []},
)  # fmt: skip
KMS_KEY = item(
    "AWS::KMS::Key", KEY.rpartition("/")[2], KEY,
    {"arn": KEY, "keyId": KEY.rpartition("/")[2], "keyManager": "CUSTOMER", "origin": "EXTERNAL", "enabled": True},
)  # fmt: skip
FUNCTION = item(
    "AWS::Lambda::Function", "sort", _arn("lambda", "function:sort"),
    {"functionArn": _arn("lambda", "function:sort"), "functionName": "sort", "kmskeyArn": KEY, "vpcConfig": None},
)  # fmt: skip
WAREHOUSE = item(
    "AWS::Redshift::Cluster", "stats", _arn("redshift", "cluster:stats"),
    {"clusterIdentifier": "stats", "encrypted": True, "kmsKeyId": KEY,
     "clusterSnapshotCopyStatus": {"destinationRegion": "us-west-2", "retentionPeriod": 7}},
    supplementaryConfiguration={"LoggingStatus": {"loggingEnabled": True, "bucketName": "logs"}},
)  # fmt: skip
TRAIL = item(
    "AWS::CloudTrail::Trail", _arn("cloudtrail", "trail/all"), _arn("cloudtrail", "trail/all"),
    {"trailARN": _arn("cloudtrail", "trail/all"), "name": "all", "homeRegion": "eu-west-3", "s3BucketName": "logs",
     "kmsKeyId": None},
)  # fmt: skip
TOPIC = item(
    "AWS::SNS::Topic", _arn("sns", "news"), _arn("sns", "news"),
    {"TopicArn": _arn("sns", "news"), "Owner": ACCOUNT, "KmsMasterKeyId": "alias/aws/sns"},
)  # fmt: skip
QUEUE = item(
    "AWS::SQS::Queue", "https://sqs.eu-west-3.amazonaws.com/111122223333/work", _arn("sqs", "work"),
    {"QueueArn": _arn("sqs", "work"), "QueueName": "work", "SqsManagedSseEnabled": "true"},
)  # fmt: skip
BUCKET = item(
    "AWS::S3::Bucket", "patients", "arn:aws:s3:::patients", {"name": "patients", "owner": {"displayName": None}},
    supplementaryConfiguration={
        "AccessControlList": json.dumps(json.dumps({"grantList": []})),
        "ServerSideEncryptionConfiguration": {
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": KEY}}]
        },
        "BucketLoggingConfiguration": {"destinationBucketName": "logs", "logFilePrefix": None},
        "BucketReplicationConfiguration": {
            "roleARN": f"arn:aws:iam::{ACCOUNT}:role/copy",
            "rules": {
                "all": {"status": "Enabled", "destinationConfig": {"bucketARN": "arn:aws:s3:::far"}},
                "off": {"status": "Disabled", "destinationConfig": {"bucketARN": "arn:aws:s3:::never"}},
                "odd": {"state": "on"},
            },
        },
        "BucketPolicy": {
            "policyText": json.dumps({
                "Statement": [{"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "s3:GetObject",
                               "Resource": "*"}]
            })
        },
    },
)  # fmt: skip
LOGS = item("AWS::S3::Bucket", "logs", "arn:aws:s3:::logs", {"name": "logs"}, awsRegion="eu-west-1")
FAR = item("AWS::S3::Bucket", "far", "arn:aws:s3:::far", {"name": "far"}, awsRegion="us-east-1")
# Recorded by its CloudFormation schema: kept with its place, and not read.
FILES = item(
    "AWS::EFS::FileSystem", "fs-1", _arn("elasticfilesystem", "file-system/fs-1"),
    {"FileSystemId": "fs-1", "Encrypted": True, "KmsKeyId": KEY}, tags={"team": "ward"},
)  # fmt: skip
RULE = item("AWS::EC2::SecurityGroup", "sg-1", _arn("ec2", "security-group/sg-1"), {"groupId": "sg-1"})
ROLE = item("AWS::IAM::Role", "AROA", f"arn:aws:iam::{ACCOUNT}:role/copy", {
    "roleName": "copy", "path": "/", "assumeRolePolicyDocument": quote(json.dumps({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "sts:AssumeRole"},
    ]})),
}, awsRegion="global")  # fmt: skip
VERDICT = item("AWS::Config::ResourceCompliance", "AWS::EC2::Volume/vol-1", None, {"complianceType": "COMPLIANT"})
DELETED = item(
    "AWS::EC2::Volume", "vol-0", _arn("ec2", "volume/vol-0"), None, configurationItemStatus="ResourceDeleted"
)
ESTATE = [
    VOLUME, INSTANCE, TABLE, DATABASE, DB_SNAPSHOT, CLUSTER, KMS_KEY, FUNCTION, WAREHOUSE, TRAIL, TOPIC, QUEUE, BUCKET,
    LOGS, FAR, FILES, RULE, ROLE, VERDICT, DELETED,
]  # fmt: skip
SNAPSHOT = {"fileVersion": "1.0", "configSnapshotId": SNAPSHOT_ID, "configurationItems": ESTATE}


def of_query(recorded: dict[str, Any]) -> dict[str, Any]:
    """An item as a query gives it: other names, and tags as a list."""
    names = {"awsAccountId": "accountId", "ARN": "arn"}
    tags = [{"tag": f"{key}={value}", "key": key, "value": value} for key, value in recorded["tags"].items()]
    return {names.get(key, key): value for key, value in recorded.items()} | {"tags": tags}


def of_api(recorded: dict[str, Any]) -> dict[str, Any]:
    """An item as the API gives it: the configuration, and each part beside it, as JSON text."""
    names = {"awsAccountId": "accountId", "ARN": "arn"}
    extra = {key: json.dumps(value) for key, value in recorded["supplementaryConfiguration"].items()}
    told = {"configuration": json.dumps(recorded["configuration"]), "supplementaryConfiguration": extra}
    return {names.get(key, key): value for key, value in recorded.items()} | told
