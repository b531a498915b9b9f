"""Resource Graph: queries with their pages, no faster than the quota that its answers tell of."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
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


# Queries, and in how many seconds: what one user may send
# (learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests).
QUERIES = (15, 5.0)


class Pace:
    """Holds queries back so that they stay within `most`, so many in so many seconds, and while answers say that the
    quota of whoever asks is used up."""

    def __init__(self, most: tuple[int, float] | None = None) -> None:
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._span = most[1] if most else 0.0
        self._turns: deque[float] = deque(maxlen=most[0] if most else 0)

    def wait(self, pause: Callable[[float], None]) -> None:
        """Return when a query may be sent, after a `pause` of so many seconds. Who comes first takes the next turn."""
        with self._lock:
            turn = max(time.monotonic(), self._not_before)
            if len(self._turns) == self._turns.maxlen and self._turns:
                turn = max(turn, self._turns[0] + self._span)
            self._turns.append(turn)
        if (rest := turn - time.monotonic()) > 0:
            pause(rest)

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

    What an earlier run was told is told again first; where that cannot be gone on with, all of it comes once more.
    Raises `CallFailed` when an answer says that it is not whole.
    """
    options: dict[str, Any] = {"$top": PAGE, "resultFormat": "objectArray", **more}
    first = options
    seen: set[str] = set()
    count, anew, kept = 0, False, False
    while True:
        pace.wait(wire.pause)
        body = {"query": query, "subscriptions": list(subscriptions), "options": options}
        try:
            answer = wire.post_query(body, VERSION, GRAPH, anew=anew)
        except CallFailed as failure:
            # The token at which the answers of an earlier run end does not live for ever.
            if not kept or failure.http_status != 400:
                raise
            options, seen, count, anew, kept = first, set(), 0, True, False
            continue
        kept = answer.kept
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
