"""FSx: file systems, the buckets they export to, and their backups in whatever region these were copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_named_bucket, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

SYSTEMS = operation("fsx:DescribeFileSystems", lists="FileSystems")
BACKUPS = operation("fsx:DescribeBackups", lists="Backups")
LINKS = operation("fsx:DescribeDataRepositoryAssociations", lists="Associations")


@collector(
    service="fsx",
    actions=(SYSTEMS, BACKUPS, LINKS),
    scope="regional",
    kinds=("file-share", "fsx-netapp", "snapshot"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.BACKUP, Role.KEY),
)
def collect(calls: Calls) -> None:
    """File systems, their links to buckets when one of them can have any, and backups."""
    calls.each(_backups)
    linked = False
    index = 0
    for page in calls.pages(SYSTEMS, MaxResults=100):
        for system in page["FileSystems"]:
            calls.add(read_system(calls.place, system, index))
            linked = linked or system.get("FileSystemType") == "LUSTRE"
            index += 1
    if linked:
        for page in calls.pages(LINKS, MaxResults=25):
            calls.add(read_links(calls.place, page))


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
        yield in_named_bucket(place, uid, Role.REPLICA, "fsx-export", export, Evidence(SYSTEMS.call, field, export))


def read_links(place: Place, answer: Answer) -> Iterator[Found]:
    """The buckets and file servers whose content a file system takes in, and gives back when it exports by itself."""
    for index, link in enumerate(answer["Associations"]):
        told, name = link.get("DataRepositoryPath") or "", link.get("FileSystemId")
        if link.get("Lifecycle") in ("DELETING", "FAILED") or not told or not name:
            continue
        uid = place.arn("fsx", f"file-system/{name}")
        evidence = Evidence(LINKS.call, f"Associations[{index}].DataRepositoryPath", told)
        exports = any((link.get(kind) or {}).get("AutoExportPolicy", {}).get("Events") for kind in ("S3", "NFS"))
        role = Role.REPLICA if exports else Role.PROCESSING
        if told.startswith("s3://"):
            yield in_named_bucket(place, uid, role, "fsx-repository", told, evidence)
        else:
            yield CopyOf(Placement(uid, role, None, "fsx-repository", evidence, target=told))


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
