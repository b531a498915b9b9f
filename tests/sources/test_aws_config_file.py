from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Coverage, KeyCustody, Placement, Resource, Role, Status
from residency.sources.aws_config_file import is_aws_config_file, read_aws_config_file
from residency.sources.resolve import collect
from tests.end_to_end.command import one_message, residency
from tests.sources.config_estate import (
    ACCOUNT,
    API,
    BUCKET,
    DELETED,
    ESTATE,
    FILES,
    KEY,
    SNAPSHOT,
    VOLUME,
    item,
    of_api,
    of_query,
)
from tests.sources.messages import assert_one_message

QUERY = {"Results": [json.dumps(of_query(entry)) for entry in ESTATE], "QueryInfo": {"SelectFields": []}}
SHAPES: dict[str, bytes] = {
    "snapshot": json.dumps(SNAPSHOT, indent=1).encode(),
    "one line": json.dumps(SNAPSHOT).encode(),
    "gzip": gzip.compress(json.dumps(SNAPSHOT).encode()),
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(SNAPSHOT).encode(),
    "query": json.dumps(QUERY).encode(),
    "aggregate": json.dumps({"BaseConfigurationItems": [of_api(entry) for entry in ESTATE]}).encode(),
    "history": json.dumps({"configurationItems": [of_api(entry) for entry in ESTATE]}).encode(),
    "list": json.dumps(ESTATE).encode(),
    "lines": "".join(json.dumps(entry) + "\n" for entry in ESTATE).encode(),
}


def rows(tmp_path: Path, *items: Any) -> list[Any]:
    file = tmp_path / "snapshot.json"
    file.write_text(json.dumps(SNAPSHOT | {"configurationItems": items or ESTATE}))
    return list(read_aws_config_file(file).rows())


