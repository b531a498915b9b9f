"""Aurora DSQL: clusters, their peers and the witness in other regions."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import kept
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("dsql:ListClusters", lists="clusters")
CLUSTER = operation("dsql:GetCluster", lists="arn")
POLICY = operation("dsql:GetClusterPolicy", lists="policy")


@collector(
    service="dsql",
    actions=(CLUSTERS, CLUSTER, POLICY),
    scope="regional",
    kinds=("distributed-sql",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of clusters, then each."""
    for _, cluster in calls.items(CLUSTERS, maxResults=100):
        calls.each(_read, cluster["identifier"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(CLUSTER, identifier=name)
    if answer is None:
        return
    calls.add(read_cluster(calls.place, answer))
    policy = calls.one(POLICY, absent=("ResourceNotFoundException",), identifier=name) or {}
    uid = answer["arn"]
    calls.add(read_policy(calls.place, uid, policy.get("policy"), "cluster-policy", POLICY.call, "policy"))


def read_cluster(place: Place, cluster: Answer) -> Iterator[Found]:
    """A cluster. Its peers hold all the data; the witness holds a short window of the changes, encrypted."""
    uid = cluster["arn"]
    yield from kept(
        place, uid, "AWS::DSQL::Cluster", "distributed-sql", cluster["identifier"], CLUSTER.call, "arn", uid,
        tags=cluster.get("tags") or {}, key=cluster.get("encryptionDetails", {}).get("kmsKeyArn"),
        key_field="encryptionDetails.kmsKeyArn", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    several = cluster.get("multiRegionProperties") or {}
    for index, peer in enumerate(several.get("clusters") or ()):
        if peer != uid:
            evidence = Evidence(CLUSTER.call, f"multiRegionProperties.clusters[{index}]", peer)
            yield Placement(uid, Role.REPLICA, region_of(peer), "dsql-multi-region", evidence, target=peer)
    witness = several.get("witnessRegion")
    if witness:
        evidence = Evidence(CLUSTER.call, "multiRegionProperties.witnessRegion", witness)
        yield Placement(uid, Role.REPLICA, witness, "dsql-witness", evidence)
