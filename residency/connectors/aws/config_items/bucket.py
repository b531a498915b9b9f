"""A bucket. Config tells of it with names of its own: `BucketLoggingConfiguration.destinationBucketName`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from residency.connectors.aws.config_items.item import ConfigItem
from residency.connectors.aws.config_items.part import Part
from residency.connectors.aws.config_items.spelling import as_answered
from residency.connectors.aws.found import Found
from residency.connectors.aws.services import s3, s3_access, s3control
from residency.connectors.aws.shares import read_policy
from residency.model import Evidence, Placement, Role

_EXTRA = "supplementaryConfiguration"
_ENCRYPTION = "ServerSideEncryptionConfiguration"
_BLOCK = "PublicAccessBlockConfiguration"
_POLICY = s3_access.POLICY.call


def bucket(item: ConfigItem, told: Mapping[str, Any]) -> Iterator[Part]:
    """A bucket, its place, key, copies, log and shares. What Config does not have of it is not known."""
    name = told["name"]
    encryption = _extra(item, _ENCRYPTION)
    answer = None if encryption is None else {
        _ENCRYPTION: as_answered("s3", "GetBucketEncryption", _ENCRYPTION, encryption)
    }  # fmt: skip
    where = Evidence(item.api, "awsRegion", item.place.region)
    found = s3.read_bucket(item.place, name, where, None, answer)
    yield Part(found, ((_ENCRYPTION, f"{_EXTRA}.{_ENCRYPTION}"),))
    yield from _replication(item, name)
    target = (_extra(item, "BucketLoggingConfiguration") or {}).get("destinationBucketName")
    if isinstance(target, str) and target:
        logging = {"LoggingEnabled": {"TargetBucket": target}}
        path = f"{_EXTRA}.BucketLoggingConfiguration.destinationBucketName"
        yield Part(s3.read_logging(item.place, name, logging), (("LoggingEnabled.TargetBucket", path),))
    policy = (_extra(item, "BucketPolicy") or {}).get("policyText")
    if isinstance(policy, str) and policy:
        path = f"{_EXTRA}.BucketPolicy.policyText"
        yield Part(_shares(item, name, policy), (("Policy", path),))


def _shares(item: ConfigItem, name: str, policy: str) -> Iterator[Found]:
    """Whom the policy lets in, and Block Public Access leaves in. Whether S3 itself calls the policy public Config does
    not tell: only what plainly is counts as such."""
    shares = read_policy(item.place, item.place.bucket(name), policy, "bucket-policy", _POLICY, "Policy")
    told = _extra(item, _BLOCK) or {}
    block = {_BLOCK: as_answered("s3", "GetPublicAccessBlock", _BLOCK, told)}
    status = {"PolicyStatus": {"IsPublic": s3_access.plainly_public(policy)}}
    return s3_access.read_blocked(item.place, shares, (), status, block)


def account_block(item: ConfigItem, told: Mapping[str, Any]) -> Iterator[Part]:
    """What the account keeps from all its buckets."""
    block = {_BLOCK: as_answered("s3control", "GetPublicAccessBlock", _BLOCK, told)}
    yield Part(s3control.read_block(item.place, block), ())


def _replication(item: ConfigItem, name: str) -> Iterator[Part]:
    """Where the rules copy to. The public schema of Config names only their role: a rule is read where it has `status`
    and `destinationConfig.bucketARN`, as in the Java client library of S3, and is a copy at an unknown place else."""
    told = _extra(item, "BucketReplicationConfiguration")
    if told is None:
        return
    path, rules = f"{_EXTRA}.BucketReplicationConfiguration", told.get("rules")
    uid = item.place.bucket(name)
    if not isinstance(rules, Mapping) or not rules:
        lost = Placement(uid, Role.REPLICA, None, "s3-replication", Evidence(item.api, f"{path}.rules", None))
        yield Part([lost], ())
        return
    for label, rule in sorted(rules.items()):
        destination = rule.get("destinationConfig") if isinstance(rule, Mapping) else None
        target = destination.get("bucketARN") if isinstance(destination, Mapping) else None
        status = rule.get("status") if isinstance(rule, Mapping) else None
        field = f"{path}.rules.{label}.destinationConfig"
        if status not in ("Enabled", "Disabled") or not isinstance(target, str) or ":s3:::" not in target:
            evidence = Evidence(item.api, f"{field}.bucketARN", None)
            yield Part([Placement(uid, Role.REPLICA, None, "s3-replication", evidence)], ())
            continue
        assert isinstance(destination, Mapping)
        encryption = destination.get("encryptionConfiguration")
        key = encryption.get("replicaKmsKeyID") if isinstance(encryption, Mapping) else None
        copy = {"Bucket": target, "EncryptionConfiguration": {"ReplicaKmsKeyID": key}}
        answer = {"ReplicationConfiguration": {"Rules": [{"Status": status, "Destination": copy}]}}
        theirs = "ReplicationConfiguration.Rules[0].Destination"
        names = ((f"{theirs}.Bucket", f"{field}.bucketARN"), (theirs, field))
        yield Part(s3.read_replication(item.place, name, answer), names)


def _extra(item: ConfigItem, name: str) -> Mapping[str, Any] | None:
    told = item.extra.get(name)
    return told if isinstance(told, Mapping) and told else None
