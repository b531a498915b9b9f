"""Global Accelerator: traffic taken in anywhere, the regions it is led to, and where its flows are logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_bucket, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

ACCELERATORS = operation("globalaccelerator:ListAccelerators", lists="Accelerators")
LISTENERS = operation("globalaccelerator:ListListeners", lists="Listeners")
GROUPS = operation("globalaccelerator:ListEndpointGroups", lists="EndpointGroups")
ATTRIBUTES = operation("globalaccelerator:DescribeAcceleratorAttributes", lists="AcceleratorAttributes")
TAGS = operation("globalaccelerator:ListTagsForResource", lists="Tags")
# The one region whose endpoint answers.
_HOME = {"aws": "us-west-2"}


@collector(
    service="globalaccelerator",
    actions=(ACCELERATORS, LISTENERS, GROUPS, ATTRIBUTES, TAGS),
    scope="global",
    kinds=("accelerator",),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of accelerators, then the listeners of each and the groups of each listener."""
    calls = replace(calls, region=_HOME.get(calls.place.partition, calls.region))
    calls.each_of(ACCELERATORS, _read, MaxResults=100)


def _read(calls: Calls, accelerator: Answer, index: int) -> None:
    arn = accelerator["AcceleratorArn"]
    calls.add(read_accelerator(calls.place, accelerator, index, calls.tags(TAGS, ResourceArn=arn)))
    attributes = calls.one(ATTRIBUTES, AcceleratorArn=arn)
    if attributes is not None:
        calls.add(read_flow_logs(calls.place, arn, attributes))
    for _, listener in calls.items(LISTENERS, AcceleratorArn=arn, MaxResults=100):
        calls.each(_groups, arn, listener["ListenerArn"])


def _groups(calls: Calls, accelerator: str, listener: str) -> None:
    groups = calls.whole(GROUPS, "EndpointGroups", ListenerArn=listener, MaxResults=100)
    calls.add(read_groups(accelerator, groups or ()))


def read_accelerator(place: Place, accelerator: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """An accelerator: whoever calls it enters the network of AWS at the edge that is near to them, anywhere."""
    uid, path = accelerator["AcceleratorArn"], f"Accelerators[{index}]"
    type_, stores = "AWS::GlobalAccelerator::Accelerator", StoresData.TRANSIT
    yield resource(place, uid, type_, "accelerator", accelerator.get("Name"), tags=tags, stores=stores)
    evidence = Evidence(ACCELERATORS.call, f"{path}.DnsName", accelerator.get("DnsName"))
    yield Placement(uid, Role.PROCESSING, place.region, "accelerator-edge", evidence)


def read_groups(uid: str, groups: Iterable[Answer]) -> Iterator[Found]:
    """The regions that the traffic of a listener is led to: there the accelerator is at home."""
    for index, group in enumerate(groups):
        region = group["EndpointGroupRegion"]
        evidence = Evidence(GROUPS.call, f"EndpointGroups[{index}].EndpointGroupRegion", region)
        yield Placement(uid, Role.PRIMARY, region, "accelerator-endpoints", evidence)


def read_flow_logs(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """The bucket that the flows are logged to, when they are."""
    told = answer["AcceleratorAttributes"]
    bucket = told.get("FlowLogsS3Bucket")
    if bucket and told.get("FlowLogsEnabled"):
        evidence = Evidence(ATTRIBUTES.call, "AcceleratorAttributes.FlowLogsS3Bucket", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "accelerator-flow-logs", evidence)
