"""Every operation that a run may send, by service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from residency.connectors.aws.assume import ASSUME_ROLE
from residency.connectors.aws.collector import collectors
from residency.connectors.aws.config_items import query
from residency.connectors.aws.identity import IDENTITY
from residency.connectors.aws.organisation import OPERATIONS
from residency.connectors.aws.regions import DESCRIBE_REGIONS, LIST_REGIONS


@cache
def declared() -> Mapping[str, frozenset[str]]:
    """The names of the operations of each service: those of its collector, and those that open an account or ask an
    aggregator of Config."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in (ASSUME_ROLE, IDENTITY, LIST_REGIONS, DESCRIBE_REGIONS, *OPERATIONS, *query.OPERATIONS):
        found[entry.service].add(entry.name)
    for collector in collectors():
        for entry in collector.operations:
            found[entry.service].add(entry.name)
    return {service: frozenset(names) for service, names in found.items()}
