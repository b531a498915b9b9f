"""What a run has read so far, kept beside its report until the run has ended: `--resume` goes on from there.

The folder `.reading-…` in the folder of the report holds what was found of each account, or what a cloud answered, and
what was asked for. It is readable by its owner only, is removed when everything was read to its end, and after a week
in any case.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from residency import __version__
from residency.connectors.interface import ANSWERS, ENDED, UNFINISHED, Scope
from residency.errors import Problem, UserError

_PREFIX = ".reading-"
_ASKED = "asked.json"
_WEEK = 7 * 86_400
# Variables that say as whom Azure and Google Cloud are read.
_IDENTITY = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT")


def started_before(out: Path, asked: Mapping[str, Any], *, resume: bool) -> datetime | None:
    """When the stopped run that asked the same began, if there is one to go on with. Raises `UserError` when there are
    stopped runs, but all asked something else."""
    if not resume:
        return None
    found = [(_asked(folder), folder) for folder in _folders(out)]
    stopped = [(told["started"], folder) for told, folder in found if told and told["asked"] == _plain(asked)]
    if stopped:
        return datetime.fromisoformat(max(stopped)[0])
    others = [told["asked"] for told, _ in found if told]
    if others:
        differs = sorted(key for key in {*asked, *others[-1]} if _plain(asked).get(key) != others[-1].get(key))
        message = f"the run that was stopped asked for something else ({', '.join(differs)})."
        raise UserError(Problem(message, str(out), remedy="Ask the same, or leave out --resume to begin anew."))
    return None


@contextmanager
def keeping(out: Path, asked: Mapping[str, Any], started: datetime, *, resume: bool) -> Iterator[Path]:
    """The folder for a run that began at `started`. With `resume` it has what the stopped run of that start has read.

    Nobody else uses it: a second run makes another, and of two that resume one finds nothing to take over.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for folder in _folders(out):
            if time.time() - folder.stat().st_mtime > _WEEK:
                shutil.rmtree(folder, ignore_errors=True)
        mine = Path(tempfile.mkdtemp(dir=out, prefix=_PREFIX))
    except OSError as error:
        message = f"what is read cannot be kept: {error.strerror or error}."
        raise UserError(Problem(message, str(out), remedy="Name a folder that you may write to with --out.")) from None
    head = {"asked": _plain(asked), "started": started.isoformat()}
    for folder in _folders(out) if resume else ():
        if folder != mine and _asked(folder) == head:
            try:
                mine.rmdir()
                folder.rename(mine)
            except OSError:
                mine.mkdir(mode=0o700, exist_ok=True)
            break
    (mine / _ASKED).write_text(json.dumps(head), encoding="utf-8")
    try:
        yield mine
    except BaseException:
        if not any(file.suffix in (ANSWERS, ENDED) and file.stat().st_size for file in mine.rglob("*")):
            shutil.rmtree(mine, ignore_errors=True)
        raise
    if not any(mine.rglob(f"*{UNFINISHED}")):
        shutil.rmtree(mine, ignore_errors=True)


def asked_for(sources: Sequence[str], scope: Scope, settings: Mapping[str, object]) -> dict[str, Any]:
    """What two runs must have in common for one to go on where the other was stopped."""
    return {
        "sources": list(sources), "regions": list(scope.regions), "accounts": list(scope.accounts),
        "configuration": hashlib.sha256(repr(sorted(settings.items())).encode()).hexdigest(),
        "profile": os.environ.get("AWS_PROFILE"), "version": __version__,
        "identity": [os.environ.get(name) for name in _IDENTITY],
    }  # fmt: skip


def _folders(out: Path) -> list[Path]:
    return sorted(folder for folder in out.glob(f"{_PREFIX}*") if folder.is_dir() and not folder.is_symlink())


def _asked(folder: Path) -> dict[str, Any] | None:
    """What the run of a folder asked for and when it started; `None` for a folder that is damaged."""
    try:
        told = json.loads((folder / _ASKED).read_text(encoding="utf-8"))
        datetime.fromisoformat(told["started"]).astimezone(UTC)
        return told if isinstance(told["asked"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _plain(asked: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asked))
    return plain
