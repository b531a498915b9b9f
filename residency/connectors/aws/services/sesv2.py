"""SES: where what happens to letters is reported to, and endpoints that send from two regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

SETS = operation("sesv2:ListConfigurationSets", permission="ses:ListConfigurationSets", lists="ConfigurationSets")
REPORTS = operation(
    "sesv2:GetConfigurationSetEventDestinations",
    permission="ses:GetConfigurationSetEventDestinations",
    lists="EventDestinations",
)
ENDPOINTS = operation(
    "sesv2:ListMultiRegionEndpoints", permission="ses:ListMultiRegionEndpoints", lists="MultiRegionEndpoints"
)
TAGS = operation("sesv2:ListTagsForResource", permission="ses:ListTagsForResource", lists="Tags")

# Where a report goes, by ARN.
_TARGETS = (
    ("KinesisFirehoseDestination", "DeliveryStreamArn"), ("SnsDestination", "TopicArn"),
    ("EventBridgeDestination", "EventBusArn"), ("PinpointDestination", "ApplicationArn"),
)  # fmt: skip


@collector(
    service="sesv2",
    actions=(SETS, REPORTS, ENDPOINTS, TAGS),
    scope="regional",
    kinds=("email-identity",),
    roles=(Role.PRIMARY, Role.LOG, Role.PROCESSING),
)
def collect(calls: Calls) -> None:
    """The sets of settings, with where each reports to, and the endpoints of more than one region."""
    calls.each_of(SETS, _set, PageSize=1000)
    calls.each_of(ENDPOINTS, _endpoint, PageSize=1000)


def _set(calls: Calls, name: str, index: int) -> None:
    answer = calls.one(REPORTS, ConfigurationSetName=name)
    tags = calls.tags(TAGS, ResourceArn=_arn(calls.place, name))
    calls.add(read_set(calls.place, name, index, () if answer is None else answer["EventDestinations"], tags))


def _endpoint(calls: Calls, endpoint: Answer, index: int) -> None:
    tags = calls.tags(TAGS, ResourceArn=_arn_of_endpoint(calls.place, endpoint))
    calls.add(read_endpoint(calls.place, endpoint, index, tags))


def read_set(place: Place, name: str, index: int, reports: Iterable[Answer], tags: Tags) -> Iterator[Found]:
    """A set of settings, and where it reports who got, opened or refused a letter."""
    uid, stores = _arn(place, name), StoresData.TRANSIT
    yield resource(place, uid, "AWS::SES::ConfigurationSet", "email-identity", name, tags=tags, stores=stores)
    yield primary(place, uid, SETS.call, f"ConfigurationSets[{index}]", name)
    for at, report in enumerate(reports):
        for member, field in _TARGETS:
            arn = report.get(member, {}).get(field)
            if arn and report.get("Enabled"):
                path = f"EventDestinations[{at}].{member}.{field}"
                yield towards(place, uid, Role.LOG, arn, "email-events", REPORTS.call, path)


def read_endpoint(place: Place, endpoint: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """An endpoint, told in its first region: letters are sent from each of its regions."""
    uid, path = _arn_of_endpoint(place, endpoint), f"MultiRegionEndpoints[{index}]"
    type_, stores = "AWS::SES::MultiRegionEndpoint", StoresData.TRANSIT
    yield resource(place, uid, type_, "email-identity", endpoint["EndpointName"], tags=tags, stores=stores)
    yield primary(place, uid, ENDPOINTS.call, f"{path}.EndpointName", endpoint["EndpointName"])
    for at, region in enumerate(endpoint.get("Regions", ())):
        if region != place.region:
            evidence = Evidence(ENDPOINTS.call, f"{path}.Regions[{at}]", region)
            yield Placement(uid, Role.PROCESSING, region, "email-multi-region", evidence)


def _arn(place: Place, name: str) -> str:
    return place.arn("ses", f"configuration-set/{name}")


def _arn_of_endpoint(place: Place, endpoint: Answer) -> str:
    return place.arn("ses", f"multi-region-endpoint/{endpoint['EndpointName']}")
