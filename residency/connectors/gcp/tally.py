"""How well each project was read: counts of what was seen, and the coverage rows that follow from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.gcp.access import Access
from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.calls import POLICIES, Call
from residency.connectors.gcp.hierarchy import Hierarchy
from residency.connectors.gcp.ignored import holds_nothing
from residency.connectors.gcp.rows import READERS
from residency.model import Coverage, Status

IAM = "iam"
Failure = tuple[Status, str]
_NO_POLICIES = "who has access was not listed: list the assets also with --content-type=iam-policy"


def services_read() -> tuple[str, ...]:
    """The services that there are readers for, in short: `storage`."""
    return tuple(sorted({type_.partition("/")[0].removesuffix(".googleapis.com") for type_ in READERS}))


@dataclass(slots=True)
class Asked:
    """The projects of which everything was asked for, and those whose list of assets or of policies ended early: by id
    or number, with why."""

    projects: tuple[str, ...] = ()
    assets: dict[str, Failure] = field(default_factory=dict)
    policies: dict[str, Failure] = field(default_factory=dict)

    def failed(self, call: Call, projects: Mapping[str, Failure]) -> None:
        """The list of a call ended early for these projects."""
        (self.policies if call is POLICIES else self.assets).update(projects)


class Tally:
    """What was seen, by owner or account and by service, and how far it could be read."""

    def __init__(self) -> None:
        self._read: Counter[tuple[str, str]] = Counter()
        self._unread: Counter[tuple[str, str]] = Counter()
        self._bare: Counter[tuple[str, str]] = Counter()
        self._policies: Counter[tuple[str, str]] = Counter()

    def count(self, asset: Asset, owner: str) -> None:
        """Count an asset of an owner."""
        if asset.is_policy:
            self._policies[owner, asset.service] += 1
        elif holds_nothing(asset.type):
            self._read[owner, asset.service] += 1
        elif asset.type not in READERS:
            self._unread[owner, asset.type] += 1
        elif asset.data is None:
            self._bare[owner, asset.service] += 1
        else:
            self._read[owner, asset.service] += 1

    def named(self, account: Callable[[str], str]) -> Tally:
        """The same by account, where it was counted by owner."""
        named = Tally()
        for mine, theirs in zip(self._counts(), named._counts(), strict=True):
            for (owner, what), count in mine.items():
                theirs[account(owner), what] += count
        return named

    def _counts(self) -> tuple[Counter[tuple[str, str]], ...]:
        return self._read, self._unread, self._bare, self._policies

    def coverage(self, hierarchy: Hierarchy, access: Access, asked: Asked | None) -> Iterator[Coverage]:
        """How each project was read. Every project is an asset of its own, so a list without it is not the list of
        everything in it; and it has a policy of its own, or what it lies in has, so a list of policies without any of
        these is not the list of all of them."""
        wanted = frozenset(asked.projects) if asked is not None else frozenset[str]()
        seen = {account for counted in self._counts() for account, _ in counted}
        assets, policies = (
            {hierarchy.ids.get(project, project): why for project, why in failed.items()}
            for failed in ((asked.assets, asked.policies) if asked is not None else ({}, {}))
        )
        owners: dict[str, list[str]] = defaultdict(list)
        for owner in hierarchy.owners:
            owners[hierarchy.account(owner)].append(owner)
        for account in sorted(seen | wanted):
            yield from self._of_account(account, account in wanted, account in hierarchy.seen, assets.get(account))
            if "/" not in account:
                yield _rights(account, owners[account], hierarchy, access, policies.get(account))
        for (account, type_), count in sorted(self._unread.items()):
            detail = f"{count} of this type: only the location was read, not copies or keys"
            yield Coverage("gcp", account, "*", type_, Status.UNSUPPORTED, detail)

    def _of_account(self, account: str, wanted: bool, whole: bool, failure: Failure | None) -> Iterator[Coverage]:
        services = {service for owner, service in [*self._read, *self._bare] if owner == account} - {IAM}
        if failure is not None:
            for service in sorted({"*", *services, *(services_read() if wanted else ())}):
                yield Coverage("gcp", account, "*", service, *failure)
            return
        if wanted and whole:
            services |= set(services_read())
        for service in sorted(services):
            yield self._service(account, service)
        if not whole and "/" not in account:
            detail = (
                "the list does not hold the project itself: it was filtered by type or place, or cut short, "
                "so what else is in the project is not known"
            )
            yield Coverage("gcp", account, "*", "*", Status.UNSUPPORTED, detail)

    def _service(self, account: str, service: str) -> Coverage:
        bare, count = self._bare[account, service], self._read[account, service]
        if bare:
            detail = f"{bare} of {bare + count} without resource.data: list them with --content-type=resource"
            return Coverage("gcp", account, "*", service, Status.UNSUPPORTED, detail)
        return Coverage("gcp", account, "*", service, Status.READ if count else Status.EMPTY)


def _rights(
    account: str, owners: list[str], hierarchy: Hierarchy, access: Access, failure: Failure | None
) -> Coverage:  # fmt: skip
    """How the rights in a project were read."""
    if failure is not None:
        return Coverage("gcp", account, "*", IAM, *failure)
    if not any(step in access.listed for owner in owners for step in (owner, *hierarchy.above.get(owner, ()))):
        return Coverage("gcp", account, "*", IAM, Status.UNSUPPORTED, _NO_POLICIES)
    if undecided := sum(access.undecided[owner] for owner in owners):
        detail = f"{undecided} grants to mail addresses not weighed: the domain of the organization is not told"
        return Coverage("gcp", account, "*", IAM, Status.UNSUPPORTED, detail)
    return Coverage("gcp", account, "*", IAM, Status.READ)
