"""The local Google Cloud of a test: it records every call and can refuse or spoil some."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc

from residency.demo.google_emulator import LocalGoogle
from residency.demo.google_emulator import running as gcp_emulator

__all__ = ["Fault", "GcpEmulator", "gcp_emulator"]


@dataclass
class Fault:
    """Answers calls whose name and parent begin so: with a status, or with what `reply` gives; the first `times`, or
    all."""

    call: str
    parent: str
    code: grpc.StatusCode | None
    reply: Callable[[Any], Any] | None = None
    times: int | None = None
    page: int = 0
    content: str = ""

    def meets(self, call: str, parent: str, page: int, content: str) -> bool:
        if call != self.call or not parent.startswith(self.parent) or self.times == 0 or page < self.page:
            return False
        if self.content not in ("", content):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class GcpEmulator(LocalGoogle):
    """The emulator of a test."""

    page: int = 7
    calls: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, call: str, code: grpc.StatusCode | None = None, parent: str = "", **more: Any) -> None:
        self.faults.append(Fault(call, parent, code, **more))

    def answer(self, call: str, request: Any, context: Any, make: Callable[[Any], Any]) -> Any:
        parent = getattr(request, "parent", "")
        content = getattr(getattr(request, "content_type", None), "name", "")
        with self.lock:
            self.calls.append((call, parent))
            page = int(request.page_token or 0) if (request.page_token or "0").isdigit() else 0
            fault = next((entry for entry in self.faults if entry.meets(call, parent, page, content)), None)
        if fault is not None and fault.code is not None:
            context.abort(fault.code, "no")
        if fault is not None and fault.reply is not None:
            return fault.reply(request)
        return make(request)
