"""An aggregator of AWS Config is read in full, and what it cannot tell is in the coverage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from residency.connectors.aws.config_items.query import ITEMS, OPERATIONS, QUERY, SOURCES
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.permissions import iam_policy
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Account, Coverage, Placement, Resource, Row, Status
from residency.sources.aws_config_file import read_aws_config_file
from tests.connectors.aws.conftest import HASTY
from tests.connectors.aws.test_permissions import without
from tests.emulators.aws import AwsEmulator, Refused, Reply, refusal
from tests.end_to_end.command import residency
from tests.sources.config_estate import ACCOUNT, ESTATE, VOLUME, item, of_query

PARIS, DUBLIN, VIRGINIA = "eu-west-3", "eu-west-1", "us-east-1"
NAME, OTHER = "all-accounts", "444455556666"
RESULTS = [json.dumps(of_query(entry)) for entry in ESTATE]


def source(account: str, region: str, status: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    told = {"SourceId": account, "SourceType": "ACCOUNT", "AwsRegion": region, "LastUpdateStatus": status}
    return told | {"LastUpdateTime": 1_795_000_000} | more


SOURCES_OK = [source(ACCOUNT, PARIS), source(ACCOUNT, DUBLIN), source(ACCOUNT, VIRGINIA)]


def aggregate(aws: AwsEmulator, sources: list[dict[str, Any]] = SOURCES_OK, results: list[str] = RESULTS) -> None:
    """The aggregator, in pages of seven items and two sources."""

    def page(params: Mapping[str, Any], name: str, entries: list[Any], size: int) -> dict[str, Any]:
        if params["ConfigurationAggregatorName"] != NAME:
            raise Refused("NoSuchConfigurationAggregatorException", 400)
        start = int(params.get("NextToken", 0))
        more = {"NextToken": str(start + size)} if start + size < len(entries) else {}
        return {name: entries[start : start + size], **more}

    def items(region: str, account: str, params: dict[str, Any]) -> dict[str, Any]:
        if params["Expression"] != QUERY or params["Limit"] > 100:
            raise Refused("InvalidExpressionException", 400)
        return page(params, "Results", results, 7)

    aws.answer(SOURCES.call, lambda region, account, params: page(params, "AggregatedSourceStatusList", sources, 2))
    aws.answer(ITEMS.call, items)


def read(aws: AwsEmulator, name: str = NAME, environment: dict[str, str] | None = None, **scope: Any) -> list[Row]:
    settings = AwsSettings(config_aggregator=name)
    connector = AwsConnector(environment=environment or aws.environment(), patience=HASTY, settings=settings)
    return list(connector.collect(Scope(**scope), Silent()))


def coverage(rows: list[Row]) -> dict[tuple[str, str, str], tuple[str, str]]:
    found = [row for row in rows if isinstance(row, Coverage)]
    return {(row.account, row.region, row.service): (str(row.status), row.detail) for row in found}


def statuses(rows: list[Row], service: str = "config") -> dict[tuple[str, str], str]:
    return {(account, region): told for (account, region, of), (told, _) in coverage(rows).items() if of == service}


def places(rows: list[Row]) -> set[tuple[str, str, str | None, str | None, str]]:
    return {
        (row.uid, str(row.role), row.location, row.target, row.evidence.field if row.evidence else "")
        for row in rows
        if isinstance(row, Placement)
    }


def test_every_page_is_read_as_a_file_is(aws: AwsEmulator, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"Results": RESULTS}))
    of_file = list(read_aws_config_file(file).rows())
    aggregate(aws)
    found = read(aws)
    assert {row.uid: row for row in found if isinstance(row, Resource)} == {
        row.uid: row for row in of_file if isinstance(row, Resource)
    }
    assert places(found) == places(of_file)
    assert {row.evidence.api for row in found if isinstance(row, Placement) and row.evidence} >= {ITEMS.call}
    told = coverage(found)
    of_sources = {key: told.pop(key) for key in list(told) if key[2] == "config"}
    assert {key: status for key, (status, _) in told.items()} == {
        key: status for key, (status, _) in coverage(of_file).items()
    }
    updated = "SUCCEEDED in the aggregator, last update 2026-11-18T11:06:40Z"
    assert of_sources == {(ACCOUNT, region, "config"): ("read", updated) for region in (PARIS, DUBLIN, VIRGINIA)}
    assert [call.operation for call in aws.calls if call.service == "config"] == (
        ["DescribeConfigurationAggregatorSourcesStatus"] * 2 + ["SelectAggregateResourceConfig"] * 3
    )
    assert {call.service for call in aws.calls} == {"config", "sts"}


def test_a_source_that_failed_or_is_old_is_told(aws: AwsEmulator) -> None:
    aggregate(aws, [
        source(ACCOUNT, PARIS, "OUTDATED"), source(ACCOUNT, DUBLIN),
        source(OTHER, PARIS, "FAILED", LastErrorCode="AccessDeniedException", LastErrorMessage="not\nauthorized; x"),
        source(OTHER, DUBLIN, "FAILED"), source(OTHER, VIRGINIA),
        source("o-1", PARIS, "FAILED", SourceType="ORGANIZATION", LastErrorMessage="no access"),
    ])  # fmt: skip
    found = read(aws)
    here = ("123456789012", PARIS)
    assert statuses(found) == {
        (ACCOUNT, PARIS): "unreachable", (ACCOUNT, DUBLIN): "read", (OTHER, PARIS): "denied",
        (OTHER, DUBLIN): "unreachable", (OTHER, VIRGINIA): "empty", here: "unreachable",
    }  # fmt: skip
    told = coverage(found)
    assert told[OTHER, PARIS, "config"][1].endswith("AccessDeniedException, not authorized, x")
    assert told[*here, "config"][1].startswith("organisation o-1: FAILED in the aggregator")
    assert told[ACCOUNT, PARIS, "s3"][0] == "unreachable"
    assert "OUTDATED" in told[ACCOUNT, PARIS, "s3"][1]
    assert told[ACCOUNT, DUBLIN, "s3"] == ("read", "")
    # An account of which nothing came is none that nothing is in.
    assert {row.id for row in found if isinstance(row, Account)} == {ACCOUNT, OTHER}
    assert told[OTHER, "*", "*"][0] == "unsupported"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (refusal("config", "AccessDeniedException", 400), "denied"),
        (refusal("config", "ThrottlingException", 400), "throttled"),
        (refusal("config", "OptInRequired", 400), "unreachable"),
        (Reply(200, b"<html>proxy</html>", "text/html"), "unreachable"),
        (Reply(200, b"{}", "application/x-amz-json-1.1"), "unreachable"),
    ],
)
def test_a_page_that_fails_spoils_what_was_read(aws: AwsEmulator, reply: Reply, status: str) -> None:
    aggregate(aws)
    aws.fail(ITEMS.call, reply, about='"NextToken": "14"')
    found = read(aws)
    assert any(isinstance(row, Resource) and row.uid == VOLUME["ARN"] for row in found)
    assert set(statuses(found).values()) == {status}
    assert {told for (_, _, service), (told, _) in coverage(found).items() if service in ("ec2", "rds", "s3")} == {
        status
    }
    assert ITEMS.call in coverage(found)[ACCOUNT, DUBLIN, "config"][1]


def test_without_the_sources_the_items_are_read_and_it_is_told(aws: AwsEmulator) -> None:
    aggregate(aws)
    aws.fail(SOURCES.call, refusal("config", "AccessDeniedException", 400))
    found = read(aws, accounts=(ACCOUNT, OTHER))
    assert statuses(found) == {("123456789012", PARIS): "denied", (OTHER, "*"): "denied"}
    assert any(isinstance(row, Resource) and row.uid == VOLUME["ARN"] for row in found)


def test_the_grant_is_enough_and_both_rights_are_needed(aws: AwsEmulator) -> None:
    aggregate(aws)
    environment = aws.user(iam_policy())
    assert set(statuses(read(aws, environment=environment)).values()) == {"read"}
    for operation in OPERATIONS:
        aws.replace_policy(without(operation.permission))
        told = coverage(read(aws, environment=environment))
        assert told["123456789012", PARIS, "config"] == ("denied", f"AccessDeniedException: {operation.call}")


def test_only_what_is_asked_for_is_told(aws: AwsEmulator) -> None:
    aggregate(aws, [*SOURCES_OK, source(OTHER, PARIS)])
    found = read(aws, accounts=(ACCOUNT, "777788889999"), regions=(DUBLIN, "eu-central-1"))
    assert statuses(found) == {
        (ACCOUNT, DUBLIN): "read", (ACCOUNT, "eu-central-1"): "unreachable",
        ("777788889999", DUBLIN): "unreachable", ("777788889999", "eu-central-1"): "unreachable",
    }  # fmt: skip
    assert {row.uid.split(":", 5)[5] for row in found if isinstance(row, Resource)} == {"root", "logs", "role/copy"}


def test_an_aggregator_of_nothing_is_no_empty_estate(aws: AwsEmulator) -> None:
    aggregate(aws, [], [])
    (row,) = read(aws)
    assert isinstance(row, Coverage)
    assert (row.status, row.detail) == (Status.UNREACHABLE, "the aggregator tells of no account")


def test_a_result_that_is_no_item_is_told(aws: AwsEmulator) -> None:
    aggregate(aws, SOURCES_OK, ['{"resourceType": "AWS::S3::Bucket"}', "[" * 100_000, "{", *RESULTS])
    told = coverage(read(aws))["123456789012", PARIS, "config"]
    assert told == (
        "unreachable", "3 results are no configuration items, the first: `accountId` is missing in a configuration item",
    )  # fmt: skip


def test_a_name_that_is_none_is_one_message(aws: AwsEmulator) -> None:
    aggregate(aws)
    with pytest.raises(UserError, match="no AWS Config aggregator 'mine' in eu-west-3 of the account 123456789012"):
        read(aws, "mine")


def test_an_aggregator_alone_is_never_compliant(aws: AwsEmulator, tmp_path: Path) -> None:
    def audit(region: str, *options: str) -> int:
        command = ("audit", "aws", "--policy", "eu-only", "--format", "json", "--out", str(tmp_path / "run"), *options)
        return residency(*command, cwd=tmp_path, env=aws.environment(region=region)).code

    aggregate(aws)
    assert audit(PARIS, "--config-aggregator", NAME) == 1
    sovereign = "eusc-de-east-1"
    arn = f"arn:aws-eusc:sqs:{sovereign}:{ACCOUNT}:q"
    queue = item("AWS::SQS::Queue", "q", arn, {"QueueArn": arn, "SqsManagedSseEnabled": "true"}, awsRegion=sovereign)
    aggregate(aws, [source(ACCOUNT, sovereign)], [json.dumps(of_query(queue))])
    (tmp_path / "residency.yaml").write_text(f"aws: {{config_aggregator: {NAME}}}\n")
    assert audit(sovereign) == 3
