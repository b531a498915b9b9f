"""Whose account it is: the one call that must succeed before anything is read."""

from __future__ import annotations

from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import EXPIRED, CallFailed
from residency.connectors.aws.place import Place
from residency.errors import Problem, UserError

IDENTITY = operation("sts:GetCallerIdentity", lists="Arn")


def identify(caller: Caller, region: str) -> Place:
    """The account and partition of the credentials, as the place of `region`. Raises `UserError` when refused."""
    try:
        answer = caller.one(IDENTITY, region, {})
    except CallFailed as failure:
        raise UserError(_problem(failure, region)) from None
    return Place(answer["Arn"].split(":")[1], answer["Account"], region)


def _problem(failure: CallFailed, region: str) -> Problem:
    if failure.refusal is None or failure.refusal.page or failure.refusal.http_status >= 500:
        return Problem(
            f"AWS cannot be reached in {region}: {failure}.",
            remedy="Check the network, the proxy, AWS_ENDPOINT_URL and that the region exists.",
        )
    if failure.reason in EXPIRED:
        return Problem("the AWS credentials have expired.", remedy="Sign in again, for example with `aws sso login`.")
    return Problem(f"AWS refuses the credentials: {failure}.", remedy="Check the profile or the access key.")
