"""What could not be read is told, where it could not, and never as *nothing there*."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from residency.connectors.aws.collector import collectors
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.parts import shared_parts
from residency.connectors.aws.wire import Patience
from residency.connectors.interface import Scope
from tests.connectors.aws.conftest import HASTY, Collect
from tests.connectors.aws.estate import PARIS, VIRGINIA
from tests.emulators.aws import AwsEmulator, Reply, refusal

# What each service that is read in every region asks first.
LISTS = [entry.operations[0].call for entry in collectors() if entry.extent == "regional"]
PAGE = Reply(200, b"<!DOCTYPE html><html><body>Please sign in</body></html>", "text/html; charset=utf-8")
EMPTY = Reply(200, b"", "application/json")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Reads one service and leaves the others out."""

    def choose(service: str) -> None:
        chosen = {entry.service: entry for entry in collectors() if entry.service == service}
        monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", chosen)

    return choose


@pytest.mark.parametrize(
    ("reply", "status", "detail"),
    [
        (PAGE, "unreachable", "WireError (web page instead of an answer)"),
        (EMPTY, "unreachable", "WireError (empty body)"),
        (Reply(404, b"<!doctype html><title>404</title>", "text/html"), "unsupported", "HTTP 404"),
        (Reply(403, b"<html>blocked</html>", "text/html"), "unreachable", "HTTP 403"),
    ],
)
def test_what_is_no_answer_is_never_empty(
    aws: AwsEmulator, collect: Collect, reply: Reply, status: str, detail: str
) -> None:
    for call in LISTS:
        aws.fail(call, reply)
    aws.fail("s3:ListBuckets", reply)
    aws.fail("cloudfront:ListDistributions", reply)
    found = collect(PARIS, jobs=16)
    for call in LISTS:
        row = found.coverage[PARIS, call.partition(":")[0]]
        assert (str(row.status), row.detail) == (status, f"{detail}: {call}")
    assert found.status(PARIS, "s3") == found.status("aws-global", "cloudfront") == status


def test_an_answer_without_its_list_is_not_an_empty_list(aws: AwsEmulator, collect: Collect) -> None:
    for call in LISTS:
        service, _, name = call.partition(":")
        protocol = shared_parts(None).of(service).model.resolved_protocol
        reply = Reply(200, b"{}", "application/json")
        if protocol in ("ec2", "query"):
            inner = "" if protocol == "ec2" else f"<{name}Result></{name}Result>"
            reply = Reply(200, f"<?xml version='1.0'?><{name}Response>{inner}</{name}Response>".encode())
        aws.fail(call, reply)
    found = collect(PARIS, jobs=16)
    # SQS alone leaves its list out when there is no queue.
    expected = {call.partition(":")[0]: "unreachable" for call in LISTS} | {"sqs": "empty"}
    assert {service: found.status(PARIS, service) for service in expected} == expected


@pytest.mark.parametrize(
    ("service", "code", "status", "http"),
    [
        ("kms", "AccessDeniedException", "denied", 400), ("ec2", "UnauthorizedOperation", "denied", 403),
        ("rds", "AccessDenied", "denied", 403), ("kms", "SubscriptionRequiredException", "disabled", 400),
        ("ec2", "OptInRequired", "disabled", 403), ("dynamodb", "ThrottlingException", "throttled", 400),
        ("ec2", "RequestLimitExceeded", "throttled", 503), ("kms", "UnrecognizedClientException", "denied", 400),
        ("logs", "UnknownOperationException", "unsupported", 400), ("rds", "InternalFailure", "unreachable", 500),
        ("lambda", "TooManyRequestsException", "throttled", 429), ("kms", "SomethingNew", "unreachable", 400),
    ],
)  # fmt: skip
def test_error_codes(
    aws: AwsEmulator, collect: Collect, only: Callable[[str], None], service: str, code: str, status: str, http: int
) -> None:
    only(service)
    call = next(name for name in LISTS if name.startswith(f"{service}:"))
    aws.fail(call, refusal(service, code, http))
    row = collect(PARIS).coverage[PARIS, service]
    assert (str(row.status), row.detail) == (status, f"{code}: {call}")


