"""Which reader of a service takes the configuration of which type.

Only types whose configuration mirrors the answer of the service's API are here. Source: the properties of each type in
https://github.com/awslabs/aws-config-resource-schema (Apache-2.0), compared with the model of the API. Types that
Config records by their CloudFormation schema (EFS, EKS, Kinesis, Secrets Manager and every newer one) leave out what
the readers need, such as replicas, and are not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from residency.connectors.aws.config_items.bucket import account_block, bucket
from residency.connectors.aws.config_items.item import ConfigItem
from residency.connectors.aws.config_items.part import Part
from residency.connectors.aws.config_items.spelling import as_answered
from residency.connectors.aws.found import Found, KnownKey
from residency.connectors.aws.place import Place
from residency.connectors.aws.services import cloudtrail, dynamodb, ec2, iam, kms, lambda_, rds, redshift, sns, sqs
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """`service` is that of the collector with the same reader; `read` gives what the item's `configuration` tells."""

    service: str
    read: Callable[[ConfigItem, Told], Iterator[Part]]


def _listed(
    service: str, operation: str, member: str, read: Callable[[Place, Answer], Iterator[Found]], tags: str = "TagList"
) -> Reader:
    """The reader of a list that is given one entry."""

    def one(item: ConfigItem, told: Told) -> Iterator[Part]:
        answer = {**as_answered(service, operation, member, told), **_pairs(item, tags)}
        yield Part(read(item.place, {member: [answer]}), ((f"{member}[0]", "configuration"),))

    return Reader(service, one)


def _pairs(item: ConfigItem, name: str) -> Told:
    """The item's tags in the spelling of an API that lists them with the resource."""
    return {name: [{"Key": key, "Value": value} for key, value in (item.tags or {}).items()]}


def _zones(item: ConfigItem, zone: object) -> Mapping[str, str]:
    """Where a zone is. One of the region has its name and a letter; Config does not tell where a Local Zone is."""
    ours = isinstance(zone, str) and re.fullmatch(re.escape(item.place.region) + "[a-z]", zone)
    return {str(zone): item.place.region} if ours else {}


