"""From Cloud Asset items to rows: accounts, resources, placements, and how well each project was read. No network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

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
from residency.connectors.gcp.access import Access
from residency.connectors.gcp.asset import Asset, place_in
from residency.connectors.gcp.hierarchy import Hierarchy
from residency.connectors.gcp.ignored import holds_nothing
from residency.connectors.gcp.resolve import Answer, Home, Links, Rows, resolve
from residency.connectors.gcp.rows import READERS, ROW_TYPES, Found, primary, told
from residency.connectors.gcp.settings import Settings
from residency.connectors.gcp.tally import Asked, Tally
from residency.connectors.gcp.universe import offer_of_project
from residency.model import Row
from residency.spool import Spool

FAMILIES = (
    analytics, applications, backups, compute, databases, health, keys, learning, messages, netapp, storage,
)  # fmt: skip


def read(
    assets: Iterable[Asset], *, offer: str | None = "gcp", ids: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None, asked: Asked | None = None,
) -> Iterator[Row]:  # fmt: skip
    """The rows of what is listed. The assets are taken one by one and not held.

    `ids` are project ids by number and `names` the titles of folders and organizations, where they are known. `asked`
    are the projects of which everything was asked for: each has a coverage row for every service; without it, only what
    was seen is told of. What `asked` says of failures is looked at once the assets are through.
    """
    hierarchy = Hierarchy(dict(ids or {}), dict(names or {}))
    settings, tally, access = Settings(), Tally(), Access()
    links = Links(access)
    with Spool[tuple[str, Rows]](*ROW_TYPES) as spool, Spool[Answer](Answer) as answers:
        for asset in assets:
            hierarchy.learn(asset)
            settings.learn(asset)
            access.learn(asset)
            owner = hierarchy.owner(asset)
            tally.count(asset, owner)
            rows = tuple(_read_one(asset))
            if (grants := access.grants(asset)) is not None:
                rows += (grants,)
            if rows:
                links.needs(rows)
                spool.add((owner, rows))
                answers.add(Answer.of(rows))
        access.own_projects(hierarchy.ids, hierarchy.domains())
        yield from hierarchy.accounts(offer, settings)

        @cache
        def home(owner: str) -> Home:
            account = hierarchy.account(owner)
            return Home(owner, hierarchy.above.get(owner, ()), account, offer_of_project(account, offer))

        yield from resolve(spool, answers, links, home)
    yield from tally.named(hierarchy.account).coverage(hierarchy, access, asked)


def _read_one(asset: Asset) -> Iterator[Found]:
    if holds_nothing(asset.type) or asset.is_policy:
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
