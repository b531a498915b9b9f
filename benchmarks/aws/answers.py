"""Answers of the simulated AWS: pages of the estate's lists, its single things, the settings that nobody has set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from benchmarks.aws.estate import ACCOUNT, Estate, build
from benchmarks.aws.untouched import OWNER, UNTOUCHED
from residency.demo.aws_answers import nothing
from residency.demo.aws_protocol import Asked, Refused

ROLE = "residency-audit"
# What a list tells besides its members.
_BESIDES: Mapping[str, Mapping[str, Any]] = {"s3:ListBuckets": {"Owner": OWNER}}
# Elasticsearch became OpenSearch; the old words for the list of its domains are still answered.
_SAME_AS = {"es": "opensearch"}
# The parameter that names the one thing that is asked about. Names of buckets count in every region.
_NAMED_BY = {
    "backup:GetBackupPlan": "BackupPlanId", "backup:ListTags": "ResourceArn", "dynamodb:DescribeTable": "TableName",
    "dynamodb:ListTagsOfResource": "ResourceArn", "ec2:DescribeImageAttribute": "ImageId",
    "ec2:DescribeSnapshotAttribute": "SnapshotId", "ecr:ListTagsForResource": "resourceArn",
    "elasticache:ListTagsForResource": "ResourceName", "kinesis:DescribeStream": "StreamName", "kinesis:DescribeStreamSummary": "StreamName",
    "kinesis:ListTagsForStream": "StreamName", "lambda:GetFunction": "FunctionName", "kms:DescribeKey": "KeyId", "kms:GetKeyPolicy": "KeyId",
    "kms:ListResourceTags": "KeyId", "lambda:ListTags": "Resource", "logs:DescribeSubscriptionFilters": "logGroupName",
    "logs:ListTagsForResource": "resourceArn", "opensearch:ListTags": "ARN",
    "rds:DescribeDBSnapshotAttributes": "DBSnapshotIdentifier", "secretsmanager:DescribeSecret": "SecretId",
    "secretsmanager:GetResourcePolicy": "SecretId", "sns:GetTopicAttributes": "TopicArn",
    "sns:ListTagsForResource": "ResourceArn", "sqs:GetQueueAttributes": "QueueUrl", "sqs:ListQueueTags": "QueueUrl",
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

    def __init__(self, scale: float, accounts: int, regions: Sequence[str]) -> None:
        self.accounts = [f"{int(ACCOUNT) + number}" for number in range(accounts)]
        self.regions = regions
        self._estate = build(ACCOUNT, scale, regions)

    def answer(self, asked: Asked) -> tuple[Mapping[str, Any], bool]:
        """The answer to a request of the first account, and whether it only says that there is none of what no estate
        has. Raises `Refused` as AWS would, `CannotAnswer` for the rest."""
        params = asked.params()
        asked = replace(asked, service=_SAME_AS.get(asked.service, asked.service))
        known = _account(self, asked.call, params)
        if known is None:
            known = _single(self._estate, asked, params)
        if known is None:
            known = _setting(asked.call)
        if known is None and asked.call in self._estate.single:
            raise CannotAnswer(asked.call)
        if known is None and asked.call in self._estate.lists:
            known = _page(self._estate.lists[asked.call].get(asked.region, []), asked, params)
            known = {**known, **_BESIDES.get(asked.call, {})}
        return (_none(asked), True) if known is None else (known, False)


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
            return {"Regions": [{"RegionName": name, "OptInStatus": "opt-in-not-required"} for name in cloud.regions]}
        case _:
            return None


def _single(estate: Estate, asked: Asked, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    call = asked.call
    if call == "ec2:DescribeAvailabilityZones":
        zones = [{"ZoneName": f"{asked.region}{letter}", "ZoneType": "availability-zone"} for letter in "abc"]
        return {"AvailabilityZones": zones}
    if call in ("timestream-query:DescribeEndpoints", "timestream-write:DescribeEndpoints"):
        # Both ask in the same words.
        own = f"ingest-cell1.timestream.{asked.region}.amazonaws.com"
        return {"Endpoints": [{"Address": own, "CachePeriodInMinutes": 1440}]}
    if call == "s3:HeadBucket":
        place = estate.single["s3:GetBucketLocation"].get(("", params["Bucket"]))
        if place is None:
            raise Refused("NotFound", 404)
        return {"BucketRegion": place["LocationConstraint"]}
    if asked.service == "opensearch" and (domains := _domains(estate, asked, params)) is not None:
        return domains
    if call == "cloudtrail:ListTags":
        return estate.single[call][asked.region, params["ResourceIdList"][0]]
    if "Bucket" in params:
        found = estate.single.get(call, {}).get(("", params["Bucket"]))
    elif call in _NAMED_BY:
        named = str(params.get(_NAMED_BY[call], "")).removesuffix(":*")
        things = estate.single[call]
        found = things.get((asked.region, named)) or things.get((asked.region, named.rpartition("/")[2]))
        if found is None and asked.service == "secretsmanager":
            arn = estate.arn("secretsmanager", asked.region, f"secret:{named}-abcdef")
            found = things.get((asked.region, arn))
    elif call == "ecr:DescribeRegistry":
        rules: dict[str, Any] = {"registryId": ACCOUNT, "replicationConfiguration": {"rules": []}}
        found = estate.single[call].get((asked.region, ""), rules)
    else:
        found = None
    return found


def _domains(estate: Estate, asked: Asked, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    known = {name: it for (region, name), it in estate.single["opensearch:DescribeDomains"].items() if region == asked.region}
    match asked.operation:
        case "DescribeDomain":
            return {"DomainStatus": known[params["DomainName"]]}
        case "DescribeDomains":
            return {"DomainStatusList": [known[name] for name in params["DomainNames"]]}
        case "DescribeElasticsearchDomains":
            same = ("DomainId", "DomainName", "ARN")
            told = [{field: known[name][field] for field in same} for name in params["DomainNames"]]
            return {"DomainStatusList": [{**domain, "ElasticsearchClusterConfig": {}} for domain in told]}
        case _:
            return None


def _setting(call: str) -> Mapping[str, Any] | None:
    told = UNTOUCHED.get(call)
    if isinstance(told, Refused):
        raise told
    return told


def _none(asked: Asked) -> Mapping[str, Any]:
    """What AWS answers when there is none: whatever lists has a list or a map among the members of its answer."""
    output = asked.model.output_shape
    answer = nothing(output)
    body = output and output.serialization.get("payload")
    if not any(value in ([], {}) for value in (answer[body] if body else answer).values()):
        raise CannotAnswer(asked.call)
    return answer


def _page(items: list[Any], asked: Asked, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One page of a list of the estate, of which this region may have nothing."""
    output = asked.model.output_shape
    answer: dict[str, Any] = nothing(output)
    rules = _pages(asked.service).get(asked.operation)
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
