"""KMS keys: where each is and is replicated, who holds its key material, and who else may use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.denials import account_of
from residency.connectors.aws.found import Found, KnownAlias, KnownKey
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy, share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

KEYS = operation("kms:ListKeys", lists="Keys")
ALIASES = operation("kms:ListAliases", lists="Aliases")
KEY = operation("kms:DescribeKey", lists="KeyMetadata")
TAGS = operation("kms:ListResourceTags", lists="Tags")
POLICY = operation("kms:GetKeyPolicy", lists="Policy")
GRANTS = operation("kms:ListGrants", lists="Grants")
STORES = operation("kms:DescribeCustomKeyStores", lists="CustomKeyStores")

_CUSTODY = {
    "AWS_KMS": KeyCustody.CUSTOMER_MANAGED,
    "EXTERNAL": KeyCustody.IMPORTED,
    "AWS_CLOUDHSM": KeyCustody.HSM,
    "EXTERNAL_KEY_STORE": KeyCustody.EXTERNAL,
}


# Each custom key store by its id, with its number in the list.
Stores = Mapping[str, tuple[int, Answer]]


@collector(
    service="kms",
    actions=(KEYS, ALIASES, KEY, TAGS, POLICY, GRANTS, STORES),
    scope="regional",
    kinds=("kms-key",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Aliases first: those that AWS reserves tell which keys are its own and need no look."""
    aliases = [alias for page in calls.pages(ALIASES, Limit=100) for alias in page["Aliases"]]
    calls.add(read_aliases(calls.place, aliases))
    own = {alias.get("TargetKeyId") for alias in aliases if alias["AliasName"].startswith("alias/aws/")}
    stores = {store["CustomKeyStoreId"]: (index, store) for index, store in calls.items(STORES, Limit=100)}
    for _, key in calls.items(KEYS, Limit=1000):
        if key["KeyId"] in own:
            calls.add([KnownKey(key["KeyArn"], KeyCustody.PROVIDER_MANAGED)])
        else:
            calls.each(_read, key["KeyId"], stores)


def _read(calls: Calls, key_id: str, stores: Stores) -> None:
    answer = calls.one(KEY, KeyId=key_id)
    if answer is None:
        return
    if answer["KeyMetadata"].get("KeyManager") == "AWS":
        calls.add([KnownKey(answer["KeyMetadata"]["Arn"], KeyCustody.PROVIDER_MANAGED)])
        return
    tags = tags_of(calls.whole(TAGS, "Tags", KeyId=key_id), "TagKey", "TagValue")
    policy = calls.one(POLICY, KeyId=key_id, PolicyName="default") or {}
    calls.add(read_key(calls.place, answer, tags))
    calls.add(read_store(calls.place, answer, stores))
    uid = answer["KeyMetadata"]["Arn"]
    for page in calls.pages(GRANTS, KeyId=key_id, Limit=100):
        calls.add(read_grants(calls.place, uid, page))
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


def read_store(place: Place, answer: Answer, stores: Stores) -> Iterator[Found]:
    """Where the material of a key is that KMS does not hold: in a module of the customer's, or at the host of a proxy
    outside of AWS, which is in a place that only the customer knows."""
    key = answer["KeyMetadata"]
    found = stores.get(key.get("CustomKeyStoreId", ""))
    if found is None:
        return
    index, store = found
    path, proxy = f"CustomKeyStores[{index}]", store.get("XksProxyConfiguration") or {}
    host, cluster = proxy.get("UriEndpoint") or proxy.get("VpcEndpointServiceName"), store.get("CloudHsmClusterId")
    if store.get("CustomKeyStoreType") == "EXTERNAL_KEY_STORE":
        field = "UriEndpoint" if proxy.get("UriEndpoint") else "VpcEndpointServiceName"
        evidence = Evidence(STORES.call, f"{path}.XksProxyConfiguration.{field}", host)
        yield Placement(key["Arn"], Role.KEY, None, "external-key-store", evidence, target=host)
    elif cluster:
        evidence = Evidence(STORES.call, f"{path}.CloudHsmClusterId", cluster)
        target = place.arn("cloudhsm", f"cluster/{cluster}")
        yield Placement(key["Arn"], Role.KEY, place.region, "cloudhsm-key-store", evidence, target=target)


def read_grants(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """Other accounts that a grant lets use a key. Services of AWS are named apart, and are no share."""
    for index, grant in enumerate(answer["Grants"]):
        grantee = grant.get("GranteePrincipal") or ""
        if account_of(grantee) not in ("", place.account):
            yield share(uid, "key-grant", Evidence(GRANTS.call, f"Grants[{index}].GranteePrincipal", grantee), grantee)
