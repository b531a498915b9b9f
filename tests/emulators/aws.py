"""A local AWS over real HTTP: moto behind a door that records every call and can refuse, delay or spoil some."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from residency.demo.aws_overlay import Answer, Overlay, as_checked
from residency.demo.aws_protocol import Asked, Refused, Reply, refusal
from residency.demo.server import served

__all__ = ["ACCOUNT", "AwsEmulator", "Call", "Fault", "Refused", "Reply", "aws_emulator", "refusal"]

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    service: str
    region: str
    operation: str
    method: str


@dataclass
class Fault:
    """Replies to `operation` of `service`; to the first `times` calls, or to all; only in `region`, only to a call that
    holds the text `about`, where these are given. `None` hangs until released."""

    service: str
    operation: str
    reply: Reply | None
    times: int | None = None
    region: str | None = None
    about: str = ""

    def meets(self, call: Call, body: bytes) -> bool:
        if (call.service, call.operation) != (self.service, self.operation) or self.times == 0:
            return False
        if self.about.encode() not in body:
            return False
        if self.region is not None and call.region != self.region:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Limit:
    """What a service takes in a region: `rate` calls a second and `burst` at once; and of every `flaky` calls one fails
    for no reason."""

    rate: float
    burst: float
    flaky: int
    _tokens: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    refused: int = 0

    def meets(self, call: Call) -> Reply | None:
        with self._lock:
            now = time.monotonic()
            left, last = self._tokens.get((call.service, call.region), (self.burst, now))
            left = min(self.burst, left + (now - last) * self.rate)
            self._tokens[call.service, call.region] = (left - 1 if left >= 1 else left), now
            self.asked += 1
            self.refused += left < 1
            if left < 1:
                return refusal(call.service, "ThrottlingException", 400)
            return refusal(call.service, "InternalFailure", 500) if self.asked % self.flaky == 0 else None


@dataclass
class AwsEmulator:
    """The emulator of a test. `url` is its endpoint; `calls` is what it was asked; `faults` is what it answers itself;
    `overlay` answers what moto lacks."""

    url: str
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    overlay: Overlay = field(default_factory=Overlay)
    released: threading.Event = field(default_factory=threading.Event)
    limit: Limit | None = None

    def client(self, service: str, region: str = "eu-west-3") -> Any:
        """A boto3 client with full rights, for seeding."""
        import boto3
        from botocore.config import Config

        client = boto3.client(
            service, region_name=region, endpoint_url=self.url, aws_access_key_id="seed", aws_secret_access_key="seed",
            config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip
        client.meta.events.register("before-sign.s3-control", self._without_account)
        return client

    def _without_account(self, request: Any, **_: Any) -> None:
        """The client puts the account before the host, which here has no name to put it before."""
        request.url = request.url.replace(f"//{ACCOUNT}.", "//")

    def environment(self, key: str = "reader", secret: str = "reader", region: str = "eu-west-3") -> dict[str, str]:
        """The variables with which the connector reaches the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": region, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }  # fmt: skip

    def client_of(self, account: str, service: str, region: str = "eu-west-3") -> Any:
        """The same in another account."""
        import boto3
        from botocore.config import Config

        arn = f"arn:aws:iam::{account}:role/seed"
        told = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="seed")["Credentials"]
        return boto3.client(
            service, region_name=region, endpoint_url=self.url, aws_access_key_id=told["AccessKeyId"],
            aws_secret_access_key=told["SecretAccessKey"], aws_session_token=told["SessionToken"],
            config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip

    def fail(
        self, call: str, reply: Reply | None, times: int | None = None, region: str | None = None, about: str = ""
    ) -> None:
        """Answer `service:Operation` with a reply instead of moto's."""
        service, _, operation = call.partition(":")
        self.faults.append(Fault(service, operation, reply, times, region, about))

    def answer(self, call: str, answer: Answer) -> None:
        """Answer `service:Operation` with a function of region, account and parameters, for what moto lacks or fakes. It
        gives the answer as the client library would, or raises `Refused`."""
        self.overlay.answer(call, answer)

    def user(self, policy: dict[str, Any]) -> dict[str, str]:
        """A user with one policy, and the emulator checking rights from now on. Returns the user's environment."""
        iam = self.client("iam", "us-east-1")
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=as_checked(policy))
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        self.check_rights(after=0)
        return self.environment(key["AccessKeyId"], key["SecretAccessKey"])

    def replace_policy(self, policy: dict[str, Any]) -> None:
        """Give the user another policy."""
        self.check_rights(after=float("inf"))
        iam = self.client("iam", "us-east-1")
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=as_checked(policy))
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
        self.limit = None
        self.overlay.reset()
        self.released.clear()

    def _post(self, path: str, body: bytes) -> None:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "text/plain"}, method="POST")
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def see(self, asked: Asked) -> Reply | None:
        """Keep what is asked, unless by the one who seeds, and reply in place of moto where the test has it so."""
        if "seed" in asked.access_key:
            return None
        call = Call(asked.service, asked.region, asked.operation, asked.environ["REQUEST_METHOD"])
        self.calls.append(call)
        if self.limit is not None and (reply := self.limit.meets(call)) is not None:
            return reply
        return next((self._spoilt(fault) for fault in self.faults if fault.meets(call, asked.body)), None)

    def _spoilt(self, fault: Fault) -> Reply:
        if fault.reply is None:
            self.released.wait(30)
        return fault.reply or Reply(500, b"too late", "text/plain")


@contextmanager
def aws_emulator() -> Iterator[AwsEmulator]:
    """Run moto on a free port of this machine for as long as the block lasts."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    emulator = AwsEmulator("")
    moto = DomainDispatcherApplication(create_backend_app)
    with served(emulator.overlay.application(moto, emulator.see)) as url:
        emulator.url = url
        try:
            yield emulator
        finally:
            emulator.reset()
