"""Resource Access Manager: what is shared with whom, and whether that is outside of the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import kept, tags_of
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

SHARES = operation("ram:GetResourceShares", lists="resourceShares")
ASSOCIATIONS = operation("ram:GetResourceShareAssociations", lists="resourceShareAssociations")
_IN_FORCE = frozenset({"ASSOCIATING", "ASSOCIATED"})


@collector(
    service="ram",
    actions=(SHARES, ASSOCIATIONS),
    scope="regional",
    kinds=("resource-share",),
    roles=(Role.PRIMARY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The account's own shares; when there are any, who is let in and what each share holds."""
    shares = list(calls.items(SHARES, resourceOwner="SELF", resourceShareStatus="ACTIVE", maxResults=500))
    for index, entry in shares:
        calls.add(read_share(calls.place, entry, index))
    if shares:
        principals = list(calls.items(ASSOCIATIONS, associationType="PRINCIPAL", maxResults=500))
        resources = [row for _, row in calls.items(ASSOCIATIONS, associationType="RESOURCE", maxResults=500)]
        calls.add(read_principals(calls.place, principals, resources))


def read_share(place: Place, entry: Answer, index: int) -> Iterator[Found]:
    """A share of the account's own."""
    uid, type_, name = entry["resourceShareArn"], "AWS::RAM::ResourceShare", entry.get("name")
    field, tags = f"resourceShares[{index}].resourceShareArn", tags_of(entry.get("tags") or (), "key", "value")
    yield from kept(
        place, uid, type_, "resource-share", name, SHARES.call, field, uid, tags=tags, stores=StoresData.NO
    )


def read_principals(
    place: Place, principals: Iterable[tuple[int, Answer]], resources: Iterable[Answer]
) -> Iterator[Found]:
    """Whom a share lets in, told of the share and of every resource in it that was read."""
    held: dict[str, list[str]] = {}
    for row in resources:
        if row.get("status") in _IN_FORCE:
            held.setdefault(row["resourceShareArn"], []).append(row["associatedEntity"])
    for index, row in principals:
        target, arn = row["associatedEntity"], row["resourceShareArn"]
        own = target == place.account or f":{place.account}:" in target
        if row.get("status") not in _IN_FORCE or own or target.endswith(".amazonaws.com"):
            continue
        evidence = Evidence(ASSOCIATIONS.call, f"resourceShareAssociations[{index}].associatedEntity", target)
        for uid in (arn, *held.get(arn, ())):
            yield CopyOf(share(uid, "ram-share", evidence, target))
