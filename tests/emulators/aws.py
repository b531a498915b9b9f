"""A local AWS over real HTTP: moto behind a door that records every call and can refuse, delay or spoil some."""

from __future__ import annotations

import json
import logging
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

ACCOUNT = "123456789012"
# The REST services name no operation in a request: it follows from method and path, here for the calls under test.
_S3 = {
    "location": "GetBucketLocation", "tagging": "GetBucketTagging", "replication": "GetBucketReplication",
    "logging": "GetBucketLogging", "encryption": "GetBucketEncryption", "policy": "GetBucketPolicy",
}  # fmt: skip
_REST = (
    ("kafka", "/api/v2/clusters", "ListClustersV2"), ("kafka", "/replicators", "ListReplicators"),
    ("eks", "/clusters/", "DescribeCluster"), ("eks", "/clusters", "ListClusters"),
    ("route53", "/queryloggingconfig", "ListQueryLoggingConfigs"), ("route53", "/tags/", "ListTagsForResource"),
    ("route53", "/hostedzone", "ListHostedZones"),
    ("lambda", "/functions", "ListFunctions"), ("lambda", "/tags/", "ListTags"),
    ("backup", "/backup-vaults", "ListBackupVaults"), ("backup", "/backup/plans/", "ListBackupPlans"),
    ("backup", "/tags/", "ListTags"), ("cloudfront", "/config", "GetDistributionConfig"),
    ("cloudfront", "/tagging", "ListTagsForResource"), ("cloudfront", "/distribution", "ListDistributions"),
    ("account", "/listRegions", "ListRegions"), ("efs", "/replication-configurations", "DescribeReplicationConfigurations"),
    ("efs", "/policy", "DescribeFileSystemPolicy"), ("efs", "/file-systems", "DescribeFileSystems"),
    ("opensearch", "/domain", "ListDomainNames"), ("opensearch", "/opensearch/domain-info", "DescribeDomains"),
    ("opensearch", "/tags", "ListTags"),
)  # fmt: skip

# Services that sign under another name than the client library has for them.
_SIGNED_AS = {"elasticfilesystem": "efs", "es": "opensearch"}


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    service: str
    region: str
    operation: str
    method: str


@dataclass(frozen=True)
class Reply:
    """What the door answers instead of moto."""

    status: int
    body: bytes
    content_type: str = "application/xml"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Fault:
    """Replies to `operation` of `service`; to the first `times` calls, or to all. `None` hangs until released."""

    service: str
    operation: str
    reply: Reply | None
    times: int | None = None
    region: str | None = None

    def meets(self, call: Call) -> bool:
        if (call.service, call.operation) != (self.service, self.operation) or self.times == 0:
            return False
        if self.region is not None and call.region != self.region:
            return False
        if self.times is not None:
            self.times -= 1
        return True


def refusal(service: str, code: str, status: int = 403) -> Reply:
    """An error answer in the protocol of a service."""
    if service == "s3":
        return Reply(status, f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode())
    if service == "ec2":
        body = f"<?xml version='1.0'?><Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"
        return Reply(status, body.encode())
    if service in ("rds", "sns", "sts", "cloudfront", "redshift", "elasticache"):
        body = f"<?xml version='1.0'?><ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
        return Reply(status, body.encode())
    document = json.dumps({"__type": code, "message": "no"}).encode()
    return Reply(status, document, "application/json", (("x-amzn-errortype", code),))


@dataclass
class AwsEmulator:
    """The emulator of a test. `url` is its endpoint; `calls` is what it was asked; `faults` is what it answers itself."""

    url: str
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def client(self, service: str, region: str = "eu-west-3") -> Any:
        """A boto3 client with full rights, for seeding."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            service, region_name=region, endpoint_url=self.url, aws_access_key_id="seed", aws_secret_access_key="seed",
            config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip

    def environment(self, key: str = "reader", secret: str = "reader", region: str = "eu-west-3") -> dict[str, str]:
        """The variables with which the connector reaches the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": region, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }  # fmt: skip

    def fail(self, call: str, reply: Reply | None, times: int | None = None, region: str | None = None) -> None:
        """Answer `service:Operation` with a reply instead of moto's."""
        service, _, operation = call.partition(":")
        self.faults.append(Fault(service, operation, reply, times, region))

    def user(self, policy: dict[str, Any]) -> dict[str, str]:
        """A user with one policy, and the emulator checking rights from now on. Returns the user's environment."""
        iam = self.client("iam", "us-east-1")
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        self.check_rights(after=0)
        return self.environment(key["AccessKeyId"], key["SecretAccessKey"])

    def replace_policy(self, policy: dict[str, Any]) -> None:
        """Give the user another policy."""
        self.check_rights(after=float("inf"))
        iam = self.client("iam", "us-east-1")
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(policy))
        self.check_rights(after=0)

    def check_rights(self, after: float) -> None:
        """Let `after` more calls pass unchecked, then check rights."""
        self._post("/moto-api/reset-auth", str(after).encode())

    def reset(self) -> None:
        """An empty cloud, no faults, nothing recorded."""
        self.released.set()
        self.check_rights(after=float("inf"))
        self._post("/moto-api/reset", b"")
        self.calls.clear()
        self.faults.clear()
        self.released.clear()

    def _post(self, path: str, body: bytes) -> None:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "text/plain"}, method="POST")
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def door(self, moto: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """The WSGI application that stands before moto."""

        forward: Callable[[dict[str, Any], Any], Iterable[bytes]] = moto

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
            if len(scope) < 4:
                return forward(environ, start_response)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            service = _SIGNED_AS.get(scope[3], scope[3])
            call = Call(service, scope[2], _operation(service, environ, body), environ["REQUEST_METHOD"])
            if "seed" not in scope[0]:
                self.calls.append(call)
                for fault in self.faults:
                    if fault.meets(call):
                        return self._reply(fault.reply, start_response)
            return forward(environ, start_response)

        return application

    def _reply(self, reply: Reply | None, start_response: Any) -> Iterable[bytes]:
        if reply is None:
            self.released.wait(30)
            reply = Reply(500, b"too late", "text/plain")
        headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body))), *reply.headers]
        start_response(f"{reply.status} told", headers)
        return [reply.body]


def _operation(service: str, environ: dict[str, Any], body: bytes) -> str:
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return target.rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode())["Action"][0]
    path = environ["PATH_INFO"]
    if service == "s3":
        if environ["REQUEST_METHOD"] == "HEAD":
            return "HeadBucket"
        return next((_S3[key] for key in parse_qs(environ["QUERY_STRING"], True) if key in _S3), "ListBuckets")
    return next((name for served, part, name in _REST if served == service and part in path), path)


@contextmanager
def aws_emulator() -> Iterator[AwsEmulator]:
    """Run moto on a free port of this machine for as long as the block lasts."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    emulator = AwsEmulator("")
    application = emulator.door(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    emulator.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield emulator
    finally:
        emulator.reset()
        server.shutdown()
        server.server_close()
        thread.join()
