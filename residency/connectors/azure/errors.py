"""What a failed call to Azure means for coverage."""

from __future__ import annotations

import re
from typing import Any

from residency.connectors.interface import OUT_OF_TIME
from residency.model import Status

# A provider that is not registered in a subscription cannot have resources in it.
_SWITCHED_OFF = {"MissingSubscriptionRegistration", "SubscriptionNotRegistered"}
_UNSUPPORTED = {
    "InvalidApiVersionParameter", "InvalidResourceType", "NoRegisteredProviderFound", "ResourceTypeNotSupported",
    "UnsupportedApiVersion", "UnsupportedResourceType",
}  # fmt: skip
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")
TRY_AGAIN = (408, 429, 500, 502, 503, 504)


class CallFailed(Exception):
    """A call that gave no answer. `str()` is the detail of the coverage row; `code` is the one that Azure gave."""

    def __init__(
        self, status: Status, reason: str, call: str, code: str | None = None, http_status: int | None = None
    ) -> None:
        self.http_status = http_status
        self.status = status
        self.reason = reason
        self.call = call
        self.code = code
        super().__init__(f"{reason}: {call}")


class OutOfTime(CallFailed):
    """A call that was not made, or not to its end, since the time of the run was over."""

    def __init__(self, call: str) -> None:
        super().__init__(Status.UNREACHABLE, OUT_OF_TIME, call)


def refusal(http_status: int, answer: Any, call: str) -> CallFailed:
    """What an answer with an error status stands for, once retries are over. `answer` is its body, if that is JSON."""
    code = _code_in(answer)
    if code in _SWITCHED_OFF:
        status = Status.DISABLED
    elif code in _UNSUPPORTED or http_status in (405, 501):
        status = Status.UNSUPPORTED
    elif http_status == 429:
        status = Status.THROTTLED
    elif http_status in (401, 403, 404):
        # Azure answers 404 for a subscription that exists and is not shown.
        status = Status.DENIED
    else:
        status = Status.UNREACHABLE
    return CallFailed(status, code or f"HTTP {http_status}", call, code, http_status)


def _code_in(answer: Any) -> str | None:
    """The error code of an answer, if it is one: a message may hold anything and is not repeated."""
    error = answer.get("error", answer) if isinstance(answer, dict) else None
    code = error.get("code", error.get("Code")) if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
