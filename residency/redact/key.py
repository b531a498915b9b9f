"""The key of the pseudonyms: from the environment, from the ledger, or made for one run and thrown away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from residency.errors import Problem, UserError

VARIABLE = "RESIDENCY_REDACTION_KEY"
FILE = "redaction.key"
_SHORTEST = 16  # characters: a shorter key could be tried out


def redaction_key(ledger: Path | None, environment: Mapping[str, str] = os.environ) -> tuple[bytes, bool]:
    """The key, and whether it will be the same next time.

    That of the environment counts first, then that of the ledger, which is made with its first use and readable by its
    owner only. Raises `UserError` for a key that is too short and for one that cannot be kept.
    """
    given = environment.get(VARIABLE)
    if given is not None:
        return _long_enough(given, VARIABLE), True
    if ledger is None:
        return secrets.token_bytes(32), False
    file = ledger / FILE
    try:
        ledger.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(file)
        return _long_enough(file.read_text(encoding="ascii").strip(), str(file)), True
    except (OSError, ValueError) as error:
        told = f"the key of the pseudonyms cannot be kept: {error}."
        raise UserError(Problem(told, str(file), remedy=f"Give a key in {VARIABLE}, or another --ledger.")) from None


def _make(file: Path) -> None:
    """Put a new key in place whole, unless there is one: of two runs at once both take the first."""
    part = file.with_name(f".{FILE}.{secrets.token_hex(8)}")
    if file.exists():
        return
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)


def _long_enough(key: str, place: str) -> bytes:
    if len(key) < _SHORTEST:
        remedy = f"Give at least {_SHORTEST} characters that nobody can guess, such as those of `openssl rand -hex 32`."
        raise UserError(Problem("the key of the pseudonyms is too short.", place, remedy=remedy))
    return key.encode()
