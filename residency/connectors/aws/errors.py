"""What a failed call means for coverage: the error codes of AWS and the exceptions of its client library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from residency.model import Status

_THROTTLED = frozenset({
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    "TransactionInProgressException",
})  # fmt: skip
_NOT_SUBSCRIBED = frozenset({"OptInRequired", "SubscriptionRequiredException", "RegionDisabledException"})
# A service that is off in a region answers so, with a code that it has for refusals as well.
_OFF = ("Macie is not enabled", "is not subscribed to AWS Security Hub")
# In a region that is switched off these are the answer to good credentials; everywhere else they are a refusal.
_REGION_OFF = frozenset({"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"})
_NOT_IMPLEMENTED = frozenset({
    "NotImplemented", "UnknownOperation", "UnknownOperationException", "InvalidAction",
    "UnsupportedOperationException",
})  # fmt: skip
_DENIED = _REGION_OFF | {
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException", "ExpiredToken",
    "ExpiredTokenException", "RequestExpired", "SignatureDoesNotMatch", "UnauthorizedOperation",
    "KMSAccessDeniedException", "AllAccessDisabled", "AccountProblem",
}  # fmt: skip
_RETRIED_STATUS = frozenset({500, 502, 503, 504})
_GONE = frozenset({
    "NoSuchBucket", "NotFoundException", "ResourceNotFoundException", "QueueDoesNotExist", "NotFound",
    "AWS.SimpleQueueService.NonExistentQueue", "RepositoryNotFoundException", "NoSuchDistribution",
})  # fmt: skip
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error: its code, its HTTP status, whether it came as a web page instead of an API answer;
    `renewed` when it calls credentials expired and there are others now. `message` is only looked into: it may hold
    anything."""

    code: str
    http_status: int
    page: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    renewed: bool = False
    message: str = field(default="", repr=False)


class CallFailed(Exception):
    """A call that gave no answer. `str()` is the detail of the coverage row, such as `AccessDenied: s3:ListBuckets`."""

    def __init__(self, status: Status, reason: str, call: str, refusal: Refusal | None = None) -> None:
        self.status = status
        self.reason = reason
        self.call = call
        self.refusal = refusal
        super().__init__(f"{reason}: {call}")

    @property
    def gone(self) -> bool:
        """True when the thing that was asked about is not there."""
        return self.refusal is not None and not self.refusal.page and self.refusal.code in _GONE | {"404"}


def worth_retrying(refusal: Refusal, emulated: bool) -> bool:
    """Whether the same call may succeed a moment later.

    An emulator answers 500 with a web page for an operation it does not have, and will do so again.
    """
    if refusal.code in _THROTTLED or refusal.renewed:
        return True
    return (refusal.http_status in _RETRIED_STATUS and not (emulated and refusal.page)) or refusal.http_status == 429


def status_of(refusal: Refusal, *, region_is_on: bool, emulated: bool) -> Status:
    """The coverage status that an error answer stands for, once retries are over.

    `region_is_on` tells that the account's own list has the region as enabled, so that a refusal there is a refusal.
    """
    code = refusal.code
    if code in _THROTTLED or refusal.http_status == 429:
        return Status.THROTTLED
    if any(told in refusal.message for told in _OFF):
        return Status.DISABLED
    if code in _NOT_SUBSCRIBED or (code in _REGION_OFF and not region_is_on):
        return Status.DISABLED
    if code in _NOT_IMPLEMENTED or refusal.http_status == 501:
        return Status.UNSUPPORTED
    if refusal.page:
        missing = refusal.http_status == 404 or (emulated and refusal.http_status == 500)
        return Status.UNSUPPORTED if missing else Status.UNREACHABLE
    if code in _DENIED or refusal.http_status in (401, 403):
        return Status.DENIED
    return Status.UNREACHABLE
