"""Database Migration Service: the machines that copy, the endpoints they copy between, and the tasks."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

INSTANCES = operation("dms:DescribeReplicationInstances", lists="ReplicationInstances")
ENDPOINTS = operation("dms:DescribeEndpoints", lists="Endpoints")
TASKS = operation("dms:DescribeReplicationTasks", lists="ReplicationTasks")
TAGS = operation("dms:ListTagsForResource", lists="TagList")
# How an endpoint, or the settings of its engine, names what it leads to when that is no bucket.
_NAMED = ("StreamArn", "Arn", "ServerName", "Broker", "EndpointUri")


@collector(
    service="dms",
    actions=(INSTANCES, ENDPOINTS, TASKS, TAGS),
    scope="regional",
    kinds=("migration-instance", "migration-endpoint", "migration-task"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Three lists side by side."""
    calls.each(_instances)
    calls.each(_tasks)
    for index, endpoint in calls.items(ENDPOINTS, MaxRecords=100):
        calls.add(read_endpoint(calls.place, endpoint, index))


def _instances(calls: Calls) -> None:
    for index, machine in calls.items(INSTANCES, MaxRecords=100):
        calls.each(_instance, machine, index)


def _instance(calls: Calls, machine: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceArn=machine["ReplicationInstanceArn"])
    calls.add(read_instance(calls.place, machine, index, tags_of(None if answer is None else answer["TagList"])))


def _tasks(calls: Calls) -> None:
    for index, task in calls.items(TASKS, MaxRecords=100, WithoutSettings=True):
        calls.add(read_task(calls.place, task, index))


def read_instance(place: Place, machine: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A machine that copies, and keeps on its disk what it has not yet handed on."""
    uid, path, call = machine["ReplicationInstanceArn"], f"ReplicationInstances[{index}]", INSTANCES.call
    yield from kept(
        place, uid, "AWS::DMS::ReplicationInstance", "migration-instance", machine["ReplicationInstanceIdentifier"],
        call, f"{path}.ReplicationInstanceArn", uid, tags=tags, stores=StoresData.TRANSIT,
        key=machine.get("KmsKeyId"), key_field=f"{path}.KmsKeyId", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_endpoint(place: Place, endpoint: Answer, index: int) -> Iterator[Found]:
    """An endpoint and what it leads to: a host, of which nobody here knows where it is, a bucket, a stream."""
    uid, path, call = endpoint["EndpointArn"], f"Endpoints[{index}]", ENDPOINTS.call
    yield from kept(
        place, uid, "AWS::DMS::Endpoint", "migration-endpoint", endpoint["EndpointIdentifier"], call,
        f"{path}.EndpointArn", uid, tags=None, stores=StoresData.NO,
    )  # fmt: skip
    target = str(endpoint.get("EndpointType", "")).lower() == "target"
    role = Role.REPLICA if target else Role.PROCESSING
    seen: set[str] = set()
    for member in ("", *sorted(name for name in endpoint if name.endswith("Settings"))):
        settings, where = (endpoint[member], f"{path}.{member}") if member else (endpoint, path)
        bucket = settings.get("BucketName")
        if bucket:
            evidence = Evidence(call, f"{where}.BucketName", bucket)
            yield in_named_bucket(place, uid, role, "dms-endpoint", bucket, evidence)
        for name in _NAMED:
            told = settings.get(name)
            if told and told not in seen:
                seen.add(told)
                evidence = Evidence(call, f"{where}.{name}", told)
                yield Placement(uid, role, region_of(told), "dms-endpoint", evidence, target=told)


def read_task(place: Place, task: Answer, index: int) -> Iterator[Found]:
    """A task, the endpoint it reads from and the one it writes to."""
    uid, path, call = task["ReplicationTaskArn"], f"ReplicationTasks[{index}]", TASKS.call
    yield from kept(
        place, uid, "AWS::DMS::ReplicationTask", "migration-task", task["ReplicationTaskIdentifier"], call,
        f"{path}.ReplicationTaskArn", uid, tags=None, stores=StoresData.TRANSIT,
    )  # fmt: skip
    for field, role in (("SourceEndpointArn", Role.PROCESSING), ("TargetEndpointArn", Role.REPLICA)):
        told = task[field]
        evidence = Evidence(call, f"{path}.{field}", told)
        yield CopyOf(Placement(uid, role, region_of(told), "dms-task", evidence, target=told))
