"""Directory Service: directories of people and machines, the regions they are replicated to, and whom they are lent."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

DIRECTORIES = operation("ds:DescribeDirectories", lists="DirectoryDescriptions")
SHARES = operation("ds:DescribeSharedDirectories", lists="SharedDirectories")
TAGS = operation("ds:ListTagsForResource", lists="Tags")
_TYPES = {"SimpleAD": "AWS::DirectoryService::SimpleAD", "MicrosoftAD": "AWS::DirectoryService::MicrosoftAD"}
_LENT = frozenset({"Shared", "Sharing", "PendingAcceptance"})


@collector(
    service="ds",
    actions=(DIRECTORIES, SHARES, TAGS),
    scope="regional",
    kinds=("directory",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The directories; of those that can be shared, with whom they are."""
    for index, entry in calls.items(DIRECTORIES):
        calls.each(_read, entry, index)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    name = entry["DirectoryId"]
    tags = tags_of(calls.whole(TAGS, "Tags", ResourceId=name))
    calls.add(read_directory(calls.place, entry, index, tags))
    if entry.get("Type") == "MicrosoftAD":
        for page in calls.pages(SHARES, OwnerDirectoryId=name):
            calls.add(read_shares(calls.place, name, page))


def read_directory(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A directory and its other regions. A connector only passes questions on, to a directory that is elsewhere."""
    kind, name = entry.get("Type", ""), entry["DirectoryId"]
    uid, path = place.arn("ds", f"directory/{name}"), f"DirectoryDescriptions[{index}]"
    connector = kind == "ADConnector"
    yield from kept(
        place, uid, _TYPES.get(kind, "AWS::DirectoryService::Directory"), "directory", entry.get("Name") or name,
        DIRECTORIES.call, f"{path}.DirectoryId", name, tags=tags,
        stores=StoresData.TRANSIT if connector else StoresData.YES, otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    for at, region in enumerate((entry.get("RegionsInfo") or {}).get("AdditionalRegions") or ()):
        if region != place.region:
            evidence = Evidence(DIRECTORIES.call, f"{path}.RegionsInfo.AdditionalRegions[{at}]", region)
            target = place.arn("ds", f"directory/{name}", region)
            yield Placement(uid, Role.REPLICA, region, "directory-region", evidence, target=target)
    for at, address in enumerate((entry.get("DnsIpAddrs") or ()) if connector else ()):
        evidence = Evidence(DIRECTORIES.call, f"{path}.DnsIpAddrs[{at}]", address)
        yield Placement(uid, Role.PROCESSING, None, "directory-connector", evidence, target=address)


def read_shares(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The accounts that may use a directory."""
    for index, entry in enumerate(answer["SharedDirectories"]):
        account = entry.get("SharedAccountId")
        if account and account != place.account and entry.get("ShareStatus") in _LENT:
            evidence = Evidence(SHARES.call, f"SharedDirectories[{index}].SharedAccountId", account)
            yield share(place.arn("ds", f"directory/{name}"), "directory-share", evidence, account)
