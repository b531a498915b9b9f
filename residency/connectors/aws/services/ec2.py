"""EC2: instances, volumes, the account's own snapshots and images, and whom these are shared with.

Its network side is in `ec2_network`, what was written into buckets in `ec2_exports`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from residency.connectors.aws.caller import Operation
from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted_if, primary, resource, tags_of
from residency.connectors.aws.services.ec2_exports import EXPORTS, collect_image_exports, collect_machine_exports
from residency.connectors.aws.services.ec2_network import NETWORK, NETWORK_KINDS, collect_network
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Resource, Role

INSTANCES = operation("ec2:DescribeInstances", lists="Reservations")
VOLUMES = operation("ec2:DescribeVolumes", lists="Volumes")
SNAPSHOTS = operation("ec2:DescribeSnapshots", lists="Snapshots")
IMAGES = operation("ec2:DescribeImages", lists="Images")
ZONES = operation("ec2:DescribeAvailabilityZones", lists="AvailabilityZones")
SNAPSHOT_SHARES = operation("ec2:DescribeSnapshotAttribute", lists="SnapshotId")
IMAGE_SHARES = operation("ec2:DescribeImageAttribute", lists="ImageId")

# The code of the location for each zone of a region; `None` when the zones could not be read.
Zones = Mapping[str, str] | None


@collector(
    service="ec2",
    actions=(INSTANCES, VOLUMES, SNAPSHOTS, IMAGES, ZONES, SNAPSHOT_SHARES, IMAGE_SHARES, *EXPORTS, *NETWORK),
    scope="regional",
    kinds=("vm", "block-volume", "snapshot", "machine-image", *NETWORK_KINDS),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Four lists side by side. Snapshots and images are asked for by owner: without one, AWS lists the public ones."""
    own = [{"Name": "owner-id", "Values": [calls.place.account]}]
    calls.each(_list, INSTANCES, read_instances, {"MaxResults": 1000})
    calls.each(_list, VOLUMES, read_volumes, {"MaxResults": 500})
    calls.each(_list, SNAPSHOTS, read_snapshots, {"OwnerIds": ["self"], "Filters": own, "MaxResults": 1000})
    calls.each(_images)
    collect_network(calls)


def _list(
    calls: Calls,
    operation_: Operation,
    read: Callable[[Place, Answer, Zones], Iterable[Found]],
    params: Mapping[str, Any],
) -> None:
    zones: Zones = None
    asked = False
    for page in calls.pages(operation_, **params):
        if page[operation_.lists or ""]:
            if not asked:
                answer = calls.one(ZONES, AllAvailabilityZones=True)
                zones, asked = None if answer is None else read_zones(calls.place, answer), True
                if operation_ is INSTANCES:
                    calls.each(collect_machine_exports)
            calls.add(read(calls.place, page, zones))
            for snapshot in page.get("Snapshots", ()):
                calls.each(_snapshot_shares, snapshot)


def _images(calls: Calls) -> None:
    asked = False
    for page in calls.pages(IMAGES, Owners=["self"], MaxResults=1000):
        if page["Images"] and not asked:
            asked = True
            calls.each(collect_image_exports)
        calls.add(read_images(calls.place, page))
        for image in page["Images"]:
            calls.each(_image_shares, image)


def _snapshot_shares(calls: Calls, snapshot: Answer) -> None:
    name = snapshot["SnapshotId"]
    if snapshot.get("OwnerId", calls.place.account) == calls.place.account:
        answer = calls.one(SNAPSHOT_SHARES, SnapshotId=name, Attribute="createVolumePermission") or {}
        calls.add(read_shares(calls.place, "snapshot", name, answer))


def _image_shares(calls: Calls, image: Answer) -> None:
    name = image["ImageId"]
    if image.get("OwnerId", calls.place.account) == calls.place.account:
        answer = calls.one(IMAGE_SHARES, ImageId=name, Attribute="launchPermission") or {}
        calls.add(read_shares(calls.place, "image", name, answer))


def read_zones(place: Place, answer: Answer) -> dict[str, str]:
    """Where the zones of a region are. A Local or Wavelength Zone is a place of its own, at times in another country:
    the one of Casablanca belongs to Paris."""
    return {
        zone["ZoneName"]: place.region if zone.get("ZoneType", "availability-zone") == "availability-zone"
        else zone["ZoneName"]
        for zone in answer["AvailabilityZones"]
    }  # fmt: skip


