"""The local Azure of a test: it records every request and can refuse or spoil some."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from residency.demo.azure_emulator import LocalAzure, refused
from residency.demo.tls_server import Asked, Reply


@dataclass
class Fault:
    """What happens to requests whose path contains a text: the first `times`, or all, from page `page` on."""

    path: str
    reply: Callable[[Asked, Reply], Reply]
    times: int | None = None
    method: str | None = None
    later_pages: bool = False

    def meets(self, asked: Asked) -> bool:
        if self.path.lower() not in asked.path.lower() or self.times == 0 or self.method not in (None, asked.method):
            return False
        if self.later_pages and not is_later_page(asked):
            return False
        if self.times is not None:
            self.times -= 1
        return True


def is_later_page(asked: Asked) -> bool:
    if "$skiptoken" in asked.query:
        return True
    return isinstance(asked.body, dict) and "$skipToken" in asked.body.get("options", {})


@dataclass
class AzureEmulator(LocalAzure):
    """The emulator of a test."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    latency: float = 0

    def answer(self, asked: Asked) -> Reply:
        with self.lock:
            self.calls.append((asked.method, asked.path))
            fault = next((entry for entry in self.faults if entry.meets(asked)), None)
        if self.latency:
            time.sleep(self.latency)
        reply = super().answer(asked)
        return reply if fault is None else fault.reply(asked, reply)

    def fail(self, path: str, status: int, code: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        """Answer with an error."""
        named = {name.replace("-", "_"): value for name, value in (headers or {}).items()}
        self.faults.append(Fault(path, lambda asked, reply: refused(status, code, "no", **named), **more))

    def spoil(self, path: str, reply: Callable[[Asked, Reply], Reply], **more: Any) -> None:
        """Change an answer."""
        self.faults.append(Fault(path, reply, **more))

    def expire(self) -> None:
        """No token that was given counts any more."""
        self.tokens.clear()
