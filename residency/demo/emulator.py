"""A local AWS: moto's server on a free port of this machine, in this process, for as long as a block runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from residency.errors import Problem, UserError

ACCOUNT = "123456789012"
_ROOT = {"aws_access_key_id": "demo-root", "aws_secret_access_key": "demo-root"}


@dataclass(frozen=True, slots=True)
class LocalAws:
    """An emulator that is running. `url` is its endpoint."""

    url: str

    def client(self, service: str, region: str) -> Any:
        """A boto3 client with full rights on the emulator. Needs nothing of the user's own configuration."""
        return _client(self.url, service, region)

    def auditor(self, permissions: Mapping[str, Any], denied: str) -> dict[str, str]:
        """Make a user who may only do what `permissions` (an IAM policy) allows, less the actions `denied`, and turn on
        the emulator's checking of rights. Returns the environment variables with which that user connects."""
        iam = self.client("iam", "us-east-1")
        iam.create_user(UserName="residency-auditor")
        refusal = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": denied, "Resource": "*"}]}
        for name, document in (("audit", permissions), ("refusal", refusal)):
            iam.put_user_policy(UserName="residency-auditor", PolicyName=name, PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName="residency-auditor")["AccessKey"]
        self._check_rights()
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"], "AWS_DEFAULT_REGION": "eu-west-3",
        }  # fmt: skip

    def _check_rights(self) -> None:
        from urllib.request import Request, urlopen

        with urlopen(Request(f"{self.url}/moto-api/reset-auth", data=b"0", method="POST")) as answer:  # noqa: S310
            answer.read()


@cache
def _client(url: str, service: str, region: str) -> Any:
    import boto3
    from botocore.config import Config

    session = boto3.Session(**_ROOT, region_name=region)
    return session.client(service, region_name=region, endpoint_url=url, config=Config(s3={"addressing_style": "path"}))


@contextmanager
def local_aws() -> Iterator[LocalAws]:
    """Run the emulator. Raises `UserError` when it is not installed."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError:
        raise UserError(
            Problem("the demonstration needs the emulator moto.", remedy="Install it: pip install 'residency[demo]'.")
        ) from None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield LocalAws(f"http://{host}:{port}")
    finally:
        server.stop()
