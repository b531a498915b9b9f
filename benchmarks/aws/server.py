"""The simulated AWS as a process: a proxy that is every host of AWS, with TLS, latency, limits and errors.

A tool reaches it with nothing but `HTTPS_PROXY` and `AWS_CA_BUNDLE`: it asks the proxy for
`ec2.eu-west-3.amazonaws.com` and gets that host, with a certificate of its own. So nothing of the tool is overridden:
hosts, endpoint rules, TLS and signatures are as they are with AWS, one host for each service and region.

A run to warm it up comes first, so that a timed run costs the server little: answers and certificates are there then.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.aws.answers import Cloud
from benchmarks.aws.certificates import Authority
from benchmarks.aws.connections import Connections
from benchmarks.aws.estate import REGIONS
from benchmarks.aws.front import Front, Seen, Weather


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
def simulated_aws(
    folder: Path, scale: float, accounts: int = 1, regions: Sequence[str] = REGIONS
) -> Iterator[Running]:
    """Run it in a process of its own for as long as the block lasts, with its certificates in `folder`."""
    here, there = multiprocessing.Pipe()
    # A fresh interpreter: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_main, args=(there, folder, scale, accounts, tuple(regions)), daemon=True)
    process.start()
    try:
        port, bundle = here.recv()
        yield Running(f"http://127.0.0.1:{port}", bundle, here)
    finally:
        process.terminate()
        process.join()


def _main(pipe: Connection, folder: Path, scale: float, accounts: int, regions: tuple[str, ...]) -> None:
    authority, front = Authority(folder), Front(Cloud(scale, accounts, regions))

    def told() -> None:
        message = pipe.recv()
        if isinstance(message, Weather):
            front.begin(message)
            pipe.send(True)
        else:
            pipe.send(front.told())

    connections = Connections(front, authority, (pipe.fileno(), told))
    pipe.send((connections.port, authority.bundle))
    connections.serve()
