"""What must be right before anything is read, and what an error may never show."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from residency.atlas.atlas import load_atlas
from residency.classify.rows import classify
from residency.connectors.aws.collector import collectors
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Coverage
from residency.tables import Inventory
from tests.connectors.aws.conftest import HASTY, Collect
from tests.connectors.aws.estate import PARIS, VIRGINIA
from tests.emulators.aws import ACCOUNT, AwsEmulator, Reply, refusal

NOWHERE = {
    "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


def stops(connector: AwsConnector, scope: Scope | None = None) -> str:
    with pytest.raises(UserError) as stop:
        list(connector.collect(scope or Scope(), Silent()))
    return str(stop.value)


def test_no_credentials() -> None:
    told = stops(AwsConnector(environment=NOWHERE))
    assert told.startswith("no AWS credentials were found. Set AWS_PROFILE")


def test_half_credentials() -> None:
    told = stops(AwsConnector(environment={**NOWHERE, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}))
    assert "AWS_SECRET_ACCESS_KEY" in told


def test_a_profile_that_does_not_exist(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile production]\nregion = eu-west-3\n")
    told = stops(AwsConnector("prodution", {**NOWHERE, "AWS_CONFIG_FILE": str(config)}))
    assert told == "there is no AWS profile 'prodution'. There is: production."


def test_a_profile_gives_credentials_region_and_endpoint(aws: AwsEmulator, tmp_path: Path) -> None:
    config, secrets = tmp_path / "config", tmp_path / "credentials"
    config.write_text(f"[profile p]\nregion = eu-west-3\nendpoint_url = {aws.url}\n")
    secrets.write_text("[p]\naws_access_key_id = k\naws_secret_access_key = s\n")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(secrets)}
    for connector in (AwsConnector("p", files), AwsConnector(environment={**files, "AWS_PROFILE": "p"})):
        assert connector.endpoint() == aws.url
        assert len(list(connector.collect(Scope(regions=(PARIS,)), Silent()))) > 10


def test_refused_and_expired_credentials(aws: AwsEmulator) -> None:
    connector = AwsConnector(environment=aws.environment(), patience=HASTY)
    aws.fail("sts:GetCallerIdentity", refusal("sts", "ExpiredToken"), times=1)
    assert stops(connector).startswith("the AWS credentials have expired. Sign in again")
    aws.fail("sts:GetCallerIdentity", refusal("sts", "InvalidClientTokenId"), times=1)
    assert stops(connector).startswith("AWS refuses the credentials: InvalidClientTokenId: sts:GetCallerIdentity.")


def test_aws_cannot_be_reached(aws: AwsEmulator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        told = stops(AwsConnector(environment={**aws.environment(), "AWS_ENDPOINT_URL": url}, patience=HASTY))
    assert told.startswith("AWS cannot be reached in eu-west-3: EndpointConnectionError")
    aws.fail("sts:GetCallerIdentity", Reply(200, b"<html>sign in</html>", "text/html"))
    assert "AWS cannot be reached" in stops(AwsConnector(environment=aws.environment(), patience=HASTY))


def test_an_unknown_region_names_close_ones(aws: AwsEmulator) -> None:
    told = stops(AwsConnector(environment=aws.environment()), Scope(regions=("eu-wset-3",)))
    assert told.startswith("this AWS account has no region 'eu-wset-3'. Close to it: eu-west-3")


def test_another_account_is_not_read(aws: AwsEmulator) -> None:
    told = stops(AwsConnector(environment=aws.environment()), Scope(accounts=("999999999999",)))
    assert f"those of account {ACCOUNT}, not of 999999999999" in told


def list_of(**regions: str) -> Reply:
    entries = [{"RegionName": name.replace("_", "-"), "RegionOptStatus": status} for name, status in regions.items()]
    return Reply(200, json.dumps({"Regions": entries}).encode(), "application/json")


def test_regions_come_from_the_account(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("account:ListRegions", list_of(eu_west_3="ENABLED_BY_DEFAULT", eu_south_2="DISABLED"))
    connector = AwsConnector(environment=aws.environment(), patience=HASTY)
    rows = list(connector.collect(Scope(), Silent()))
    assert {getattr(row, "region", PARIS) for row in rows} == {PARIS, "aws-global"}
    asked = collect(PARIS, "eu-south-2")
    assert asked.status("eu-south-2", "kms") == "disabled"
    # S3 lists the points that lead into several regions in one of them only, and so does Global Accelerator its own.
    elsewhere = ("globalaccelerator", "s3control")
    assert {call.region for call in aws.calls if call.service not in elsewhere} == {PARIS, VIRGINIA}


def test_all_regions_of_the_partition_and_no_other(aws: AwsEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    some = {entry.service: entry for entry in collectors() if entry.service in ("cloudfront", "dynamodb", "kms", "s3")}
    monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", some)
    told = aws.client("ec2").describe_regions(AllRegions=True)["Regions"]
    listed = {entry["RegionName"] for entry in told if entry["OptInStatus"] != "not-opted-in"}
    assert {"cn-north-1", "us-gov-west-1"} < listed, "the emulator lists every partition"
    rows = list(AwsConnector(environment=aws.environment(), patience=HASTY).collect(Scope(), Silent()))
    read = {row.region for row in rows if isinstance(row, Coverage)}
    assert read == {name for name in listed if not name.startswith(("cn-", "us-gov-"))} | {"aws-global"}
    assert [row for row in rows if isinstance(row, Coverage) and not row.status.complete] == []


def test_without_a_list_of_regions_all_are_tried_and_it_is_told(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("ec2:DescribeRegions", refusal("ec2", "UnauthorizedOperation"))
    aws.fail("kms:ListKeys", refusal("kms", "UnrecognizedClientException", 400))
    found = collect(PARIS)
    row = found.coverage["aws-global", "regions"]
    assert str(row.status) == "denied"
    assert "UnauthorizedOperation: ec2:DescribeRegions" in row.detail
    # Without the account's word that a region is on, this answer means that it is off.
    assert found.status(PARIS, "kms") == "disabled"


def test_no_secret_is_ever_told(aws: AwsEmulator, collect: Collect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "residency")
    secret = "wJalrXUtnFEMI-not-to-be-seen"
    for call in ("kms:ListKeys", "ec2:DescribeVolumes", "s3:ListBuckets"):
        aws.fail(call, refusal(call.partition(":")[0], "SignatureDoesNotMatch"))
    found = collect(PARIS, environment=aws.environment("AKIANOTSEEN", secret))
    text = repr(found.rows) + caplog.text
    assert found.status(PARIS, "kms") == "denied"
    assert secret not in text
    assert "AKIANOTSEEN" not in text


@pytest.mark.parametrize(
    ("region", "partition", "offer", "operator"),
    [
        ("eu-west-3", "aws", "aws", "Amazon Web Services EMEA SARL"),
        ("eusc-de-east-1", "aws-eusc", "aws-esc", "AWS European Sovereign Cloud GmbH and its German subsidiaries"),
        ("cn-north-1", "aws-cn", "aws-china-sinnet", "Beijing Sinnet Technology Co., Ltd."),
        ("cn-northwest-1", "aws-cn", "aws-china-nwcd", "Ningxia Western Cloud Data Technology Co., Ltd."),
        ("us-gov-west-1", "aws-us-gov", "aws-govcloud", "Amazon Web Services, Inc."),
    ],
)  # fmt: skip
def test_partitions(aws: AwsEmulator, collect: Collect, region: str, partition: str, offer: str, operator: str) -> None:
    # The emulator lists the regions of one partition to all.
    aws.fail("account:ListRegions", list_of(**{region.replace("-", "_"): "ENABLED"}))
    aws.client("sqs", region).create_queue(QueueName="q")
    found = collect(region, environment=aws.environment(region=region))
    assert list(found.resources) == [f"arn:{partition}:sqs:{region}:{ACCOUNT}:q"]
    assert {row.offer for row in found.resources.values()} == {offer}
    # The emulator stumbles over the settings of models in China.
    lacking = {(region, "bedrock"): "unsupported"} if partition == "aws-cn" else {}
    assert {key: str(found.coverage[key].status) for key in found.incomplete()} == lacking
    facts = classify(Inventory.of(found.rows), load_atlas(), date(2026, 11, 24)).to_pylist()
    assert {row["control.operator"] for row in facts if row["resource.kind"] == "queue"} == {operator}


def test_the_client_library_is_imported_late() -> None:
    code = (
        "import sys, residency.connectors.aws, residency.connectors.aws.connector as c; c.AwsConnector();"
        "sys.exit(any(name in sys.modules for name in ('boto3', 'botocore')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
