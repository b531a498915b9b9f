"""The simulated AWS as a process: a proxy that is every host of AWS, with TLS, latency, limits and errors.

A tool reaches it with nothing but `HTTPS_PROXY` and `AWS_CA_BUNDLE`: it asks the proxy for
`ec2.eu-west-3.amazonaws.com` and gets that host, with a certificate of its own. So nothing of the tool is overridden:
hosts, endpoint rules, TLS and signatures are as they are with AWS, one host for each service and region.

The first time an answer is asked for, it is made from the service's model; from then on it is bytes, the same for every
account but for the account's number. A run to warm it up comes first, so that a timed run costs the server little.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import ssl
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from benchmarks.aws.answers import ACCOUNT, CannotAnswer, Cloud
from benchmarks.aws.certificates import Authority
from residency.demo.aws_answers import NotOfTheModel, check
from residency.demo.aws_protocol import Refused, Reply, refusal, understand

Made = Literal["told", "empty", "unanswered"]


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
    """What a run asked: `calls` in all, `throttled` and `failed` of them. By name, how often it asked what could not be
    answered, and what no estate has, so that the service's model told what *none* looks like (`empty`). `processor`:
    the seconds that answering took."""

    calls: int = 0
    throttled: int = 0
    failed: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)
    processor: float = 0.0


@dataclass
class Running:
    """A server that runs. `proxy` and `bundle` are what a tool is given."""

    proxy: str
    bundle: Path
    _pipe: Connection

    def reset(self, weather: Weather) -> None:
        """Count from zero, in another weather."""
        self._pipe.send(weather)
        self._pipe.recv()

    def seen(self) -> Seen:
        """What was asked since."""
        self._pipe.send(None)
        seen = self._pipe.recv()
        assert isinstance(seen, Seen)
        return seen


@contextmanager
def simulated_aws(folder: Path, scale: int, accounts: int = 1) -> Iterator[Running]:
    """Run it in a process of its own for as long as the block lasts."""
    here, there = multiprocessing.Pipe()
    # A fresh interpreter: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_main, args=(there, folder, scale, accounts), daemon=True)
    process.start()
    try:
        port, bundle = here.recv()
        yield Running(f"http://127.0.0.1:{port}", bundle, here)
    finally:
        process.terminate()
        process.join()


def _main(pipe: Connection, folder: Path, scale: int, accounts: int) -> None:
    asyncio.run(_serve(pipe, Authority(folder), Cloud(scale, accounts)))


async def _serve(pipe: Connection, authority: Authority, cloud: Cloud) -> None:
    front = Front(cloud, authority)
    server = await asyncio.start_server(front.connected, "127.0.0.1", 0, backlog=1024)
    pipe.send((server.sockets[0].getsockname()[1], authority.bundle))

    def told() -> None:
        message = pipe.recv()
        if isinstance(message, Weather):
            front.begin(message)
            pipe.send(True)
        else:
            front.seen.processor = time.process_time() - front.begun
            pipe.send(front.seen)

    asyncio.get_running_loop().add_reader(pipe.fileno(), told)
    await server.serve_forever()


class Front:
    """Takes connections, finds answers, keeps count."""

    def __init__(self, cloud: Cloud, authority: Authority) -> None:
        self._cloud = cloud
        self._made: dict[bytes, tuple[Made, str, bytes]] = {}
        self._authority = authority
        self.begin(Weather())

    def begin(self, weather: Weather) -> None:
        """Count from zero."""
        self._weather = weather
        self.seen = Seen()
        self.begun = time.process_time()
        self._chance = random.Random(20261124)  # noqa: S311 - the same errors in every run
        now = time.monotonic()
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = defaultdict(lambda: (weather.burst, now))

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: CONNECT, TLS, then requests one after the other."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            host = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].partition(b":")[0].decode()
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await writer.start_tls(self._authority.context(host))
            self.seen.hosts.add(host)
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                headers = _headers(head)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                bytes_ = self._reply(host, head, headers, body)
                await asyncio.sleep(self._weather.latency)
                writer.write(bytes_)
        writer.close()

    def _reply(self, host: str, head: bytes, headers: dict[str, str], body: bytes) -> bytes:
        self.seen.calls += 1
        scope = headers.get("authorization", "").partition("Credential=")[2].split(",")[0].split("/")
        account, region, service = scope[0][4:], scope[2], scope[3]
        if not self._admitted((account, service, region)):
            self.seen.throttled += 1
            return _bytes(refusal(_service(host, head, headers, body), "ThrottlingException", 400))
        if self._chance.random() < self._weather.errors:
            self.seen.failed += 1
            return _bytes(refusal(_service(host, head, headers, body), "InternalFailure", 500))
        first = head.split(b"\r\n", 1)[0]
        key = b"\n".join((host.encode(), first, headers.get("x-amz-target", "").encode(), body))
        key = key.replace(account.encode(), ACCOUNT.encode())
        known = self._made.get(key)
        if known is None:
            known = self._make(host, head, headers, body, account)
            self._made[key] = known
        how, call, made = known
        if how != "told":
            (self.seen.empty if how == "empty" else self.seen.unanswered)[call] += 1
        return made if account == ACCOUNT else made.replace(ACCOUNT.encode(), account.encode())

    def _make(
        self, host: str, head: bytes, headers: dict[str, str], body: bytes, account: str
    ) -> tuple[Made, str, bytes]:
        """How an answer was made, the name of the call, and the bytes."""
        own, first = account.encode(), ACCOUNT.encode()
        head, body = head.replace(own, first), body.replace(own, first)
        asked = understand(_environ(host, head, headers, body), body)
        if asked is None or asked.model is None:
            return "unanswered", host if asked is None else asked.call, _bytes(Reply(501, b""))
        try:
            answer, none = self._cloud.answer(asked)
            check(asked.model.output_shape, answer, asked.call)
            return "empty" if none else "told", asked.call, _bytes(asked.answer(answer))
        except Refused as refused:
            return "told", asked.call, _bytes(asked.answer(refused))
        except (CannotAnswer, KeyError, NotOfTheModel):
            return "unanswered", asked.call, _bytes(asked.answer(Refused("InvalidAction", 501)))

    def _admitted(self, bucket: tuple[str, str, str]) -> bool:
        rate = self._weather.rate
        if rate is None:
            return True
        now = time.monotonic()
        tokens, last = self._buckets[bucket]
        tokens = min(self._weather.burst, tokens + (now - last) * rate)
        self._buckets[bucket] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}


def _environ(host: str, head: bytes, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
    path, _, query = target.partition("?")
    return {
        "REQUEST_METHOD": method, "PATH_INFO": unquote(path), "RAW_URI": target, "QUERY_STRING": query,
        "SERVER_NAME": host, "SERVER_PORT": "443", "wsgi.url_scheme": "https", "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("content-type", ""), "HTTP_HOST": host,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }  # fmt: skip


def _service(host: str, head: bytes, headers: dict[str, str], body: bytes) -> str:
    asked = understand(_environ(host, head, headers, body), body)
    return "sts" if asked is None else asked.service


def _bytes(reply: Reply) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} told", f"Content-Type: {reply.content_type}", f"Content-Length: {len(reply.body)}",
        "x-amzn-RequestId: 00000000-0000-0000-0000-000000000000",
        *(f"{name}: {value}" for name, value in reply.headers), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + reply.body
