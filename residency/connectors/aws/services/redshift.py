"""Redshift: clusters, their snapshots, where these are copied to and whom data is shared with, and the audit log."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, InBucket
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted_if, kept, primary, resource, tags_of
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

CLUSTERS = operation("redshift:DescribeClusters", lists="Clusters")
LOGGING = operation("redshift:DescribeLoggingStatus", lists="LoggingEnabled")
SNAPSHOTS = operation("redshift:DescribeClusterSnapshots", lists="Snapshots")
SHARES = operation("redshift:DescribeDataShares", lists="DataShares")
# Of a share that was offered, the consumer has nothing before he is let in.
_SHARED = frozenset({"ACTIVE", "AUTHORIZED", "AVAILABLE"})


@collector(
    service="redshift",
    actions=(CLUSTERS, LOGGING, SNAPSHOTS, SHARES),
    scope="regional",
    kinds=("warehouse", "db-snapshot", "resource-share"),
    roles=(Role.PRIMARY, Role.BACKUP, Role.PROCESSING, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Clusters, snapshots and shares of data side by side."""
    calls.each(_snapshots)
    calls.each(_shares)
    index = 0
    for page in calls.pages(CLUSTERS, MaxRecords=100):
        for cluster in page["Clusters"]:
            calls.add(read_cluster(calls.place, cluster, index))
            calls.each(_logging, cluster)
            index += 1


def _snapshots(calls: Calls) -> None:
    for page in calls.pages(SNAPSHOTS, MaxRecords=100, OwnerAccount=calls.place.account):
        calls.add(read_snapshots(calls.place, page))


def _shares(calls: Calls) -> None:
    for page in calls.pages(SHARES, MaxRecords=100):
        calls.add(read_shares(calls.place, page))


def _logging(calls: Calls, cluster: Answer) -> None:
    answer = calls.one(LOGGING, ClusterIdentifier=cluster["ClusterIdentifier"])
    if answer is not None:
        calls.add(read_logging(calls.place, _uid(calls.place, cluster), answer))


def read_cluster(place: Place, cluster: Answer, index: int) -> Iterator[Found]:
    """A cluster, its key, and the region that its snapshots are copied to."""
    uid, path, name = _uid(place, cluster), f"Clusters[{index}]", cluster["ClusterIdentifier"]
    yield from _encrypted(place, uid, "AWS::Redshift::Cluster", "warehouse", name, cluster, CLUSTERS.call, path)
    yield primary(place, uid, CLUSTERS.call, f"{path}.ClusterIdentifier", name)
    region = cluster.get("ClusterSnapshotCopyStatus", {}).get("DestinationRegion")
    if region:
        evidence = Evidence(CLUSTERS.call, f"{path}.ClusterSnapshotCopyStatus.DestinationRegion", region)
        yield Placement(uid, Role.BACKUP, region, "redshift-snapshot-copy", evidence)


def read_logging(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """The bucket that the audit log is written to, when there is one."""
    bucket = answer.get("BucketName")
    if answer["LoggingEnabled"] and bucket:
        evidence = Evidence(LOGGING.call, "BucketName", bucket)
        yield InBucket(
            Placement(uid, Role.LOG, None, "redshift-logging", evidence, target=place.bucket(bucket)), bucket
        )


def read_snapshots(place: Place, answer: Answer) -> Iterator[Found]:
    """The account's own snapshots, and the accounts that may restore them."""
    for index, snapshot in enumerate(answer["Snapshots"]):
        if snapshot.get("OwnerAccount", place.account) != place.account:
            continue
        name, path = snapshot["SnapshotIdentifier"], f"Snapshots[{index}]"
        uid = place.arn("redshift", f"snapshot:{snapshot['ClusterIdentifier']}/{name}")
        type_ = "AWS::Redshift::ClusterSnapshot"
        yield from _encrypted(place, uid, type_, "db-snapshot", name, snapshot, SNAPSHOTS.call, path)
        yield primary(place, uid, SNAPSHOTS.call, f"{path}.SnapshotIdentifier", name)
        for at, entry in enumerate(snapshot.get("AccountsWithRestoreAccess", ())):
            evidence = Evidence(SNAPSHOTS.call, f"{path}.AccountsWithRestoreAccess[{at}].AccountId", entry["AccountId"])
            yield share(uid, "redshift-snapshot-share", evidence, entry["AccountId"])


def read_shares(place: Place, answer: Answer) -> Iterator[Found]:
    """Whom the account's own data shares are given to: other accounts, and namespaces of its own elsewhere."""
    for index, entry in enumerate(answer["DataShares"]):
        producer = str(entry.get("ProducerArn") or "")
        if f":{place.account}:" not in producer:
            continue
        uid, type_ = entry["DataShareArn"], "AWS::Redshift::DataShare"
        path, name = f"DataShares[{index}]", uid.rpartition("/")[2]
        field = f"{path}.DataShareArn"
        yield from kept(place, uid, type_, "resource-share", name, SHARES.call, field, uid, tags=None,
                        stores=StoresData.NO)  # fmt: skip
        for at, consumer in enumerate(entry.get("DataShareAssociations") or ()):
            told, region = consumer.get("ConsumerIdentifier"), consumer.get("ConsumerRegion") or place.region
            if consumer.get("Status") not in _SHARED or not told:
                continue
            evidence = Evidence(SHARES.call, f"{path}.DataShareAssociations[{at}].ConsumerIdentifier", told)
            if told != place.account and f":{place.account}:" not in told:
                yield Placement(uid, Role.SHARE, region, "redshift-data-share", evidence, target=told)
            elif region != place.region:
                yield Placement(uid, Role.PROCESSING, region, "redshift-data-share", evidence, target=told)


def _encrypted(
    place: Place, uid: str, type_: str, kind: str, name: str, told: Answer, call: str, path: str
) -> Iterator[Found]:
    custody, keys = encrypted_if(place, uid, told.get("Encrypted"), told.get("KmsKeyId"), call, f"{path}.KmsKeyId")
    yield resource(place, uid, type_, kind, name, tags=tags_of(told.get("Tags", ())), custody=custody)
    yield from keys


def _uid(place: Place, cluster: Answer) -> str:
    return place.arn("redshift", f"cluster:{cluster['ClusterIdentifier']}")
