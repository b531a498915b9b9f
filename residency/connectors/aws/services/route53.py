"""Route 53: hosted zones, and where the questions about their names are logged."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

ZONES = operation("route53:ListHostedZones", lists="HostedZones")
QUERY_LOGS = operation("route53:ListQueryLoggingConfigs", lists="QueryLoggingConfigs")
TAGS = operation("route53:ListTagsForResource", lists="ResourceTagSet")


@collector(
    service="route53",
    actions=(ZONES, QUERY_LOGS, TAGS),
    scope="global",
    kinds=("dns-zone",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The hosted zones and, where there is one, where questions about names are logged."""
    index = 0
    for page in calls.pages(ZONES):
        for zone in page["HostedZones"]:
            if not index:
                calls.each(_logs)
            calls.each(_read, zone, index)
            index += 1


def _read(calls: Calls, zone: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceType="hostedzone", ResourceId=_id(zone["Id"]))
    tags = tags_of(None if answer is None else answer["ResourceTagSet"].get("Tags", ()))
    calls.add(read_zone(calls.place, zone, index, tags))


def _logs(calls: Calls) -> None:
    index = 0
    for page in calls.pages(QUERY_LOGS):
        for entry in page["QueryLoggingConfigs"]:
            calls.add(read_query_log(calls.place, entry, index))
            index += 1


def read_zone(place: Place, zone: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A zone: names and addresses, answered from everywhere."""
    uid = _arn(place, zone["Id"])
    type_, stores = "AWS::Route53::HostedZone", StoresData.TRANSIT
    yield resource(place, uid, type_, "dns-zone", zone["Name"], tags=tags, stores=stores)
    yield primary(place, uid, ZONES.call, f"HostedZones[{index}].Id", zone["Id"])


def read_query_log(place: Place, entry: Answer, index: int) -> Iterator[Found]:
    """Who asked for which name of a zone, in a log group."""
    arn = entry["CloudWatchLogsLogGroupArn"]
    evidence = Evidence(QUERY_LOGS.call, f"QueryLoggingConfigs[{index}].CloudWatchLogsLogGroupArn", arn)
    uid, target = _arn(place, entry["HostedZoneId"]), arn.removesuffix(":*")
    yield CopyOf(Placement(uid, Role.LOG, region_of(arn), "dns-query-logs", evidence, target=target))


def _id(told: str) -> str:
    return told.rpartition("/")[2]


def _arn(place: Place, told: str) -> str:
    return f"arn:{place.partition}:route53:::hostedzone/{_id(told)}"
