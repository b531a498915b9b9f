"""Settings that nobody of the simulated accounts has changed: what AWS answers of them, by its API references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.aws.estate import ACCOUNT
from residency.demo.aws_overlay import UNTOUCHED as OF_ANY_ACCOUNT
from residency.demo.aws_protocol import Refused

# What is not there is an error, with a code of its own for each setting.
_CODES = {
    "ecr:GetLifecyclePolicy": "LifecyclePolicyNotFoundException",
    "ecr:GetRegistryPolicy": "RegistryPolicyNotFoundException",
    "ecr:GetRepositoryPolicy": "RepositoryPolicyNotFoundException",
    "efs:DescribeBackupPolicy": "PolicyNotFound",
    "efs:DescribeFileSystemPolicy": "PolicyNotFound",
    "lambda:GetPolicy": "ResourceNotFoundException",
    "s3:GetBucketCors": "NoSuchCORSConfiguration",
    "s3:GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "s3:GetBucketOwnershipControls": "OwnershipControlsNotFoundError",
    "s3:GetBucketPolicy": "NoSuchBucketPolicy",
    "s3:GetBucketPolicyStatus": "NoSuchBucketPolicy",
    "s3:GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "s3:GetBucketTagging": "NoSuchTagSet",
    "s3:GetBucketWebsite": "NoSuchWebsiteConfiguration",
    "s3:GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "s3:GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
    "dynamodb:GetResourcePolicy": "PolicyNotFoundException",
}
OWNER = {"ID": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}
_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "s3:GetBucketAcl": {
        "Owner": OWNER, "Grants": [{"Grantee": {"Type": "CanonicalUser"} | OWNER, "Permission": "FULL_CONTROL"}],
    },
    "s3:GetBucketAccelerateConfiguration": {},
    "s3:GetBucketRequestPayment": {"Payer": "BucketOwner"},
    "s3:GetBucketVersioning": {},
    "bedrock:GetModelInvocationLoggingConfiguration": {},
    # What no collector here asks for, and other tools do.
    "dynamodb:DescribeContinuousBackups": {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
        },
    },
    "ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": False},
    "ec2:GetImageBlockPublicAccessState": {"ImageBlockPublicAccessState": "unblocked"},
    "ec2:GetInstanceMetadataDefaults": {"AccountLevel": {}},
    "ec2:GetSnapshotBlockPublicAccessState": {"State": "unblocked"},
    "ecr:GetRegistryScanningConfiguration": {
        "registryId": ACCOUNT, "scanningConfiguration": {"scanType": "BASIC", "rules": []},
    },
    "iam:GenerateCredentialReport": {"State": "COMPLETE"},
    "iam:GetCredentialReport": {
        "Content": b"user,arn,user_creation_time\n", "ReportFormat": "text/csv",
        "GeneratedTime": "2026-11-24T00:00:00Z",
    },
    "kinesis:GetResourcePolicy": {"Policy": ""},
    "organizations:DescribeOrganization": {"Organization": {"Id": "o-simulated01", "MasterAccountId": ACCOUNT}},
    "organizations:DescribeAccount": {"Account": {"Id": ACCOUNT, "Name": f"account-{ACCOUNT}", "Status": "ACTIVE"}},
}  # fmt: skip
_NO_HUB = "Account 100000000000 is not subscribed to AWS Security Hub"

UNTOUCHED: Mapping[str, Mapping[str, Any] | Refused] = {
    **OF_ANY_ACCOUNT, **_ANSWERS,
    "iam:GetAccountPasswordPolicy": Refused("NoSuchEntity", 404),
    "lambda:GetFunctionUrlConfig": Refused("ResourceNotFoundException", 404),
    "glue:GetResourcePolicy": Refused("EntityNotFoundException", 400),
    "securityhub:DescribeHub": Refused("InvalidAccessException", 401, _NO_HUB),
    **{call: Refused(code, 404 if call.startswith("s3:") else 400) for call, code in _CODES.items()},
}  # fmt: skip
