"""The connections of the simulated AWS: one thread that waits for all of them, and sends each answer when it is due.

Plain sockets cost a third of what the event loop of the standard library does with TLS, and the tool that is measured
shares the processor with them.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable

from benchmarks.aws.certificates import Authority
from benchmarks.aws.front import Front

_LENGTH = re.compile(rb"(?i)\r\nContent-Length: *(\d+)")
_READ, _WRITE = select.EPOLLIN, select.EPOLLOUT
_CONNECTED = b"HTTP/1.1 200 Connected\r\n\r\n"
_AT_ONCE = 65536


class _Connection:
    """A client that asked for `host`, once it did. `taken` is what came and is not yet a whole request, `left` what the
    client has not yet taken of the answers."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self.tls: ssl.SSLSocket | None = None
        self.host = ""
        self.shaken = False
        self.taken = b""
        self.left = b""


class Connections:
    """Every connection to one port, and what is `watched` besides: a file to be read, and what to do when it can be."""

    def __init__(self, front: Front, authority: Authority, watched: tuple[int, Callable[[], None]]) -> None:
        self._front = front
        self._authority = authority
        self._watched = watched
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._poll = select.epoll()
        self._open: dict[int, _Connection] = {}
        # When each answer is due, in order: they all wait equally long.
        self._due: deque[tuple[float, _Connection, bytes]] = deque()

    def serve(self) -> None:
        """Never returns."""
        listening, (watched, do) = self._listener.fileno(), self._watched
        self._poll.register(listening, _READ)
        self._poll.register(watched, _READ)
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else -1
            for number, _ in self._poll.poll(wait):
                if number == listening:
                    self._accept()
                elif number == watched:
                    do()
                elif number in self._open:
                    self._carry_on(self._open[number])
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                _, connection, answer = self._due.popleft()
                connection.left += answer
                self._carry_on(connection)

    def _accept(self) -> None:
        try:
            while True:
                plain, _ = self._listener.accept()
                plain.setblocking(False)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open[plain.fileno()] = _Connection(plain)
                self._poll.register(plain.fileno(), _READ)
        except BlockingIOError:
            return

    def _carry_on(self, connection: _Connection) -> None:
        """Do what can be done with a connection now."""
        number = (connection.tls or connection.plain).fileno()
        if number < 0:
            return
        try:
            if connection.tls is None:
                self._tunnel(connection)
                return
            if not connection.shaken:
                connection.tls.do_handshake()
                connection.shaken = True
            while connection.left:
                connection.left = connection.left[connection.tls.send(connection.left) :]
            self._poll.modify(number, _READ)
            while came := connection.tls.recv(_AT_ONCE):
                connection.taken += came
                self._requests(connection)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except ssl.SSLWantWriteError:
            self._poll.modify(number, _READ | _WRITE)
            return
        except OSError:
            pass
        self._close(connection, number)

    def _tunnel(self, connection: _Connection) -> None:
        """The client says to the proxy which host it wants, and is that host's from then on. Nothing of TLS comes
        before it has read the reply. Raises `BlockingIOError` for half a request, `OSError` for a client that left."""
        came = connection.plain.recv(_AT_ONCE)
        connection.taken += came
        if not came:
            raise ConnectionResetError
        if not connection.taken.endswith(b"\r\n\r\n"):
            return
        connection.host = connection.taken.split(b" ", 2)[1].partition(b":")[0].decode()
        connection.taken = b""
        connection.plain.sendall(_CONNECTED)
        context = self._authority.context(connection.host)
        connection.tls = context.wrap_socket(connection.plain, server_side=True, do_handshake_on_connect=False)
        self._front.seen.hosts.add(connection.host)
        self._front.seen.connections += 1

    def _requests(self, connection: _Connection) -> None:
        """Answer each whole request that came."""
        while (end := connection.taken.find(b"\r\n\r\n") + 4) > 3:
            head = connection.taken[:end]
            length = _LENGTH.search(head)
            whole = end + (int(length.group(1)) if length else 0)
            if len(connection.taken) < whole:
                return
            body, connection.taken = connection.taken[end:whole], connection.taken[whole:]
            answer = self._front.reply(connection.host, head, body)
            self._due.append((time.monotonic() + self._front.weather.latency, connection, answer))

    def _close(self, connection: _Connection, number: int) -> None:
        del self._open[number]
        self._poll.unregister(number)
        (connection.tls or connection.plain).close()
