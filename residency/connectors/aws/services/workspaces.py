"""WorkSpaces: desktops, their stand-ins in other regions, and images that are lent to other accounts."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

DESKTOPS = operation("workspaces:DescribeWorkspaces", lists="Workspaces")
IMAGES = operation("workspaces:DescribeWorkspaceImages", lists="Images")
SHARES = operation("workspaces:DescribeWorkspaceImagePermissions", lists="ImagePermissions")
TAGS = operation("workspaces:DescribeTags", lists="TagList")


@collector(
    service="workspaces",
    actions=(DESKTOPS, IMAGES, SHARES, TAGS),
    scope="regional",
    kinds=("virtual-desktop", "machine-image"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Desktops and images side by side."""
    calls.each(_images)
    for index, desktop in calls.items(DESKTOPS, Limit=25):
        calls.each(_desktop, desktop, index)


def _desktop(calls: Calls, desktop: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceId=desktop["WorkspaceId"])
    calls.add(read_desktop(calls.place, desktop, index, tags_of(None if answer is None else answer["TagList"])))


def _images(calls: Calls) -> None:
    for index, image in calls.items(IMAGES, ImageType="OWNED", MaxResults=25):
        calls.add(read_image(calls.place, image, index))
        for page in calls.pages(SHARES, ImageId=image["ImageId"], MaxResults=25):
            calls.add(read_shares(calls.place, image["ImageId"], page))


def read_desktop(place: Place, desktop: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A desktop, and the one in another region that stands in for it and is given its data."""
    name, path, call = desktop["WorkspaceId"], f"Workspaces[{index}]", DESKTOPS.call
    uid = place.arn("workspaces", f"workspace/{name}")
    encrypted = desktop.get("UserVolumeEncryptionEnabled") and desktop.get("RootVolumeEncryptionEnabled")
    yield from kept(
        place, uid, "AWS::WorkSpaces::Workspace", "virtual-desktop", desktop.get("WorkspaceName") or name, call,
        f"{path}.WorkspaceId", name, tags=tags, key=desktop.get("VolumeEncryptionKey") if encrypted else None,
        key_field=f"{path}.VolumeEncryptionKey", otherwise=KeyCustody.NONE,
    )  # fmt: skip
    given = {
        entry.get("StandbyWorkspaceId") for entry in desktop.get("StandbyWorkspacesProperties") or ()
        if entry.get("DataReplication") == "PRIMARY_AS_SOURCE"
    }  # fmt: skip
    for at, other in enumerate(desktop.get("RelatedWorkspaces") or ()):
        region = other.get("Region")
        if region and region != place.region and other.get("WorkspaceId") in given:
            evidence = Evidence(call, f"{path}.RelatedWorkspaces[{at}].Region", region)
            target = place.arn("workspaces", f"workspace/{other['WorkspaceId']}", region)
            yield Placement(uid, Role.REPLICA, region, "workspaces-standby", evidence, target=target)


def read_image(place: Place, image: Answer, index: int) -> Iterator[Found]:
    """An image of the account's own."""
    name, field = image["ImageId"], f"Images[{index}].ImageId"
    uid, type_ = _image(place, name), "AWS::WorkSpaces::WorkspaceImage"
    yield from kept(place, uid, type_, "machine-image", image.get("Name"), IMAGES.call, field, name, tags=None)


def read_shares(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The accounts that may use an image."""
    for index, entry in enumerate(answer["ImagePermissions"]):
        account = entry["SharedAccountId"]
        evidence = Evidence(SHARES.call, f"ImagePermissions[{index}].SharedAccountId", account)
        yield share(_image(place, name), "workspaces-image-share", evidence, account)


def _image(place: Place, name: str) -> str:
    return place.arn("workspaces", f"workspaceimage/{name}")