def _volume(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = {**as_answered("ec2", "DescribeVolumes", "Volumes", told), **_pairs(item, "Tags")}
    zones = _zones(item, answer.get("AvailabilityZone"))
    yield Part(ec2.read_volumes(item.place, {"Volumes": [answer]}, zones), (("Volumes[0]", "configuration"),))


def _instance(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = {
        **as_answered("ec2", "DescribeInstances", "Reservations.Instances", told),
        **_pairs(item, "Tags"),
    }
    zones = _zones(item, answer.get("Placement", {}).get("AvailabilityZone"))
    found = ec2.read_instances(item.place, {"Reservations": [{"Instances": [answer]}]}, zones)
    yield Part(found, (("Reservations[0].Instances[0]", "configuration"),))


def _snapshot(what: str, read: Callable[[Place, Answer], Iterator[Found]]) -> Reader:
    """A snapshot of RDS and, beside its configuration, who may restore it."""
    one = _listed("rds", f"Describe{what}s", f"{what}s", read)
    attributes, result = f"{what}Attributes", f"{what}AttributesResult"

    def both(item: ConfigItem, told: Told) -> Iterator[Part]:
        yield from one.read(item, told)
        listed = item.extra.get(attributes)
        if isinstance(listed, Mapping):
            listed = next((value for key, value in listed.items() if key.lower() == attributes.lower()), None)
        if isinstance(listed, list):
            answer = as_answered("rds", f"Describe{attributes}", result, {attributes: listed})
            path = f"supplementaryConfiguration.{attributes}"
            found = rds.read_shares(item.place, what, item.uid, {result: answer})
            yield Part(found, ((f"{result}.{attributes}", path),))

    return Reader("rds", both)


def _table(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = {"Table": as_answered("dynamodb", "DescribeTable", "Table", told)}
    yield Part(dynamodb.read_table(item.place, answer, item.tags), (("Table", "configuration"),))


def _key(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = as_answered("kms", "DescribeKey", "KeyMetadata", told)
    if answer.get("KeyManager") == "AWS":
        yield Part([KnownKey(answer["Arn"], KeyCustody.PROVIDER_MANAGED)], ())
        return
    found = kms.read_key(item.place, {"KeyMetadata": answer}, item.tags)
    yield Part(found, (("KeyMetadata", "configuration"),))


def _function(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = as_answered("lambda", "ListFunctions", "Functions", told)
    found = lambda_.read_function(item.place, answer, 0, item.tags)
    yield Part(found, (("Functions[0]", "configuration"),))


def _topic(item: ConfigItem, told: Told) -> Iterator[Part]:
    found = sns.read_topic(item.place, told["TopicArn"], 0, {"Attributes": told}, item.tags)
    yield Part(found, (("Attributes", "configuration"), ("Topics[0]", "configuration")))


def _queue(item: ConfigItem, told: Told) -> Iterator[Part]:
    yield Part(sqs.read_queue(item.place, {"Attributes": told}, item.tags), (("Attributes", "configuration"),))


def _cluster(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = {**as_answered("redshift", "DescribeClusters", "Clusters", told), **_pairs(item, "Tags")}
    yield Part(redshift.read_cluster(item.place, answer, 0), (("Clusters[0]", "configuration"),))
    logging = item.extra.get("LoggingStatus")
    if isinstance(logging, Mapping):
        status = as_answered("redshift", "DescribeLoggingStatus", "", logging)
        uid = item.place.arn("redshift", f"cluster:{answer['ClusterIdentifier']}")
        path = "supplementaryConfiguration.LoggingStatus"
        yield Part(redshift.read_logging(item.place, uid, status), (("", path),))


def _trail(item: ConfigItem, told: Told) -> Iterator[Part]:
    answer = as_answered("cloudtrail", "DescribeTrails", "trailList", told)
    yield Part(cloudtrail.read_trail(item.place, answer, 0, item.tags), (("trailList[0]", "configuration"),))


def _role(item: ConfigItem, told: Told) -> Iterator[Part]:
    document = told["assumeRolePolicyDocument"]
    answer = {"Arn": item.uid, "RoleName": told["roleName"], "AssumeRolePolicyDocument": document}
    trusted = iam.read_trust(item.place, answer, 0)
    if trusted:
        yield Part(iam.read_role(item.place, answer, 0, trusted, item.tags), (("Roles[0]", "configuration"),))


READERS: Mapping[str, Reader] = {
    "AWS::CloudTrail::Trail": Reader("cloudtrail", _trail),
    "AWS::DynamoDB::Table": Reader("dynamodb", _table),
    "AWS::EC2::Instance": Reader("ec2", _instance),
    "AWS::EC2::Volume": Reader("ec2", _volume),
    "AWS::IAM::Role": Reader("iam", _role),
    "AWS::KMS::Key": Reader("kms", _key),
    "AWS::Lambda::Function": Reader("lambda", _function),
    "AWS::RDS::DBCluster": _listed("rds", "DescribeDBClusters", "DBClusters", rds.read_clusters),
    "AWS::RDS::DBClusterSnapshot": _snapshot("DBClusterSnapshot", rds.read_cluster_snapshots),
    "AWS::RDS::DBInstance": _listed("rds", "DescribeDBInstances", "DBInstances", rds.read_instances),
    "AWS::RDS::DBSnapshot": _snapshot("DBSnapshot", rds.read_snapshots),
    "AWS::Redshift::Cluster": Reader("redshift", _cluster),
    "AWS::S3::AccountPublicAccessBlock": Reader("s3control", account_block),
    "AWS::S3::Bucket": Reader("s3", bucket),
    "AWS::SNS::Topic": Reader("sns", _topic),
    "AWS::SQS::Queue": Reader("sqs", _queue),
}
