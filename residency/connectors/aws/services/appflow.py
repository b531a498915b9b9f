"""AppFlow: what is carried between a service of AWS and somebody's software as a service."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, in_bucket, primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

FLOWS = operation("appflow:ListFlows", lists="flows")
FLOW = operation("appflow:DescribeFlow", lists="flowArn")
# Destinations that are services of the region itself.
_HERE = frozenset({"EventBridge", "CustomerProfiles", "LookoutMetrics"})


@collector(
    service="appflow",
    actions=(FLOWS, FLOW),
    scope="regional",
    kinds=("data-transfer",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of flows, then each."""
    for _, flow in calls.items(FLOWS, maxResults=100):
        calls.each(_read, flow["flowName"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(FLOW, flowName=name)
    if answer is not None:
        calls.add(read_flow(calls.place, answer))


def read_flow(place: Place, flow: Answer) -> Iterator[Found]:
    """A flow and its destinations: buckets, here or elsewhere, or a service of another company, wherever that is."""
    uid, call = flow["flowArn"], FLOW.call
    custody, keys = encrypted(place, uid, flow.get("kmsArn"), call, "kmsArn", KeyCustody.PROVIDER_MANAGED)
    type_, stores, tags = "AWS::AppFlow::Flow", StoresData.TRANSIT, tags_in(flow, "tags")
    yield resource(place, uid, type_, "data-transfer", flow["flowName"], tags=tags, stores=stores, custody=custody)
    yield primary(place, uid, call, "flowArn", uid)
    yield from keys
    for index, destination in enumerate(flow.get("destinationFlowConfigList") or ()):
        path, buckets = f"destinationFlowConfigList[{index}]", False
        for member, told in (destination.get("destinationConnectorProperties") or {}).items():
            for name in ("bucketName", "intermediateBucketName"):
                bucket = told.get(name)
                if bucket:
                    buckets = True
                    field = f"{path}.destinationConnectorProperties.{member}.{name}"
                    yield in_bucket(place, uid, Role.REPLICA, bucket, "appflow-flow", Evidence(call, field, bucket))
        sort = destination["connectorType"]
        if not (buckets and sort in ("S3", "Upsolver")):
            region = place.region if sort in _HERE else None
            evidence = Evidence(call, f"{path}.connectorType", sort)
            target = destination.get("connectorProfileName") or sort
            yield Placement(uid, Role.REPLICA, region, "appflow-flow", evidence, target=target)
