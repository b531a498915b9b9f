"""MemoryDB: clusters, those of several regions, and snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("memorydb:DescribeClusters", lists="Clusters")
GROUPS = operation("memorydb:DescribeMultiRegionClusters", lists="MultiRegionClusters")
SNAPSHOTS = operation("memorydb:DescribeSnapshots", lists="Snapshots")
TAGS = operation("memorydb:ListTags", lists="TagList")


@collector(
    service="memorydb",
    actions=(CLUSTERS, GROUPS, SNAPSHOTS, TAGS),
    scope="regional",
    kinds=("memorydb", "db-snapshot"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Clusters and snapshots; the groups of several regions when a cluster belongs to one."""
    calls.each(_snapshots)
    far = False
    for index, cluster in calls.items(CLUSTERS, MaxResults=100):
        far = far or bool(cluster.get("MultiRegionClusterName"))
        calls.each(_cluster, cluster, index)
    if far:
        for page in calls.pages(GROUPS, MaxResults=100, ShowClusterDetails=True):
            calls.add(read_groups(calls.place, page))


def _cluster(calls: Calls, cluster: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceArn=cluster["ARN"])
    calls.add(read_cluster(calls.place, cluster, index, tags_of(None if answer is None else answer["TagList"])))


def _snapshots(calls: Calls) -> None:
    for index, snapshot in calls.items(SNAPSHOTS, MaxResults=50):
        calls.add(read_snapshot(calls.place, snapshot, index))


def read_cluster(place: Place, cluster: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A cluster. MemoryDB encrypts with its own key what has no other (documented: always on)."""
    uid, path, call = cluster["ARN"], f"Clusters[{index}]", CLUSTERS.call
    yield from kept(
        place, uid, "AWS::MemoryDB::Cluster", "memorydb", cluster["Name"], call, f"{path}.ARN", uid, tags=tags,
        key=cluster.get("KmsKeyId"), key_field=f"{path}.KmsKeyId", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_snapshot(place: Place, snapshot: Answer, index: int) -> Iterator[Found]:
    """A snapshot of a cluster."""
    uid, path, call = snapshot["ARN"], f"Snapshots[{index}]", SNAPSHOTS.call
    yield from kept(
        place, uid, "AWS::MemoryDB::Snapshot", "db-snapshot", snapshot["Name"], call, f"{path}.ARN", uid, tags=None,
        key=snapshot.get("KmsKeyId"), key_field=f"{path}.KmsKeyId", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_groups(place: Place, answer: Answer) -> Iterator[Found]:
    """Clusters of several regions: each holds all the data and takes writes, so each is a replica of this one."""
    for index, group in enumerate(answer["MultiRegionClusters"]):
        members = list(enumerate(group.get("Clusters") or ()))
        here = [member["ARN"] for _, member in members if member["Region"] == place.region]
        for uid in here:
            for at, member in members:
                region = member["Region"]
                if region != place.region:
                    field = f"MultiRegionClusters[{index}].Clusters[{at}].Region"
                    evidence, via = Evidence(GROUPS.call, field, region), "memorydb-multi-region"
                    yield CopyOf(Placement(uid, Role.REPLICA, region, via, evidence, target=member["ARN"]))
