"""A local AWS: moto's server on a free port of this machine, in this process, for as long as a block runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from residency.demo.aws_overlay import Overlay, as_checked
from residency.demo.server import served
from residency.errors import Problem, UserError

ACCOUNT = "123456789012"
_ROOT = {"aws_access_key_id": "demo-root", "aws_secret_access_key": "demo-root"}


@dataclass(frozen=True, slots=True)
class LocalAws:
    """An emulator that is running. `url` is its endpoint; `overlay` answers what moto lacks; `used` are the services
    that it was given something of."""

    url: str
    overlay: Overlay = field(default_factory=Overlay)
    used: set[str] = field(default_factory=set)

    def client(self, service: str, region: str) -> Any:
        """A boto3 client with full rights on the emulator. Needs nothing of the user's own configuration."""
        self.used.add(service)
        return _client(self.url, service, region)

    def auditor(self, permissions: Mapping[str, Any], denied: str) -> dict[str, str]:
        """Make a user who may only do what `permissions` (an IAM policy) allows, less the actions `denied`, and turn on
        the emulator's checking of rights. Returns the environment variables with which that user connects. From then on
        there is nothing of a service that was not used before."""
        iam = self.client("iam", "us-east-1")
        iam.create_user(UserName="residency-auditor")
        refusal = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": denied, "Resource": "*"}]}
        for name, document in (("audit", permissions), ("refusal", refusal)):
            iam.put_user_policy(UserName="residency-auditor", PolicyName=name, PolicyDocument=as_checked(document))
        key = iam.create_access_key(UserName="residency-auditor")["AccessKey"]
        self._check_rights_after(0)
        self.overlay.seeded = self.used
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"], "AWS_DEFAULT_REGION": "eu-west-3",
        }  # fmt: skip

    def _check_rights_after(self, calls: float) -> None:
        from urllib.request import Request, urlopen

        body, headers = str(calls).encode(), {"Content-Type": "text/plain"}
        asked = Request(f"{self.url}/moto-api/reset-auth", data=body, headers=headers, method="POST")  # noqa: S310
        with urlopen(asked) as answer:  # noqa: S310
            answer.read()

    def stop_checking_rights(self) -> None:
        """Let everybody do everything again. The emulator keeps this for the whole process."""
        self._check_rights_after(float("inf"))


@cache
def _client(url: str, service: str, region: str) -> Any:
    from botocore.config import Config

    config = Config(s3={"addressing_style": "path"})
    return _session().client(service, region_name=region, endpoint_url=url, config=config)


@cache
def _session() -> Any:
    import boto3

    return boto3.Session(**_ROOT, region_name="eu-west-3")


@contextmanager
def local_aws() -> Iterator[LocalAws]:
    """Run the emulator. Raises `UserError` when it is not installed."""
    # Every region would first load a list of public machine images that nobody asks for here.
    os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    try:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    except ImportError:
        raise UserError(
            Problem("the demonstration needs the emulator moto.", remedy="Install it: pip install 'residency[demo]'.")
        ) from None
    overlay = Overlay()
    with served(overlay.application(DomainDispatcherApplication(create_backend_app))) as url:
        local = LocalAws(url, overlay)
        yield local
        local.stop_checking_rights()
