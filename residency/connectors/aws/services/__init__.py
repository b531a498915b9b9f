"""One module a service: what is asked (fetch) apart from what the answers mean (`read_…`, pure)."""

from __future__ import annotations

from residency.connectors.aws.services import (
    backup,
    cloudfront,
    cloudtrail,
    dynamodb,
    ec2,
    ecr,
    efs,
    elasticache,
    firehose,
    fsx,
    glue,
    kinesis,
    kms,
    lambda_,
    logs,
    opensearch,
    rds,
    redshift,
    s3,
    secretsmanager,
    sns,
    sqs,
)

__all__ = [
    "backup", "cloudfront", "cloudtrail", "dynamodb", "ec2", "ecr", "efs", "elasticache", "firehose", "fsx", "glue",
    "kinesis", "kms", "lambda_", "logs", "opensearch", "rds", "redshift", "s3", "secretsmanager", "sns", "sqs",
]  # fmt: skip
