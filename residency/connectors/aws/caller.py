"""Calls with patience: retries, pages, and the promise that only declared, reading operations are ever sent."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from residency.connectors.aws.errors import CallFailed, Refusal, status_of, worth_retrying
from residency.connectors.aws.pace import Pace
from residency.connectors.aws.reach import Reach
from residency.connectors.aws.wire import Answer, Credentials, Patience, Wire, WireError
from residency.connectors.interface import OUT_OF_TIME
from residency.model import Status

READING = ("List", "Get", "Describe", "Search", "BatchGet", "Head")
# It reads too: recorded configuration, whose query can say nothing but SELECT.
ASKING = ("config", "SelectAggregateResourceConfig")
# The one other: it gives credentials for another account, and changes nothing there.
SIGNING_IN = ("sts", "AssumeRole")


class UndeclaredCall(Exception):
    """A collector tried an operation that it did not declare, or one that does not read. A mistake in the program."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation that a collector uses. `permission` is the IAM action that allows it."""

    service: str
    name: str
    permission: str
    lists: str | None = None

    @property
    def call(self) -> str:
        """As evidence and coverage name it: `s3:GetBucketReplication`."""
        return f"{self.service}:{self.name}"


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt without an answer. `again` when another may have one; `silent` when nothing came back at all."""

    failure: CallFailed
    again: bool
    silent: bool = False


@dataclass(slots=True)
class Caller:
    """Makes the calls of one account. `enabled` are the regions that the account's own list has as switched on.

    Nothing is sent any more once `stopped` is set, or after `end` on the clock `time.monotonic`.
    """

    wire: Wire
    patience: Patience
    enabled: frozenset[str] = field(default_factory=frozenset)
    stopped: threading.Event = field(default_factory=threading.Event)
    end: float = float("inf")
    reach: Reach = field(default_factory=Reach)
    _paces: dict[tuple[str, str], Pace] = field(default_factory=dict)

    def signed_with(self, credentials: Credentials) -> Caller:
        """The same for another account, which has paces of its own."""
        wire = self.wire.signed_with(credentials)
        return Caller(wire, self.patience, stopped=self.stopped, end=self.end, reach=self.reach)

    def pace(self, service: str, region: str) -> Pace:
        """How fast a service takes calls in a region. At its slowest it is asked once in a retry pause."""
        found = self._paces.get((service, region))
        return found or self._paces.setdefault((service, region), Pace(1 / self.patience.pause))

    def one(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Answer:
        """The answer to one call. Raises `CallFailed` when there is none."""
        known = (operation.service, operation.name) in (ASKING, SIGNING_IN)
        if not known and not operation.name.startswith(READING):
            raise UndeclaredCall(f"{operation.call} is not an operation that reads.")
        answer = self._patiently(operation, region, params)
        if operation.lists is not None and _at(answer, operation.lists) is None:
            raise CallFailed(Status.UNREACHABLE, f"WireError (no {operation.lists} in the answer)", operation.call)
        return answer

    def pages(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Iterator[Answer]:
        """The answers to a call that comes in pages, one after the other, to the last."""
        rules = self.wire.parts.of(operation.service).page_rules(operation.name)
        answer = self.one(operation, region, params)
        yield answer
        seen: set[str] = set()
        while rules is not None and (token := _next_token(rules, answer, operation, seen)) is not None:
            answer = self.one(operation, region, {**params, **token})
            yield answer

    def _patiently(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Answer:
        """One call until it is answered or was tried often enough. One that came too fast has not failed as long as
        others of its kind get through: it waits for its turn."""
        pace, patience = self.pace(operation.service, region), self.patience
        begun, heard = time.monotonic(), pace.answered
        tries = refusals = 0
        while True:
            self._take_turn(pace, operation, region)
            sent = time.monotonic()
            outcome = self._attempt(operation, region, params)
            now = time.monotonic()
            if isinstance(outcome, Failed) and outcome.silent:
                self.reach.lost(region, now)
            else:
                self.reach.answered(region)
            if isinstance(outcome, Failed) and outcome.failure.status is Status.THROTTLED:
                pace.refused(sent, now)
                refusals += 1
                tries += heard == pace.answered
                heard = pace.answered
                if tries >= patience.attempts or refusals >= patience.refusals:
                    raise outcome.failure
                continue
            pace.took(sent, now)
            if not isinstance(outcome, Failed):
                return outcome
            tries += 1
            pause = min(patience.pause * 2 ** (tries - 1), patience.longest_pause) * random.random()  # noqa: S311
            late = now + pause > min(begun + patience.call, self.end)
            if not outcome.again or tries >= patience.attempts or late or self.reach.dead(region, now):
                raise outcome.failure
            if self.stopped.wait(pause) or self.reach.dead(region, time.monotonic()):
                raise outcome.failure

    def _take_turn(self, pace: Pace, operation: Operation, region: str) -> None:
        """Wait until the service takes one more call. Raises `CallFailed` when it may not be sent at all."""
        while True:
            now = time.monotonic()
            if self.reach.dead(region, now):
                raise CallFailed(Status.UNREACHABLE, "not tried, nothing in the region answers", operation.call)
            if now > self.end:
                raise CallFailed(Status.UNREACHABLE, OUT_OF_TIME, operation.call)
            wait = pace.turn(now)
            if self.stopped.wait(wait) if wait else self.stopped.is_set():
                raise CallFailed(Status.UNREACHABLE, "stopped", operation.call)
            if not wait:
                return

    def _attempt(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Answer | Failed:
        from botocore.exceptions import BotoCoreError, ConnectionError, EndpointConnectionError, SSLError
        from botocore.parsers import ResponseParserError

        try:
            answer = self.wire.send(operation.service, operation.name, region, params)
        except WireError as error:
            return Failed(CallFailed(Status.UNREACHABLE, f"WireError ({error})", operation.call), again=False)
        except (BotoCoreError, ResponseParserError, KeyError) as error:
            if isinstance(error, EndpointConnectionError) and self.wire.not_offered(operation.service, region):
                # It tells nothing of the way to the region, and nothing of the pace of the service.
                missing = "no endpoint of this service in the region"
                raise CallFailed(Status.DISABLED, missing, operation.call) from None
            failure = CallFailed(Status.UNREACHABLE, type(error).__name__, operation.call)
            refused = isinstance(error, SSLError)
            return Failed(failure, again=not refused, silent=isinstance(error, ConnectionError) and not refused)
        if not isinstance(answer, Refusal):
            return answer
        again = worth_retrying(answer, self.wire.emulated(operation.service))
        return Failed(self._failure(operation, region, answer), again)

    def _failure(self, operation: Operation, region: str, refusal: Refusal) -> CallFailed:
        status = status_of(refusal, region_is_on=region in self.enabled, emulated=self.wire.emulated(operation.service))
        reason = f"HTTP {refusal.code}" if refusal.code.isdigit() else refusal.code
        return CallFailed(status, reason, operation.call, refusal)


def _next_token(
    rules: Mapping[str, Any], answer: Answer, operation: Operation, seen: set[str]
) -> dict[str, Any] | None:
    """The parameters that ask for the page after `answer`; `None` after the last one.

    A page that says it is cut short but not how to go on, or that leads back to itself, is data lost: `CallFailed`.
    """
    inputs, outputs = _listed(rules["input_token"]), _listed(rules["output_token"])
    values = [_at(answer, path) for path in outputs]
    found = {name: value for name, value in zip(inputs, values, strict=True) if value}
    more = _at(answer, rules["more_results"]) if "more_results" in rules else None
    if more is False:
        return None
    if not found:
        if more:
            raise CallFailed(Status.UNREACHABLE, "WireError (cut short without a next page)", operation.call)
        return None
    mark = repr(found)
    if mark in seen:
        raise CallFailed(Status.UNREACHABLE, "WireError (the same next page twice)", operation.call)
    seen.add(mark)
    return found


def _listed(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told


def _at(answer: Any, path: str) -> Any:
    """The member of an answer at a dotted path; `None` where there is none."""
    for name in path.split("."):
        if not isinstance(answer, Mapping):
            return None
        answer = answer.get(name)
    return answer
