"""Route 53 Resolver: where the questions that machines ask about names are logged."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Role, StoresData

LOGS = operation("route53resolver:ListResolverQueryLogConfigs", lists="ResolverQueryLogConfigs")
TAGS = operation("route53resolver:ListTagsForResource", lists="Tags")


@collector(
    service="route53resolver",
    actions=(LOGS, TAGS),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of query logs, then the tags of each."""
    calls.each_of(LOGS, _read, MaxResults=100)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    tags = calls.tags(TAGS, ResourceArn=entry["Arn"], MaxResults=100)
    calls.add(read_log(calls.place, entry, index, tags))


def read_log(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A query log, and the bucket, log group or delivery stream it is written to."""
    if entry.get("Status") == "FAILED":
        return
    uid, path = entry["Arn"], f"ResolverQueryLogConfigs[{index}]"
    type_, stores = "AWS::Route53Resolver::ResolverQueryLoggingConfig", StoresData.TRANSIT
    yield resource(place, uid, type_, "log-sink", entry.get("Name"), tags=tags, stores=stores)
    yield primary(place, uid, LOGS.call, f"{path}.Arn", uid)
    arn = entry["DestinationArn"]
    yield towards(place, uid, Role.LOG, arn, "dns-query-logs", LOGS.call, f"{path}.DestinationArn")
