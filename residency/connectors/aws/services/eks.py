"""EKS: clusters of Kubernetes, and the keys of their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("eks:ListClusters", lists="clusters")
CLUSTER = operation("eks:DescribeCluster", lists="cluster")


@collector(
    service="eks",
    actions=(CLUSTERS, CLUSTER),
    scope="regional",
    kinds=("kubernetes",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The names of the clusters, those that are only connected too, then each."""
    for page in calls.pages(CLUSTERS, maxResults=100, include=["all"]):
        for name in page["clusters"]:
            calls.each(_read, name)


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(CLUSTER, name=name)
    if answer is not None:
        calls.add(read_cluster(calls.place, answer))


def read_cluster(place: Place, answer: Answer) -> Iterator[Found]:
    """A cluster. One that is only connected, or whose control plane is on an Outpost, is wherever its owner put it."""
    cluster = answer["cluster"]
    uid = cluster["arn"]
    key, path = None, ""
    for index, entry in enumerate(cluster.get("encryptionConfig") or ()):
        key, path = entry.get("provider", {}).get("keyArn"), f"cluster.encryptionConfig[{index}].provider.keyArn"
    custody, keys = encrypted(place, uid, key, CLUSTER.call, path, KeyCustody.PROVIDER_MANAGED)
    outposts = cluster.get("outpostConfig", {}).get("outpostArns") or ()
    connected = cluster.get("connectorConfig", {}).get("provider")
    found = resource(
        place, uid, "AWS::EKS::Cluster", "kubernetes", cluster["name"], tags=cluster.get("tags") or {},
        custody=None if connected else custody,
    )  # fmt: skip
    if outposts or connected:
        yield replace(found, location=None)
    else:
        yield found
        yield primary(place, uid, CLUSTER.call, "cluster.arn", uid)
    for index, outpost in enumerate(outposts):
        evidence = Evidence(CLUSTER.call, f"cluster.outpostConfig.outpostArns[{index}]", outpost)
        yield Placement(uid, Role.PRIMARY, None, "outpost", evidence, target=outpost)
    if connected:
        evidence = Evidence(CLUSTER.call, "cluster.connectorConfig.provider", connected)
        yield Placement(uid, Role.PRIMARY, None, "eks-connector", evidence)
    yield from keys
