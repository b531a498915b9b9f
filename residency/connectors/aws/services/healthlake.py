"""HealthLake: stores of health records, and their keys."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

STORES = operation("healthlake:ListFHIRDatastores", lists="DatastorePropertiesList")
TAGS = operation("healthlake:ListTagsForResource", lists="Tags")


@collector(
    service="healthlake",
    actions=(STORES, TAGS),
    scope="regional",
    kinds=("health-records",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The stores that are not deleted, then the tags of each."""
    for index, store in calls.items(STORES, MaxResults=100):
        if store.get("DatastoreStatus") != "DELETED":
            calls.each(_read, store, index)


def _read(calls: Calls, store: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceARN=store["DatastoreArn"])
    calls.add(read_store(calls.place, store, index, tags_of(None if answer is None else answer["Tags"])))


def read_store(place: Place, store: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A store of health records."""
    uid, path = store["DatastoreArn"], f"DatastorePropertiesList[{index}]"
    key = ((store.get("SseConfiguration") or {}).get("KmsEncryptionConfig") or {}).get("KmsKeyId")
    yield from kept(
        place, uid, "AWS::HealthLake::FHIRDatastore", "health-records", store.get("DatastoreName"), STORES.call,
        f"{path}.DatastoreArn", uid, tags=tags, key=key,
        key_field=f"{path}.SseConfiguration.KmsEncryptionConfig.KmsKeyId", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
