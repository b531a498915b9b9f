"""The part of the estate that is shared: with another account, with everybody, and in ways that are no share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, DUBLIN = "eu-west-3", "eu-west-1"
OTHER = "999999999999"
ROOT = f"arn:aws:iam::{OTHER}:root"


def policy(action: str, principal: Any, **more: Any) -> str:
    """A policy with a grant to the owner, one to a service, and one to `principal`."""
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "own", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "*", "Resource": "*"},
            {"Sid": "aws", "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": action, "Resource": "*"},
            {"Sid": "other", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more},
        ],
    })  # fmt: skip


def add_shares(aws: AwsEmulator, estate: Estate) -> None:
    """Share what is in the estate."""
    s3 = aws.client("s3", PARIS)
    s3.put_bucket_policy(Bucket="lake", Policy=policy("s3:GetObject", {"AWS": [ROOT]}))
    estate.also("arn:aws:s3:::lake", "share", None, "bucket-policy", ROOT)
    own = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    s3.put_bucket_policy(Bucket="access-logs", Policy=policy("s3:GetObject", "*", Condition=own))
    aws.client("kms", PARIS).put_key_policy(
        KeyId=estate.key, PolicyName="default", Policy=policy("kms:Decrypt", {"AWS": ROOT})
    )
    estate.also(estate.key, "share", None, "key-policy", ROOT)
    sqs = aws.client("sqs", PARIS)
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy("sqs:ReceiveMessage", "*")})
    estate.also(f"arn:aws:sqs:{PARIS}:{ACCOUNT}:work", "share", None, "queue-policy", "*")
    topic = f"arn:aws:sns:{DUBLIN}:{ACCOUNT}:ready"
    told = policy("SNS:Subscribe", {"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}})
    aws.client("sns", DUBLIN).set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=told)
    estate.also(topic, "share", None, "topic-policy", "o-1234567890")
    secret = next(uid for uid, *_ in estate.places if ":secret:" in uid and PARIS in uid)
    text = policy("secretsmanager:GetSecretValue", {"AWS": ROOT})
    aws.client("secretsmanager", PARIS).put_resource_policy(SecretId=secret, ResourcePolicy=text)
    estate.also(secret, "share", None, "secret-policy", ROOT)
    text = policy("ecr:BatchGetImage", {"AWS": ROOT}).replace(', "Resource": "*"', "")
    aws.client("ecr", PARIS).set_repository_policy(repositoryName="prod/api", policyText=text)
    estate.also(f"arn:aws:ecr:{PARIS}:{ACCOUNT}:repository/prod/api", "share", None, "repository-policy", ROOT)
    _disks(aws, estate)
    _databases(aws, estate)


def _disks(aws: AwsEmulator, estate: Estate) -> None:
    ec2 = aws.client("ec2", PARIS)
    for uid in sorted(uid for uid, *_ in estate.places if ":snapshot/" in uid)[:1]:
        name = uid.rpartition("/")[2]
        ec2.modify_snapshot_attribute(
            SnapshotId=name, Attribute="createVolumePermission", OperationType="add", UserIds=[OTHER]
        )
        estate.also(uid, "share", None, "snapshot-permission", OTHER)
    image = next(uid for uid, *_ in estate.places if ":image/" in uid)
    ec2.modify_image_attribute(ImageId=image.rpartition("/")[2], LaunchPermission={"Add": [{"Group": "all"}]})
    estate.also(image, "share", None, "ami-launch-permission", "*")


def _databases(aws: AwsEmulator, estate: Estate) -> None:
    rds = aws.client("rds", PARIS)
    made = rds.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="given")["DBSnapshot"][
        "DBSnapshotArn"
    ]
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="given", AttributeName="restore", ValuesToAdd=[OTHER])
    estate.is_at(made, PARIS, "customer-managed")
    estate.encrypted(made, estate.key)
    estate.also(made, "share", None, "rds-snapshot-share", OTHER)
    made = rds.create_db_cluster_snapshot(DBClusterIdentifier="cohort", DBClusterSnapshotIdentifier="public")
    uid = made["DBClusterSnapshot"]["DBClusterSnapshotArn"]
    rds.modify_db_cluster_snapshot_attribute(
        DBClusterSnapshotIdentifier="public", AttributeName="restore", ValuesToAdd=["all"]
    )
    estate.is_at(uid, PARIS, "none")
    estate.also(uid, "share", None, "rds-snapshot-share", "*")
