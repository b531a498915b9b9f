"""The live source `azure`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from residency.connectors.azure.settings import AzureSettings
from residency.connectors.interface import Progress, Scope
from residency.connectors.merged import merged
from residency.connectors.within import within
from residency.model import Coverage, Row, Status

if TYPE_CHECKING:
    from residency.connectors.azure.details import Details
    from residency.connectors.azure.graph import Pace
    from residency.connectors.azure.item import Item
    from residency.connectors.azure.subscriptions import Estate
    from residency.connectors.azure.wire import Patience

# The quota of Resource Graph is three queries a second; more than a few at once only wait for each other.
_MOST_CRAWLS = 4


class AzureConnector:
    """Reads every subscription that the credentials may see, in every tenant that they can sign in to.

    Resource Graph lists the resources, Resource Manager what the graph does not tell of them. Every answer is kept in
    the folder of the run, if it has one, until the run has ended well. `environment` replaces
    the variables of the process. The client libraries are imported when something is read.
    """

    id = "azure"

    def __init__(
        self, environment: Mapping[str, str] | None = None, patience: Patience | None = None,
        settings: AzureSettings | None = None,
    ) -> None:  # fmt: skip
        self._environment = dict(os.environ if environment is None else environment)
        self._settings = settings or AzureSettings()
        self._patience = patience

    def endpoint(self) -> str | None:
        """The endpoint of an emulator that the environment names, or `None` when Azure itself is read."""
        from residency.connectors.azure.clouds import endpoint

        return endpoint(self._environment)

    def collect(self, scope: Scope, progress: Progress) -> Iterator[Row]:
        """Yield the subscriptions, what is in them, where that is, and what could not be read."""
        from residency.connectors.answers import Answers
        from residency.connectors.azure.clouds import cloud_of
        from residency.connectors.azure.graph import QUERIES, Pace
        from residency.connectors.azure.subscriptions import find_estate
        from residency.connectors.azure.wire import Patience, Wire
        from residency.connectors.deadline import Deadline

        cloud = cloud_of(self._environment, self._settings.cloud)
        # An emulator has no quota that is not told by its answers.
        pace = Pace(QUERIES if self.endpoint() is None else None)
        with Answers(scope.keep) as answers:
            wire = Wire(
                cloud, self._environment, self._patience or Patience(), scope.jobs, answers=answers,
                deadline=Deadline(scope.deadline),
            )  # fmt: skip
            estate = find_estate(wire, pace, scope)
            try:
                yield from within(_rows(estate, pace, cloud.offer, scope.jobs, progress), scope.regions)
            finally:
                for client in estate.wires.values():
                    client.stopped.set()
            yield from estate.gaps


def _rows(estate: Estate, pace: Pace, offer: str | None, jobs: int, progress: Progress) -> Iterator[Row]:
    """Everything that is read of the subscriptions. What could not be is in their rows or among the gaps."""
    from residency.connectors.azure.details import Details
    from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS
    from residency.connectors.azure.read import read
    from residency.connectors.azure.regions import regions_of

    # A subscription may not be shown a region that its data is copied to: the atlas knows the others.
    known = regions_of(offer).pairs.items()
    pairs = {region: pair for region, pair in known if region not in estate.regions} | estate.pairs
    # Filled while the items are read, and looked at by `read` once they are through.
    failures: dict[tuple[str, str], tuple[Status, str]] = {}
    yield from read(
        _items(estate, pace, Details(estate.wires, jobs, progress), failures), offer=offer,
        subscriptions=estate.subscriptions, tenants=estate.tenants, asked=estate.asked,
        parts=[part.type for part in (*PARTS, INSTANCE_FAILOVER)], failures=failures, pairs=pairs,
    )  # fmt: skip


def _items(
    estate: Estate, pace: Pace, details: Details, failures: dict[tuple[str, str], tuple[Status, str]]
) -> Iterator[Item]:
    """The subscriptions, their resources and the parts of these. Fills `failures` at the end."""
    yield from details.adding(_resources(estate, pace, details.progress, failures))
    failures |= details.failures()


def _resources(
    estate: Estate, pace: Pace, progress: Progress, failures: dict[tuple[str, str], tuple[Status, str]]
) -> Iterator[Item]:
    from residency.connectors.azure.crawl import crawl

    yield from estate.items
    groups = list(estate.groups())
    progress.plan(len(groups))
    for found in merged([partial(crawl, wire, pace, group) for wire, group in groups], _MOST_CRAWLS):
        if not isinstance(found, Coverage):
            yield found
        elif found.service == "*":
            failures[found.account, "*"] = (found.status, found.detail)
        else:
            estate.gaps.append(found)
    for _, group in groups:
        progress.done(f"{len(group)} subscriptions * resourcegraph")
