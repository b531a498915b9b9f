"""Systems Manager: the parameters of Parameter Store, and where the inventory of machines is copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

PARAMETERS = operation("ssm:DescribeParameters", lists="Parameters")
TAGS = operation("ssm:ListTagsForResource", lists="TagList")
SYNCS = operation("ssm:ListResourceDataSync", lists="ResourceDataSyncItems")


@collector(
    service="ssm",
    actions=(PARAMETERS, TAGS, SYNCS),
    scope="regional",
    kinds=("parameter", "log-sink"),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The account's own parameters, whose values are never asked for, and the copies of the inventory, which have no
    tags."""
    calls.each(_syncs)
    for index, parameter in calls.items(PARAMETERS, MaxResults=50):
        calls.each(_read, parameter, index)


def _read(calls: Calls, parameter: Answer, index: int) -> None:
    tags = calls.tags(TAGS, ResourceType="Parameter", ResourceId=parameter["Name"])
    calls.add(read_parameter(calls.place, parameter, index, tags))


def _syncs(calls: Calls) -> None:
    for index, sync in calls.items(SYNCS, MaxResults=50):
        calls.add(read_sync(calls.place, sync, index))


def read_parameter(place: Place, parameter: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A parameter. Only a secure one names the key that it is encrypted with."""
    name, path = parameter["Name"], f"Parameters[{index}]"
    uid = parameter.get("ARN") or place.arn("ssm", f"parameter/{name.removeprefix('/')}")
    yield from kept(
        place, uid, "AWS::SSM::Parameter", "parameter", name, PARAMETERS.call, f"{path}.Name", name, tags=tags,
        key=parameter.get("KeyId"), key_field=f"{path}.KeyId",
    )  # fmt: skip


def read_sync(place: Place, sync: Answer, index: int) -> Iterator[Found]:
    """A copy into a bucket, in the region that the answer tells, or one gathered from other regions into this one."""
    name, path, call = sync["SyncName"], f"ResourceDataSyncItems[{index}]", SYNCS.call
    uid, stores = place.arn("ssm", f"resource-data-sync/{name}"), StoresData.TRANSIT
    yield resource(place, uid, "AWS::SSM::ResourceDataSync", "log-sink", name, tags={}, stores=stores)
    yield primary(place, uid, call, f"{path}.SyncName", name)
    told = sync.get("S3Destination") or {}
    region, key = told.get("Region"), told.get("AWSKMSKeyARN")
    if told.get("BucketName"):
        evidence, target = Evidence(call, f"{path}.S3Destination.Region", region), place.bucket(told["BucketName"])
        yield Placement(uid, Role.LOG, region, "inventory-sync", evidence, target=target)
    if key:
        yield KeyUse(uid, key, place, Evidence(call, f"{path}.S3Destination.AWSKMSKeyARN", key), decides=False)
