"""AppStream: fleets that stream applications, where users' files are kept, and images that are lent to others."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_named_bucket, kept
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

FLEETS = operation("appstream:DescribeFleets", lists="Fleets")
STACKS = operation("appstream:DescribeStacks", lists="Stacks")
IMAGES = operation("appstream:DescribeImages", lists="Images")
SHARES = operation("appstream:DescribeImagePermissions", lists="SharedImagePermissionsList")


@collector(
    service="appstream",
    actions=(FLEETS, STACKS, IMAGES, SHARES),
    scope="regional",
    kinds=("app-fleet", "app-stack", "machine-image"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Three lists side by side; public images are not asked for."""
    calls.each(_stacks)
    calls.each(_images)
    for index, fleet in calls.items(FLEETS):
        calls.add(read_fleet(calls.place, fleet, index))


def _stacks(calls: Calls) -> None:
    for index, stack in calls.items(STACKS):
        calls.add(read_stack(calls.place, stack, index))


def _images(calls: Calls) -> None:
    for index, image in calls.items(IMAGES, Type="PRIVATE", MaxResults=25):
        calls.add(read_image(calls.place, image, index))
        if image.get("ImageSharedWithOthers") != "FALSE":
            for page in calls.pages(SHARES, Name=image["Name"], MaxResults=500):
                calls.add(read_shares(image["Arn"], page))


def read_fleet(place: Place, fleet: Answer, index: int) -> Iterator[Found]:
    """A fleet, whose machines are thrown away after each session."""
    uid, field, name = fleet["Arn"], f"Fleets[{index}].Arn", fleet["Name"]
    type_, stores = "AWS::AppStream::Fleet", StoresData.TRANSIT
    yield from kept(place, uid, type_, "app-fleet", name, FLEETS.call, field, uid, tags=None, stores=stores)


def read_stack(place: Place, stack: Answer, index: int) -> Iterator[Found]:
    """A stack, the buckets of its users' files and settings, and the drives of other companies that it opens."""
    uid, path, name = stack["Arn"], f"Stacks[{index}]", stack["Name"]
    type_, stores = "AWS::AppStream::Stack", StoresData.NO
    yield from kept(place, uid, type_, "app-stack", name, STACKS.call, f"{path}.Arn", uid, tags=None, stores=stores)
    for at, connector in enumerate(stack.get("StorageConnectors") or ()):
        where, bucket = f"{path}.StorageConnectors[{at}]", connector.get("ResourceIdentifier")
        if connector.get("ConnectorType") != "HOMEFOLDERS":
            evidence = Evidence(STACKS.call, f"{where}.ConnectorType", connector.get("ConnectorType"))
            target = ", ".join(connector.get("Domains") or ()) or None
            yield Placement(uid, Role.REPLICA, None, "appstream-storage", evidence, target=target)
        elif bucket:
            evidence = Evidence(STACKS.call, f"{where}.ResourceIdentifier", bucket)
            yield in_named_bucket(place, uid, Role.REPLICA, "appstream-storage", bucket, evidence)
    settings = stack.get("ApplicationSettings") or {}
    if settings.get("Enabled") and settings.get("S3BucketName"):
        bucket = settings["S3BucketName"]
        evidence = Evidence(STACKS.call, f"{path}.ApplicationSettings.S3BucketName", bucket)
        yield in_named_bucket(place, uid, Role.REPLICA, "appstream-settings", bucket, evidence)


def read_image(place: Place, image: Answer, index: int) -> Iterator[Found]:
    """An image of the account's own."""
    uid, field, name = image["Arn"], f"Images[{index}].Arn", image["Name"]
    yield from kept(place, uid, "AWS::AppStream::Image", "machine-image", name, IMAGES.call, field, uid, tags=None)


def read_shares(uid: str, answer: Answer) -> Iterator[Found]:
    """The accounts that may use an image."""
    for index, entry in enumerate(answer["SharedImagePermissionsList"]):
        account = entry["sharedAccountId"]
        evidence = Evidence(SHARES.call, f"SharedImagePermissionsList[{index}].sharedAccountId", account)
        yield share(uid, "appstream-image-share", evidence, account)
