"""EFS file systems: where they are, where each is replicated to, and who else may mount it."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted_if, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

SYSTEMS = operation("efs:DescribeFileSystems", permission="elasticfilesystem:DescribeFileSystems", lists="FileSystems")
REPLICATIONS = operation(
    "efs:DescribeReplicationConfigurations",
    permission="elasticfilesystem:DescribeReplicationConfigurations",
    lists="Replications",
)
POLICY = operation("efs:DescribeFileSystemPolicy", permission="elasticfilesystem:DescribeFileSystemPolicy")


@collector(
    service="efs",
    actions=(SYSTEMS, REPLICATIONS, POLICY),
    scope="regional",
    kinds=("file-share",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The file systems; when there are any, the replications of the region and the policy of each."""
    pages = list(calls.pages(SYSTEMS, MaxItems=100))
    index = 0
    for page in pages:
        for system in page["FileSystems"]:
            calls.add(read_system(calls.place, system, index))
            calls.each(_policy, system)
            index += 1
    if index:
        for page in calls.pages(REPLICATIONS, MaxResults=100):
            calls.add(read_replications(calls.place, page))


def _policy(calls: Calls, system: Answer) -> None:
    policy = calls.one(POLICY, absent=("PolicyNotFound",), FileSystemId=system["FileSystemId"]) or {}
    uid = system["FileSystemArn"]
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "file-system-policy", POLICY.call, "Policy"))


def read_system(place: Place, system: Answer, index: int) -> Iterator[Found]:
    """A file system, its place and its key."""
    uid, path, call = system["FileSystemArn"], f"FileSystems[{index}]", SYSTEMS.call
    custody, keys = encrypted_if(place, uid, system.get("Encrypted"), system.get("KmsKeyId"), call, f"{path}.KmsKeyId")
    name = system.get("Name") or system["FileSystemId"]
    tags = tags_of(system.get("Tags", ()))
    yield resource(place, uid, "AWS::EFS::FileSystem", "file-share", name, tags=tags, custody=custody)
    yield primary(place, uid, call, f"{path}.FileSystemArn", uid)
    yield from keys


def read_replications(place: Place, answer: Answer) -> Iterator[Found]:
    """Where file systems are replicated to. Both sides tell it."""
    for index, replication in enumerate(answer["Replications"]):
        original = replication["SourceFileSystemArn"]
        owner = replication.get("SourceFileSystemOwnerId") or place.account
        for at, copy in enumerate(replication.get("Destinations", ())):
            region, account = copy["Region"], copy.get("OwnerId") or owner
            evidence = Evidence(REPLICATIONS.call, f"Replications[{index}].Destinations[{at}].Region", region)
            target = f"arn:{place.partition}:elasticfilesystem:{region}:{account}:file-system/{copy['FileSystemId']}"
            yield CopyOf(Placement(original, Role.REPLICA, region, "efs-replication", evidence, target=target))
