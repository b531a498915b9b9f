"""EC2: instances, volumes, and the account's own snapshots and images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted_if, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

INSTANCES = operation("ec2:DescribeInstances", lists="Reservations")
VOLUMES = operation("ec2:DescribeVolumes", lists="Volumes")
SNAPSHOTS = operation("ec2:DescribeSnapshots", lists="Snapshots")
IMAGES = operation("ec2:DescribeImages", lists="Images")


@collector(
    service="ec2",
    actions=(INSTANCES, VOLUMES, SNAPSHOTS, IMAGES),
    scope="regional",
    kinds=("vm", "block-volume", "snapshot", "machine-image"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Four lists side by side. Snapshots and images are asked for by owner: without one, AWS lists the public ones."""
    calls.each(_instances)
    calls.each(_volumes)
    calls.each(_snapshots)
    calls.each(_images)


def _instances(calls: Calls) -> None:
    for page in calls.pages(INSTANCES, MaxResults=1000):
        calls.add(read_instances(calls.place, page))


def _volumes(calls: Calls) -> None:
    for page in calls.pages(VOLUMES, MaxResults=500):
        calls.add(read_volumes(calls.place, page))


def _snapshots(calls: Calls) -> None:
    own = [{"Name": "owner-id", "Values": [calls.place.account]}]
    for page in calls.pages(SNAPSHOTS, OwnerIds=["self"], Filters=own, MaxResults=1000):
        calls.add(read_snapshots(calls.place, page))


def _images(calls: Calls) -> None:
    for page in calls.pages(IMAGES, Owners=["self"], MaxResults=1000):
        calls.add(read_images(calls.place, page))


def read_instances(place: Place, answer: Answer) -> Iterator[Found]:
    """Instances that exist; a terminated one has no disk any more."""
    for outer, reservation in enumerate(answer["Reservations"]):
        for inner, instance in enumerate(reservation["Instances"]):
            if instance.get("State", {}).get("Name") == "terminated":
                continue
            uid = place.arn("ec2", f"instance/{instance['InstanceId']}")
            tags = tags_of(instance.get("Tags", ()))
            yield resource(place, uid, "AWS::EC2::Instance", "vm", _name(tags, instance["InstanceId"]), tags=tags)
            field = f"Reservations[{outer}].Instances[{inner}].Placement.AvailabilityZone"
            zone = instance.get("Placement", {}).get("AvailabilityZone")
            yield primary(place, uid, INSTANCES.call, field, zone)


def read_volumes(place: Place, answer: Answer) -> Iterator[Found]:
    """Volumes, attached or not."""
    for index, volume in enumerate(answer["Volumes"]):
        uid = place.arn("ec2", f"volume/{volume['VolumeId']}")
        yield from _disk(place, uid, "AWS::EC2::Volume", "block-volume", volume["VolumeId"], volume, VOLUMES.call,
                         f"Volumes[{index}]")  # fmt: skip
        zone = volume.get("AvailabilityZone")
        yield primary(place, uid, VOLUMES.call, f"Volumes[{index}].AvailabilityZone", zone)


def read_snapshots(place: Place, answer: Answer) -> Iterator[Found]:
    """The account's own snapshots of volumes. Their ARN names no account."""
    for index, snapshot in enumerate(answer["Snapshots"]):
        if snapshot.get("OwnerId", place.account) != place.account:
            continue
        name = snapshot["SnapshotId"]
        uid = f"arn:{place.partition}:ec2:{place.region}::snapshot/{name}"
        yield from _disk(place, uid, "AWS::EC2::Snapshot", "snapshot", name, snapshot, SNAPSHOTS.call,
                         f"Snapshots[{index}]")  # fmt: skip
        yield primary(place, uid, SNAPSHOTS.call, f"Snapshots[{index}].SnapshotId", name)


def read_images(place: Place, answer: Answer) -> Iterator[Found]:
    """The account's own images. A copy tells its original, of which this region is then a replica."""
    for index, image in enumerate(answer["Images"]):
        if image.get("OwnerId", place.account) != place.account:
            continue
        uid = _image(place, place.region, image["ImageId"])
        tags = tags_of(image.get("Tags", ()))
        name = image.get("Name") or image["ImageId"]
        yield resource(place, uid, "AWS::EC2::Image", "machine-image", name, tags=tags)
        yield primary(place, uid, IMAGES.call, f"Images[{index}].ImageId", image["ImageId"])
        source, region = image.get("SourceImageId"), image.get("SourceImageRegion")
        if source and region and region != place.region:
            evidence = Evidence(IMAGES.call, f"Images[{index}].SourceImageRegion", region)
            original = _image(place, region, source)
            yield CopyOf(Placement(original, Role.REPLICA, place.region, "ami-copy", evidence, target=uid))


def _image(place: Place, region: str, name: str) -> str:
    return f"arn:{place.partition}:ec2:{region}::image/{name}"


def _disk(
    place: Place, uid: str, type_: str, kind: str, name: str, disk: dict[str, Any], call: str, path: str
) -> Iterator[Found]:
    tags = tags_of(disk.get("Tags", ()))
    custody, keys = encrypted_if(place, uid, disk.get("Encrypted"), disk.get("KmsKeyId"), call, f"{path}.KmsKeyId")
    yield resource(place, uid, type_, kind, _name(tags, name), tags=tags, custody=custody)
    yield from keys


def _name(tags: Any, otherwise: str) -> str:
    return (tags or {}).get("Name") or otherwise
