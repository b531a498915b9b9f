"""The grant for whoever lists an organisation and goes into its accounts: enough, and nothing to spare."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from residency.connectors.aws.assume import ASSUME_ROLE
from residency.connectors.aws.caller import Caller
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.organisation import OPERATIONS, read_organisation
from residency.connectors.aws.permissions import organisation_policy
from residency.connectors.aws.session import AwsSession
from residency.connectors.aws.wire import Wire
from tests.connectors.aws.conftest import HASTY
from tests.connectors.aws.estate import VIRGINIA
from tests.emulators.aws import AwsEmulator

INTO = {"RoleArn": "arn:aws:iam::111122223333:role/residency-audit", "RoleSessionName": "residency"}
ADMIN = INTO | {"RoleArn": "arn:aws:iam::111122223333:role/admin"}


def caller(environment: dict[str, str]) -> Caller:
    return Caller(Wire(AwsSession(None, environment), 4, HASTY), HASTY)


def granted(without: str = "") -> dict[str, Any]:
    """The grant that is published, without one action."""
    policy = copy.deepcopy(organisation_policy())
    for statement in policy["Statement"]:
        told = statement["Action"]
        statement["Action"] = [action for action in ([told] if isinstance(told, str) else told) if action != without]
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Action"]]
    return policy


def test_the_grant_for_an_organisation_is_enough_and_each_action_is_needed(aws: AwsEmulator) -> None:
    client = aws.client("organizations", VIRGINIA)
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.create_organizational_unit(ParentId=root, Name="Health")
    environment = aws.user(granted())
    reader = caller(environment)
    whole = read_organisation(reader, VIRGINIA)
    assert whole.failures == ()
    assert whole.accounts is not None
    assert {(listed.path, str(listed.tags)) for listed in whole.accounts.values()} == {(("Root",), "{}")}
    assert reader.one(ASSUME_ROLE, VIRGINIA, INTO)["Credentials"]
    with pytest.raises(CallFailed, match="AccessDenied: sts:AssumeRole"):
        reader.one(ASSUME_ROLE, VIRGINIA, ADMIN)
    for operation in OPERATIONS:
        aws.replace_policy(granted(without=operation.permission))
        lacking = read_organisation(reader, VIRGINIA)
        assert {failure.call for failure in lacking.failures} == {operation.call}, operation.call
    aws.replace_policy(granted(without=ASSUME_ROLE.permission))
    with pytest.raises(CallFailed, match="AccessDenied: sts:AssumeRole"):
        reader.one(ASSUME_ROLE, VIRGINIA, INTO)


def test_every_action_of_the_grant_is_asked_for() -> None:
    used = {operation.permission for operation in OPERATIONS} | {"sts:GetCallerIdentity", "sts:AssumeRole"}
    named = [statement["Action"] for statement in organisation_policy()["Statement"]]
    assert {action for told in named for action in ([told] if isinstance(told, str) else told)} == used
