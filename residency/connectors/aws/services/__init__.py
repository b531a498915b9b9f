"""One module a service: what is asked (fetch) apart from what the answers mean (`read_…`, pure)."""

from __future__ import annotations

from residency.connectors.aws.services import (
    backup,
    cloudfront,
    cloudtrail,
    cognito_idp,
    config,
    dynamodb,
    ec2,
    ecr,
    efs,
    eks,
    elasticache,
    firehose,
    fsx,
    glue,
    kafka,
    kinesis,
    kms,
    lambda_,
    logs,
    opensearch,
    rds,
    redshift,
    route53,
    s3,
    secretsmanager,
    sns,
    sqs,
)

__all__ = [
    "backup", "cloudfront", "cloudtrail", "cognito_idp", "config", "dynamodb", "ec2", "ecr", "efs", "eks",
    "elasticache", "firehose", "fsx", "glue", "kafka", "kinesis", "kms", "lambda_", "logs", "opensearch", "rds",
    "redshift", "route53", "s3", "secretsmanager", "sns", "sqs",
]  # fmt: skip
