"""From Cloud Asset items to rows: accounts, resources, placements, and how well each project was read. No network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from residency.connectors.gcp import (
    analytics,
    applications,
    backups,
    compute,
    databases,
    health,
    keys,
    learning,
    messages,
    netapp,
    storage,
)
from residency.connectors.gcp.asset import Asset, full_name, place_in
from residency.connectors.gcp.ignored import holds_nothing
from residency.connectors.gcp.rows import (
    READERS,
    At,
    Found,
    KeyUse,
    KnownAlias,
    KnownKey,
    NoPlace,
    Told,
    primary,
    told,
)
from residency.connectors.gcp.settings import Settings
from residency.connectors.gcp.universe import offer_of_project
from residency.model import Account, Coverage, KeyCustody, Placement, Resource, Role, Row, Status

FAMILIES = (
    analytics, applications, backups, compute, databases, health, keys, learning, messages, netapp, storage,
)  # fmt: skip
PROJECT = "cloudresourcemanager.googleapis.com/Project"
_NAMED = (PROJECT, "cloudresourcemanager.googleapis.com/Folder", "cloudresourcemanager.googleapis.com/Organization")
SERVICES = tuple(sorted({type_.partition("/")[0].removesuffix(".googleapis.com") for type_ in READERS}))


@dataclass(slots=True)
class Hierarchy:
    """Names of projects, folders and the organization. Cloud Asset tells of projects by number or by id."""

    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, Mapping[str, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def learn(self, asset: Asset) -> None:
        """Take in what an asset tells of the hierarchy."""
        if asset.owner is not None and asset.owner.startswith("projects/"):
            self.above.setdefault(asset.owner, asset.ancestors[1:])
            told_id, number = asset.project_in_name, asset.owner.partition("/")[2]
            if told_id and number.isdigit() and not told_id.isdigit():
                self.ids.setdefault(number, told_id)
        if asset.type in _NAMED:
            self._learn_container(asset)

    def _learn_container(self, asset: Asset) -> None:
        own = asset.owner or asset.name.partition(".com/")[2]
        title = asset.text("displayName") or asset.text("name")
        if title and not title.startswith(("projects/", "folders/", "organizations/")):
            self.names[own] = title
        if asset.type == PROJECT:
            number = own.partition("/")[2]
            if (project := asset.text("projectId")) is not None:
                self.ids[number] = project
            self.seen.add(self.ids.get(number, number))
            if (labels := asset.labels("labels")) is not None:
                self.labels[own] = labels

    def account(self, asset: Asset) -> str:
        """The account of an asset: the id of its project, its number when the id is not told, else its folder."""
        owner = asset.owner
        if owner is None:
            project = asset.project_in_name
            return self.ids.get(project, project) if project else "unknown"
        kind, _, number = owner.partition("/")
        return self.ids.get(number, number) if kind == "projects" else owner

    def accounts(self, assets: Iterable[Asset], offer: str | None, settings: Settings) -> Iterator[Account]:
        """An account for every owner of an asset."""
        owners = {self.account(asset): asset.owner for asset in assets}
        for account, owner in sorted(owners.items()):
            if account == "unknown" or owner is None:
                yield Account("gcp", offer, account)
                continue
            above = self.above.get(owner, ())
            path = tuple(self.names.get(step, step) for step in reversed(above))
            yield Account(
                "gcp", offer_of_project(account, offer), account, self.names.get(owner), path,
                tags=self.labels.get(owner), settings=settings.for_project((owner, *above)),
            )  # fmt: skip


def read(
    assets: Iterable[Asset], *, offer: str | None = "gcp", ids: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None, asked: Iterable[str] | None = None,
    failures: Mapping[str, tuple[Status, str]] | None = None,
) -> Iterator[Row]:  # fmt: skip
    """The rows of what was listed.

    `ids` are project ids by number and `names` the titles of folders and organizations, where they are known. `asked`
    are the projects of which everything was asked for: each has a coverage row for every service; without it, only what
    was seen is told of. `failures` are the projects, by id or number, whose list ended early, and why.
    """
    items = list(assets)
    hierarchy = Hierarchy(dict(ids or {}), dict(names or {}))
    for asset in items:
        hierarchy.learn(asset)
    yield from hierarchy.accounts(items, offer, Settings.of(items))
    found: list[tuple[Found, str]] = []
    tally = Tally()
    for asset in items:
        account = hierarchy.account(asset)
        tally.count(asset, account)
        found += [(row, account) for row in _read_one(asset)]
    yield from resolve(found, offer)
    cut = {hierarchy.ids.get(account, account): why for account, why in (failures or {}).items()}
    yield from tally.coverage(None if asked is None else frozenset(asked), hierarchy.seen, cut)


def _read_one(asset: Asset) -> Iterator[Found]:
    if holds_nothing(asset.type):
        return
    reader = READERS.get(asset.type)
    if asset.data is not None and reader is not None:
        yield from reader.read(asset)
        return
    # Nothing but the name and the place is known of it: no key, no copy, no labels.
    place = asset.location or place_in(asset.name)
    kept = told(asset, location=place)
    yield kept if reader is None else replace(kept, tags=None)
    if reader is None or asset.data is not None:
        yield from primary(asset)


class Tally:
    """What was seen, by account and service, and how far it could be read."""

    def __init__(self) -> None:
        self._read: Counter[tuple[str, str]] = Counter()
        self._unread: Counter[tuple[str, str]] = Counter()
        self._bare: Counter[tuple[str, str]] = Counter()

    def count(self, asset: Asset, account: str) -> None:
        """Count an asset."""
        if holds_nothing(asset.type):
            self._read[account, asset.service] += 1
        elif asset.type not in READERS:
            self._unread[account, asset.type] += 1
        elif asset.data is None:
            self._bare[account, asset.service] += 1
        else:
            self._read[account, asset.service] += 1

    def coverage(
        self, asked: frozenset[str] | None, whole: set[str], failures: Mapping[str, tuple[Status, str]]
    ) -> Iterator[Coverage]:
        """How each project was read. `whole` are those that were listed themselves, `failures` those cut short.

        Every project is an asset of its own, so a list without it is not the list of everything in it.
        """
        seen = {account for counted in (self._read, self._unread, self._bare) for account, _ in counted}
        for account in sorted(seen | (asked or frozenset())):
            services = {service for owner, service in [*self._read, *self._bare] if owner == account}
            if account in failures:
                status, detail = failures[account]
                known = SERVICES if account in (asked or ()) else ()
                for service in sorted({"*", *services, *known}):
                    yield Coverage("gcp", account, "*", service, status, detail)
                continue
            if asked is not None and account in asked and account in whole:
                services |= set(SERVICES)
            for service in sorted(services):
                yield self._service(account, service)
            if account not in whole and "/" not in account:
                detail = (
                    "the list does not hold the project itself: it was filtered by type or place, or cut short, "
                    "so what else is in the project is not known"
                )
                yield Coverage("gcp", account, "*", "*", Status.UNSUPPORTED, detail)
        for (account, type_), count in sorted(self._unread.items()):
            detail = f"{count} of this type: only the location was read, not copies or keys"
            yield Coverage("gcp", account, "*", type_, Status.UNSUPPORTED, detail)

    def _service(self, account: str, service: str) -> Coverage:
        bare, count = self._bare[account, service], self._read[account, service]
        if bare:
            detail = f"{bare} of {bare + count} without resource.data: list them with --content-type=resource"
            return Coverage("gcp", account, "*", service, Status.UNSUPPORTED, detail)
        return Coverage("gcp", account, "*", service, Status.READ if count else Status.EMPTY)


def resolve(found: list[tuple[Found, str]], offer: str | None) -> Iterator[Resource | Placement]:
    """The finished rows: where the resources are that others name, and who holds the keys."""
    resources: dict[str, Resource] = {}
    custody: dict[str, KeyCustody | None] = {}
    aliases: dict[str, str] = {}
    nowhere: set[str] = set()
    places: dict[str, list[str | None]] = defaultdict(list)
    for row, account in found:
        match row:
            case Told():
                resources[row.uid] = row.resource(account, offer_of_project(account, offer))
            case KnownKey():
                custody[row.uid] = row.custody
            case KnownAlias():
                aliases[row.uid] = _key(row.key)
            case NoPlace():
                nowhere.add(row.uid)
            case Placement() if row.role is Role.PRIMARY:
                places[row.uid].append(row.location)
    rows = [_named(row, aliases) for row, _ in found if not (isinstance(row, At) and row.placement.target in nowhere)]
    placements = [placement for row in rows for placement in _placements(row, places, custody)]
    for row in rows:
        if isinstance(row, KeyUse) and row.decides and row.uid in resources:
            resources[row.uid] = replace(resources[row.uid], key_custody=custody.get(_key(row.key)))
    own: dict[str, set[str | None]] = defaultdict(set)
    for placement in placements:
        if placement.role is Role.PRIMARY:
            own[placement.uid].add(placement.location)
    for uid, resource in resources.items():
        only = next(iter(own[uid])) if len(own[uid]) == 1 else None
        yield replace(resource, location=only) if resource.location is None else resource
    yield from (placement for placement in placements if placement.uid in resources)


def _named(row: Found, aliases: Mapping[str, str]) -> Found:
    """A row whose key is told by a setting that stands for it, with that key."""
    if isinstance(row, KeyUse) and row.key in aliases:
        return replace(row, key=aliases[row.key])
    return row


def _placements(
    row: Found, places: Mapping[str, list[str | None]], custody: Mapping[str, KeyCustody | None]
) -> Iterator[Placement]:
    match row:
        case Placement():
            yield row
        case At(placement):
            for location in places.get(placement.target or "") or [placement.location]:
                yield replace(placement, location=location)
        case KeyUse():
            key = _key(row.key)
            outside = custody.get(key) is KeyCustody.EXTERNAL
            place, via = (None, "external-key") if outside else (place_in(key), "encryption-key")
            yield Placement(row.uid, Role.KEY, place, via, row.evidence, target=key)


def _key(name: str) -> str:
    """The full name of a key, without the version that may follow it."""
    return full_name("cloudkms", name.partition("/cryptoKeyVersions/")[0])
