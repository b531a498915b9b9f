"""ECS: clusters, the key of the disks that AWS manages for them, and where sessions inside containers are recorded."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

CLUSTERS = operation("ecs:ListClusters", lists="clusterArns")
DETAILS = operation("ecs:DescribeClusters", lists="clusters")


@collector(
    service="ecs",
    actions=(CLUSTERS, DETAILS),
    scope="regional",
    kinds=("container-cluster",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The names of the clusters, then all of a page at once. What runs on a cluster runs in its region."""
    for page in calls.pages(CLUSTERS, maxResults=100):
        if page["clusterArns"]:
            calls.each(_read, page["clusterArns"])


def _read(calls: Calls, arns: list[str]) -> None:
    answer = calls.one(DETAILS, clusters=arns, include=["CONFIGURATIONS", "TAGS"])
    for index, cluster in enumerate(() if answer is None else answer["clusters"]):
        calls.add(read_cluster(calls.place, cluster, index))


def read_cluster(place: Place, cluster: Answer, index: int) -> Iterator[Found]:
    """A cluster: data passes through its containers; what they keep is in volumes and file systems of their own."""
    uid, path, call = cluster["clusterArn"], f"clusters[{index}]", DETAILS.call
    told = cluster.get("configuration") or {}
    disks = told.get("managedStorageConfiguration") or {}
    field = f"{path}.configuration.managedStorageConfiguration.kmsKeyId"
    custody, keys = encrypted(place, uid, disks.get("kmsKeyId"), call, field, None)
    yield resource(
        place, uid, "AWS::ECS::Cluster", "container-cluster", cluster["clusterName"], tags=tags_in(cluster, "tags"),
        stores=StoresData.TRANSIT, custody=custody,
    )  # fmt: skip
    yield primary(place, uid, call, f"{path}.clusterArn", uid)
    yield from keys
    passing = disks.get("fargateEphemeralStorageKmsKeyId")
    if passing:
        field = f"{path}.configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId"
        yield KeyUse(uid, passing, place, Evidence(call, field, passing), decides=False)
    yield from _sessions(place, uid, told.get("executeCommandConfiguration") or {}, f"{path}.configuration")


def _sessions(place: Place, uid: str, told: Answer, path: str) -> Iterator[Found]:
    """Where what somebody does inside of a container is written down, and the key of that line."""
    start, call = f"{path}.executeCommandConfiguration", DETAILS.call
    key = told.get("kmsKeyId")
    if key:
        yield KeyUse(uid, key, place, Evidence(call, f"{start}.kmsKeyId", key), decides=False)
    logs = told.get("logConfiguration") or {}
    if told.get("logging") != "OVERRIDE":
        return
    bucket, group = logs.get("s3BucketName"), logs.get("cloudWatchLogGroupName")
    if bucket:
        evidence = Evidence(call, f"{start}.logConfiguration.s3BucketName", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "ecs-exec-logs", evidence)
    if group:
        evidence = Evidence(call, f"{start}.logConfiguration.cloudWatchLogGroupName", group)
        target = place.arn("logs", f"log-group:{group}")
        yield Placement(uid, Role.LOG, place.region, "ecs-exec-logs", evidence, target=target)
