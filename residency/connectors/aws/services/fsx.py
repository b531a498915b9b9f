"""FSx: file systems, the buckets they export to, and their backups in whatever region these were copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found, InBucket
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

SYSTEMS = operation("fsx:DescribeFileSystems", lists="FileSystems")
BACKUPS = operation("fsx:DescribeBackups", lists="Backups")


@collector(
    service="fsx",
    actions=(SYSTEMS, BACKUPS),
    scope="regional",
    kinds=("file-share", "fsx-netapp", "snapshot"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.BACKUP, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Two lists side by side."""
    calls.each(_backups)
    index = 0
    for page in calls.pages(SYSTEMS, MaxResults=100):
        for system in page["FileSystems"]:
            calls.add(read_system(calls.place, system, index))
            index += 1


def _backups(calls: Calls) -> None:
    for page in calls.pages(BACKUPS, MaxResults=100):
        calls.add(read_backups(calls.place, page))


def read_system(place: Place, system: Answer, index: int) -> Iterator[Found]:
    """A file system and the bucket that it is exported to. FSx encrypts with its own key what has no other."""
    uid, path = system["ResourceARN"], f"FileSystems[{index}]"
    kind = "fsx-netapp" if system.get("FileSystemType") == "ONTAP" else "file-share"
    yield from _encrypted(place, uid, "AWS::FSx::FileSystem", kind, system["FileSystemId"], system, SYSTEMS.call, path)
    export = system.get("LustreConfiguration", {}).get("DataRepositoryConfiguration", {}).get("ExportPath")
    if export and export.startswith("s3://"):
        field = f"{path}.LustreConfiguration.DataRepositoryConfiguration.ExportPath"
        bucket = export.removeprefix("s3://").partition("/")[0]
        evidence = Evidence(SYSTEMS.call, field, export)
        copy = Placement(uid, Role.REPLICA, None, "fsx-export", evidence, target=place.bucket(bucket))
        yield InBucket(copy, bucket)


def read_backups(place: Place, answer: Answer) -> Iterator[Found]:
    """Backups. One that was copied from another region tells which: the file system there has a backup here."""
    for index, backup in enumerate(answer["Backups"]):
        uid, path = backup["ResourceARN"], f"Backups[{index}]"
        yield from _encrypted(
            place, uid, "AWS::FSx::Backup", "snapshot", backup["BackupId"], backup, BACKUPS.call, path
        )
        region, original = backup.get("SourceBackupRegion"), backup.get("FileSystem", {}).get("ResourceARN")
        if region and region != place.region and original:
            evidence = Evidence(BACKUPS.call, f"{path}.SourceBackupRegion", region)
            yield CopyOf(Placement(original, Role.BACKUP, place.region, "fsx-backup-copy", evidence, target=uid))


def _encrypted(
    place: Place, uid: str, type_: str, kind: str, name: str, told: Answer, call: str, path: str
) -> Iterator[Found]:
    tags, own = tags_of(told.get("Tags", ())), KeyCustody.PROVIDER_MANAGED
    custody, keys = encrypted(place, uid, told.get("KmsKeyId"), call, f"{path}.KmsKeyId", own)
    yield resource(place, uid, type_, kind, name, tags=tags, custody=custody)
    yield primary(place, uid, call, f"{path}.ResourceARN", uid)
    yield from keys
