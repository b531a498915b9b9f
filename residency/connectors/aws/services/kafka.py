"""MSK: clusters of Kafka, the keys of their volumes, who else may read them, and the replicators between them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("kafka:ListClustersV2", lists="ClusterInfoList")
REPLICATORS = operation("kafka:ListReplicators", lists="Replicators")
POLICY = operation("kafka:GetClusterPolicy")


@collector(
    service="kafka",
    actions=(CLUSTERS, REPLICATORS, POLICY),
    scope="regional",
    kinds=("kafka",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The clusters and, where there is one, the replicators, which live in the region of their target."""
    index = 0
    for page in calls.pages(CLUSTERS, MaxResults=100):
        for cluster in page["ClusterInfoList"]:
            if not index:
                calls.each(_replicators)
            calls.add(read_cluster(calls.place, cluster, index))
            calls.each(_policy, cluster["ClusterArn"])
            index += 1


def _policy(calls: Calls, uid: str) -> None:
    policy = calls.one(POLICY, absent=("NotFoundException",), ClusterArn=uid) or {}
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "cluster-policy", POLICY.call, "Policy"))


def _replicators(calls: Calls) -> None:
    index = 0
    for page in calls.pages(REPLICATORS, MaxResults=100):
        for replicator in page["Replicators"]:
            calls.add(read_replicator(replicator, index))
            index += 1


def read_cluster(place: Place, cluster: Answer, index: int) -> Iterator[Found]:
    """A cluster, the key of its volumes, and the bucket that its brokers log to."""
    uid, path = cluster["ClusterArn"], f"ClusterInfoList[{index}]"
    told = cluster.get("Provisioned", {})
    key = told.get("EncryptionInfo", {}).get("EncryptionAtRest", {}).get("DataVolumeKMSKeyId")
    field = f"{path}.Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"
    custody, keys = encrypted(place, uid, key, CLUSTERS.call, field, KeyCustody.PROVIDER_MANAGED)
    type_ = "AWS::MSK::ServerlessCluster" if cluster.get("ClusterType") == "SERVERLESS" else "AWS::MSK::Cluster"
    tags = cluster.get("Tags") or {}
    yield resource(place, uid, type_, "kafka", cluster["ClusterName"], tags=tags, custody=custody)
    yield primary(place, uid, CLUSTERS.call, f"{path}.ClusterArn", uid)
    yield from keys
    logs = told.get("LoggingInfo", {}).get("BrokerLogs", {}).get("S3", {})
    bucket = logs.get("Bucket")
    if bucket and logs.get("Enabled"):
        evidence = Evidence(CLUSTERS.call, f"{path}.Provisioned.LoggingInfo.BrokerLogs.S3.Bucket", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "msk-broker-logs", evidence)


def read_replicator(replicator: Answer, index: int) -> Iterator[Found]:
    """What a replicator copies: topics of one cluster into another one, of this region or from elsewhere."""
    clusters = {
        entry.get("KafkaClusterAlias"): (entry.get("AmazonMskCluster", {}).get("MskClusterArn"), number)
        for number, entry in enumerate(replicator.get("KafkaClustersSummary", ()))
    }
    for flow in replicator.get("ReplicationInfoSummaryList", ()):
        source, _ = clusters.get(flow.get("SourceKafkaClusterAlias"), (None, 0))
        target, number = clusters.get(flow.get("TargetKafkaClusterAlias"), (None, 0))
        if source and target:
            path = f"Replicators[{index}].KafkaClustersSummary[{number}].AmazonMskCluster.MskClusterArn"
            evidence = Evidence(REPLICATORS.call, path, target)
            yield CopyOf(Placement(source, Role.REPLICA, region_of(target), "msk-replication", evidence, target=target))
