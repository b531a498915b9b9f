"""An aggregator of AWS Config in place of the services: its items are asked for, and read as those of a file are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from residency.atlas.atlas import load_atlas
from residency.connectors.aws.caller import Operation
from residency.connectors.aws.config_items.item import ConfigItem, NotAnItem, item_of
from residency.connectors.aws.config_items.origins import SERVICE, Told, never_complete, read_origin
from residency.connectors.aws.config_items.query import ITEMS, QUERY, SOURCES
from residency.connectors.aws.config_items.read import read
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.members import Login
from residency.connectors.aws.place import Place
from residency.connectors.interface import Progress, Scope
from residency.errors import Problem, UserError
from residency.model import Coverage, Row, Status

_PAGE = 100
_NO_SUCH = "NoSuchConfigurationAggregatorException"


def read_aggregator(login: Login, name: str, scope: Scope, progress: Progress) -> Iterator[Row]:
    """Yield what the aggregator `name` of the account and region of the login tells, and what it does not.

    Raises `UserError` when there is no such aggregator. Whatever else fails is a coverage row: see `Told`.
    """
    here, atlas = login.here, load_atlas()
    progress.plan(1, here.account)
    unlisted: list[Coverage] = []
    cut: list[Coverage] = []
    strange: list[str] = []
    seen: set[tuple[str, str]] = set()
    entries = _entries(login, SOURCES, {"ConfigurationAggregatorName": name}, unlisted)
    origins = [told for told in map(read_origin, entries) if not told.one or _asked(scope, told.account, told.region)]
    places = [Place(here.partition, origin.account, origin.region) for origin in origins if origin.one]

    def items() -> Iterator[ConfigItem]:
        for result in _entries(login, ITEMS, {"ConfigurationAggregatorName": name, "Expression": QUERY}, cut):
            try:
                item = item_of(json.loads(result), ITEMS.call)
            except NotAnItem as error:
                strange.append(str(error))
            except (TypeError, ValueError, RecursionError):
                strange.append("not the JSON text of an item")
            else:
                if _asked(scope, item.place.account, item.place.region):
                    seen.add((item.place.account, item.place.region))
                    yield item

    # All of the items are asked for before the first row comes, so that what failed is known by then.
    rows = list(read(items(), lambda type_: atlas.kind_of("aws_cloudformation", type_), places))
    told = Told(origins, next(iter(unlisted), None), next(iter(cut), None), frozenset(seen))
    yield from (told.weighed(row) if isinstance(row, Coverage) else row for row in rows)
    yield from told.coverage((here.account, here.region), scope)
    if strange:
        detail = f"{len(strange)} results are no configuration items, the first: {strange[0]}"
        yield Coverage("aws", here.account, here.region, SERVICE, Status.UNREACHABLE, detail)
    note = next((str(gap.status) for gap in [*cut, *unlisted]), "")
    progress.done(f"{here.account} {here.region} {SERVICE}", note)


def _asked(scope: Scope, account: str, region: str) -> bool:
    """Whether the scope has an account and region. What has no region is read whichever regions are asked for."""
    if scope.accounts and account not in scope.accounts:
        return False
    return not scope.regions or region in scope.regions or region == "*" or region.endswith("-global")


def _entries(login: Login, operation: Operation, params: Mapping[str, Any], gaps: list[Coverage]) -> Iterator[Any]:
    """The members of a list up to the last, or to the first page that fails: that is then one of the `gaps`."""
    here = login.here
    try:
        for page in login.caller.pages(operation, here.region, {**params, "Limit": _PAGE}):
            yield from page[operation.lists or ""]
    except CallFailed as failure:
        if failure.refusal is not None and failure.refusal.code == _NO_SUCH:
            raise UserError(_unknown(params["ConfigurationAggregatorName"], here)) from None
        gaps.append(Coverage("aws", here.account, here.region, SERVICE, never_complete(failure.status), str(failure)))


def _unknown(name: str, here: Place) -> Problem:
    told = f"there is no AWS Config aggregator {name!r} in {here.region} of the account {here.account}."
    return Problem(told, remedy="Name one that `aws configservice describe-configuration-aggregators` lists, and set "
                   "AWS_DEFAULT_REGION or the region of the profile to where it is.")  # fmt: skip
