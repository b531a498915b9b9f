"""Security Hub: the findings of a region, and the region that gathers those of others."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

HUB = operation("securityhub:DescribeHub", lists="HubArn")
AGGREGATORS = operation("securityhub:ListFindingAggregators", lists="FindingAggregators")
AGGREGATOR = operation("securityhub:GetFindingAggregator", lists="FindingAggregatorArn")
TAGS = operation("securityhub:ListTagsForResource", lists="Tags")


@collector(
    service="securityhub",
    actions=(HUB, AGGREGATORS, AGGREGATOR, TAGS),
    scope="regional",
    kinds=("security-findings",),
    roles=(Role.PRIMARY, Role.REPLICA),
)
def collect(calls: Calls) -> None:
    """The hub of the region, if there is one, and the aggregator of the account, which every region tells of."""
    hub = calls.one(HUB)
    if hub is None:
        return
    calls.add(read_hub(calls.place, hub, calls.tags(TAGS, ResourceArn=hub["HubArn"])))
    for _, entry in calls.items(AGGREGATORS, MaxResults=100):
        calls.each(_aggregator, hub["HubArn"], entry["FindingAggregatorArn"])


def _aggregator(calls: Calls, hub: str, arn: str) -> None:
    answer = calls.one(AGGREGATOR, FindingAggregatorArn=arn)
    if answer is not None:
        calls.add(read_aggregator(calls.place, hub, answer))


def read_hub(place: Place, hub: Answer, tags: Tags) -> Iterator[Found]:
    """The findings of a region."""
    uid, custody = hub["HubArn"], KeyCustody.PROVIDER_MANAGED
    yield resource(place, uid, "AWS::SecurityHub::Hub", "security-findings", "default", tags=tags, custody=custody)
    yield primary(place, uid, HUB.call, "HubArn", uid)


def read_aggregator(place: Place, hub: str, answer: Answer) -> Iterator[Found]:
    """The region that the findings of this one are copied to, when it is among those that are gathered."""
    told = answer.get("FindingAggregationRegion")
    home = told or region_of(answer["FindingAggregatorArn"])
    named, mode = place.region in answer.get("Regions", ()), answer.get("RegionLinkingMode")
    gathered = {"SPECIFIED_REGIONS": named, "ALL_REGIONS": True, "ALL_REGIONS_EXCEPT_SPECIFIED": not named}
    if home != place.region and gathered.get(mode or "", False):
        field = "FindingAggregationRegion" if told else "FindingAggregatorArn"
        evidence = Evidence(AGGREGATOR.call, field, answer[field])
        target = answer["FindingAggregatorArn"]
        yield Placement(hub, Role.REPLICA, home, "finding-aggregator", evidence, target=target)
