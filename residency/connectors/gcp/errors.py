"""What a failed call to Google Cloud means for coverage."""

from __future__ import annotations

from residency.model import Status


class CallFailed(Exception):
    """A call that gave no answer. `str()` is the detail of the coverage row."""

    def __init__(self, status: Status, reason: str, call: str) -> None:
        self.status = status
        self.reason = reason
        self.call = call
        super().__init__(f"{reason}: {call}")


def call_failed(error: Exception, call: str) -> CallFailed:
    """What an exception of the client libraries stands for, once retries are over.

    The classes of HTTP are asked for: those of gRPC are their subclasses. A service that is switched off is a refusal
    here, because what it would have listed exists all the same.
    """
    from google.api_core import exceptions as google

    if isinstance(error, google.RetryError) and isinstance(error.cause, Exception):
        return call_failed(error.cause, call)
    kinds: tuple[tuple[type[Exception], Status], ...] = (
        (google.TooManyRequests, Status.THROTTLED),
        (google.Forbidden, Status.DENIED),
        (google.Unauthorized, Status.DENIED),
        (google.NotFound, Status.DENIED),
        (google.MethodNotImplemented, Status.UNSUPPORTED),
    )
    status = next((status for kind, status in kinds if isinstance(error, kind)), Status.UNREACHABLE)
    reason = getattr(error, "reason", None) or type(error).__name__
    return CallFailed(status, str(reason), call)
