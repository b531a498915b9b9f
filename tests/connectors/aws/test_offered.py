"""What the names of a network tell of a service that a region does not have, and what they do not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from residency.connectors.aws import offered
from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.session import AwsSession
from residency.connectors.aws.wire import Patience, Wire
from residency.model import Status

ASKED = operation("qbusiness:ListApplications")
HERE, STS, HOME = "qbusiness.eu-west-3.api.aws", "sts.eu-west-3.amazonaws.com", "qbusiness.us-east-1.api.aws"
NetworkOf = Callable[..., None]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetworkOf]:
    """A network by what it says of names: those that exist lead to a closed port of this machine."""
    offered.exists.cache_clear()

    def set_up(*there: str, silent: bool = False) -> None:
        def look_up(host: str, port: Any, *_: Any, **__: Any) -> Any:
            if host not in there:
                raise socket.gaierror(socket.EAI_AGAIN if silent else socket.EAI_NONAME, "no")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    yield set_up
    offered.exists.cache_clear()


def ask(region: str = "eu-west-3") -> CallFailed:
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_CONFIG_FILE": "/dev/null"}
    patience = Patience(connect=1, read=1, attempts=2, pause=0.01)
    caller = Caller(Wire(AwsSession(None, environment), 1, patience), patience)
    with pytest.raises(CallFailed) as failed:
        caller.one(ASKED, region, {})
    return failed.value


def test_a_service_that_the_region_does_not_have(network: NetworkOf) -> None:
    network(STS, HOME)
    failure = ask()
    assert failure.status is Status.DISABLED
    assert str(failure) == "no endpoint of this service in the region: qbusiness:ListApplications"


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ((), "nothing of the region is found"), ((STS,), "a network that hides the service everywhere"),
        ((HOME,), "a network that hides the region"), ((HERE, STS, HOME), "the service is there and does not answer"),
    ],
)  # fmt: skip
def test_what_proves_nothing_is_unreachable(network: NetworkOf, there: tuple[str, ...], why: str) -> None:
    network(*there)
    assert ask().status is Status.UNREACHABLE, why


def test_a_name_server_that_is_silent_proves_nothing(network: NetworkOf) -> None:
    network(STS, HOME, silent=True)
    assert ask().status is Status.UNREACHABLE


def test_a_service_of_another_region_than_home_counts_too(network: NetworkOf) -> None:
    network(STS, "qbusiness.eu-west-1.api.aws")
    assert ask().status is Status.DISABLED
