"""What the simulated AWS can do by itself, so that nobody takes its pace for that of a tool.

`python -m benchmarks.aws.alone` asks it for the lists of eight services in every region, first each over a new
connection, then over the same ones, and prints connections and calls a second, and what each costs it.
"""

from __future__ import annotations

import socket
import ssl
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.aws.estate import ACCOUNT, REGIONS
from benchmarks.aws.front import Seen, Weather
from benchmarks.aws.server import Running, simulated_aws

# Service, first line, and the headers and body that say which list.
_LISTS = (
    ("sqs", "POST / HTTP/1.1", "X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Type: application/x-amz-json-1.0", "{}"),
    ("kms", "POST / HTTP/1.1", "X-Amz-Target: TrentService.ListKeys\r\nContent-Type: application/x-amz-json-1.1", "{}"),
    ("lambda", "GET /2015-03-31/functions HTTP/1.1", "Accept: */*", ""),
    ("backup", "GET /backup-vaults HTTP/1.1", "Accept: */*", ""),
    ("rds", "POST / HTTP/1.1", "Content-Type: application/x-www-form-urlencoded",
     "Action=DescribeDBInstances&Version=2014-10-31"),
    ("ec2", "POST / HTTP/1.1", "Content-Type: application/x-www-form-urlencoded",
     "Action=DescribeInstances&Version=2016-11-15"),
    ("sns", "POST / HTTP/1.1", "Content-Type: application/x-www-form-urlencoded",
     "Action=ListTopics&Version=2010-03-31"),
    ("ecr", "POST / HTTP/1.1", "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.DescribeRepositories\r\n"
     "Content-Type: application/x-amz-json-1.1", "{}"),
)  # fmt: skip
_ROUNDS, _AT_ONCE = 40, 8
_Asked = tuple[str, bytes]


def _asked() -> list[_Asked]:
    """Hosts, and what each is asked."""
    asked = []
    for service, line, headers, body in _LISTS:
        for region in REGIONS:
            host = f"{service}.{region}.amazonaws.com"
            scope = f"AKIA{ACCOUNT}/20261124/{region}/{service}/aws4_request"
            signed = f"Authorization: AWS4-HMAC-SHA256 Credential={scope}"
            head = f"{line}\r\nHost: {host}\r\n{headers}\r\n{signed}\r\nContent-Length: {len(body)}\r\n\r\n"
            asked.append((host, (head + body).encode()))
    return asked


def _connected(aws: Running, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    proxy = urlsplit(aws.proxy)
    plain = socket.create_connection((proxy.hostname or "", proxy.port or 0))
    plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
    plain.recv(4096)
    return context.wrap_socket(plain, server_hostname=host)


def _answer(connection: ssl.SSLSocket, request: bytes) -> None:
    """Send a request and take its whole answer. Raises `RuntimeError` for any other than a success."""
    connection.sendall(request)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += connection.recv(65536)
    head = answer[:end].decode()
    if " 200 " not in head.splitlines()[0]:
        raise RuntimeError(head)
    left = int(head.partition("Content-Length: ")[2].partition("\r\n")[0]) - (len(answer) - end - 4)
    while left > 0:
        left -= len(connection.recv(65536))


def _line(what: str, count: int, wall: float, seen: Seen) -> str:
    return f"{what:12} {count / wall:6.0f} a second, {1000 * seen.processor / count:.2f} ms of its processor each\n"


def main() -> int:
    """Print both lines. Returns 0."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder, simulated_aws(Path(folder), 1) as aws:
        context = ssl.create_default_context(cafile=str(aws.bundle))

        def first(one: _Asked) -> ssl.SSLSocket:
            connection = _connected(aws, context, one[0])
            _answer(connection, one[1])
            return connection

        def again(both: tuple[ssl.SSLSocket, _Asked]) -> None:
            for _ in range(_ROUNDS):
                _answer(both[0], both[1][1])

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            aws.reset(Weather(latency=0))
            for connection in pool.map(first, asked):
                connection.close()
            for what in ("connections", "calls"):
                aws.reset(Weather(latency=0))
                start = time.perf_counter()
                if what == "connections":
                    kept = list(pool.map(first, asked))
                else:
                    list(pool.map(again, zip(kept, asked, strict=True)))
                seen = aws.seen()
                count = seen.connections or seen.calls
                sys.stdout.write(_line(what, count, time.perf_counter() - start, seen))
        for connection in kept:
            connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
