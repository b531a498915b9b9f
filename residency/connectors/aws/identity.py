"""Whose account it is: the one call that must succeed before anything is read."""

from __future__ import annotations

from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import EXPIRED, CallFailed
from residency.connectors.aws.place import Place
from residency.errors import Problem, UserError

IDENTITY = operation("sts:GetCallerIdentity", lists="Arn")


# Said of credentials that are good, but may not ask. Every other refusal says that they are no good.
_FORBIDDEN = frozenset({"AccessDenied", "AccessDeniedException"})


def identify(caller: Caller, region: str) -> Place:
    """The account and partition of the credentials, as the place of `region`.

    Raises `UserError` when they are no good or AWS cannot be reached, `CallFailed` when asking is forbidden.
    """
    try:
        answer = caller.one(IDENTITY, region, {})
    except CallFailed as failure:
        if failure.reason in _FORBIDDEN:
            raise
        raise UserError(_problem(failure, region)) from None
    return Place(answer["Arn"].split(":")[1], answer["Account"], region)


def assumed_identity(caller: Caller, account: str | None, region: str) -> Place | None:
    """The same from what the configuration says, for credentials that may not ask; `None` when it names no account."""
    entries = caller.wire.parts.partitions["partitions"]
    partition = next((str(entry["id"]) for entry in entries if region in entry["regions"]), None)
    return None if account is None or partition is None else Place(partition, account, region)


def _problem(failure: CallFailed, region: str) -> Problem:
    if failure.refusal is None or failure.refusal.page or failure.refusal.http_status >= 500:
        return Problem(
            f"AWS cannot be reached in {region}: {failure}.",
            remedy="Check the network, the proxy, AWS_ENDPOINT_URL and that the region exists.",
        )
    if failure.reason in EXPIRED:
        return Problem("the AWS credentials have expired.", remedy="Sign in again, for example with `aws sso login`.")
    return Problem(f"AWS refuses the credentials: {failure}.", remedy="Check the profile or the access key.")
