"""Calls with patience: retries, pages, and the promise that only declared, reading operations are ever sent."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from residency.connectors.aws.errors import CallFailed, Refusal, status_of, worth_retrying
from residency.connectors.aws.wire import Answer, Credentials, Patience, Wire, WireError
from residency.model import Status

READING = ("List", "Get", "Describe", "Search", "BatchGet", "Head")
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


@dataclass(slots=True)
class Caller:
    """Makes the calls of one run. `enabled` are the regions that the account's own list has as switched on; nothing is
    tried again once `stopped` is set."""

    wire: Wire
    patience: Patience
    enabled: frozenset[str] = field(default_factory=frozenset)
    stopped: threading.Event = field(default_factory=threading.Event)

    def signed_with(self, credentials: Credentials) -> Caller:
        """The same for another account."""
        return Caller(self.wire.signed_with(credentials), self.patience, stopped=self.stopped)

    def one(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Answer:
        """The answer to one call. Raises `CallFailed` when there is none."""
        if not operation.name.startswith(READING) and (operation.service, operation.name) != SIGNING_IN:
            raise UndeclaredCall(f"{operation.call} is not an operation that reads.")
        answer = self._patiently(operation, region, params)
        if operation.lists is not None and _at(answer, operation.lists) is None:
            raise CallFailed(Status.UNREACHABLE, f"WireError (no {operation.lists} in the answer)", operation.call)
        return answer

    def pages(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Iterator[Answer]:
        """The answers to a call that comes in pages, one after the other, to the last."""
        rules = self.wire.parts.of(operation.service).pages.get(operation.name)
        answer = self.one(operation, region, params)
        yield answer
        seen: set[str] = set()
        while rules is not None and (token := _next_token(rules, answer, operation, seen)) is not None:
            answer = self.one(operation, region, {**params, **token})
            yield answer

    def _patiently(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Answer:
        from botocore.exceptions import BotoCoreError, SSLError
        from botocore.parsers import ResponseParserError

        failure = CallFailed(Status.UNREACHABLE, "never tried", operation.call)
        for attempt in range(self.patience.attempts):
            if attempt:
                pause = min(self.patience.pause * 2 ** (attempt - 1), self.patience.longest_pause)
                if self.stopped.wait(pause * random.random()):  # noqa: S311
                    break
            try:
                answer = self.wire.send(operation.service, operation.name, region, params)
            except WireError as error:
                raise CallFailed(Status.UNREACHABLE, f"WireError ({error})", operation.call) from None
            except SSLError as error:
                raise CallFailed(Status.UNREACHABLE, type(error).__name__, operation.call) from None
            except (BotoCoreError, ResponseParserError, KeyError) as error:
                failure = CallFailed(Status.UNREACHABLE, type(error).__name__, operation.call)
                continue
            if not isinstance(answer, Refusal):
                return answer
            failure = self._failure(operation, region, answer)
            if not worth_retrying(answer, self.wire.emulated(operation.service)):
                break
        raise failure from None

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
