"""DynamoDB tables: replicas and witnesses in other regions, backups, exports, streams, their key, and who may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, in_named_bucket, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

TABLES = operation("dynamodb:ListTables", lists="TableNames")
TABLE = operation("dynamodb:DescribeTable", lists="Table")
TAGS = operation("dynamodb:ListTagsOfResource")
POLICY = operation("dynamodb:GetResourcePolicy", lists="Policy")
STREAMS = operation("dynamodb:DescribeKinesisStreamingDestination", lists="KinesisDataStreamDestinations")
EXPORTS = operation("dynamodb:ListExports", lists="ExportSummaries")
EXPORT = operation("dynamodb:DescribeExport", lists="ExportDescription")
BACKUPS = operation("dynamodb:ListBackups", lists="BackupSummaries")
_OFF = frozenset({"DISABLED", "DISABLING", "ENABLE_FAILED"})


@collector(
    service="dynamodb",
    actions=(TABLES, TABLE, TAGS, POLICY, STREAMS, EXPORTS, EXPORT, BACKUPS),
    scope="regional",
    kinds=("dynamodb", "db-snapshot"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The names of the tables, then each table; the exports of the region when there is a table. Backups outlive it."""
    names = [name for _, name in calls.items(TABLES, Limit=100)]
    for name in names:
        calls.each(_read, name)
    if names:
        for _, export in calls.items(EXPORTS, MaxResults=25):
            if export.get("ExportStatus") != "FAILED":
                calls.each(_export, export["ExportArn"])
    for index, backup in calls.items(BACKUPS, Limit=100, BackupType="ALL"):
        calls.add(read_backup(calls.place, backup, index))


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(TABLE, TableName=name)
    if answer is not None:
        tags = tags_of(calls.whole(TAGS, "Tags", ResourceArn=answer["Table"]["TableArn"]))
        calls.add(read_table(calls.place, answer, tags))
        uid = answer["Table"]["TableArn"]
        calls.add(read_streams(calls.place, uid, calls.one(STREAMS, TableName=name) or {}))
        policy = calls.one(POLICY, absent=("PolicyNotFoundException",), ResourceArn=uid) or {}
        calls.add(read_policy(calls.place, uid, policy.get("Policy"), "table-policy", POLICY.call, "Policy"))


def _export(calls: Calls, arn: str) -> None:
    answer = calls.one(EXPORT, ExportArn=arn)
    if answer is not None:
        calls.add(read_export(calls.place, answer))


def read_table(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A table. What has no encryption setting is encrypted with a key that AWS owns."""
    table = answer["Table"]
    uid, name = table["TableArn"], table["TableName"]
    custody, keys = encrypted(
        place, uid, table.get("SSEDescription", {}).get("KMSMasterKeyArn"), TABLE.call,
        "Table.SSEDescription.KMSMasterKeyArn", KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    yield resource(place, uid, "AWS::DynamoDB::Table", "dynamodb", name, tags=tags, custody=custody)
    yield primary(place, uid, TABLE.call, "Table.TableArn", uid)
    yield from keys
    for index, replica in enumerate(table.get("Replicas", ())):
        region = replica["RegionName"]
        if region == place.region or replica.get("ReplicaStatus") == "CREATION_FAILED":
            continue
        evidence = Evidence(TABLE.call, f"Table.Replicas[{index}].RegionName", region)
        target = place.arn("dynamodb", f"table/{name}", region)
        yield Placement(uid, Role.REPLICA, region, "dynamodb-global-table", evidence, target=target)
        key = replica.get("KMSMasterKeyId")
        if key:
            told = Evidence(TABLE.call, f"Table.Replicas[{index}].KMSMasterKeyId", key)
            yield KeyUse(uid, key, replace(place, region=region), told, decides=False)
    for index, witness in enumerate(table.get("GlobalTableWitnesses", ())):
        region = witness["RegionName"]
        evidence = Evidence(TABLE.call, f"Table.GlobalTableWitnesses[{index}].RegionName", region)
        yield Placement(uid, Role.REPLICA, region, "dynamodb-witness", evidence)


def read_backup(place: Place, backup: Answer, index: int) -> Iterator[Found]:
    """A backup that somebody asked for, or that DynamoDB made of a table as it was deleted. Those that AWS Backup makes
    lie in its vaults, and are told there. Which key and which tags a backup has no answer tells."""
    if backup.get("BackupStatus") != "DELETED" and backup.get("BackupType") != "AWS_BACKUP":
        uid, name, path = backup["BackupArn"], backup["BackupName"], f"BackupSummaries[{index}]"
        yield resource(place, uid, "AWS::DynamoDB::Backup", "db-snapshot", name, tags=None)
        yield primary(place, uid, BACKUPS.call, f"{path}.BackupArn", uid)


def read_streams(_place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """The Kinesis streams that every change of a table is written to."""
    for index, stream in enumerate(answer.get("KinesisDataStreamDestinations") or ()):
        if stream.get("DestinationStatus") not in _OFF:
            arn = stream["StreamArn"]
            evidence = Evidence(STREAMS.call, f"KinesisDataStreamDestinations[{index}].StreamArn", arn)
            yield Placement(uid, Role.PROCESSING, region_of(arn), "dynamodb-kinesis", evidence, target=arn)


def read_export(place: Place, answer: Answer) -> Iterator[Found]:
    """A table written into a bucket, not longer ago than the 90 days that DynamoDB remembers it."""
    export = answer["ExportDescription"]
    uid, bucket = export["TableArn"], export["S3Bucket"]
    evidence = Evidence(EXPORT.call, "ExportDescription.S3Bucket", bucket)
    yield in_named_bucket(place, uid, Role.REPLICA, "dynamodb-export", bucket, evidence)
    key = export.get("S3SseKmsKeyId")
    if key:
        yield KeyUse(uid, key, place, Evidence(EXPORT.call, "ExportDescription.S3SseKmsKeyId", key), decides=False)
