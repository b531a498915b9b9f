"""What is sent to AWS itself is what boto3 would send: host, path, body and the scope of the signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import certifi
import pytest
from botocore.exceptions import HTTPClientError, SSLError

from residency.connectors.aws.session import AwsSession
from residency.connectors.aws.wire import Patience, Wire
from residency.demo.tls_server import Reply, tls_server

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": "/dev/null"}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("sts", "GetCallerIdentity", {}), ("account", "ListRegions", {"MaxResults": 50}),
    ("ec2", "DescribeSnapshots", {"OwnerIds": ["self"], "MaxResults": 1000}), ("s3", "ListBuckets", {"MaxBuckets": 1000}),
    ("kms", "DescribeKey", {"KeyId": "alias/a b"}), ("rds", "DescribeDBInstances", {"MaxRecords": 100}),
    ("dynamodb", "ListTables", {"Limit": 100}), ("secretsmanager", "ListSecrets", {"IncludePlannedDeletion": True}),
    ("lambda", "ListTags", {"Resource": "arn:aws:lambda:eu-west-3:1:function:f"}),
    ("sqs", "GetQueueAttributes", {"QueueUrl": "https://sqs.example/1/q", "AttributeNames": ["All"]}),
    ("sns", "ListTopics", {}), ("ecr", "DescribeRegistry", {}), ("logs", "DescribeLogGroups", {"limit": 50}),
    ("cloudtrail", "DescribeTrails", {}), ("cloudfront", "GetDistributionConfig", {"Id": "E1"}),
    ("backup", "ListTags", {"ResourceArn": "arn:aws:backup:eu-west-3:1:backup-vault:v"}), ("neptune-graph", "ListGraphs", {}),
]  # fmt: skip


class Caught(Exception):
    pass


class Catcher:
    """Takes the place of the connection and keeps what would be sent."""

    def send(self, request: Any) -> Any:
        raise Caught(request)


def sent(request: Any) -> tuple[str, str, bytes, str]:
    scope = request.headers["Authorization"]
    scope = (scope.decode() if isinstance(scope, bytes) else scope).partition("Credential=")[2].partition(",")[0]
    body = request.body or b""
    return request.method, request.url, body.encode() if isinstance(body, str) else bytes(body), scope


def by_boto3(service: str, operation: str, region: str, params: dict[str, Any]) -> tuple[str, str, bytes, str]:
    import boto3
    from botocore import xform_name
    from botocore.config import Config

    client = boto3.client(
        service, region_name=region, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path", "us_east_1_regional_endpoint": "regional"}),
    )  # fmt: skip

    def catch(request: Any, **_: Any) -> None:
        raise Caught(request)

    client.meta.events.register("before-send", catch)
    with pytest.raises(Caught) as caught:
        getattr(client, xform_name(operation))(**params)
    return sent(caught.value.args[0])


@pytest.mark.parametrize(
    "region", ["eu-west-3", "us-east-1", "ap-east-2", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"]
)
def test_the_request_is_that_of_boto3(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wire, "_connect", lambda self, proxies: Catcher())
    wire = Wire(AwsSession(None, KEYS), 1, Patience())
    for service, operation, params in CALLS:
        with pytest.raises(Caught) as caught:
            wire.send(service, operation, region, params)
        assert sent(caught.value.args[0]) == by_boto3(service, operation, region, params), (service, region)


def test_a_server_is_trusted_by_the_authorities_of_the_configuration(tmp_path: Path) -> None:
    answer = '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>'

    def identity(bundle: str) -> Any:
        environment = KEYS | {"AWS_ENDPOINT_URL": url, "AWS_CA_BUNDLE": bundle}
        return Wire(AwsSession(None, environment), 4, Patience()).send("sts", "GetCallerIdentity", "eu-west-3", {})

    with tls_server(lambda asked: Reply(200, text=answer, content_type="text/xml")) as (url, certificate):
        assert identity(certificate)["Arn"] == "arn:aws:iam::1:user/u"
        for bundle in (certifi.where(), str(tmp_path / "none.pem")):
            with pytest.raises((SSLError, HTTPClientError)):
                identity(bundle)
