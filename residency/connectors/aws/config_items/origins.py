"""Where an aggregator of AWS Config has its items from, and how well it could get them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from residency.connectors.aws.errors import Refusal, status_of
from residency.connectors.aws.wire import Answer
from residency.connectors.interface import Scope
from residency.model import Coverage, Status

SERVICE = "config"
_LONGEST = 300
_NOTHING = "the aggregator gathers nothing from there"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """An account and region that an aggregator gathers from: `one`, or else the organisation whose accounts it takes.
    `gap` is why its items are not all there, or not those of today; `None` when the last update succeeded."""

    account: str
    region: str
    one: bool
    gap: Status | None
    detail: str


def read_origin(told: Answer) -> Origin:
    """An entry of `DescribeConfigurationAggregatorSourcesStatus`."""
    code, message = told.get("LastErrorCode") or "", told.get("LastErrorMessage") or ""
    status, when = told.get("LastUpdateStatus"), told.get("LastUpdateTime")
    parts = [f"{status or 'no status'} in the aggregator"]
    if isinstance(when, datetime):
        parts.append(f"last update {when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    parts += [_CONTROL.sub(" ", text)[:_LONGEST].replace("; ", ", ") for text in (code, message) if text]
    account = told.get("SourceId")
    one = account is not None and told.get("SourceType") != "ORGANIZATION"
    refused = never_complete(status_of(Refusal(code, 0), region_is_on=True, emulated=False))
    gap = None if account is not None and status == "SUCCEEDED" else refused
    return Origin(account or "without a name", told.get("AwsRegion") or "*", one, gap, ", ".join(parts))


def never_complete(status: Status) -> Status:
    """The status of what was not read. An aggregator that is said to be off is no proof that there is nothing."""
    return Status.UNREACHABLE if status.complete else status


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the origins: those `listed`, why not all are, and the (account, region) that `seen` items are
    of. `cut` is why not all items are there."""

    listed: Sequence[Origin]
    unlisted: Coverage | None
    cut: Coverage | None
    seen: frozenset[tuple[str, str]]

    def weighed(self, row: Coverage) -> Coverage:
        """A row of the reader: what was read of an origin that is old, broken or cut off is not all."""
        if row.status is not Status.READ:
            return row
        if self.cut is not None:
            return replace(row, status=self.cut.status, detail=self.cut.detail)
        for origin in self.listed:
            same = origin.account == row.account and origin.region in (row.region, "*")
            if same and origin.gap is not None and origin.one:
                return replace(row, status=origin.gap, detail=origin.detail)
        return row

    def coverage(self, here: tuple[str, str], scope: Scope) -> Iterator[Coverage]:
        """A row for each origin, and for each account and region asked for that is none. `here` is the account and
        region of the aggregator, which what cannot be told of a single origin is told of."""
        yield from (gap for gap in (self.unlisted, self.cut) if gap is not None)
        for origin in self.listed:
            if origin.one:
                there = Status.READ if self._has_seen(origin) else Status.EMPTY
                row = Coverage("aws", origin.account, origin.region, SERVICE, origin.gap or there, origin.detail)
                cut = self.cut if origin.gap is None else None
                yield row if cut is None else replace(row, status=cut.status, detail=f"{row.detail}; {cut.detail}")
            elif origin.gap is not None:
                yield Coverage("aws", *here, SERVICE, origin.gap, f"organisation {origin.account}: {origin.detail}")
        if not self.listed and not self.seen and self.unlisted is None and self.cut is None:
            yield Coverage("aws", *here, SERVICE, Status.UNREACHABLE, "the aggregator tells of no account")
        known = {(origin.account, origin.region) for origin in self.listed} | self.seen
        accounts = sorted(scope.accounts or {account for account, _ in known})
        for account, region in ((account, region) for account in accounts for region in scope.regions or ("*",)):
            of_account = {there for whose, there in known if whose == account}
            if not of_account or (region != "*" and not of_account & {region, "*"}):
                missing = Coverage("aws", account, region, SERVICE, Status.UNREACHABLE, _NOTHING)
                gap = self.unlisted
                yield missing if gap is None else replace(missing, status=gap.status, detail=gap.detail)

    def _has_seen(self, origin: Origin) -> bool:
        return any(account == origin.account and origin.region in (region, "*") for account, region in self.seen)
