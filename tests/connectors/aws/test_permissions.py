"""The grant that we publish is enough and has nothing to spare, as far as the emulator checks rights."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from residency.cli.main import main
from residency.connectors.aws.caller import ASKING, READING, Caller, UndeclaredCall
from residency.connectors.aws.collector import collectors, operation
from residency.connectors.aws.permissions import iam_policy
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.estate import REGIONS, Estate
from tests.emulators.aws import AwsEmulator

# The emulator asks other rights for these than AWS does, or none.
UNCHECKED = {"s3:GetReplicationConfiguration", "s3:GetEncryptionConfiguration", "s3:ListBucket"}
UNCHECKED |= {"s3:GetBucketPublicAccessBlock", "s3:GetInventoryConfiguration"}
# Only asked for where AWS itself is read, for the host that the other calls go to.
UNCHECKED |= {"timestream:DescribeEndpoints"}
# Only asked when something else says that there is more.
UNCHECKED |= {"elasticache:DescribeGlobalReplicationGroups"}


def without(action: str) -> dict[str, Any]:
    policy = copy.deepcopy(iam_policy())
    for statement in policy["Statement"]:
        statement["Action"] = [entry for entry in statement["Action"] if entry != action]
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Action"]]
    return policy


def test_the_grant_is_enough_and_each_action_is_needed(
    aws: AwsEmulator, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate = Estate(aws)
    # A bucket that does not exist is looked up with a right that the emulator knows under no name of AWS's.
    aws.client("s3").delete_bucket_replication(Bucket="lake")
    estate.places = {place for place in estate.places if place[3] != "s3-replication"}
    environment = aws.user(iam_policy())
    found = collect(*REGIONS, environment=environment, jobs=16)
    assert found.incomplete() == {}
    assert found.places() == estate.places
    for entry in collectors():
        monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", {entry.service: entry})
        regions = [region for region, service in found.coverage if service == entry.service and region in REGIONS]
        there = [region for region in regions if found.status(region, entry.service) == "read"]
        for action in {declared.permission for declared in entry.operations} - UNCHECKED:
            aws.replace_policy(without(action))
            lacking = collect(*(there or REGIONS[:1]), environment=environment)
            assert {service for _, service in lacking.incomplete()} == {entry.service}, action


def test_every_declared_call_only_reads() -> None:
    for entry in collectors():
        for declared in entry.operations:
            assert declared.name.startswith(READING)
            assert declared.service in (entry.service, "organizations")
        assert len(set(entry.operations)) == len(entry.operations)


def test_what_does_not_read_is_never_sent() -> None:
    caller = Caller(wire=None, patience=None)  # type: ignore[arg-type]
    with pytest.raises(UndeclaredCall, match="s3:DeleteBucket is not an operation that reads"):
        caller.one(operation("s3:DeleteBucket"), "eu-west-3", {})


def test_permissions_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["permissions", "aws", "--format", "json"])
    assert ended.value.code == 0
    statements = [statement for policy in json.loads(capsys.readouterr().out) for statement in policy["Statement"]]
    assert statements == iam_policy()["Statement"]
    actions = [action for statement in statements for action in statement["Action"]]
    assert {"sts:GetCallerIdentity", "account:ListRegions", "ec2:DescribeRegions", "s3:ListAllMyBuckets"} <= set(
        actions
    )
    reading = {
        entry.permission for declared in collectors() for entry in declared.operations if entry.name.startswith(READING)
    }
    reading |= {f"{service}:{name}" for service, name in (ASKING,)}
    assert all(action in reading or action.partition(":")[2].startswith(READING) for action in actions)
    sids = [statement["Sid"] for statement in statements]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)


def test_permissions_of_a_source_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["permissions", "myspace"])
    assert ended.value.code == 2
    assert "There is: aws" in capsys.readouterr().err
