"""How well each project was read: counts of what was seen, and the coverage rows that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.ignored import holds_nothing
from residency.connectors.gcp.rows import READERS
from residency.model import Coverage, Status


def services_read() -> tuple[str, ...]:
    """The services that there are readers for, in short: `storage`."""
    return tuple(sorted({type_.partition("/")[0].removesuffix(".googleapis.com") for type_ in READERS}))


class Tally:
    """What was seen, by owner or account and by service, and how far it could be read."""

    def __init__(self) -> None:
        self._read: Counter[tuple[str, str]] = Counter()
        self._unread: Counter[tuple[str, str]] = Counter()
        self._bare: Counter[tuple[str, str]] = Counter()

    def count(self, asset: Asset, owner: str) -> None:
        """Count an asset of an owner."""
        if holds_nothing(asset.type):
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
        for mine, theirs in ((self._read, named._read), (self._unread, named._unread), (self._bare, named._bare)):
            for (owner, what), count in mine.items():
                theirs[account(owner), what] += count
        return named

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
                known = services_read() if account in (asked or ()) else ()
                for service in sorted({"*", *services, *known}):
                    yield Coverage("gcp", account, "*", service, status, detail)
                continue
            if asked is not None and account in asked and account in whole:
                services |= set(services_read())
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