def places(found: list[Any]) -> set[tuple[str, str, str | None, str]]:
    """Each placement but the primary ones and that of the account: of what, its role, where, how it is known."""
    return {
        (row.uid.split(":", 5)[5], str(row.role), row.location, row.evidence.field)
        for row in found
        if isinstance(row, Placement) and row.role not in (Role.PRIMARY, Role.CONTROL_PLANE) and row.evidence
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_tells_the_same(shape: str, tmp_path: Path) -> None:
    file = tmp_path / "export"
    file.write_bytes(SHAPES[shape])
    assert is_aws_config_file(file)
    found = collect([str(file)], Scope(), Silent())
    expected = rows(tmp_path)
    assert not found.live
    told = list(found.inventory.rows())
    assert [row for row in told if isinstance(row, Resource)] == [row for row in expected if isinstance(row, Resource)]
    assert places(told) == places(expected)


def test_a_snapshot_has_the_answer_worked_out_by_hand(tmp_path: Path) -> None:
    found = rows(tmp_path)
    resources = {row.uid.split(":", 5)[5]: row for row in found if isinstance(row, Resource)}
    imported, ours = KeyCustody.IMPORTED, KeyCustody.PROVIDER_MANAGED
    assert {name: (row.kind, row.location, row.key_custody) for name, row in resources.items()} == {
        "root": ("project", "us-east-1", None),
        "volume/vol-1": ("block-volume", "eu-west-3", imported),
        "instance/i-1": ("vm", None, None),  # in a Local Zone
        "table/visits": ("dynamodb", "eu-west-3", imported),
        "db:care": ("relational-db", "eu-west-3", KeyCustody.NONE),
        "snapshot:care-1": ("db-snapshot", "eu-west-3", imported),
        "cluster:ward": ("relational-cluster", "eu-west-3", imported),
        KEY.split(":", 5)[5]: ("kms-key", "eu-west-3", imported),
        "function:sort": ("function", "eu-west-3", imported),
        "cluster:stats": ("warehouse", "eu-west-3", imported),
        "trail/all": ("audit-trail", "eu-west-3", ours),
        "news": ("topic", "eu-west-3", ours),
        "work": ("queue", "eu-west-3", ours),
        "patients": ("object-bucket", "eu-west-3", imported),
        "logs": ("object-bucket", "eu-west-1", None),
        "far": ("object-bucket", "us-east-1", None),
        "file-system/fs-1": ("file-share", "eu-west-3", None),
        "role/copy": ("iam-role", "aws-global", None),
    }
    assert (resources["volume/vol-1"].name, resources["volume/vol-1"].tags) == ("disk", VOLUME["tags"])
    assert resources["file-system/fs-1"].tags == FILES["tags"]
    extra = "supplementaryConfiguration."
    assert places(found) == {
        ("volume/vol-1", "key", "eu-west-3", "configuration.kmsKeyId"),
        ("table/visits", "key", "eu-west-3", "configuration.ssedescription.kmsmasterKeyArn"),
        ("table/visits", "replica", "us-east-1", "configuration.replicas[0].regionName"),
        ("db:care", "replica", "eu-central-1", "configuration.readReplicaDBInstanceIdentifiers[0]"),
        ("snapshot:care-1", "key", "eu-west-3", "configuration.kmsKeyId"),
        ("snapshot:care-1", "share", None, f"{extra}DBSnapshotAttributes[0].attributeValues[0]"),
        ("cluster:ward", "key", "eu-west-3", "configuration.kmsKeyId"),
        ("function:sort", "key", "eu-west-3", "configuration.kmskeyArn"),
        ("cluster:stats", "key", "eu-west-3", "configuration.kmsKeyId"),
        ("cluster:stats", "backup", "us-west-2", "configuration.clusterSnapshotCopyStatus.destinationRegion"),
        ("cluster:stats", "log", "eu-west-1", f"{extra}LoggingStatus.bucketName"),
        ("trail/all", "log", "eu-west-1", "configuration.s3BucketName"),
        ("news", "key", "eu-west-3", "configuration.KmsMasterKeyId"),
        ("patients", "key", "eu-west-3",
         f"{extra}ServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyID"),
        ("patients", "replica", "us-east-1", f"{extra}BucketReplicationConfiguration.rules.all.destinationConfig.bucketARN"),
        ("patients", "replica", None, f"{extra}BucketReplicationConfiguration.rules.odd.destinationConfig.bucketARN"),
        ("patients", "log", "eu-west-1", f"{extra}BucketLoggingConfiguration.destinationBucketName"),
        ("patients", "share", None, f"{extra}BucketPolicy.policyText.Statement[0].Principal.AWS"),
        ("role/copy", "share", None, "configuration.assumeRolePolicyDocument.Statement[0].Principal.AWS"),
    }  # fmt: skip
    told = [row for row in found if isinstance(row, Placement) and row.role is not Role.CONTROL_PLANE]
    assert {row.evidence and row.evidence.api for row in told} == {API}


def test_the_coverage_tells_what_was_not_read(tmp_path: Path) -> None:
    coverage = {
        (row.region, row.service): (row.status, row.detail) for row in rows(tmp_path) if isinstance(row, Coverage)
    }
    status, detail = coverage.pop(("*", "*"))
    assert status is Status.UNSUPPORTED
    assert "no others" in detail
    status, detail = coverage.pop(("eu-west-3", "AWS::EFS::FileSystem"))
    assert (status, detail) == (Status.UNSUPPORTED, f"1 in {API}: their copies, keys and shares were not read")
    assert set(coverage.values()) == {(Status.READ, "")}
    services = {"cloudtrail", "dynamodb", "ec2", "kms", "lambda", "rds", "redshift", "s3", "sns", "sqs"}
    elsewhere = {("eu-west-1", "s3"), ("us-east-1", "s3"), ("aws-global", "iam")}
    assert set(coverage) == {("eu-west-3", service) for service in services} | elsewhere


def test_of_a_history_the_last_item_counts(tmp_path: Path) -> None:
    before = DELETED | {"configuration": VOLUME["configuration"] | {"volumeId": "vol-0"}}
    before |= {"configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-11-19T00:00:00.000Z"}
    after = before | {"configurationItemCaptureTime": "2026-11-21T00:00:00.000Z"}

    def volumes(*items: Any) -> list[str]:
        return [row.uid for row in rows(tmp_path, *items) if isinstance(row, Resource) and row.kind == "block-volume"]

    assert volumes(DELETED, before) == volumes(before, DELETED) == []
    assert volumes(after, DELETED) == [DELETED["ARN"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"configuration": None},
        {"configuration": {"volumeId": None}},
        {"configuration": {"volumeId": {"a": []}, "encrypted": "yes"}},
        {"configuration": "", "configurationItemStatus": "ResourceNotRecorded"},
    ],
)
def test_what_lacks_its_configuration_is_kept_and_not_read(wrong: dict[str, Any], tmp_path: Path) -> None:
    found = rows(tmp_path, VOLUME | wrong)
    (kept,) = [row for row in found if isinstance(row, Resource) and row.type == VOLUME["resourceType"]]
    assert (kept.uid, kept.location, kept.key_custody) == (VOLUME["ARN"], "eu-west-3", None)
    statuses = {row.service: row.status for row in found if isinstance(row, Coverage)}
    assert statuses == {"*": Status.UNSUPPORTED, "AWS::EC2::Volume": Status.UNSUPPORTED}


