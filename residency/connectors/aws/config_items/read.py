"""From configuration items to rows: accounts, resources, placements, and what Config does not tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from residency.connectors.aws.config_items.item import ConfigItem
from residency.connectors.aws.config_items.readers import READERS
from residency.connectors.aws.control_plane import control_plane
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, offer_of
from residency.connectors.aws.resolve import Knowledge, resolve
from residency.connectors.aws.unread import holds_nothing
from residency.model import Account, Coverage, Evidence, Placement, Resource, Role, Row, Status

KindOf = Callable[[str], str | None]
# Verdicts of Config on resources, which it lists as if they were resources.
_VERDICTS = frozenset({"AWS::Config::ResourceCompliance", "AWS::Config::ConformancePackCompliance"})
_NEVER_ALL = (
    "AWS Config tells the types and regions that are recorded or were selected and no others, and no policies "
    "or aliases of keys and no shares that are not part of a resource"
)
# What reading a file that somebody wrote by hand may stumble over: nothing of the item is then known but its place.
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


def read(items: Iterable[ConfigItem], kind_of: KindOf, places: Iterable[Place] = ()) -> Iterator[Row]:
    """The rows of the newest item of each resource. `kind_of` gives the kind of a type that has no reader. The accounts
    of `places` are told even when no item is of them."""
    found: dict[str, list[Found]] = defaultdict(list)
    read_: Counter[tuple[str, str, str]] = Counter()
    unread: Counter[tuple[str, str, str, str]] = Counter()
    accounts = {place.account: _nowhere(place) for place in places}
    for item in _newest(items):
        place = item.place
        accounts.setdefault(place.account, _nowhere(place))
        if item.gone or item.type in _VERDICTS or holds_nothing(item.type):
            continue
        rows = _read_one(item)
        if rows is None:
            unread[place.account, place.region, item.type, item.api] += 1
            rows = list(_kept(item, kind_of))
        else:
            read_[place.account, place.region, READERS[item.type].service] += 1
        found[place.partition] += rows
    for account, here in sorted(accounts.items()):
        yield Account("aws", offer_of(here.partition, None), account)
        yield from control_plane(here)
        yield Coverage("aws", account, "*", "*", Status.UNSUPPORTED, _NEVER_ALL)
    for account, region, service in read_:
        yield Coverage("aws", account, region, service, Status.READ)
    for (account, region, type_, api), count in unread.items():
        detail = f"{count} in {api}: their copies, keys and shares were not read"
        yield Coverage("aws", account, region, type_, Status.UNSUPPORTED, detail)
    for partition, rows in sorted(found.items()):
        knowledge = Knowledge()
        knowledge.learn(rows)
        yield from resolve(rows, knowledge, partition)


def _nowhere(place: Place) -> Place:
    return Place(place.partition, place.account, f"{place.partition}-global")


def _newest(items: Iterable[ConfigItem]) -> Iterator[ConfigItem]:
    """The last item of each resource: a history has several, and the last one may tell that it was deleted."""
    newest: dict[tuple[str, str, str, str], ConfigItem] = {}
    for item in items:
        key = (item.place.account, item.place.region, item.type, item.id)
        if key not in newest or item.captured >= newest[key].captured:
            newest[key] = item
    yield from newest.values()


def _read_one(item: ConfigItem) -> list[Found] | None:
    """What the reader of its type finds in an item; `None` without a reader or without what the reader needs."""
    reader = READERS.get(item.type)
    if reader is None or item.configuration is None:
        return None
    try:
        return [row for part in reader.read(item, item.configuration) for row in part.rows(item)]
    except _MALFORMED:
        return None


def _kept(item: ConfigItem, kind_of: KindOf) -> Iterator[Found]:
    """An item of which no more is known than where it is and how it is tagged. What it stores follows from its kind."""
    place = item.place
    yield Resource(
        item.uid, "aws", place.offer, place.account, item.type, kind=kind_of(item.type), name=item.name or item.id,
        location=place.region, tags=item.tags,
    )  # fmt: skip
    evidence = Evidence(item.api, "awsRegion", place.region)
    yield Placement(item.uid, Role.PRIMARY, place.region, "location", evidence)