def read_instances(place: Place, answer: Answer, zones: Zones) -> Iterator[Found]:
    """Instances that exist; a terminated one has no disk any more."""
    for outer, reservation in enumerate(answer["Reservations"]):
        for inner, instance in enumerate(reservation["Instances"]):
            if instance.get("State", {}).get("Name") == "terminated":
                continue
            uid = place.arn("ec2", f"instance/{instance['InstanceId']}")
            tags = tags_of(instance.get("Tags", ()))
            found = resource(place, uid, "AWS::EC2::Instance", "vm", _name(tags, instance["InstanceId"]), tags=tags)
            path = f"Reservations[{outer}].Instances[{inner}]"
            zone = instance.get("Placement", {}).get("AvailabilityZone")
            yield from _placed(found, instance, zone, zones, INSTANCES.call, path, f"{path}.Placement.AvailabilityZone")


def read_volumes(place: Place, answer: Answer, zones: Zones) -> Iterator[Found]:
    """Volumes, attached or not."""
    for index, volume in enumerate(answer["Volumes"]):
        name, path = volume["VolumeId"], f"Volumes[{index}]"
        uid = place.arn("ec2", f"volume/{name}")
        found, keys = _disk(place, uid, "AWS::EC2::Volume", "block-volume", name, volume, VOLUMES.call, path)
        zone = volume.get("AvailabilityZone")
        yield from _placed(found, volume, zone, zones, VOLUMES.call, path, f"{path}.AvailabilityZone")
        yield from keys


def read_snapshots(place: Place, answer: Answer, zones: Zones) -> Iterator[Found]:
    """The account's own snapshots of volumes. Their ARN names no account; some are kept in one zone only."""
    for index, snapshot in enumerate(answer["Snapshots"]):
        if snapshot.get("OwnerId", place.account) != place.account:
            continue
        name, path = snapshot["SnapshotId"], f"Snapshots[{index}]"
        uid = f"arn:{place.partition}:ec2:{place.region}::snapshot/{name}"
        found, keys = _disk(place, uid, "AWS::EC2::Snapshot", "snapshot", name, snapshot, SNAPSHOTS.call, path)
        zone = snapshot.get("AvailabilityZone")
        if zone or snapshot.get("OutpostArn"):
            yield from _placed(found, snapshot, zone, zones, SNAPSHOTS.call, path, f"{path}.AvailabilityZone")
        else:
            yield found
            yield primary(place, uid, SNAPSHOTS.call, f"{path}.SnapshotId", name)
        yield from keys


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


def read_shares(place: Place, what: str, name: str, answer: Answer) -> Iterator[Found]:
    """Who else may make a volume of a snapshot or launch an image: accounts, organisations, or everybody."""
    member, via, call = (
        ("LaunchPermissions", "ami-launch-permission", IMAGE_SHARES.call) if what == "image"
        else ("CreateVolumePermissions", "snapshot-permission", SNAPSHOT_SHARES.call)
    )  # fmt: skip
    uid = f"arn:{place.partition}:ec2:{place.region}::{what}/{name}"
    for index, entry in enumerate(answer.get(member) or ()):
        for field in ("UserId", "Group", "OrganizationArn", "OrganizationalUnitArn"):
            told = entry.get(field)
            if told and told != place.account:
                evidence = Evidence(call, f"{member}[{index}].{field}", told)
                yield share(uid, via, evidence, "*" if told == "all" else told)


def _image(place: Place, region: str, name: str) -> str:
    return f"arn:{place.partition}:ec2:{region}::image/{name}"


def _placed(
    found: Resource, told: Answer, zone: str | None, zones: Zones, call: str, path: str, field: str
) -> Iterator[Found]:
    """Something with its place: that of its zone. On an Outpost it is at the customer's, wherever that is."""
    outpost = told.get("OutpostArn")
    if outpost:
        yield replace(found, location=None)
        evidence = Evidence(call, f"{path}.OutpostArn", outpost)
        yield Placement(found.uid, Role.PRIMARY, None, "outpost", evidence, target=outpost)
        return
    where = None if zones is None or zone is None else zones.get(zone)
    yield replace(found, location=where)
    yield Placement(found.uid, Role.PRIMARY, where, "location", Evidence(call, field, zone))


def _disk(
    place: Place, uid: str, type_: str, kind: str, name: str, disk: Answer, call: str, path: str
) -> tuple[Resource, list[KeyUse]]:
    tags = tags_of(disk.get("Tags", ()))
    custody, keys = encrypted_if(place, uid, disk.get("Encrypted"), disk.get("KmsKeyId"), call, f"{path}.KmsKeyId")
    return resource(place, uid, type_, kind, _name(tags, name), tags=tags, custody=custody), keys


def _name(tags: Any, otherwise: str) -> str:
    return (tags or {}).get("Name") or otherwise
