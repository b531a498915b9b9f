"""What a failed call to Google Cloud means for coverage."""

from __future__ import annotations

from residency.model import Status


class CallFailed(Exception):
    """A call that gave no answer. `str()` is the detail of the coverage row; `refused` are the credentials."""

    def __init__(self, status: Status, reason: str, call: str, *, refused: bool = False) -> None:
        self.status = status
        self.reason = reason
        self.call = call
        self.refused = refused
        super().__init__(f"{reason}: {call}")


class WrongRequest(CallFailed):
    """A call that asks for something that is not there, such as the page of a token that has run out."""


def call_failed(error: Exception, call: str) -> CallFailed:
    """What an exception of the client libraries stands for, once retries are over.

    The classes of HTTP are asked for: those of gRPC are their subclasses. A service that is switched off is a refusal
    here, because what it would have listed exists all the same.
    """
    from google.api_core import exceptions as google

    kinds: tuple[tuple[type[Exception], Status], ...] = (
        (google.TooManyRequests, Status.THROTTLED),
        (google.Forbidden, Status.DENIED),
        (google.Unauthorized, Status.DENIED),
        (google.NotFound, Status.DENIED),
        (google.MethodNotImplemented, Status.UNSUPPORTED),
    )
    status = next((status for kind, status in kinds if isinstance(error, kind)), Status.UNREACHABLE)
    reason = str(getattr(error, "reason", None) or type(error).__name__)
    if isinstance(error, google.BadRequest):
        return WrongRequest(status, reason, call)
    return CallFailed(status, reason, call, refused=isinstance(error, google.Unauthorized))


def worth_retrying(error: Exception) -> bool:
    """Whether the same call may get an answer a little later. A broken connection of REST is an `OSError`."""
    from google.api_core import exceptions as google
    from google.auth.exceptions import TransportError

    later = (
        google.TooManyRequests, google.ServiceUnavailable, google.GatewayTimeout, google.BadGateway,
        google.InternalServerError, TransportError, OSError,
    )  # fmt: skip
    return isinstance(error, later) and not isinstance(error, google.MethodNotImplemented)


def told_to_wait(error: Exception) -> float:
    """The seconds that an answer asks to wait: `RetryInfo` of gRPC, `Retry-After` of HTTP. 0 when it does not."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    told = headers.get("Retry-After", "") if headers is not None else ""
    if told.isdigit():
        return float(told)
    for detail in getattr(error, "details", None) or ():
        delay = getattr(detail, "retry_delay", None)
        if delay is not None:
            return float(delay.seconds) + float(delay.nanos) / 1e9
    return 0.0
