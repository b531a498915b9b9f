"""What a collector declares of itself, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from residency.connectors.aws.caller import Operation
from residency.model import Role

if TYPE_CHECKING:
    from residency.connectors.aws.calls import Calls

Extent = Literal["regional", "global", "spread"]


@dataclass(frozen=True, slots=True)
class Collector:
    """One service: the operations it uses, the kinds of resource it yields and the roles of their placements.

    `extent` says how it is asked: `regional` once in each region; `global` once, and its coverage is that of the
    partition's pseudo-region; `spread` once, for things that each belong to a region (the buckets of S3).
    """

    service: str
    operations: tuple[Operation, ...]
    extent: Extent
    kinds: tuple[str, ...]
    roles: tuple[Role, ...]
    run: Callable[[Calls], None]


COLLECTORS: dict[str, Collector] = {}


def operation(call: str, *, permission: str | None = None, lists: str | None = None) -> Operation:
    """Declare `service:Operation`. `permission` where IAM has another name for it; `lists` names the member that a true
    answer always has, so that an answer without it is not taken for an empty list."""
    service, _, name = call.partition(":")
    return Operation(service, name, permission or call, lists)


def collector(
    *, service: str, actions: tuple[Operation, ...], scope: Extent, kinds: tuple[str, ...], roles: tuple[Role, ...]
) -> Callable[[Callable[[Calls], None]], Callable[[Calls], None]]:
    """Register the decorated function as the collector of a service."""

    def register(run: Callable[[Calls], None]) -> Callable[[Calls], None]:
        COLLECTORS[service] = Collector(service, actions, scope, kinds, roles, run)
        return run

    return register


def collectors() -> tuple[Collector, ...]:
    """Every collector, by service name."""
    import residency.connectors.aws.services  # noqa: F401  (its modules register themselves)

    return tuple(COLLECTORS[service] for service in sorted(COLLECTORS))
