"""The parts of resources that Resource Graph does not tell, asked for while the resources pass by."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

from residency.connectors.azure.crawl import GONE
from residency.connectors.azure.errors import CallFailed
from residency.connectors.azure.item import Item, NotAnItem, item_of
from residency.connectors.azure.parts import DIAGNOSTICS, Part, parts_of
from residency.connectors.azure.subscriptions import gap
from residency.connectors.azure.wire import Wire
from residency.connectors.interface import Progress
from residency.model import Coverage, Status
from residency.tables import merge_coverage

_AHEAD = 8


@dataclass(slots=True)
class Asked:
    """How often the parts of one type were asked for in one subscription, and how often in vain."""

    times: int = 0
    failed: int = 0
    worst: Coverage | None = None


@dataclass(slots=True)
class Details:
    """Reads the parts, `jobs` at a time. Once `adding` is through, `failures` says what was not obtained."""

    wires: Mapping[str, Wire]
    jobs: int
    progress: Progress
    asked: dict[tuple[str, str], Asked] = field(default_factory=dict)

    def adding(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items and, some time after each, its parts, and the parts of these."""
        pending: deque[tuple[str, Part, Future[list[Item] | CallFailed]]] = deque()
        shared: set[str] = set()
        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="azure")

        def ask(item: Item) -> None:
            subscription = item.subscription or ""
            for part, address in parts_of(item) if subscription in self.wires else ():
                # What hangs on a place is the same for every resource there.
                if not address.startswith(item.id):
                    if address in shared:
                        continue
                    shared.add(address)
                self.progress.plan(1)
                pending.append((subscription, part, pool.submit(_read, self.wires[subscription], address, part)))

        def taken(most: int) -> Iterator[Item]:
            while len(pending) > most:
                subscription, part, answer = pending.popleft()
                for item in self._taken(subscription, part, answer.result()):
                    yield item
                    ask(item)

        try:
            for item in items:
                yield item
                ask(item)
                yield from taken(_AHEAD * self.jobs)
            yield from taken(0)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def failures(self) -> dict[tuple[str, str], tuple[Status, str]]:
        """By subscription and type of part: what is not known, and why."""
        return {
            key: (told.worst.status, f"{told.failed} of {told.times}: {told.worst.detail}")
            for key, told in self.asked.items()
            if told.worst is not None
        }

    def _taken(self, subscription: str, part: Part, found: list[Item] | CallFailed) -> list[Item]:
        told = self.asked.setdefault((subscription, part.type), Asked())
        told.times += 1
        work = f"{subscription} * {part.type}"
        if not isinstance(found, CallFailed):
            self.progress.done(work)
            return found
        told.failed += 1
        row = gap(subscription, found.status, str(found), part.type)
        told.worst = row if told.worst is None else merge_coverage(told.worst, row)
        self.progress.done(work, str(found.status))
        return []


def _read(wire: Wire, address: str, part: Part) -> list[Item] | CallFailed:
    """The parts of one type at an address, or why they are not known."""
    path = f"{quote(address)}?api-version={part.version}{part.options}"
    try:
        if part.single:
            return [item_of({"id": address, "type": part.type, **wire.get(path, part.action)}, part.action)]
        found = [entry for page in wire.pages(path, part.action) for entry in page]
        return [item_of(_named(entry, address, part), part.action) for entry in found]
    except NotAnItem as unreadable:
        return CallFailed(Status.UNREACHABLE, f"unreadable answer ({unreadable})", part.action)
    except CallFailed as failure:
        # Gone since it was listed, or of a type that cannot have what was asked for.
        cannot = part.type == DIAGNOSTICS and failure.code == "ResourceTypeNotSupported"
        cannot = cannot or failure.code == "FeatureNotSupportedForAccount"
        return [] if cannot or failure.code in GONE else failure


def _named(entry: object, address: str, part: Part) -> object:
    """An entry with an id and a type: some lists give names only."""
    if isinstance(entry, dict):
        return {"id": f"{address}/{entry.get('name')}", "type": part.type, **entry}
    return entry
