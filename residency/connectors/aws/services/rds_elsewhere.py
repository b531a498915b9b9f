"""What RDS keeps or puts elsewhere: automated backups of databases far or gone, exports, and integrations."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import CopyOf, Found, KeyUse
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import encrypted_if, in_named_bucket, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

BACKUPS = operation("rds:DescribeDBInstanceAutomatedBackups", lists="DBInstanceAutomatedBackups")
CLUSTER_BACKUPS = operation("rds:DescribeDBClusterAutomatedBackups", lists="DBClusterAutomatedBackups")
EXPORTS = operation("rds:DescribeExportTasks", lists="ExportTasks")
INTEGRATIONS = operation("rds:DescribeIntegrations", lists="Integrations")
ELSEWHERE = (BACKUPS, CLUSTER_BACKUPS, EXPORTS, INTEGRATIONS)
_FAILED = frozenset({"failed", "canceled", "canceling", "deleting"})


def read_backups(place: Place, answer: Answer) -> Iterator[Found]:
    """Automated backups of instances: see `_backups`."""
    return _backups(place, answer, BACKUPS.call, "DBInstance", "Encrypted")


def read_cluster_backups(place: Place, answer: Answer) -> Iterator[Found]:
    """Automated backups of clusters: see `_backups`."""
    return _backups(place, answer, CLUSTER_BACKUPS.call, "DBCluster", "StorageEncrypted")


def _backups(place: Place, answer: Answer, call: str, what: str, flag: str) -> Iterator[Found]:
    """Automated backups that outlive their database or came from another region. Those of a database that runs here
    belong to it and are told by nothing of their own."""
    for index, backup in enumerate(answer[f"{what}AutomatedBackups"]):
        original, path = backup.get(f"{what}Arn", ""), f"{what}AutomatedBackups[{index}]"
        home, uid = backup.get("Region") or region_of(original), backup.get(f"{what}AutomatedBackupsArn")
        if uid is None or (home == place.region and backup.get("Status") != "retained"):
            continue
        key, field = backup.get("KmsKeyId"), f"{path}.{what}AutomatedBackupsArn"
        custody, keys = encrypted_if(place, uid, backup.get(flag), key, call, f"{path}.KmsKeyId")
        tags, name = tags_of(backup.get("TagList", ())), backup[f"{what}Identifier"]
        yield resource(place, uid, f"AWS::RDS::{what}AutomatedBackup", "db-snapshot", name, tags=tags, custody=custody)
        yield primary(place, uid, call, field, uid)
        yield from keys
        if home != place.region:
            evidence = Evidence(call, field, uid)
            yield CopyOf(
                Placement(original, Role.BACKUP, place.region, "rds-automated-backup", evidence, target=uid)
            )


def read_exports(place: Place, answer: Answer) -> Iterator[Found]:
    """Snapshots and clusters whose data was written into a bucket."""
    for index, task in enumerate(answer["ExportTasks"]):
        if str(task.get("Status", "")).lower() in _FAILED:
            continue
        uid, path = task["SourceArn"], f"ExportTasks[{index}]"
        evidence = Evidence(EXPORTS.call, f"{path}.S3Bucket", task["S3Bucket"])
        yield in_named_bucket(place, uid, Role.REPLICA, "rds-export", task["S3Bucket"], evidence)
        key = task.get("KmsKeyId")
        if key:
            yield KeyUse(uid, key, place, Evidence(EXPORTS.call, f"{path}.KmsKeyId", key), decides=False)


def read_integrations(_place: Place, answer: Answer) -> Iterator[Found]:
    """Databases whose changes flow into a warehouse as they are made."""
    for index, flow in enumerate(answer["Integrations"]):
        if flow.get("Status") in _FAILED:
            continue
        target = flow["TargetArn"]
        evidence = Evidence(INTEGRATIONS.call, f"Integrations[{index}].TargetArn", target)
        uid, region = flow["SourceArn"], region_of(target)
        yield CopyOf(Placement(uid, Role.REPLICA, region, "rds-integration", evidence, target=target))
