"""What the simulated AWS replies to one request, how often what was asked, and the limits and errors of its weather.

The first time something is asked for, the answer is made from the service's model; from then on it is bytes, the same
for every account but for the account's number.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal
from urllib.parse import unquote

from benchmarks.aws.answers import CannotAnswer, Cloud
from benchmarks.aws.estate import ACCOUNT
from residency.connectors.aws.models import model_loader
from residency.demo.aws_answers import NotOfTheModel, check
from residency.demo.aws_models import Models
from residency.demo.aws_protocol import Asked, Refused, Reply, refusal, understand

Made = Literal["told", "empty", "unanswered"]
# An access key of the simulation is four letters and the account; what it signs is for a day, a region and a service.
_SIGNED = re.compile(rb"Credential=[A-Z]{4}(\d{12})/\d+/([^/]+)/([^/]+)/")
_BUCKET = re.compile(r"(b-\d{12}-\d+)\.(?=s3\.)")
_TARGET = re.compile(rb"(?i)\r\nX-Amz-Target: *([^\r]+)")


@dataclass(frozen=True)
class Weather:
    """How AWS behaves. `latency` in seconds; `rate` (none: no limit) and `burst` are calls for each account, service
    and region; `errors` is the share of calls that fail with HTTP 500."""

    latency: float = 0.08
    rate: float | None = None
    burst: int = 40
    errors: float = 0.0


@dataclass
class Seen:
    """What a run asked: `calls` in all, `throttled` and `failed` of them, over how many `connections` to which `hosts`.

    By name, how often it asked what could not be answered, and what no estate has, so that the service's model told
    what *none* looks like (`empty`). `asked`: calls that were let in, by account, region and service. `processor`: the
    seconds that answering took.
    """

    calls: int = 0
    throttled: int = 0
    failed: int = 0
    connections: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)
    asked: Counter[tuple[bytes, ...]] = field(default_factory=Counter)
    processor: float = 0.0


class Front:
    """Finds answers, and keeps count."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._made: dict[bytes, tuple[Made, str, bytes]] = {}
        self.begin(Weather())

    def begin(self, weather: Weather) -> None:
        """Count from zero, in this weather."""
        self.weather = weather
        self.seen = Seen()
        self._begun = time.process_time()
        self._chance = random.Random(20261124)  # noqa: S311 - the same errors in every run
        now = time.monotonic()
        self._buckets: dict[tuple[bytes, ...], tuple[float, float]] = defaultdict(lambda: (weather.burst, now))

    def told(self) -> Seen:
        """What was asked since."""
        self.seen.processor = time.process_time() - self._begun
        return self.seen

    def reply(self, host: str, head: bytes, body: bytes) -> bytes:
        """The bytes that answer a request."""
        self.seen.calls += 1
        signed = _SIGNED.search(head)
        if signed is None:
            self.seen.unanswered[f"unsigned request to {host}"] += 1
            return _bytes(Reply(403, b""))
        if self.weather.rate is not None and not self._admitted(signed.groups(), self.weather.rate):
            self.seen.throttled += 1
            return _bytes(refusal(_service(host, head, body), "ThrottlingException", 400))
        self.seen.asked[signed.groups()] += 1
        if self.weather.errors and self._chance.random() < self.weather.errors:
            self.seen.failed += 1
            return _bytes(refusal(_service(host, head, body), "InternalFailure", 500))
        account, first = signed.group(1), ACCOUNT.encode()
        target = _TARGET.search(head)
        key = b"\n".join((host.encode(), head[: head.index(b"\r")], target.group(1) if target else b"", body))
        key = key.replace(account, first)
        known = self._made.get(key)
        if known is None:
            of_first = host.replace(account.decode(), ACCOUNT)
            known = self._make(of_first, head.replace(account, first), body.replace(account, first))
            self._made[key] = known
        how, call, made = known
        if how != "told":
            (self.seen.empty if how == "empty" else self.seen.unanswered)[call] += 1
        return made if account == first else made.replace(first, account)

    def _make(self, host: str, head: bytes, body: bytes) -> tuple[Made, str, bytes]:
        """How an answer to the first account was made, the name of the call, and the bytes."""
        asked = _understood(host, head, body)
        if asked is None or asked.model is None:
            return "unanswered", host if asked is None else asked.call, _bytes(Reply(501, b""))
        try:
            answer, none = self._cloud.answer(asked)
            check(asked.model.output_shape, answer, asked.call)
            return "empty" if none else "told", asked.call, _bytes(asked.answer(answer))
        except Refused as refused:
            told = asked.answer(refused)
            # The answer to a HEAD request has no body, not even when it is an error.
            return "told", asked.call, _bytes(replace(told, body=b"") if head.startswith(b"HEAD ") else told)
        except (CannotAnswer, KeyError, NotOfTheModel):
            return "unanswered", asked.call, _bytes(asked.answer(Refused("InvalidAction", 501)))

    def _admitted(self, bucket: tuple[bytes, ...], rate: float) -> bool:
        now = time.monotonic()
        tokens, last = self._buckets[bucket]
        tokens = min(self.weather.burst, tokens + (now - last) * rate)
        self._buckets[bucket] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


def _environ(host: str, head: bytes, body: bytes) -> dict[str, Any]:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    method, target, _ = first.split(" ")
    bucket = _BUCKET.match(host)
    if bucket is not None:
        # Other tools name a bucket in the host.
        host, target = host.removeprefix(bucket.group(0)), f"/{bucket.group(1)}{target.removesuffix('/')}"
        target = target.replace("/?", "?")
    path, _, query = target.partition("?")
    return {
        "REQUEST_METHOD": method, "PATH_INFO": unquote(path), "RAW_URI": target, "QUERY_STRING": query,
        "SERVER_NAME": host, "SERVER_PORT": "443", "wsgi.url_scheme": "https", "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("content-type", ""),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}, "HTTP_HOST": host,
    }  # fmt: skip


def _service(host: str, head: bytes, body: bytes) -> str:
    asked = _understood(host, head, body)
    return "sts" if asked is None else asked.service


def _understood(host: str, head: bytes, body: bytes) -> Asked | None:
    """What is asked: something that `residency` asks for, or anything else that the client library can."""
    environ = _environ(host, head, body)
    asked = understand(environ, body)
    return understand(environ, body, _all_there_is()) if asked is None or asked.model is None else asked


@cache
def _all_there_is() -> Models:
    loader = model_loader()
    services = loader.list_available_services("service-2")
    return Models(services, lambda name: loader.load_service_model(name, "service-2"))


def _bytes(reply: Reply) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} told", f"Content-Type: {reply.content_type}", f"Content-Length: {len(reply.body)}",
        "x-amzn-RequestId: 00000000-0000-0000-0000-000000000000",
        *(f"{name}: {value}" for name, value in reply.headers), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + reply.body
