"""Secrets: the regions each is replicated to, and the keys of the original and of the copies, who else may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

SECRETS = operation("secretsmanager:ListSecrets", lists="SecretList")
SECRET = operation("secretsmanager:DescribeSecret", lists="ARN")
POLICY = operation("secretsmanager:GetResourcePolicy", lists="ARN")


@collector(
    service="secretsmanager",
    actions=(SECRETS, SECRET, POLICY),
    scope="regional",
    kinds=("secret",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list, those waiting to be deleted included, then each secret: only there its replicas are told."""
    for page in calls.pages(SECRETS, MaxResults=100, IncludePlannedDeletion=True):
        for secret in page["SecretList"]:
            calls.each(_read, secret)


def _read(calls: Calls, listed: Answer) -> None:
    answer = calls.one(SECRET, SecretId=listed["ARN"])
    calls.add(read_secret(calls.place, listed if answer is None else answer))
    # A copy has the policy of its original, and is not asked for it.
    if not listed.get("DeletedDate") and listed.get("PrimaryRegion") in (None, calls.place.region):
        uid, policy = listed["ARN"], calls.one(POLICY, SecretId=listed["ARN"]) or {}
        told = policy.get("ResourcePolicy")
        calls.add(read_policy(calls.place, uid, told, "secret-policy", POLICY.call, "ResourcePolicy"))


def read_secret(place: Place, secret: Answer) -> Iterator[Found]:
    """A secret. Without a key of its own it is encrypted with the one that AWS manages for the account."""
    uid = secret["ARN"]
    custody, keys = encrypted(place, uid, secret.get("KmsKeyId"), SECRET.call, "KmsKeyId", KeyCustody.PROVIDER_MANAGED)
    tags = tags_of(secret.get("Tags", ()))
    yield resource(place, uid, "AWS::SecretsManager::Secret", "secret", secret["Name"], tags=tags, custody=custody)
    yield primary(place, uid, SECRET.call, "ARN", uid)
    yield from keys
    for index, status in enumerate(secret.get("ReplicationStatus", ())):
        region, path = status["Region"], f"ReplicationStatus[{index}]"
        if region == place.region:
            continue
        target = place.arn("secretsmanager", uid.split(":", 5)[5], region)
        evidence = Evidence(SECRET.call, f"{path}.Region", region)
        yield Placement(uid, Role.REPLICA, region, "secret-replication", evidence, target=target)
        key = status.get("KmsKeyId")
        if key:
            there = replace(place, region=region)
            yield KeyUse(uid, key, there, Evidence(SECRET.call, f"{path}.KmsKeyId", key), decides=False)
