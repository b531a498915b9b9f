"""Resource Explorer: what the account's index names, to tell of services that no collector reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Indexed
from residency.connectors.aws.wire import Answer

INDEXES = operation("resource-explorer-2:ListIndexes", lists="Indexes")
# Not `Search`, which ends after 1,000 results, but allowed by its action (API reference and service authorization
# reference, https://docs.aws.amazon.com/service-authorization/latest/reference/list_resource-explorer-2.html).
RESOURCES = operation("resource-explorer-2:ListResources", permission="resource-explorer-2:Search", lists="Resources")
VIEWS = operation("resource-explorer-2:ListViews", lists="Views")
_BY = "Resource Explorer"
# The partitions whose documentation has the service. In another its host may not exist, which is no gap in anything.
_PARTITIONS = frozenset({"aws", "aws-cn"})


@collector(
    service="resource-explorer-2", actions=(INDEXES, RESOURCES, VIEWS), scope="global", kinds=(), roles=(),
)  # fmt: skip
def collect(calls: Calls) -> None:
    """The indexes of all regions; then the one that gathers all, or else each."""
    if calls.place.partition not in _PARTITIONS:
        return
    indexes = calls.whole(INDEXES, "Indexes", MaxResults=100) or []
    covered = [index["Region"] for index in indexes]
    gathering = [index["Region"] for index in indexes if index.get("Type") == "AGGREGATOR"]
    if gathering:
        calls.each(_read, gathering[0], covered)
        return
    for region in covered:
        calls.each(_read, region, [region])


def _read(calls: Calls, region: str, covered: list[str]) -> None:
    there = replace(calls, region=region)
    views = there.whole(VIEWS, "Views", MaxResults=50)
    if not views:
        # An index without a view cannot be read: it names nothing.
        return
    resources = there.whole(RESOURCES, "Resources", ViewArn=views[0], MaxResults=1000)
    if resources is not None:
        calls.add(read_resources(resources, calls.place.account, covered))


def read_resources(resources: Iterable[Answer], account: str, covered: Iterable[str]) -> Iterator[Indexed]:
    """What an index counts in each region that it covers. Views may show other accounts of the organisation too."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in resources:
        if entry.get("OwningAccountId", account) == account:
            counts[entry["Region"]][entry.get("CfnResourceType") or entry["ResourceType"]] += 1
    for region in sorted({*covered, *counts}):
        yield Indexed(region, _BY, tuple(sorted(counts[region].items())))
