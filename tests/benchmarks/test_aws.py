"""The simulated AWS of the benchmark tells all that is in it, and the tool finds that: a time without it says nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.aws.front import Weather
from benchmarks.aws.others import told
from benchmarks.aws.scan import Size, found, scan, truth
from benchmarks.aws.server import simulated_aws

REGIONS = ("eu-west-3", "us-east-1")
SCALE = 0.1


def test_a_small_estate_is_found_whole_and_nothing_asked_of_it_is_left_unanswered(tmp_path: Path) -> None:
    with simulated_aws(tmp_path, SCALE, regions=REGIONS) as aws:
        run, seen = scan(aws, tmp_path, Size(SCALE, 1, Weather(latency=0), None, 0), jobs=16)

    uids, copies = found(tmp_path / "out" / "inventory.json")
    assert (uids, copies) == truth(1, SCALE, REGIONS)
    assert len(uids) > 100
    assert len(copies) > 5
    assert seen.unanswered == {}
    assert run.code == 0, run.told


def test_another_tool_tells_a_copy_when_one_finding_names_the_original_and_the_region_of_the_copy() -> None:
    bucket, queue = "arn:aws:s3:::b-1", "arn:aws:sqs:eu-west-3:1:queue-1"
    copy = (bucket, "replica", "us-east-1")
    finding = {"uid": bucket, "says": "Bucket b-1 is replicated to a bucket located in region us-east-1."}
    resource = {"Name": "b-1", "Rules": [{"Destination": "arn:aws:s3:::b-2"}]}

    assert told([finding], {bucket, queue}, {copy}) == ({bucket}, {copy})
    assert told([resource, {"region": "us-east-1"}], {bucket, queue}, {copy}) == ({bucket}, set())
