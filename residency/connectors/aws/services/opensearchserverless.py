"""OpenSearch Serverless: collections and their keys."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

COLLECTIONS = operation(
    "opensearchserverless:ListCollections", permission="aoss:ListCollections", lists="collectionSummaries"
)
TAGS = operation("opensearchserverless:ListTagsForResource", permission="aoss:ListTagsForResource", lists="tags")


@collector(
    service="opensearchserverless",
    actions=(COLLECTIONS, TAGS),
    scope="regional",
    kinds=("search-collection",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The collections, then the tags of each."""
    for index, entry in calls.items(COLLECTIONS, maxResults=100):
        calls.each(_read, entry, index)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    answer = calls.one(TAGS, resourceArn=entry["arn"])
    tags = tags_of(None if answer is None else answer["tags"], "key", "value")
    calls.add(read_collection(calls.place, entry, index, tags))


def read_collection(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A collection. Its key is `auto` when it is one of AWS's own."""
    uid, path, key = entry["arn"], f"collectionSummaries[{index}]", entry.get("kmsKeyArn")
    yield from kept(
        place, uid, "AWS::OpenSearchServerless::Collection", "search-collection", entry["name"], COLLECTIONS.call,
        f"{path}.arn", uid, tags=tags, key=None if key == "auto" else key, key_field=f"{path}.kmsKeyArn",
        otherwise=KeyCustody.PROVIDER_MANAGED if key == "auto" else None,
    )  # fmt: skip
