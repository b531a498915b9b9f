"""Answers that are damaged, strange or huge. What else goes wrong has its tests here:

| fault | tests |
|---|---|
| access denied on one call, one service | `test_coverage`: one denied call, error codes |
| access denied on one account, on `sts` | `test_organisation`: an account that cannot be entered, none can, who may not ask |
| throttling storms, stray errors 500 | `test_limits`: throttling and stray errors; `test_pace` against a scripted clock |
| a web page with status 200, an empty body, a list that is missing | `test_coverage`: what is no answer |
| credentials that expire in the middle | `test_limits`: renewed for a role, cannot be renewed, read when the run goes on |
| a region that does not resolve, a socket that hangs, the end of time | `test_limits` |
| SIGTERM and SIGKILL in the middle | `tests/end_to_end/test_resume` |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from residency.connectors.aws.collector import collectors
from residency.tables import Inventory
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.estate import PARIS
from tests.emulators.aws import ACCOUNT, AwsEmulator, Refused, Reply


@pytest.fixture(autouse=True)
def _few_services(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {entry.service: entry for entry in collectors() if entry.service in ("sqs", "kms", "ec2", "rds", "dynamodb")}
    monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", few)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("kms:ListKeys", b'{"Keys": [{"KeyId": "one", "KeyA'),
        ("dynamodb:ListTables", b'{"TableNames": ["one", "tw'), ("sqs:ListQueues", b'{"QueueUrls": ["https://sqs/1/o'),
        ("ec2:DescribeVolumes", b"<?xml version='1.0'?><DescribeVolumesResponse><volumeSet><item><volu"),
        ("rds:DescribeDBInstances", b"<?xml version='1.0'?><DescribeDBInstancesResponse><DescribeDBInstancesRes"),
    ],
)  # fmt: skip
def test_an_answer_that_breaks_off_is_no_answer(aws: AwsEmulator, collect: Collect, call: str, body: bytes) -> None:
    kind = "text/xml" if body.startswith(b"<") else "application/x-amz-json-1.1"
    aws.fail(call, Reply(200, body, kind))
    found = collect(PARIS)
    service = call.partition(":")[0]
    assert set(found.incomplete()) == {(PARIS, service)}
    assert found.status(PARIS, service) == "unreachable"
    assert found.coverage[PARIS, service].detail == f"ResponseParserError: {call}"
    # The same once only, as a line that stutters would give it, is asked again and costs nothing.
    aws.faults.clear()
    aws.fail(call, Reply(200, body, kind), times=1)
    assert collect(PARIS).incomplete() == {}


def test_a_next_page_that_has_expired_keeps_the_pages_before(aws: AwsEmulator, collect: Collect) -> None:
    def tables(region: str, account: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        if "ExclusiveStartTableName" in asked:
            raise Refused("ExpiredNextToken", 400)
        return {"TableNames": ["one"], "LastEvaluatedTableName": "one"}

    aws.client("dynamodb").create_table(
        TableName="one", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )  # fmt: skip
    aws.answer("dynamodb:ListTables", tables)
    found = collect(PARIS)
    assert [row.name for row in found.resources.values()] == ["one"]
    assert found.incomplete() == {(PARIS, "dynamodb"): "unreachable ExpiredNextToken: dynamodb:ListTables"}


def test_what_is_listed_twice_is_there_once(aws: AwsEmulator, collect: Collect) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]
    listed = {"KeyId": key["KeyId"], "KeyArn": key["Arn"]}
    aws.fail("kms:ListKeys", Reply(200, json.dumps({"Keys": [listed] * 3}).encode(), "application/json"))
    found = collect(PARIS)
    inventory = Inventory.of(found.rows)
    assert [uid for uid in inventory.resources["uid"].to_pylist() if uid == key["Arn"]] == [key["Arn"]]
    assert [uid for uid in inventory.placements["uid"].to_pylist() if uid == key["Arn"]] == [key["Arn"]]
    assert found.incomplete() == {}


def test_tags_in_every_script_and_with_every_sign(aws: AwsEmulator, collect: Collect) -> None:
    tags = {
        "catégorie-données": "santé", "部門": "研究🧬", "<script>alert(1)</script>": "=HYPERLINK('x')", "empty": "",
        "right\u202eleft": "a\u0301",
    }  # fmt: skip
    aws.client("sqs").create_queue(QueueName="q", tags=tags)
    (queue,) = collect(PARIS).resources.values()
    assert queue.tags == tags


def test_five_thousand_in_one_listing(aws: AwsEmulator, collect: Collect) -> None:
    def volumes(region: str, account: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"Volumes": [
            {"VolumeId": f"vol-{index:08}", "AvailabilityZone": f"{region}a", "Size": 1, "State": "available",
             "Encrypted": False, "Tags": [{"Key": "index", "Value": str(index)}]}
            for index in range(5000)
        ]}  # fmt: skip

    aws.answer("ec2:DescribeVolumes", volumes)
    found = collect(PARIS)
    assert set(found.resources) == {f"arn:aws:ec2:{PARIS}:{ACCOUNT}:volume/vol-{index:08}" for index in range(5000)}
    assert sum(row.uid in found.resources for row in found.placements) >= 5000
    assert found.incomplete() == {}
