"""CloudHSM: clusters of modules, and their backups in whatever region these were copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("cloudhsmv2:DescribeClusters", permission="cloudhsm:DescribeClusters", lists="Clusters")
BACKUPS = operation("cloudhsmv2:DescribeBackups", permission="cloudhsm:DescribeBackups", lists="Backups")
_GONE = frozenset({"DELETED", "DELETE_IN_PROGRESS", "PENDING_DELETION"})


@collector(
    service="cloudhsmv2",
    actions=(CLUSTERS, BACKUPS),
    scope="regional",
    kinds=("managed-hsm", "snapshot"),
    roles=(Role.PRIMARY, Role.BACKUP),
)
def collect(calls: Calls) -> None:
    """Clusters and backups side by side."""
    calls.each(_backups)
    for index, cluster in calls.items(CLUSTERS, MaxResults=25):
        calls.add(read_cluster(calls.place, cluster, index))


def _backups(calls: Calls) -> None:
    for index, backup in calls.items(BACKUPS, MaxResults=50):
        calls.add(read_backup(calls.place, backup, index))


def read_cluster(place: Place, cluster: Answer, index: int) -> Iterator[Found]:
    """A cluster of modules that the customer alone has the keys to."""
    if cluster.get("State") in _GONE:
        return
    name, tags = cluster["ClusterId"], tags_of(cluster.get("TagList") or ())
    uid, type_ = place.arn("cloudhsm", f"cluster/{name}"), "AWS::CloudHSM::Cluster"
    field = f"Clusters[{index}].ClusterId"
    yield from kept(
        place, uid, type_, "managed-hsm", name, CLUSTERS.call, field, name, tags=tags, otherwise=KeyCustody.HSM
    )


def read_backup(place: Place, backup: Answer, index: int) -> Iterator[Found]:
    """A backup. One that was copied from another region tells which: the cluster there has a backup here."""
    if backup.get("BackupState") in _GONE:
        return
    name, path, tags = backup["BackupId"], f"Backups[{index}]", tags_of(backup.get("TagList") or ())
    uid, field = backup.get("BackupArn") or place.arn("cloudhsm", f"backup/{name}"), f"{path}.BackupId"
    yield from kept(
        place, uid, "AWS::CloudHSM::Backup", "snapshot", name, BACKUPS.call, field, name, tags=tags,
        otherwise=KeyCustody.HSM,
    )  # fmt: skip
    region, cluster = backup.get("SourceRegion"), backup.get("SourceCluster") or backup.get("ClusterId")
    if region and region != place.region and cluster:
        evidence, original = Evidence(BACKUPS.call, f"{path}.SourceRegion", region), f"cluster/{cluster}"
        copied = place.arn("cloudhsm", original, region)
        yield CopyOf(Placement(copied, Role.BACKUP, place.region, "cloudhsm-backup-copy", evidence, target=uid))