def test_hostile_parts_of_a_bucket_prove_nothing(tmp_path: Path) -> None:
    parts: dict[str, Any] = {
        "BucketReplicationConfiguration": ["x"], "BucketPolicy": {"policyText": "{\"Statement\": \"x\"}"},
        "BucketLoggingConfiguration": {"destinationBucketName": {"$": 1}}, "ServerSideEncryptionConfiguration": 7,
    }  # fmt: skip
    found = rows(tmp_path, BUCKET | {"supplementaryConfiguration": parts})
    assert {row.service for row in found if isinstance(row, Coverage)} == {"*", "AWS::S3::Bucket"}
    found = rows(tmp_path, BUCKET | {"supplementaryConfiguration": {"BucketReplicationConfiguration": {"roleARN": "r"}}})
    assert [row.location for row in found if isinstance(row, Placement) and row.role is Role.REPLICA] == [None]


def test_block_public_access_takes_public_shares_away(tmp_path: Path) -> None:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    near = everybody | {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    named = everybody | {"Principal": {"AWS": "999988887777"}}
    account = item("AWS::S3::AccountPublicAccessBlock", ACCOUNT, None, {"restrictPublicBuckets": True})

    def shared(*statements: Any, block: bool, items: tuple[Any, ...] = ()) -> list[str | None]:
        extra: dict[str, Any] = {"BucketPolicy": {"policyText": json.dumps({"Statement": statements})}}
        extra |= {"PublicAccessBlockConfiguration": {"restrictPublicBuckets": block}}
        found = rows(tmp_path, BUCKET | {"supplementaryConfiguration": extra}, *items)
        return [row.target for row in found if isinstance(row, Placement) and row.role is Role.SHARE]

    assert shared(everybody, named, block=False) == ["*", "999988887777"]
    assert shared(everybody, named, block=True) == shared(everybody, named, block=False, items=(account,)) == []
    # Nobody told that S3 calls these public.
    assert shared(named, block=True) == ["999988887777"]
    assert shared(near, block=True) == ["*"]


def test_other_partitions_are_other_offers(tmp_path: Path) -> None:
    arn = f"arn:aws-cn:ec2:cn-north-1:{ACCOUNT}:volume/vol-1"
    zone = VOLUME["configuration"] | {"availabilityZone": "cn-north-1a"}
    found = rows(tmp_path, VOLUME | {"ARN": arn, "awsRegion": "cn-north-1", "configuration": zone})
    (volume,) = [row for row in found if isinstance(row, Resource)]
    assert (volume.uid, volume.offer, volume.location) == (arn, "aws-china-sinnet", "cn-north-1")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"configurationItems": [\n{"awsRegion": ', 2, "is not valid JSON"),
        (json.dumps({"configurationItems": [VOLUME, []]}, indent=0), None, "must be an object"),
        (json.dumps({"Results": ['{"resourceType": "AWS::S3::Bucket"}']}, indent=0), 3, "`accountId` is missing"),
        (json.dumps({"Results": ['{"COUNT(*)": 3']}, indent=0), 3, "not the JSON text"),
        (json.dumps({"Results": ["[" * 100_000]}, indent=0), 3, "not the JSON text"),
        (json.dumps({"Results": [], "QueryInfo": {}}), 1, "is an empty list"),
        (json.dumps({"configurationItems": ESTATE, "nextToken": "t"}, indent=0), None, "one page of several"),
        (json.dumps({"BaseConfigurationItems": ESTATE, "UnprocessedResourceIdentifiers": [{}]}, indent=0), None,
         "is not whole"),
        ('{"fileVersion": "1.0"}', 1, "holds no list"),
        (json.dumps([VOLUME, VOLUME | {"ARN": "x"}], indent=0), None, "is no ARN"),
        (json.dumps([VOLUME, VOLUME | {"configuration": "[1]"}], indent=0), None, "`configuration` must be an object"),
        (json.dumps(VOLUME) + "\n" + json.dumps({"awsRegion": "eu-west-3"}) + "\n", 2, "is missing"),
        ('{"configurationItems": ' + "[" * 100_000, 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_message_with_its_line(text: str, line: int | None, words: str, tmp_path: Path) -> None:
    assert_one_message(tmp_path / "snapshot.json", text, line, words)


def test_damaged_and_wrongly_encoded_files_are_told(tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json.gz"
    file.write_bytes(gzip.compress(b"\n" * 100 + json.dumps(SNAPSHOT).encode() * 9)[:-20])
    with pytest.raises(UserError, match="damaged gzip"):
        read_aws_config_file(file)
    file.write_bytes(json.dumps(SNAPSHOT).encode()[:-1] + b',\n"x": "\xff"}')
    with pytest.raises(UserError, match="is not UTF-8 text"):
        read_aws_config_file(file)


def test_files_of_others_are_not_taken_for_one_of_config(tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    tags = {"resourceType": "a", "awsRegion": "b"}
    texts = ("{}", "", "[]", "\x00", json.dumps({"schema": "residency/inventory/v1", "resources": [{"tags": tags}]}),
             json.dumps({"name": "//a/b", "assetType": "c", "labels": tags}))  # fmt: skip
    for text in texts:
        file.write_text(text)
        assert not is_aws_config_file(file)


def test_a_recorded_bucket_is_read(tmp_path: Path) -> None:
    """A bucket that Config recorded in 2019; `tests/data/SOURCES.md` tells where it is from."""
    file = Path(__file__).parents[1] / "data" / "config-bucket-2019.json"
    (bucket,) = [row for row in read_aws_config_file(file).rows() if isinstance(row, Resource) and row.kind != "project"]
    assert (bucket.name, bucket.location) == ("cf-templates-1mfb6u5ip16se-eu-west-1", "eu-west-1")
    assert bucket.key_custody is KeyCustody.PROVIDER_MANAGED
    assert bucket.tags == {}


def audit(tmp_path: Path, *items: Any) -> int:
    file = tmp_path / "snapshot.json"
    file.write_text(json.dumps(SNAPSHOT | {"configurationItems": items or ESTATE}))
    return residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path).code


def test_a_file_alone_is_never_compliant(tmp_path: Path) -> None:
    assert audit(tmp_path) == 1
    queue = item("AWS::SQS::Queue", "q", f"arn:aws-eusc:sqs:eusc-de-east-1:{ACCOUNT}:q",
                 {"QueueArn": f"arn:aws-eusc:sqs:eusc-de-east-1:{ACCOUNT}:q", "SqsManagedSseEnabled": "true"},
                 awsRegion="eusc-de-east-1")  # fmt: skip
    assert audit(tmp_path, queue) == 3


def test_the_command_line_tells_one_message(tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    file.write_text('{"configurationItems": [\n1]}')
    ran = residency("audit", str(file), "--policy", "eu-only", "--out", str(tmp_path / "run"), cwd=tmp_path)
    assert one_message(ran, "snapshot.json:2", "must be an object", "Deliver the snapshot again")
