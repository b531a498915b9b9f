"""Machines and images of EC2 that were written into a bucket, to be run elsewhere or kept."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_bucket
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role

IMAGE_TASKS = operation("ec2:DescribeExportImageTasks", lists="ExportImageTasks")
MACHINE_TASKS = operation("ec2:DescribeExportTasks", lists="ExportTasks")
STORE_TASKS = operation("ec2:DescribeStoreImageTasks", lists="StoreImageTaskResults")
EXPORTS = (IMAGE_TASKS, MACHINE_TASKS, STORE_TASKS)
_NEVER_WRITTEN = frozenset({"cancelled", "cancelling", "deleted", "deleting", "failed"})


def collect_image_exports(calls: Calls) -> None:
    """Exports of images; asked for when there is an image."""
    for index, task in calls.items(IMAGE_TASKS, MaxResults=500):
        calls.add(read_image_task(calls.place, task, index))
    for index, task in calls.items(STORE_TASKS, MaxResults=200):
        calls.add(read_store_task(calls.place, task, index))


def collect_machine_exports(calls: Calls) -> None:
    """Exports of machines; asked for when there is a machine. They come whole."""
    answer = calls.one(MACHINE_TASKS)
    for index, task in enumerate(() if answer is None else answer["ExportTasks"]):
        calls.add(read_machine_task(calls.place, task, index))


def read_image_task(place: Place, task: Answer, index: int) -> Iterator[Found]:
    """An image written into a bucket as the disk of a virtual machine."""
    bucket, image = task.get("S3ExportLocation", {}).get("S3Bucket"), task.get("ImageId", "")
    if bucket and task.get("Status") not in _NEVER_WRITTEN:
        evidence = Evidence(IMAGE_TASKS.call, f"ExportImageTasks[{index}].S3ExportLocation.S3Bucket", bucket)
        uid = f"arn:{place.partition}:ec2:{place.region}::image/{image}"
        yield in_bucket(place, uid, Role.REPLICA, bucket, "image-export", evidence)


def read_store_task(place: Place, task: Answer, index: int) -> Iterator[Found]:
    """An image stored in a bucket as one object."""
    bucket, image = task.get("Bucket"), task.get("AmiId", "")
    if bucket and str(task.get("StoreTaskState", "")).lower() not in _NEVER_WRITTEN:
        evidence = Evidence(STORE_TASKS.call, f"StoreImageTaskResults[{index}].Bucket", bucket)
        uid = f"arn:{place.partition}:ec2:{place.region}::image/{image}"
        yield in_bucket(place, uid, Role.REPLICA, bucket, "image-store", evidence)


def read_machine_task(place: Place, task: Answer, index: int) -> Iterator[Found]:
    """A machine written into a bucket."""
    bucket = task.get("ExportToS3Task", {}).get("S3Bucket")
    machine = task.get("InstanceExportDetails", {}).get("InstanceId", "")
    if bucket and task.get("State") not in _NEVER_WRITTEN:
        evidence = Evidence(MACHINE_TASKS.call, f"ExportTasks[{index}].ExportToS3Task.S3Bucket", bucket)
        uid = place.arn("ec2", f"instance/{machine}")
        yield in_bucket(place, uid, Role.REPLICA, bucket, "instance-export", evidence)
