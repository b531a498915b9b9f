"""DocumentDB elastic clusters and their keys. Other DocumentDB clusters are read with those of RDS."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

CLUSTERS = operation("docdb-elastic:ListClusters", lists="clusters")
CLUSTER = operation("docdb-elastic:GetCluster", lists="cluster")
TAGS = operation("docdb-elastic:ListTagsForResource", lists="tags")


@collector(
    service="docdb-elastic",
    actions=(CLUSTERS, CLUSTER, TAGS),
    scope="regional",
    kinds=("documentdb",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The clusters, then each."""
    for _, cluster in calls.items(CLUSTERS, maxResults=100):
        calls.each(_read, cluster["clusterArn"])


def _read(calls: Calls, arn: str) -> None:
    answer = calls.one(CLUSTER, clusterArn=arn)
    if answer is not None:
        tags = calls.one(TAGS, resourceArn=arn)
        calls.add(read_cluster(calls.place, answer, None if tags is None else tags["tags"]))


def read_cluster(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A cluster and its key, which is told as `AWS_OWNED_KMS_KEY` when it is one of AWS's own."""
    cluster = answer["cluster"]
    uid, key = cluster["clusterArn"], cluster.get("kmsKeyId")
    yield from kept(
        place, uid, "AWS::DocDBElastic::Cluster", "documentdb", cluster["clusterName"], CLUSTER.call,
        "cluster.clusterArn", uid, tags=tags, key=None if key == "AWS_OWNED_KMS_KEY" else key,
        key_field="cluster.kmsKeyId", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
