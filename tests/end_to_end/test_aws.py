"""The command line against a local AWS: a child process, real HTTP, real signatures, the emulator's own IAM."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from residency.demo.estate import DUBLIN, FRANKFURT, LONDON, PARIS, SINGAPORE, VIRGINIA, seed
from tests.emulators.aws import ACCOUNT, AwsEmulator, aws_emulator
from tests.end_to_end.command import Ran, residency

ANYWHERE = "aws-global"
EVERYWHERE = ",".join((DUBLIN, FRANKFURT, LONDON, PARIS, SINGAPORE, VIRGINIA))

# The known answer of the demonstration's estate: what is named, in which role, where, and by what it is known.
KNOWN = {
    ("hdh-snds-lake", "primary", PARIS, "location"),
    ("hdh-snds-lake", "replica", VIRGINIA, "s3-replication"),
    ("hdh-snds-lake", "key", PARIS, "encryption-key"),
    ("hdh-snds-lake-copy", "primary", VIRGINIA, "location"),
    ("hdh-audit-trail", "primary", DUBLIN, "location"),
    ("hdh-open-data", "primary", PARIS, "location"),
    ("exports-2021", "primary", PARIS, "location"),
    ("emc2-cohort", "primary", PARIS, "location"),
    ("emc2-cohort", "replica", LONDON, "rds-read-replica"),
    ("emc2-cohort", "key", PARIS, "encryption-key"),
    ("emc2-cohort-london", "primary", LONDON, "location"),
    ("emc2-cohort-london", "key", PARIS, "encryption-key"),
    ("emc2-before-upgrade", "primary", PARIS, "location"),
    ("emc2-before-upgrade", "key", PARIS, "encryption-key"),
    ("rds:emc2-cohort", "primary", PARIS, "location"),
    ("rds:emc2-cohort", "key", PARIS, "encryption-key"),
    ("pseudonyms", "primary", PARIS, "location"),
    ("test-2019", "primary", SINGAPORE, "location"),
    ("emc2-analysis", "primary", PARIS, "location"),
    ("emc2-analysis", "key", PARIS, "encryption-key"),
    ("AWS::EC2::Snapshot", "primary", PARIS, "location"),
    ("AWS::EC2::Volume", "primary", SINGAPORE, "location"),
    ("emc2/notebooks", "primary", PARIS, "location"),
    ("emc2/notebooks", "replica", FRANKFURT, "ecr-replication"),
    ("ingest-snds", "primary", PARIS, "location"),
    ("cohort-requests", "primary", PARIS, "location"),
    ("cohort-requests", "key", PARIS, "encryption-key"),
    ("cohort-ready", "primary", DUBLIN, "location"),
    ("snds/extract-token", "primary", PARIS, "location"),
    ("snds/extract-token", "replica", VIRGINIA, "secret-replication"),
    ("snds/extract-token", "key", VIRGINIA, "encryption-key"),
    ("snds/extract-token", "primary", VIRGINIA, "location"),
    ("/emc2/portal", "primary", PARIS, "location"),
    ("hdh-trail", "primary", PARIS, "location"),
    ("hdh-trail", "log", DUBLIN, "cloudtrail-delivery"),
    ("hdh-vault", "primary", PARIS, "location"),
    ("AWS::KMS::Key", "primary", PARIS, "location"),
    ("AWS::KMS::Key", "replica", VIRGINIA, "kms-multi-region"),
    ("AWS::KMS::Key", "primary", VIRGINIA, "location"),
    (ACCOUNT, "control-plane", VIRGINIA, "global-control-plane"),
    ("AWS::CloudFront::Distribution", "cache", ANYWHERE, "cdn-edge"),
    ("AWS::CloudFront::Distribution", "primary", PARIS, "cdn-origin"),
}
UNNAMED = {"AWS::EC2::Snapshot", "AWS::KMS::Key", "AWS::CloudFront::Distribution"}


@pytest.fixture(scope="module")
def running() -> Iterator[AwsEmulator]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        with aws_emulator() as emulator:
            yield emulator
            emulator.reset()


@pytest.fixture(scope="module")
def hub(running: AwsEmulator) -> AwsEmulator:
    running.reset()
    seed(running.client)
    return running


@pytest.fixture
def bare(running: AwsEmulator) -> AwsEmulator:
    running.reset()
    return running


def run(folder: Path, command: str, env: dict[str, str], *options: str) -> Ran:
    return residency(
        command, "aws", *options, "--out", folder, cwd=folder, env={**env, "SOURCE_DATE_EPOCH": "1795500000"}
    )


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def told(inventory: dict[str, Any]) -> set[tuple[str, str, str | None, str]]:
    """Placements by name, or by type where the name is one that the cloud gave."""
    resources = {resource["uid"]: resource for resource in inventory["resources"]}
    found = set()
    for placement in inventory["placements"]:
        resource = resources[placement["uid"]]
        name = resource["type"] if resource["type"] in UNNAMED else resource.get("name") or resource["type"]
        if resource["type"] == "AWS::EC2::Volume" and name.startswith("vol-"):
            name = resource["type"]
        name = re.sub(r"-\d{4}(-\d\d)+$", "", name)
        found.add((name, placement["role"], placement.get("location"), placement["via"]))
    return found


def test_every_placement_of_the_estate_is_found_and_no_other(hub: AwsEmulator, tmp_path: Path) -> None:
    ran = run(tmp_path, "scan", hub.environment(), "--regions", EVERYWHERE)
    assert ran.code == 0, ran.err
    found = told(read(tmp_path, "inventory.json"))
    assert found - KNOWN == set()
    assert KNOWN - found == set()
    assert {
        (call.method, call.operation) for call in hub.calls if not re.match("(List|Get|Describe|Head)", call.operation)
    } == set()


def test_the_number_of_calls_in_flight_changes_not_a_byte(hub: AwsEmulator, tmp_path: Path) -> None:
    files = {}
    for jobs in ("1", "16"):
        folder = tmp_path / jobs
        folder.mkdir()
        where = ("--regions", VIRGINIA)
        ran = run(folder, "audit", hub.environment(), "--jobs", jobs, "--as-of", "2026-11-24", *where)
        assert ran.code == 1, ran.err
        files[jobs] = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert sorted(files["1"]) == sorted(files["16"])
    assert {name for name in files["1"] if files["1"][name] != files["16"][name]} == set()


def test_the_report_says_that_it_was_no_real_cloud(hub: AwsEmulator, tmp_path: Path) -> None:
    run(tmp_path, "audit", hub.environment(), "--regions", PARIS)
    document = read(tmp_path, "findings.json")
    assert document["run"]["live"] is False
    assert document["run"]["endpoints"] == [f"aws: {hub.url}"]
    assert hub.url in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_refused_service_is_unproven_and_never_compliant(bare: AwsEmulator, tmp_path: Path) -> None:
    bare.client("s3").create_bucket(Bucket="patients", CreateBucketConfiguration={"LocationConstraint": PARIS})
    options = ("--policy", "eu-only", "--regions", PARIS, "--verdicts", "all")
    policies = json.loads(residency("permissions", "aws", cwd=tmp_path).out)
    granted = {**policies[0], "Statement": [statement for policy in policies for statement in policy["Statement"]]}
    whole = run(tmp_path, "audit", bare.user(granted), *options)
    assert whole.code == 0, whole.out + whole.err
    assert read(tmp_path, "findings.json")["verdict"] == {"eu-only": "compliant"}
    refusal = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    bare.replace_policy({**granted, "Statement": [*granted["Statement"], refusal]})
    key = bare.client("iam", VIRGINIA)
    bare.check_rights(after=float("inf"))
    made = key.create_access_key(UserName="reader")["AccessKey"]
    bare.check_rights(after=0)
    refused = run(tmp_path, "audit", bare.environment(made["AccessKeyId"], made["SecretAccessKey"]), *options)
    assert refused.code == 3
    document = read(tmp_path, "findings.json")
    assert document["verdict"] == {"eu-only": "unproven"}
    gaps = [f for f in document["findings"] if f["rule"] == "COVERAGE"]
    assert [gap["resource"]["uid"] for gap in gaps] == [f"coverage:aws/{ACCOUNT}/{PARIS}/sqs"]
    assert made["SecretAccessKey"] not in "".join(file.read_text("utf-8", "replace") for file in tmp_path.iterdir())


def test_hostile_tags_and_names_stay_text(bare: AwsEmulator, tmp_path: Path) -> None:
    dynamodb = bare.client("dynamodb")
    dynamodb.create_table(
        TableName="patients",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[
            {"Key": "data-class", "Value": "health"},
            {"Key": "<script>alert(1)</script>", "Value": "=cmd|'/c calc'!A1"},
        ],
    )
    ec2 = bare.client("ec2", SINGAPORE)
    named = [{"Key": "Name", "Value": "=HYPERLINK(1)<img src=x onerror=alert(1)>"}]
    ec2.create_volume(
        AvailabilityZone=f"{SINGAPORE}a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": named}]
    )
    run(tmp_path, "audit", bare.environment(), "--regions", f"{PARIS},{SINGAPORE}")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x" in page
    cells = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in cells
    assert not re.search(r'(^|[,"])=HYPERLINK', cells, re.M)


def test_expired_and_wrong_credentials_are_one_message(bare: AwsEmulator, tmp_path: Path) -> None:
    bare.check_rights(after=0)
    ran = run(tmp_path, "audit", bare.environment("AKIAWRONG", "very-secret-value"))
    bare.check_rights(after=float("inf"))
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "very-secret-value" not in ran.err
    assert not (tmp_path / "report.html").exists()


def test_a_region_that_does_not_exist_is_told_before_anything_is_read(bare: AwsEmulator, tmp_path: Path) -> None:
    ran = run(tmp_path, "audit", bare.environment(), "--regions", "eu-west-33")
    assert ran.code == 2
    assert "eu-west-33" in ran.err
    assert "eu-west-3" in ran.err