def test_one_denied_call_keeps_the_rest(aws: AwsEmulator, collect: Collect) -> None:
    s3 = aws.client("s3", PARIS)
    s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": PARIS})
    s3.put_bucket_tagging(Bucket="one", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    aws.fail("s3:GetBucketReplication", refusal("s3", "AccessDenied"))
    found = collect()
    row = found.coverage[PARIS, "s3"]
    assert (str(row.status), row.detail) == ("denied", "AccessDenied: s3:GetBucketReplication")
    assert found.status(VIRGINIA, "s3") == "empty"
    assert found.resources["arn:aws:s3:::one"].tags == {"a": "b"}
    assert set(found.incomplete()) == {(PARIS, "s3")}


def test_denied_tags_are_unknown_not_none(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("sqs", PARIS).create_queue(QueueName="q", tags={"a": "b"})
    aws.fail("sqs:ListQueueTags", refusal("sqs", "AccessDenied"))
    found = collect(PARIS)
    assert [row.tags for row in found.resources.values()] == [None]
    assert found.coverage[PARIS, "sqs"].detail == "AccessDenied: sqs:ListQueueTags"


def test_a_denied_list_of_buckets_is_denied_in_every_region(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("s3:ListBuckets", refusal("s3", "AccessDenied"))
    found = collect()
    assert {key: row.detail for key, row in found.coverage.items() if key[1] == "s3"} == {
        (PARIS, "s3"): "AccessDenied: s3:ListBuckets", (VIRGINIA, "s3"): "AccessDenied: s3:ListBuckets",
    }  # fmt: skip


def test_a_bucket_whose_location_is_denied_has_no_place(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("s3", PARIS).create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": PARIS})
    aws.fail("s3:GetBucketLocation", refusal("s3", "AccessDenied"))
    found = collect()
    assert found.resources["arn:aws:s3:::one"].location is None
    assert found.placements == []
    assert found.coverage["aws-global", "s3"].detail == "AccessDenied: s3:GetBucketLocation"
    assert set(found.incomplete()) == {("aws-global", "s3")}


@pytest.mark.parametrize(
    ("reply", "region", "status"),
    [
        (Reply(403, b"", headers=(("x-amz-bucket-region", "eu-south-1"),)), "eu-south-1", None),
        (Reply(301, b"", headers=(("x-amz-bucket-region", "eu-south-2"),)), "eu-south-2", None),
        (Reply(200, b"", headers=(("x-amz-bucket-region", PARIS),)), PARIS, None),
        (Reply(403, b""), None, "denied"),
        (Reply(404, b""), None, None),
    ],
)
def test_the_bucket_of_another_account(
    aws: AwsEmulator, collect: Collect, reply: Reply, region: str | None, status: str | None
) -> None:
    aws.client("s3", VIRGINIA).create_bucket(Bucket="foreign")
    aws.client("cloudtrail", PARIS).create_trail(Name="trail", S3BucketName="foreign")
    aws.client("s3", VIRGINIA).delete_bucket(Bucket="foreign")
    aws.fail("s3:HeadBucket", reply)
    found = collect(PARIS)
    assert [row.location for row in found.placements if row.via == "cloudtrail-delivery"] == [region]
    row = found.coverage.get(("aws-global", "s3"))
    assert (row and str(row.status)) == status


def test_throttled_for_a_while(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("logs", PARIS).create_log_group(logGroupName="/g")
    aws.fail("logs:DescribeLogGroups", refusal("logs", "ThrottlingException", 400), times=2)
    found = collect(PARIS)
    assert found.incomplete() == {}
    assert len(found.resources) == 1


def test_it_asks_no_more_often_than_it_may(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("logs:DescribeLogGroups", refusal("logs", "ThrottlingException", 400))
    assert collect(PARIS).status(PARIS, "logs") == "throttled"
    assert [call.operation for call in aws.calls].count("DescribeLogGroups") == HASTY.attempts


def test_a_call_that_hangs_stops_nothing_else(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("logs", PARIS).create_log_group(logGroupName="/g")
    aws.fail("kms:ListKeys", None)
    found = collect(PARIS, patience=Patience(connect=1, read=0.5, attempts=2, pause=0.01))
    assert found.coverage[PARIS, "kms"].detail == "ReadTimeoutError: kms:ListKeys"
    assert len(found.resources) == 1


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"Keys": [], "Truncated": true}', "cut short without a next page"),
        (b'{"Keys": [], "Truncated": true, "NextMarker": "same"}', "the same next page twice"),
    ],
)
def test_a_list_that_is_cut_short_is_not_complete(aws: AwsEmulator, collect: Collect, body: bytes, what: str) -> None:
    aws.fail("kms:ListKeys", Reply(200, body, "application/json"))
    assert collect(PARIS).coverage[PARIS, "kms"].detail == f"WireError ({what}): kms:ListKeys"


def test_a_strange_answer_stops_nothing_else(aws: AwsEmulator, collect: Collect) -> None:
    aws.client("logs", PARIS).create_log_group(logGroupName="/g")
    aws.fail("kms:ListKeys", Reply(200, b'{"Keys": [{}]}', "application/json"))
    found = collect(PARIS)
    assert found.coverage[PARIS, "kms"].detail == "unreadable answer (KeyError): kms"
    assert len(found.resources) == 1


def test_what_vanishes_while_it_is_read_is_left_out(aws: AwsEmulator, collect: Collect) -> None:
    aws.fail("dynamodb:ListTables", Reply(200, b'{"TableNames": ["gone"]}', "application/json"))
    found = collect(PARIS)
    assert found.status(PARIS, "dynamodb") == "empty"
    assert found.incomplete() == {}


class Watch:
    def __init__(self) -> None:
        self.planned = 0
        self.ended: list[tuple[str, str]] = []

    def plan(self, calls: int, account: str = "") -> None:
        self.planned += calls

    def done(self, what: str, note: str = "") -> None:
        self.ended.append((what, note))


def test_progress_tells_every_piece_and_what_is_wrong(aws: AwsEmulator) -> None:
    aws.fail("kms:ListKeys", refusal("kms", "AccessDeniedException", 400))
    watch = Watch()
    connector = AwsConnector(environment=aws.environment(), patience=HASTY)
    list(connector.collect(Scope(regions=(PARIS,), jobs=4), watch))
    assert watch.planned == len(watch.ended) == len(collectors())
    assert [(what, note) for what, note in watch.ended if note] == [(f"123456789012 {PARIS} kms", "denied")]
