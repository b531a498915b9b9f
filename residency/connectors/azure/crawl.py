"""Everything in some subscriptions: what Resource Graph lists, checked against each subscription's own list.

What only that list has, or all of it where the graph is refused, is asked for one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from residency.connectors.azure.calls import PROVIDERS, RESOURCES
from residency.connectors.azure.errors import CallFailed
from residency.connectors.azure.graph import RESOURCES as QUERY
from residency.connectors.azure.graph import Pace, rows
from residency.connectors.azure.ignored import holds_nothing
from residency.connectors.azure.item import GRAPH, Item, NotAnItem, item_of
from residency.connectors.azure.rows import READERS
from residency.connectors.azure.subscriptions import gap
from residency.connectors.azure.wire import Wire
from residency.model import Coverage, Status

_GRAPH = "microsoft.resourcegraph"
# What Azure answers about a resource that was deleted since it was listed.
GONE = ("NotFound", "ResourceNotFound", "ParentResourceNotFound", "ResourceGroupNotFound")


def crawl(wire: Wire, pace: Pace, group: Sequence[str]) -> Iterator[Item | Coverage]:
    """The resources of some subscriptions of one tenant, and what went wrong.

    A coverage row for the service `*` says that the subscription was not read to its end.
    """
    seen: dict[str, set[int]] = {subscription: set() for subscription in group}
    failure: CallFailed | None = None
    try:
        for page in rows(wire, pace, QUERY, group):
            for entry in page:
                item = item_of(entry, GRAPH)
                told, uid = seen.setdefault(item.subscription or "", set()), hash(item.uid)
                if uid not in told:
                    told.add(uid)
                    yield item
    except CallFailed as broken:
        failure = broken
    except NotAnItem as unreadable:
        failure = CallFailed(Status.UNREACHABLE, f"unreadable answer ({unreadable})", GRAPH)
    for subscription in group:
        if failure is not None:
            yield gap(subscription, failure.status, str(failure), _GRAPH)
        yield from _listed(wire, subscription, seen[subscription], whole=failure is None)


def _listed(wire: Wire, subscription: str, seen: set[int], *, whole: bool) -> Iterator[Item | Coverage]:
    """What the list of a subscription has and `seen` has not. `whole`: the graph was read to its end."""
    versions: dict[str, str] | None = None
    more = 0
    try:
        for page in wire.pages(RESOURCES.at(subscription), RESOURCES.name):
            for entry in page:
                bare = item_of(entry, RESOURCES.name)
                if hash(bare.uid) in seen:
                    continue
                more += 1
                if versions is None:
                    versions = _versions(wire, subscription)
                yield from _one_by_one(wire, bare, versions)
    except (CallFailed, NotAnItem) as broken:
        status = broken.status if isinstance(broken, CallFailed) else Status.UNREACHABLE
        # The graph may lag behind: without this list nobody knows by how much.
        service = "microsoft.resources" if whole else "*"
        yield gap(subscription, status, f"{broken}: the list to compare with", service)
    if more and whole:
        yield gap(subscription, Status.READ, f"{more} that Resource Graph did not list, asked for one by one", _GRAPH)


def _one_by_one(wire: Wire, bare: Item, versions: dict[str, str]) -> Iterator[Item | Coverage]:
    """A listed resource with its configuration; without it where no reader needs it or no version is known."""
    if bare.key not in READERS or holds_nothing(bare.key) or bare.key not in versions:
        yield bare
        return
    action = f"{bare.type}/read"
    try:
        found = wire.get(f"{quote(bare.id)}?api-version={versions[bare.key]}", action)
        yield item_of({"type": bare.type, **found}, action)
    except (CallFailed, NotAnItem) as broken:
        if isinstance(broken, CallFailed) and broken.code in GONE:
            return
        yield bare
        status = broken.status if isinstance(broken, CallFailed) else Status.UNREACHABLE
        yield gap(bare.subscription or "*", status, str(broken), bare.service)


def _versions(wire: Wire, subscription: str) -> dict[str, str]:
    """The newest version of the API of each type that is no preview, else the newest; empty when that is not told."""
    found: dict[str, str] = {}
    try:
        for page in wire.pages(PROVIDERS.at(subscription), PROVIDERS.name):
            for provider in page:
                found |= dict(_types(provider))
    except CallFailed:
        return found
    return found


def _types(provider: Any) -> Iterator[tuple[str, str]]:
    for entry in provider.get("resourceTypes") or ():
        told = sorted(str(version) for version in entry.get("apiVersions") or ())
        if told:
            stable = [version for version in told if "preview" not in version.lower()]
            yield f"{provider.get('namespace')}/{entry.get('resourceType')}".lower(), (stable or told)[-1]
