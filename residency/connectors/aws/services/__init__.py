"""One module a service: what is asked (fetch) apart from what the answers mean (`read_…`, pure)."""

from __future__ import annotations

from residency.connectors.aws.services import (
    backup,
    cloudfront,
    cloudtrail,
    dynamodb,
    ec2,
    ecr,
    firehose,
    kinesis,
    kms,
    lambda_,
    logs,
    rds,
    s3,
    secretsmanager,
    sns,
    sqs,
)

__all__ = [
    "backup", "cloudfront", "cloudtrail", "dynamodb", "ec2", "ecr", "firehose", "kinesis", "kms", "lambda_", "logs",
    "rds", "s3", "secretsmanager", "sns", "sqs",
]  # fmt: skip
