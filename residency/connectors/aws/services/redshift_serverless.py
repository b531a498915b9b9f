"""Redshift Serverless: namespaces, the regions that their snapshots are copied to, and shared snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

NAMESPACES = operation("redshift-serverless:ListNamespaces", lists="namespaces")
COPIES = operation("redshift-serverless:ListSnapshotCopyConfigurations", lists="snapshotCopyConfigurations")
SNAPSHOTS = operation("redshift-serverless:ListSnapshots", lists="snapshots")
TAGS = operation("redshift-serverless:ListTagsForResource", lists="tags")


@collector(
    service="redshift-serverless",
    actions=(NAMESPACES, COPIES, SNAPSHOTS, TAGS),
    scope="regional",
    kinds=("warehouse-serverless", "db-snapshot"),
    roles=(Role.PRIMARY, Role.BACKUP, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Namespaces and snapshots; the copies of snapshots when there is a namespace."""
    calls.each(_snapshots)
    names: dict[str, str] = {}
    for index, namespace in calls.items(NAMESPACES, maxResults=100):
        names[namespace["namespaceName"]] = namespace["namespaceArn"]
        calls.each(_namespace, namespace, index)
    if names:
        for index, copy in calls.items(COPIES, maxResults=100):
            calls.add(read_copy(calls.place, copy, index, names))


def _namespace(calls: Calls, namespace: Answer, index: int) -> None:
    answer = calls.one(TAGS, resourceArn=namespace["namespaceArn"])
    tags = tags_of(None if answer is None else answer["tags"], "key", "value")
    calls.add(read_namespace(calls.place, namespace, index, tags))


def _snapshots(calls: Calls) -> None:
    for index, snapshot in calls.items(SNAPSHOTS, maxResults=100):
        calls.add(read_snapshot(calls.place, snapshot, index))


def read_namespace(place: Place, namespace: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A namespace holds the data. Without a key of its own it says `AWS_OWNED_KMS_KEY`."""
    uid, path, call = namespace["namespaceArn"], f"namespaces[{index}]", NAMESPACES.call
    yield from kept(
        place, uid, "AWS::RedshiftServerless::Namespace", "warehouse-serverless", namespace["namespaceName"], call,
        f"{path}.namespaceArn", uid, tags=tags, key=_key(namespace), key_field=f"{path}.kmsKeyId",
        otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_copy(place: Place, copy: Answer, index: int, names: dict[str, str]) -> Iterator[Found]:
    """Where the snapshots of a namespace are copied to. `names` are the ARNs of the namespaces by name."""
    uid, path = names.get(copy["namespaceName"], ""), f"snapshotCopyConfigurations[{index}]"
    region = copy["destinationRegion"]
    evidence = Evidence(COPIES.call, f"{path}.destinationRegion", region)
    yield CopyOf(Placement(uid, Role.BACKUP, region, "redshift-snapshot-copy", evidence))
    key = copy.get("destinationKmsKeyId")
    if key and key.startswith("arn:"):
        yield KeyUse(uid, key, place, Evidence(COPIES.call, f"{path}.destinationKmsKeyId", key), decides=False)


def read_snapshot(place: Place, snapshot: Answer, index: int) -> Iterator[Found]:
    """A snapshot of the account's own, and the accounts that may restore it."""
    if snapshot.get("ownerAccount", place.account) != place.account:
        return
    uid, path, call = snapshot["snapshotArn"], f"snapshots[{index}]", SNAPSHOTS.call
    yield from kept(
        place, uid, "AWS::RedshiftServerless::Snapshot", "db-snapshot", snapshot["snapshotName"], call,
        f"{path}.snapshotArn", uid, tags=None, key=_key(snapshot), key_field=f"{path}.kmsKeyId",
        otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    for member in ("accountsWithRestoreAccess", "accountsWithProvisionedRestoreAccess"):
        for at, account in enumerate(snapshot.get(member) or ()):
            evidence = Evidence(call, f"{path}.{member}[{at}]", account)
            yield share(uid, "redshift-snapshot-share", evidence, account)


def _key(told: Answer) -> str | None:
    key: str | None = told.get("kmsKeyId")
    return None if key == "AWS_OWNED_KMS_KEY" else key
