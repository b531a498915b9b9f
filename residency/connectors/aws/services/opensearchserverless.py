"""OpenSearch Serverless: collections, their keys, and whom the access policies of the account let search them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.shares import foreign, share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

COLLECTIONS = operation(
    "opensearchserverless:ListCollections", permission="aoss:ListCollections", lists="collectionSummaries"
)
TAGS = operation("opensearchserverless:ListTagsForResource", permission="aoss:ListTagsForResource", lists="tags")

POLICIES = operation(
    "opensearchserverless:ListAccessPolicies", permission="aoss:ListAccessPolicies", lists="accessPolicySummaries"
)
POLICY = operation(
    "opensearchserverless:GetAccessPolicy", permission="aoss:GetAccessPolicy", lists="accessPolicyDetail"
)


@collector(
    service="opensearchserverless",
    actions=(COLLECTIONS, TAGS, POLICIES, POLICY),
    scope="regional",
    kinds=("search-collection",),
    roles=(Role.PRIMARY, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The collections, then the tags of each, and the policies on their data when there is one."""
    collections = list(calls.items(COLLECTIONS, maxResults=100))
    for index, entry in collections:
        calls.each(_read, entry, index)
    if collections:
        named = {entry["name"]: entry["arn"] for _, entry in collections}
        for _, policy in calls.items(POLICIES, type="data", maxResults=100):
            calls.each(_policy, policy["name"], named)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    answer = calls.one(TAGS, resourceArn=entry["arn"])
    tags = tags_of(None if answer is None else answer["tags"], "key", "value")
    calls.add(read_collection(calls.place, entry, index, tags))


def _policy(calls: Calls, name: str, collections: Mapping[str, str]) -> None:
    answer = calls.one(POLICY, type="data", name=name)
    if answer is not None:
        calls.add(read_access(calls.place, answer, collections))


def read_collection(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A collection. Its key is `auto` when it is one of AWS's own."""
    uid, path, key = entry["arn"], f"collectionSummaries[{index}]", entry.get("kmsKeyArn")
    yield from kept(
        place, uid, "AWS::OpenSearchServerless::Collection", "search-collection", entry["name"], COLLECTIONS.call,
        f"{path}.arn", uid, tags=tags, key=None if key == "auto" else key, key_field=f"{path}.kmsKeyArn",
        otherwise=KeyCustody.PROVIDER_MANAGED if key == "auto" else None,
    )  # fmt: skip


def read_access(place: Place, answer: Answer, collections: Mapping[str, str]) -> Iterator[Found]:
    """The principals of other accounts that a policy lets at the data of collections, told by name and ARN. People who
    sign in through SAML do so at a provider of the account."""
    seen: set[tuple[str, str]] = set()
    for index, told in enumerate(answer["accessPolicyDetail"].get("policy") or ()):
        for uid in _reached(told, collections):
            for at, principal in enumerate(told.get("Principal") or ()):
                known = (uid, principal) in seen
                if not known and principal.startswith("arn:") and foreign(principal, place):
                    seen.add((uid, principal))
                    field = f"accessPolicyDetail.policy[{index}].Principal[{at}]"
                    yield share(uid, "data-access-policy", Evidence(POLICY.call, field, principal), principal)


def _reached(told: Answer, collections: Mapping[str, str]) -> Iterator[str]:
    """The collections that a rule names: `collection/name`, or an index `index/name/…`, each with `*` for any rest."""
    patterns = [
        str(pattern).split("/")[1] for rule in told.get("Rules") or () for pattern in rule.get("Resource") or ()
        if "/" in str(pattern)
    ]  # fmt: skip
    for name, uid in collections.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            yield uid
