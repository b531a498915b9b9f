"""Whether a service is offered in a region at all, as far as the names of the network tell."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import urlsplit

# What getaddrinfo says of a name that does not exist. Any other error, a name server that does not answer among them,
# says nothing of the name.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


@cache
def exists(host: str) -> bool | None:
    """Whether a name exists; `None` when that could not be found out. Asked once in a run."""
    try:
        socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)
    except socket.gaierror as error:
        return False if error.errno in _NO_SUCH_NAME else None
    except OSError:
        return None
    return True


def not_offered(url: Callable[[str, str], str], service: str, region: str, elsewhere: Iterable[str]) -> bool:
    """Whether a service has no endpoint in a region: its name there does not exist, although the network answers for
    other names of that region, and of that service in one of the regions `elsewhere`. `url` gives an address.

    One missing name alone proves nothing: a firewall that hides a service hides it in every region.
    """

    def known(of: str, where: str) -> bool | None:
        return exists(urlsplit(url(of, where)).hostname or "")

    if known(service, region) is not False or known("sts", region) is not True:
        return False
    return any(known(service, other) for other in elsewhere if other != region)
