"""Answers of the simulated AWS: pages of the estate's lists, its single things, the settings that nobody has set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from benchmarks.aws.estate import REGIONS, Estate, build
from residency.demo.aws_answers import nothing
from residency.demo.aws_protocol import Asked, Refused

ACCOUNT = "100000000000"
ROLE = "residency-audit"
# The parameter that names the one thing that is asked about. Names of buckets count in every region.
_NAMED_BY = {
    "backup:GetBackupPlan": "BackupPlanId", "backup:ListTags": "ResourceArn", "dynamodb:DescribeTable": "TableName",
    "dynamodb:ListTagsOfResource": "ResourceArn", "ec2:DescribeImageAttribute": "ImageId",
    "ec2:DescribeSnapshotAttribute": "SnapshotId", "ecr:DescribeRegistry": None, "ecr:ListTagsForResource": "resourceArn",
    "elasticache:ListTagsForResource": "ResourceName", "kinesis:DescribeStreamSummary": "StreamName",
    "kinesis:ListTagsForStream": "StreamName", "kms:DescribeKey": "KeyId", "kms:GetKeyPolicy": "KeyId",
    "kms:ListResourceTags": "KeyId", "lambda:ListTags": "Resource", "logs:DescribeSubscriptionFilters": "logGroupName",
    "logs:ListTagsForResource": "resourceArn", "opensearch:ListTags": "ARN",
    "rds:DescribeDBSnapshotAttributes": "DBSnapshotIdentifier", "secretsmanager:DescribeSecret": "SecretId",
    "secretsmanager:GetResourcePolicy": "SecretId", "sns:GetTopicAttributes": "TopicArn",
    "sns:ListTagsForResource": "ResourceArn", "sqs:GetQueueAttributes": "QueueUrl", "sqs:ListQueueTags": "QueueUrl",
}  # fmt: skip
_UNSET = {
    "s3:GetBucketReplication": "ReplicationConfigurationNotFoundError", "s3:GetBucketPolicy": "NoSuchBucketPolicy",
    "ecr:GetRepositoryPolicy": "RepositoryPolicyNotFoundException", "efs:DescribeFileSystemPolicy": "PolicyNotFound",
    "s3:GetBucketWebsite": "NoSuchWebsiteConfiguration", "s3:GetBucketCors": "NoSuchCORSConfiguration",
    "s3:GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration", "lambda:GetPolicy": "ResourceNotFoundException",
    "s3:GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration", "s3:GetObjectLockConfiguration":
    "ObjectLockConfigurationNotFoundError", "s3:GetBucketOwnershipControls": "OwnershipControlsNotFoundError",
}  # fmt: skip
# The most that AWS puts on a page (its API references, November 2026), where that is not what the caller may ask for.
_PAGE = {
    "lambda:ListFunctions": 50, "logs:DescribeLogGroups": 50, "kms:ListKeys": 1000, "dynamodb:ListTables": 100,
    "sns:ListTopics": 100, "rds:DescribeDBInstances": 100, "rds:DescribeDBSnapshots": 100, "rds:DescribeDBClusters": 100,
    "ec2:DescribeVolumes": 500, "s3:ListBuckets": 1000, "elasticache:DescribeReplicationGroups": 100,
    "efs:DescribeFileSystems": 100, "secretsmanager:ListSecrets": 100, "backup:ListBackupVaults": 1000,
}  # fmt: skip


class CannotAnswer(Exception):
    """Something was asked that the simulation knows nothing of."""


class Cloud:
    """The accounts of a simulated organisation, all alike but for their number: account n has n in its id."""

    def __init__(self, scale: int, accounts: int) -> None:
        self.accounts = [f"{int(ACCOUNT) + number}" for number in range(accounts)]
        self._estate = build(ACCOUNT, scale)

    def answer(self, asked: Asked) -> Mapping[str, Any]:
        """The answer to a request of the first account. Raises `Refused` as AWS would, `CannotAnswer` for the rest."""
        params = asked.params()
        known = _account(self, asked.call, params)
        if known is None:
            known = _single(self._estate, asked, params)
        if known is None:
            known = _list(self._estate, asked, params)
        return known


def _account(cloud: Cloud, call: str, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    match call:
        case "sts:GetCallerIdentity":
            return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/auditor", "UserId": "AIDAEXAMPLE"}
        case "sts:AssumeRole":
            key = "ASIA" + params["RoleArn"].split(":")[4]
            keys = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2036-01-01T00:00:00Z"}
            who = {"AssumedRoleId": "AROA:s", "Arn": params["RoleArn"].replace(":iam:", ":sts:") + "/s"}
            return {"Credentials": keys, "AssumedRoleUser": who}
        case "organizations:ListAccounts":
            return {"Accounts": [{"Id": name, "Name": f"account-{name}", "Status": "ACTIVE"} for name in cloud.accounts]}
        case "ec2:DescribeRegions":
            return {"Regions": [{"RegionName": name, "OptInStatus": "opt-in-not-required"} for name in REGIONS]}
        case _:
            return None


def _single(estate: Estate, asked: Asked, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    call = asked.call
    if call == "ec2:DescribeAvailabilityZones":
        zones = [{"ZoneName": f"{asked.region}{letter}", "ZoneType": "availability-zone"} for letter in "abc"]
        return {"AvailabilityZones": zones}
    if call == "s3:HeadBucket":
        return {"BucketRegion": estate.single["s3:GetBucketLocation"]["", params["Bucket"]]["LocationConstraint"]}
    if call == "opensearch:DescribeDomains":
        known = estate.single[call]
        return {"DomainStatusList": [known[asked.region, name] for name in params["DomainNames"]]}
    if call == "cloudtrail:ListTags":
        return estate.single[call][asked.region, params["ResourceIdList"][0]]
    if "Bucket" in params:
        found = estate.single.get(call, {}).get(("", params["Bucket"]))
    elif call in _NAMED_BY:
        named_by = _NAMED_BY[call]
        found = estate.single[call].get((asked.region, params.get(named_by, "") if named_by else ""))
    else:
        found = None
    if found is None and call in _UNSET:
        raise Refused(_UNSET[call], 404)
    return found


def _list(estate: Estate, asked: Asked, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One page of a list. A list of the estate that this region has nothing of, and one that no estate has, is empty."""
    output = asked.model.output_shape
    items = estate.lists.get(asked.call, {}).get(asked.region, [])
    rules = _pages(asked.service).get(asked.operation)
    asks = asked.model.input_shape
    # What must be chosen from a few words, such as a scope, names no thing.
    needed = {name for name in asks.required_members if not getattr(asks.members[name], "enum", None)} if asks else set()
    if not items and needed - {(rules or {}).get("limit_key")}:
        raise CannotAnswer(asked.call)
    answer: dict[str, Any] = nothing(output)
    if rules is None:
        member = next((name for name, shape in output.members.items() if shape.type_name == "list"), None)
        return answer | ({member: items} if member and items else {})
    keys, tokens, inputs = (_listed(rules[name]) for name in ("result_key", "output_token", "input_token"))
    start = int(str(params.get(inputs[0]) or 0).removeprefix("page-"))
    most = _PAGE.get(asked.call, 1000)
    size = min(int(params.get(rules.get("limit_key", ""), most)), most)
    if items:
        answer[keys[0]] = items[start : start + size]
    last = start + size >= len(items)
    if not last:
        answer[tokens[0]] = f"page-{start + size}"
    more = rules.get("more_results")
    if more in output.members:
        answer[more] = not last
    return answer


@cache
def _pages(service: str) -> Mapping[str, Any]:
    from residency.connectors.aws.parts import shared_parts

    return shared_parts(None).of(service).pages


def _listed(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told
