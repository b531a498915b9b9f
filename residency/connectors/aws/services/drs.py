"""Elastic Disaster Recovery: servers whose disks are replicated into a region, and where those servers are."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import kept
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

SERVERS = operation("drs:DescribeSourceServers", lists="items")
REPLICATION = operation("drs:GetReplicationConfiguration", lists="sourceServerID")
# What a region answers in which nobody ever set the service up.
_NEVER_USED = ("UninitializedAccountException",)


@collector(
    service="drs",
    actions=(SERVERS, REPLICATION),
    scope="regional",
    kinds=("recovery-server",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The servers that are replicated into the region, then how each is."""
    for index, server in calls.items(SERVERS, absent=_NEVER_USED, maxResults=200):
        calls.each(_read, server, index)


def _read(calls: Calls, server: Answer, index: int) -> None:
    answer = calls.one(REPLICATION, sourceServerID=server["sourceServerID"]) or {}
    calls.add(read_server(calls.place, server, index, answer))


def read_server(place: Place, server: Answer, index: int, replication: Answer) -> Iterator[Found]:
    """The replicated disks of a server. They rest here; the server runs in another region, or who knows where."""
    uid, path, call = server["arn"], f"items[{index}]", SERVERS.call
    hints = (server.get("sourceProperties") or {}).get("identificationHints") or {}
    name = hints.get("hostname") or hints.get("fqdn") or server["sourceServerID"]
    yield from kept(
        place, uid, "AWS::DRS::SourceServer", "recovery-server", name, call, f"{path}.arn", uid,
        tags=server.get("tags") or {}, key=replication.get("ebsEncryptionKeyArn"), key_field="ebsEncryptionKeyArn",
    )  # fmt: skip
    origin = server.get("sourceCloudProperties") or {}
    region, account = origin.get("originRegion"), origin.get("originAccountID")
    machine = hints.get("awsInstanceID")
    evidence = Evidence(call, f"{path}.sourceCloudProperties.originRegion", region)
    original = f"arn:{place.partition}:ec2:{region}:{account}:instance/{machine}" if machine else None
    yield Placement(uid, Role.PROCESSING, region, "drs-source", evidence, target=original)
    if region and original:
        yield CopyOf(Placement(original, Role.REPLICA, place.region, "drs-replication", evidence, target=uid))
    staging = (server.get("stagingArea") or {}).get("stagingAccountID")
    if staging and staging != place.account:
        yield share(uid, "drs-staging", Evidence(call, f"{path}.stagingArea.stagingAccountID", staging), staging)
