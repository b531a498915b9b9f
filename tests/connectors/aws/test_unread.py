"""Services that no collector reads are named by the account's own indexes, and spoil the result."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from residency.connectors.aws.services import config, resource_explorer
from residency.connectors.aws.unread import known
from residency.demo.aws_answers import checked
from residency.yamlfile import read_yaml
from tests.connectors.aws.conftest import Collect, Result
from tests.connectors.aws.estate import DUBLIN, PARIS
from tests.emulators.aws import ACCOUNT, AwsEmulator, refusal

SERVICES = Path(resource_explorer.__file__).parent
TYPES = SERVICES.parent / "data" / "types.yaml"


def index(aws: AwsEmulator, kind: str, *resources: tuple[str, str]) -> None:
    entries = [
        {"Arn": f"arn:aws:x:{region}:{ACCOUNT}:{number}", "Region": region, "OwningAccountId": ACCOUNT, "CfnResourceType": type_}
        for number, (region, type_) in enumerate(resources)
    ]
    foreign = {"Arn": "arn:aws:x", "Region": PARIS, "OwningAccountId": "999999999999", "CfnResourceType": "AWS::Braket::Job"}
    indexes = [{"Region": PARIS, "Type": kind}, {"Region": DUBLIN, "Type": "LOCAL"}]
    aws.answer("resource-explorer-2:ListIndexes", lambda region, account, params: {"Indexes": indexes})
    aws.answer("resource-explorer-2:ListViews", lambda region, account, params: {"Views": [f"arn:view:{region}"]})

    def page(region: str, account: str, params: dict[str, Any]) -> dict[str, Any]:
        told = [*entries, foreign] if kind == "AGGREGATOR" else [entry for entry in entries if entry["Region"] == region]
        start = int(params.get("NextToken", 0))
        more = {"NextToken": str(start + 2)} if start + 2 < len(told) else {}
        return {"Resources": told[start : start + 2], **more}

    aws.answer("resource-explorer-2:ListResources", page)


def unsupported(found: Result) -> dict[tuple[str, str], str]:
    return {key: row.detail for key, row in found.coverage.items() if str(row.status) == "unsupported"}


def test_an_index_names_what_nothing_reads(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("sqs", PARIS).create_queue(QueueName="q")
    index(
        aws, "AGGREGATOR", (PARIS, "AWS::AppStream::AppBlockBuilder"), (DUBLIN, "AWS::AppStream::AppBlockBuilder"), (PARIS, "AWS::AppStream::AppBlockBuilder"),
        (PARIS, "AWS::SQS::Queue"), (DUBLIN, "AWS::IAM::Role"), ("eu-west-2", "AWS::QLDB::Ledger"), ("global", "AWS::Chime::Bot"),
    )  # fmt: skip
    found = collect(PARIS, DUBLIN)
    told = "counted {} by Resource Explorer; nothing here reads this type"
    assert unsupported(found) == {
        (PARIS, "AWS::AppStream::AppBlockBuilder"): told.format(2), (DUBLIN, "AWS::AppStream::AppBlockBuilder"): told.format(1),
        ("aws-global", "AWS::Chime::Bot"): told.format(1),
    }  # fmt: skip
    assert ("aws-global", "other-services") not in found.coverage
    assert {call.region for call in aws.calls if call.operation == "ListResources"} == {PARIS}


def test_without_one_that_gathers_all_each_region_is_asked(aws: AwsEmulator, collect: Collect) -> None:
    index(aws, "LOCAL", (PARIS, "AWS::AppStream::AppBlockBuilder"), (DUBLIN, "AWS::AppStream::AppBlockBuilder"))
    assert set(unsupported(collect(PARIS, DUBLIN))) == {(PARIS, "AWS::AppStream::AppBlockBuilder"), (DUBLIN, "AWS::AppStream::AppBlockBuilder")}


def test_config_counts_where_it_records(aws: AwsEmulator, collect: Collect) -> None:
    recorder = {"name": "default", "recordingGroup": {"allSupported": True}}
    aws.answer(
        "config:DescribeConfigurationRecorders",
        lambda region, account, params: {"ConfigurationRecorders": [recorder] if region == PARIS else []},
    )
    pages: list[dict[str, Any]] = [
        {"resourceCounts": [{"resourceType": "AWS::EC2::Subnet", "count": 6}], "nextToken": "2"},
        {"resourceCounts": [{"resourceType": "AWS::AppStream::AppBlockBuilder", "count": 3}]},
    ]
    aws.answer("config:GetDiscoveredResourceCounts", lambda region, account, params: pages["nextToken" in params])
    found = collect(PARIS, DUBLIN)
    assert unsupported(found) == {(PARIS, "AWS::AppStream::AppBlockBuilder"): "counted 3 by AWS Config; nothing here reads this type"}
    row = found.coverage["aws-global", "other-services"]
    assert (str(row.status), row.status.complete) == ("disabled", True)
    assert row.detail.endswith(f"told of there ({DUBLIN})")


def test_a_refused_index_is_told(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("resource-explorer-2:ListIndexes", refusal("resource-explorer-2", "AccessDeniedException"))
    assert collect(PARIS).status("aws-global", "resource-explorer-2") == "denied"


def test_every_type_that_a_reader_yields_is_known() -> None:
    yielded = {
        name for file in SERVICES.glob("*.py") for name in re.findall(r'"(AWS::\w+::\w+)"', file.read_text(encoding="utf-8"))
    }
    types = read_yaml(TYPES).value
    assert sorted(yielded - set(types["read"])) == [], "add them to data/types.yaml"
    assert set(types["read"]) & set(types["holds_nothing"]) == set()
    assert [name for name, reason in types["holds_nothing"].items() if "*" in name or not reason] == []
    assert not known("AWS::AppStream::AppBlockBuilder")


def test_readers_of_indexes_are_pure() -> None:
    answer = checked(resource_explorer.RESOURCES.call, {"Resources": [
        {"Arn": "a", "Region": PARIS, "ResourceType": "appstream:app-block-builder"}, {"Arn": "b", "Region": PARIS, "OwningAccountId": "2"},
    ]})  # fmt: skip
    told = list(resource_explorer.read_resources(answer["Resources"], "1", [PARIS, DUBLIN]))
    assert [(row.region, row.counts) for row in told] == [(DUBLIN, ()), (PARIS, (("appstream:app-block-builder", 1),))]
    checked(config.COUNTS.call, {"resourceCounts": [{"resourceType": "AWS::EC2::VPC", "count": 1}]})
