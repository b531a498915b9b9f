"""Running the installed command as a user does: a child process with a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def residency(*arguments: str | Path, cwd: Path, env: dict[str, str] | None = None, timeout: float = 120) -> Ran:
    """Run `residency` with arguments in a folder, with no more of the environment than a shell needs, and `env`."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"PYTHONUTF8": "1", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "residency.cli", *map(str, arguments)],
        cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def one_message(ran: Ran, *words: str) -> bool:
    """Whether the command failed with exit code 2 and one clear message: these words, and no traceback."""
    told = ran.err.strip()
    return ran.code == 2 and "Traceback" not in told and all(word in told for word in words) and not ran.out
