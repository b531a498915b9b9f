"""KMS keys: where each is and is replicated, who holds its key material, and who else may use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KnownAlias, KnownKey
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

KEYS = operation("kms:ListKeys", lists="Keys")
ALIASES = operation("kms:ListAliases", lists="Aliases")
KEY = operation("kms:DescribeKey", lists="KeyMetadata")
TAGS = operation("kms:ListResourceTags", lists="Tags")
POLICY = operation("kms:GetKeyPolicy", lists="Policy")

_CUSTODY = {
    "AWS_KMS": KeyCustody.CUSTOMER_MANAGED,
    "EXTERNAL": KeyCustody.IMPORTED,
    "AWS_CLOUDHSM": KeyCustody.HSM,
    "EXTERNAL_KEY_STORE": KeyCustody.EXTERNAL,
}


@collector(
    service="kms",
    actions=(KEYS, ALIASES, KEY, TAGS, POLICY),
    scope="regional",
    kinds=("kms-key",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Aliases first: those that AWS reserves tell which keys are its own and need no look."""
    aliases = [alias for page in calls.pages(ALIASES, Limit=100) for alias in page["Aliases"]]
    calls.add(read_aliases(calls.place, aliases))
    own = {alias.get("TargetKeyId") for alias in aliases if alias["AliasName"].startswith("alias/aws/")}
    for page in calls.pages(KEYS, Limit=1000):
        for key in page["Keys"]:
            if key["KeyId"] in own:
                calls.add([KnownKey(key["KeyArn"], KeyCustody.PROVIDER_MANAGED)])
            else:
                calls.each(_read, key["KeyId"])


def _read(calls: Calls, key_id: str) -> None:
    answer = calls.one(KEY, KeyId=key_id)
    if answer is None:
        return
    if answer["KeyMetadata"].get("KeyManager") == "AWS":
        calls.add([KnownKey(answer["KeyMetadata"]["Arn"], KeyCustody.PROVIDER_MANAGED)])
        return
    tags = tags_of(calls.whole(TAGS, "Tags", KeyId=key_id), "TagKey", "TagValue")
    policy = calls.one(POLICY, KeyId=key_id, PolicyName="default") or {}
    calls.add(read_key(calls.place, answer, tags))
    uid = answer["KeyMetadata"]["Arn"]
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "key-policy", POLICY.call, "Policy"))


def read_aliases(place: Place, aliases: Iterable[Answer]) -> Iterator[Found]:
    """Which keys the aliases stand for."""
    for alias in aliases:
        if alias.get("TargetKeyId"):
            yield KnownAlias(alias["AliasArn"], place.arn("kms", f"key/{alias['TargetKeyId']}"))


def read_key(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A customer's key, its custody and its replicas in other regions."""
    key = answer["KeyMetadata"]
    uid = key["Arn"]
    custody = _CUSTODY.get(key.get("Origin", ""))
    yield KnownKey(uid, custody)
    yield resource(place, uid, "AWS::KMS::Key", "kms-key", key["KeyId"], tags=tags, custody=custody)
    yield primary(place, uid, KEY.call, "KeyMetadata.Arn", uid)
    for index, replica in enumerate(key.get("MultiRegionConfiguration", {}).get("ReplicaKeys", ())):
        if replica["Region"] != place.region:
            field = f"KeyMetadata.MultiRegionConfiguration.ReplicaKeys[{index}].Region"
            evidence = Evidence(KEY.call, field, replica["Region"])
            yield Placement(uid, Role.REPLICA, replica["Region"], "kms-multi-region", evidence, target=replica["Arn"])
