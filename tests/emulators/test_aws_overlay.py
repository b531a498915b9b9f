"""What answers before the emulator: any request by name, any answer by the service's own model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationNotFoundError

from residency.connectors.aws.collector import collectors
from residency.connectors.aws.config_items.query import OPERATIONS
from residency.connectors.aws.identity import IDENTITY
from residency.connectors.aws.parts import shared_parts
from residency.connectors.aws.regions import DESCRIBE_REGIONS, LIST_REGIONS
from residency.demo.aws_answers import NotOfTheModel, check, nothing
from residency.demo.aws_models import operation_model
from residency.demo.aws_overlay import NONE_HERE
from residency.demo.aws_protocol import understand
from tests.emulators.aws import ACCOUNT, AwsEmulator, Refused, aws_emulator

DECLARED = [entry for collector in collectors() for entry in collector.operations]
PARIS = "eu-west-3"
# One call in each protocol: its parameters, and an answer with what is hard in that protocol.
CALLS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("dynamodb:DescribeTable", {"TableName": "t"}, {"Table": {"Replicas": [{"RegionName": "us-east-1"}], "TableSizeBytes": 7}}),
    ("resource-explorer-2:ListResources", {"Filters": {"FilterString": "region:eu-west-3"}, "MaxResults": 9}, {
        "NextToken": "n", "Resources": [{"Arn": "arn:x", "Properties": [{"Name": "n", "Data": {"a": [1]}}]}],
    }),
    ("rds:DescribeIntegrations", {"Filters": [{"Name": "status", "Values": ["active", "a&b"]}], "MaxRecords": 20}, {
        "Integrations": [{"IntegrationArn": "arn:<i>", "Tags": [{"Key": "a", "Value": ""}]}, {"IntegrationArn": "arn:j"}],
    }),
    ("ec2:DescribeVolumes", {"VolumeIds": ["vol-1"], "Filters": [{"Name": "size", "Values": ["1"]}]}, {
        "Volumes": [{"VolumeId": "vol-1", "Encrypted": False, "Size": 8, "Tags": [{"Key": "k", "Value": "v"}]}], "NextToken": "n",
    }),
    ("s3:GetBucketReplication", {"Bucket": "b"}, {
        "ReplicationConfiguration": {"Role": "r", "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::c"}}]},
    }),
    ("s3:GetBucketLocation", {"Bucket": "b"}, {"LocationConstraint": PARIS}),
    ("cloudfront:ListDistributions", {"MaxItems": "5"}, {"DistributionList": {
        "Marker": "", "MaxItems": 5, "IsTruncated": False, "Quantity": 0, "Items": [],
    }}),
    ("lambda:ListTags", {"Resource": "arn:aws:lambda:eu-west-3:1:function:f"}, {"Tags": {"a": "b"}}),
]  # fmt: skip


@pytest.fixture(scope="module")
def _running() -> Iterator[AwsEmulator]:
    with aws_emulator() as emulator:
        yield emulator


@pytest.fixture
def aws(_running: AwsEmulator) -> AwsEmulator:
    _running.reset()
    return _running


def ask(aws: AwsEmulator, call: str, params: dict[str, Any], region: str = PARIS) -> dict[str, Any]:
    from botocore import xform_name

    service, _, operation = call.partition(":")
    answer: dict[str, Any] = getattr(aws.client(service, region), xform_name(operation))(**params)
    answer.pop("ResponseMetadata")
    return answer


@pytest.mark.parametrize(("call", "params", "answer"), CALLS, ids=[call for call, _, _ in CALLS])
def test_parameters_arrive_and_the_answer_comes_back(
    aws: AwsEmulator, call: str, params: dict[str, Any], answer: dict[str, Any]
) -> None:
    asked: list[Any] = []

    def give(region: str, account: str, told: dict[str, Any]) -> dict[str, Any]:
        asked.append((region, account, told))
        return answer

    aws.answer(call, give)
    assert ask(aws, call, params) == answer
    assert asked == [(PARIS, ACCOUNT, params)]
    assert aws.overlay.mistakes == []


def test_a_refusal_has_its_code_and_status(aws: AwsEmulator) -> None:
    def refuse(region: str, account: str, params: dict[str, Any]) -> dict[str, Any]:
        raise Refused("ReplicationNotFound", 404)

    for call in (
        "efs:DescribeReplicationConfigurations",
        "rds:DescribeIntegrations",
        "ec2:DescribeVolumes",
        "kafka:ListReplicators",
    ):
        aws.answer(call, refuse)
        with pytest.raises(ClientError) as refused:
            ask(aws, call, {})
        assert refused.value.response["Error"]["Code"] == "ReplicationNotFound"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_an_answer_that_aws_could_not_give_is_a_mistake(aws: AwsEmulator) -> None:
    aws.answer("kms:ListKeys", lambda region, account, params: {"Keyz": []})
    with pytest.raises(ClientError):
        ask(aws, "kms:ListKeys", {})
    assert {str(mistake) for mistake in aws.overlay.mistakes} == {"kms:ListKeys has no Keyz"}
    with pytest.raises(OperationNotFoundError):
        aws.answer("kms:ListKeyz", lambda region, account, params: {})


@pytest.mark.parametrize("call", NONE_HERE)
def test_of_what_the_emulator_lacks_there_is_none(call: str) -> None:
    output = operation_model(*call.split(":", 1)).output_shape
    answer = nothing(output)
    check(output, answer, call)
    assert any(value == [] for value in answer.values()), "a list that is there and empty"
    assert list(NONE_HERE) == sorted(set(NONE_HERE))


def test_what_nobody_can_answer_is_told(aws: AwsEmulator) -> None:
    aws.overlay.answers.clear()
    calls = [
        "keyspaces:ListKeyspaces",
        "rds:DescribeIntegrations",
        "kafka:ListReplicators",
        "efs:DescribeReplicationConfigurations",
    ]
    for call in calls:
        with pytest.raises(ClientError) as refused:
            ask(aws, call, {})
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 501)
    assert list(dict.fromkeys(aws.overlay.unanswered)) == calls
    ask(aws, "kms:ListKeys", {})
    with pytest.raises(ClientError, match="NotFound"):
        ask(aws, "kms:DescribeKey", {"KeyId": "none"})
    assert set(aws.overlay.unanswered) == set(calls)


def test_rights_are_checked_as_the_emulator_does(aws: AwsEmulator) -> None:
    import boto3

    aws.answer("efs:DescribeReplicationConfigurations", lambda region, account, params: {"Replications": []})
    environment = aws.user(grant("elasticfilesystem:Describe*"))
    reader = boto3.client(
        "efs", region_name=PARIS, endpoint_url=aws.url, aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    assert reader.describe_replication_configurations()["Replications"] == []
    aws.replace_policy(grant("kms:*"))
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.describe_replication_configurations()


def grant(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [action], "Resource": "*"}]}


def request(service: str, operation: str) -> tuple[dict[str, Any], bytes]:
    """The request for an operation as the client library makes it, with something in every parameter that must be there."""
    parts = shared_parts(None).of(service)
    model = parts.model.operation_model(operation)
    made = parts.serializer.serialize_to_request(sample(model.input_shape), model)
    url = urlsplit(made["url_path"])
    query = (
        made["query_string"]
        if isinstance(made["query_string"], str)
        else "&".join(f"{k}={v}" for k, v in made["query_string"].items())
    )
    body = made["body"] or b""
    if isinstance(body, dict):
        body = "&".join(f"{key}={value}" for key, value in body.items())
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in made["headers"].items()}
    return {
        "REQUEST_METHOD": made["method"], "PATH_INFO": url.path, "RAW_URI": url.path, "QUERY_STRING": "&".join(filter(None, (url.query, query))),
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "CONTENT_LENGTH": str(len(body)),
        **headers, "CONTENT_TYPE": made["headers"].get("Content-Type", ""),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=k/20261124/{PARIS}/{parts.model.signing_name}/aws4_request, x",
    }, body.encode() if isinstance(body, str) else body  # fmt: skip


def sample(shape: Any) -> Any:
    if shape is None:
        return {}
    match shape.type_name:
        case "structure":
            return {name: sample(shape.members[name]) for name in shape.required_members}
        case "list":
            return [sample(shape.member)]
        case "map":
            return {"k": sample(shape.value)}
        case "boolean":
            return True
        case "string":
            return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
        case "timestamp":
            return "2026-11-24T00:00:00Z"
        case _:
            return 100


@pytest.mark.parametrize(
    "operation", [*DECLARED, *OPERATIONS, IDENTITY, LIST_REGIONS, DESCRIBE_REGIONS], ids=lambda operation: operation.call
)
def test_every_call_that_we_make_is_understood(operation: Any) -> None:
    asked = understand(*request(operation.service, operation.name))
    assert asked is not None
    assert asked.operation == operation.name
    assert asked.region == PARIS
    assert asked.service == operation.service


def test_what_is_not_signed_is_not_for_aws() -> None:
    assert understand({"REQUEST_METHOD": "GET", "PATH_INFO": "/moto-api/reset"}, b"") is None


def test_a_shape_is_held_to_its_types() -> None:
    for call, wrong in (
        ("redshift:DescribeLoggingStatus", {"LoggingEnabled": "true"}), ("efs:DescribeReplicationConfigurations", {"Replications": {}}),
        ("lambda:ListTags", {"Tags": []}), ("kms:ListKeys", {"Keys": [{"KeyId": 1}]}),
    ):  # fmt: skip
        with pytest.raises(NotOfTheModel):
            check(operation_model(*call.split(":", 1)).output_shape, wrong, call)
