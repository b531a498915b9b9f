from __future__ import annotations

from collections import Counter

import pytest

from residency.atlas.atlas import load_atlas
from residency.connectors.aws.caller import READING, UndeclaredCall
from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import Collector, collectors, operation
from residency.connectors.aws.proven import how_proven
from residency.tables import Inventory
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.estate import DUBLIN, PARIS, REGIONS, VIRGINIA, Estate
from tests.connectors.aws.proven import proven
from tests.emulators.aws import AwsEmulator, Reply


def test_every_placement_is_found_and_no_other(aws: AwsEmulator, collect: Collect) -> None:
    estate = Estate(aws)
    aws.overlay.answered.clear()
    found = collect(*REGIONS, jobs=16)
    answered = proven(aws)
    for entry in collectors():
        for declared_ in entry.operations:
            told = how_proven(declared_.call)
            assert told in ("not", answered.get(declared_.call)), f"{declared_.call}: python -m tests.connectors.aws.proven"
    assert found.incomplete() == {}
    assert found.places() - estate.places == set(), "found, but not there"
    assert estate.places - found.places() == set(), "there, but not found"
    assert {uid: row.key_custody for uid, row in found.resources.items()} == estate.custody
    asked = {(region, entry.service) for region in REGIONS for entry in collectors() if entry.extent != "global"}
    once = {("aws-global", entry.service) for entry in collectors() if entry.extent == "global"}
    assert set(found.coverage) == asked | once
    assert found.status(DUBLIN, "rds") == "empty"
    assert found.status(PARIS, "rds") == found.status("aws-global", "cloudfront") == "read"
    declared = {entry.service: entry for entry in collectors()}
    assert {row.kind for row in found.resources.values()} <= {
        kind for entry in declared.values() for kind in entry.kinds
    }
    for row in found.placements:
        assert row.evidence is not None
        assert row.role in declared[row.evidence.api.partition(":")[0]].roles
    assert all(row.evidence and ":" in row.evidence.api and "[]" not in row.evidence.field for row in found.placements)

    assert {call.operation for call in aws.calls if not call.operation.startswith(READING)} == set()
    assert {call.method for call in aws.calls} <= {"GET", "HEAD", "POST"}
    counts = Counter((call.service, call.operation) for call in aws.calls)
    assert counts["s3", "ListBuckets"] == counts["cloudfront", "ListDistributions"] == 1
    assert counts["sts", "GetCallerIdentity"] == counts["ec2", "DescribeRegions"] == 1


def test_threads_change_nothing(aws: AwsEmulator, collect: Collect) -> None:
    Estate(aws)
    one = Inventory.of(collect(PARIS, jobs=1).rows)
    for _ in range(2):
        many = Inventory.of(collect(PARIS, jobs=16).rows)
        for name in ("accounts", "resources", "placements", "coverage"):
            assert getattr(many, name).equals(getattr(one, name)), name


def test_a_trail_of_all_regions_is_one_resource(aws: AwsEmulator, collect: Collect) -> None:
    Estate(aws)
    table = Inventory.of(collect(*REGIONS).rows)
    trails = [row for row in table.resources.to_pylist() if row["type"] == "AWS::CloudTrail::Trail"]
    assert [(row["location"], row["tags"]) for row in trails] == [(PARIS, [("data-class", "personal")])]
    uids = [row["uid"] for row in table.placements.to_pylist()]
    assert uids.count(trails[0]["uid"]) == 2
    away = Inventory.of(collect(VIRGINIA).rows)
    assert [row["tags"] for row in away.resources.to_pylist() if row["type"] == "AWS::CloudTrail::Trail"] == [None]


def test_public_images_and_snapshots_are_not_ours(
    aws: AwsEmulator, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "true")
    aws.reset()
    untouched = "eu-north-1"  # what the emulator keeps of a warehouse holds on to the machines of its region
    assert len(aws.client("ec2", untouched).describe_images()["Images"]) > 100
    assert len(aws.client("ec2", untouched).describe_snapshots()["Snapshots"]) > 100
    found = collect(untouched)
    assert found.resources == {}
    assert found.status(untouched, "ec2") == "empty"


@pytest.mark.parametrize(("region", "constraint"), [(VIRGINIA, None), (DUBLIN, "EU"), (PARIS, PARIS)])
def test_location_of_a_bucket(aws: AwsEmulator, collect: Collect, region: str, constraint: str | None) -> None:
    client = aws.client("s3", region)
    if region == VIRGINIA:
        client.create_bucket(Bucket="one")
    else:
        client.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": region})
    if constraint == "EU":
        namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        body = f'<?xml version="1.0"?><LocationConstraint xmlns="{namespace}">EU</LocationConstraint>'
        aws.fail("s3:GetBucketLocation", Reply(200, body.encode()))
    found = collect(region)
    assert found.places() == {("arn:aws:s3:::one", "primary", region, "location", None)}
    assert found.resources["arn:aws:s3:::one"].location == region
    evidence = found.placements[0].evidence
    assert evidence is not None
    assert (evidence.api, evidence.field, evidence.value) == ("s3:GetBucketLocation", "LocationConstraint", constraint)


def test_buckets_elsewhere_are_left_out_but_known(aws: AwsEmulator, collect: Collect) -> None:
    Estate(aws)
    found = collect(PARIS)
    # An Outpost is wherever the customer put it.
    billing = {"AWS::CUR::ReportDefinition", "AWS::BCMDataExports::Export"}
    assert {row.location for row in found.resources.values() if row.type not in billing} == {PARIS, "aws-global", None}
    assert ("arn:aws:s3:::lake", "replica", VIRGINIA, "s3-replication", "arn:aws:s3:::lake-copy") in found.places()
    assert {region for region, _ in found.coverage} == {PARIS, "aws-global"}


def test_more_pages_than_one(aws: AwsEmulator, collect: Collect) -> None:
    logs = aws.client("logs")
    for number in range(120):
        logs.create_log_group(logGroupName=f"/group/{number}")
    found = collect(PARIS)
    assert len(found.resources) == 120
    assert [call.operation for call in aws.calls].count("DescribeLogGroups") == 3


def test_declared_kinds_are_those_of_the_atlas() -> None:
    atlas = load_atlas()
    for entry in collectors():
        for kind in entry.kinds:
            assert atlas.kind(kind) is not None, kind


def test_an_undeclared_call_is_a_mistake_that_stops_the_run(
    aws: AwsEmulator, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(calls: Calls) -> None:
        calls.one(operation("kms:DescribeKey"), KeyId="k")

    careless = Collector("kms", (operation("kms:ListKeys"),), "regional", (), (), run)
    monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", {"kms": careless})
    with pytest.raises(UndeclaredCall, match="the collector of kms does not declare kms:DescribeKey"):
        collect(PARIS)
    assert "DescribeKey" not in {call.operation for call in aws.calls}
