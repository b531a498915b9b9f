"""What a collector is given: calls that never stop it, tasks side by side, and a place for what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from residency.connectors.aws.caller import Caller, Operation, UndeclaredCall
from residency.connectors.aws.collector import Collector
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.found import Found, Indexed
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Coverage, Resource, Status
from residency.tables import merge_coverage


class Gone(Exception):
    """The resource that was being read has been deleted in the meantime: it is left out."""


@dataclass(slots=True)
class Unit:
    """One (region, service) of an account: what was found there and which calls failed."""

    collector: Collector
    place: Place
    found: list[Found] = field(default_factory=list)
    failures: list[CallFailed] = field(default_factory=list)

    def coverage(self) -> Coverage:
        """How reading it ended: the worst of its failures, else whether there was anything."""
        there = any(isinstance(row, Resource | Indexed) for row in self.found)
        place, service = self.place, self.collector.service
        row = Coverage("aws", place.account, place.region, service, Status.READ if there else Status.EMPTY)
        for failure in self.failures:
            told = Coverage("aws", place.account, place.region, service, failure.status, str(failure))
            row = merge_coverage(row, told)
        return row


class Work(Protocol):
    """Takes tasks to be done side by side, and knows the units of a run."""

    def submit(self, unit: Unit, task: Callable[..., None], *arguments: Any) -> None:
        """Do a task as part of a unit, soon."""

    def unit(self, collector: Collector, region: str) -> Unit | None:
        """The unit of a service in a region; `None` when that region was not asked for."""

    def units(self, collector: Collector) -> Iterable[Unit]:
        """Every unit of a service."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one unit. A call that fails is noted for the coverage, and the collector goes on with `None`."""

    caller: Caller
    work: Work
    unit: Unit
    region: str

    @property
    def place(self) -> Place:
        """The account and region that are being read."""
        return self.unit.place

    def one(self, operation: Operation, absent: tuple[str, ...] = (), **params: Any) -> Answer | None:
        """The answer to a call, `None` when it failed. The error codes in `absent` mean that the setting is not there:
        the answer is then empty. Raises `Gone` when the resource itself is not there."""
        try:
            return self.ask(operation, **params)
        except CallFailed as failure:
            if failure.refusal is not None and failure.refusal.code in absent:
                return {}
            self.note(failure)
            return None

    def ask(self, operation: Operation, **params: Any) -> Answer:
        """The answer to a call. Raises `CallFailed` for a collector that learns from the failure itself."""
        self._check(operation)
        return self.caller.one(operation, self.region, params)

    def note(self, failure: CallFailed) -> None:
        """Remember a failure for the coverage. Raises `Gone` when it only says that the resource is not there."""
        if failure.gone:
            raise Gone from None
        self.unit.failures.append(failure)

    def pages(self, operation: Operation, absent: tuple[str, ...] = (), **params: Any) -> Iterator[Answer]:
        """The pages of a list, up to the last or to the first that fails. The error codes in `absent` mean that the
        account never began to use what is listed: there is none."""
        self._check(operation)
        try:
            yield from self.caller.pages(operation, self.region, params)
        except CallFailed as failure:
            if failure.refusal is None or failure.refusal.code not in absent:
                self.note(failure)

    def items(
        self, operation: Operation, absent: tuple[str, ...] = (), **params: Any
    ) -> Iterator[tuple[int, Any]]:
        """The members of a list, each with its index, up to the last or to the first page that fails."""
        index = 0
        for page in self.pages(operation, absent, **params):
            for entry in page[operation.lists or ""]:
                yield index, entry
                index += 1

    def each_of(self, operation: Operation, task: Callable[..., None], **params: Any) -> None:
        """Do `task(self, entry, index)` for each member of a list, side by side. One that is gone keeps none of the
        others from being read."""
        for index, entry in self.items(operation, **params):
            self.each(task, entry, index)

    def tags(self, operation: Operation, **params: Any) -> Tags:
        """The tags in the answer to a call, where it `lists` them; `None` when they could not be read."""
        return tags_in(self.one(operation, **params), operation.lists or "")

    def whole(self, operation: Operation, member: str, **params: Any) -> list[Any] | None:
        """The members of every page of a list that only counts when it is complete; `None` when a page failed."""
        self._check(operation)
        try:
            answers = list(self.caller.pages(operation, self.region, params))
        except CallFailed as failure:
            self.note(failure)
            return None
        return [item for answer in answers for item in answer.get(member) or ()]

    def each(self, task: Callable[..., None], *arguments: Any) -> None:
        """Do `task(self, *arguments)` side by side with everything else of the run."""
        self.work.submit(self.unit, task, self, *arguments)

    def add(self, found: Iterable[Found]) -> None:
        """Hand over what was found."""
        self.unit.found.extend(found)

    def within(self, region: str) -> Calls | None:
        """For a `spread` collector: the same in the region that a thing belongs to; `None` when not asked for."""
        unit = self.work.unit(self.unit.collector, region)
        return None if unit is None else Calls(self.caller, self.work, unit, region)

    def failed_everywhere(self) -> None:
        """For a `spread` collector whose list failed: nothing is certain of any region."""
        for unit in self.work.units(self.unit.collector):
            if unit is not self.unit:
                unit.failures.extend(self.unit.failures)
        self.unit.failures.clear()

    def _check(self, operation: Operation) -> None:
        if operation not in self.unit.collector.operations:
            raise UndeclaredCall(f"the collector of {self.unit.collector.service} does not declare {operation.call}.")
