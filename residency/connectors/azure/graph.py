"""Resource Graph: queries with their pages, no faster than the quota that its answers tell of."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from residency.connectors.azure.errors import CallFailed
from residency.connectors.azure.item import GRAPH
from residency.connectors.azure.wire import Answer, Wire
from residency.model import Status

VERSION = "2022-10-01"
PAGE = 1000
# Azure advises to ask for fewer than 300 subscriptions at once.
GROUP = 200
_COLUMNS = (
    "id, name, type, kind, location, extendedLocation, subscriptionId, tenantId, managedBy, sku, properties, tags"
)
RESOURCES = f"resources | project {_COLUMNS} | order by id asc"
SUBSCRIPTIONS = (
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
    " | project id, name, type, subscriptionId, tenantId, tags, properties | order by id asc"
)
POLICIES = (
    "policyresources | where type =~ 'microsoft.authorization/policyassignments'"
    " | project id, name, type, subscriptionId, tenantId, properties | order by id asc"
)
_SPAN = re.compile(r"(\d+):(\d\d):(\d\d)")


class Pace:
    """Holds queries back while the quota of whoever asks is used up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._not_before = 0.0

    def wait(self, stopped: threading.Event) -> None:
        """Return when a query may be sent."""
        with self._lock:
            rest = self._not_before - time.monotonic()
        if rest > 0:
            stopped.wait(rest)

    def heed(self, answer: Answer) -> None:
        """Take in what an answer says of the quota."""
        left, resets = (
            answer.headers.get("x-ms-user-quota-remaining", ""),
            _SPAN.fullmatch(answer.headers.get("x-ms-user-quota-resets-after", "")),
        )
        if left.isdigit() and int(left) == 0 and resets is not None:
            hours, minutes, seconds = (int(part) for part in resets.groups())
            with self._lock:
                self._not_before = time.monotonic() + 3600 * hours + 60 * minutes + seconds


# Policies that are assigned to a management group hold in every subscription below it.
ABOVE: Mapping[str, str] = MappingProxyType({"authorizationScopeFilter": "AtScopeAboveAndBelow"})
_PLAIN: Mapping[str, str] = MappingProxyType({})


def rows(
    wire: Wire, pace: Pace, query: str, subscriptions: Sequence[str], more: Mapping[str, str] = _PLAIN
) -> Iterator[list[Any]]:
    """The pages of a query over some subscriptions; `more` are options of the API.

    Raises `CallFailed` when an answer says that it is not whole.
    """
    options: dict[str, Any] = {"$top": PAGE, "resultFormat": "objectArray", **more}
    seen: set[str] = set()
    count = 0
    while True:
        pace.wait(wire.stopped)
        body = {"query": query, "subscriptions": list(subscriptions), "options": options}
        answer = wire.post_query(body, VERSION, GRAPH)
        pace.heed(answer)
        data, token = answer.body.get("data"), answer.body.get("$skipToken")
        if not isinstance(data, list):
            raise CallFailed(Status.UNREACHABLE, "no list `data` in the answer", GRAPH)
        yield data
        count += len(data)
        if token is None:
            whole = str(answer.body.get("resultTruncated", "false")).lower() != "true"
            total = answer.body.get("totalRecords")
            if not whole or (isinstance(total, int) and count < total):
                raise CallFailed(Status.UNREACHABLE, "cut short without a next page", GRAPH)
            return
        if not isinstance(token, str) or token in seen:
            raise CallFailed(Status.UNREACHABLE, "the same next page twice", GRAPH)
        seen.add(token)
        options = {**options, "$skipToken": token}
