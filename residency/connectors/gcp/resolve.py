"""Once everything is listed: where the resources are that others name, and who holds the keys.

An estate can have a million assets, so what they tell is gone through several times and only what others ask for is
remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from residency.connectors.gcp.access import Access, Grants, NoPublic
from residency.connectors.gcp.asset import full_name, place_in
from residency.connectors.gcp.rows import READERS, At, Found, KeyUse, KnownAlias, KnownKey, NoPlace
from residency.connectors.told import Told
from residency.model import KeyCustody, Placement, Resource, Role

Rows = tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an asset can answer when others ask: which resources it is, and the places that it tells of."""

    told: tuple[str, ...]
    places: tuple[tuple[str, str | None], ...]

    @staticmethod
    def of(rows: Rows) -> Answer:
        """The answer in the rows of an asset."""
        told = tuple(row.uid for row in rows if isinstance(row, Told))
        primaries = (row for row in rows if isinstance(row, Placement) and row.role is Role.PRIMARY)
        return Answer(told, tuple((row.uid, row.location) for row in primaries))


@dataclass(frozen=True, slots=True)
class Home:
    """What an asset lies in: its owner as it is told, what that lies in, the account and the offer."""

    owner: str
    above: tuple[str, ...]
    account: str
    offer: str | None


@dataclass(slots=True)
class Links:
    """What assets ask of each other, and the answers. `Rows` are those of one asset.

    First every asset says what it `needs`, then the answer of every asset is taken; then each can be `finished`.
    """

    access: Access
    targets: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    custody: dict[str, KeyCustody | None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    nowhere: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    places: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    listed: set[str] = field(default_factory=set)
    waiting: dict[str, Resource] = field(default_factory=dict)
    own: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))

    def needs(self, rows: Rows) -> None:
        """Take in what an asset names, and the keys that it is."""
        told = {row.uid for row in rows if isinstance(row, Told)}
        for row in rows:
            match row:
                case At(placement):
                    self.targets.add(placement.target or "")
                    self.elsewhere |= {placement.uid} - told
                case Placement():
                    self.elsewhere |= {row.uid} - told
                case KnownKey():
                    self.custody[row.uid] = row.custody
                case KnownAlias():
                    self.aliases[row.uid] = _key(row.key)
                case NoPlace():
                    self.nowhere.add(row.uid)
                case NoPublic():
                    self.closed.add(row.uid)
                case Grants():
                    self.elsewhere |= {row.uid} - told

    def take(self, answer: Answer) -> None:
        """Take in of an answer what others asked for."""
        self.listed.update(uid for uid in answer.told if uid in self.elsewhere)
        for uid, location in answer.places:
            if uid in self.targets:
                self.places[uid].append(location)

    def finished(self, rows: Rows, home: Home) -> Iterator[Resource | Placement]:
        """The finished rows of an asset. A resource whose place only others tell comes at the end: `rest`."""
        uses = (row for row in rows if isinstance(row, KeyUse) and row.decides)
        custody = {use.uid: self.custody.get(self._named(use)) for use in uses}
        told = {
            row.uid: row.resource("gcp", home.account, home.offer, custody.get(row.uid, row.custody))
            for row in rows
            if isinstance(row, Told)
        }
        for row in rows:
            if isinstance(row, Grants):
                yield from self._shared(row, home, told)
            for placement in self._placements(row):
                if placement.uid in told or placement.uid in self.listed:
                    if placement.role is Role.PRIMARY:
                        self._learn_own(placement, told)
                    yield placement
        for uid, resource in told.items():
            closed = uid in self.closed
            yield from self.access.inherited(uid, resource.type, home.owner, home.above, closed=closed)
            if resource.location is None:
                self.waiting[uid] = resource
            else:
                yield resource

    def rest(self) -> Iterator[Resource]:
        """The resources that told no place of themselves, with it where their placements leave only one."""
        for uid, resource in self.waiting.items():
            places = self.own.get(uid, set())
            yield replace(resource, location=next(iter(places))) if len(places) == 1 else resource

    def _shared(self, row: Grants, home: Home, told: dict[str, Resource]) -> Iterator[Resource | Placement]:
        """The shares of a policy. What only its policy tells of is a resource of which nothing else is known."""
        shares = list(
            self.access.shares(row, home.owner, home.above, closed=row.uid in self.closed),
        )
        yield from shares
        if shares and row.uid not in told and row.uid not in self.listed:
            self.listed.add(row.uid)
            reader = READERS.get(row.type)
            kind, name = reader.kind if reader else None, row.uid.rpartition("/")[2]
            yield Resource(row.uid, "gcp", home.offer, home.account, row.type, kind, name)

    def _learn_own(self, placement: Placement, told: dict[str, Resource]) -> None:
        resource = told.get(placement.uid)
        if resource is None or resource.location is None:
            self.own[placement.uid].add(placement.location)

    def _placements(self, row: Found) -> Iterator[Placement]:
        match row:
            case Placement():
                yield row
            case At(placement) if placement.target not in self.nowhere:
                for location in self.places.get(placement.target or "") or [placement.location]:
                    yield replace(placement, location=location)
            case KeyUse():
                key = self._named(row)
                outside = self.custody.get(key) is KeyCustody.EXTERNAL
                place, via = (None, "external-key") if outside else (place_in(key), "encryption-key")
                yield Placement(row.uid, Role.KEY, place, via, row.evidence, target=key)

    def _named(self, use: KeyUse) -> str:
        return self.aliases.get(use.key) or _key(use.key)


def _key(name: str) -> str:
    """The full name of a key, without the version that may follow it."""
    return full_name("cloudkms", name.partition("/cryptoKeyVersions/")[0])


def resolve(
    assets: Iterable[tuple[str, Rows]], answers: Iterable[Answer], links: Links, home: Callable[[str], Home]
) -> Iterator[Resource | Placement]:  # fmt: skip
    """The finished rows of all assets, which have told what they need. Each comes with its owner; `home` tells what
    that is."""
    for answer in answers:
        links.take(answer)
    for owner, rows in assets:
        yield from links.finished(rows, home(owner))
    yield from links.rest()
