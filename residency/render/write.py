"""Writing the files of a run: all of them or none, and the manifest last.

Every file is first written beside its final name, readable by its owner only. When the last one is complete they are
renamed, so that a run that is killed leaves the files of the run before it as they were.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from residency.errors import Problem, UserError
from residency.render.formats import check_formats, outputs
from residency.render.inventory_json import inventory_json
from residency.render.manifest import NAME as MANIFEST
from residency.render.manifest import manifest_json
from residency.result import AuditResult

LANGUAGES = ("en", "fr")
INVENTORY = "inventory.json"


def write_run(
    result: AuditResult, out: Path, formats: Sequence[str], lang: str, kept: Sequence[str] = ()
) -> list[Path]:
    """Write a run's files to the folder `out` and return them in the order they were put in place, the manifest last.

    `inventory.json` and `manifest.json` are always written. `kept` are files of the same run that are in the folder
    already: the manifest goes on listing those that are not written anew. Raises `UserError` for an unknown format or
    language and for a folder that cannot be written.
    """
    chosen = {output.file: output for name in check_formats(formats) for output in outputs(name)}
    if lang not in LANGUAGES:
        raise UserError(Problem(f"there is no report in the language {lang!r}.", remedy="Use fr or en."))
    parts: list[tuple[Path, Path]] = []
    with _told(out):
        try:
            out.mkdir(mode=0o700, parents=True, exist_ok=True)
            for output in chosen.values():
                parts.append((_write_part(out, output.file, output.render(result, lang)), out / output.file))
            parts.append((_write_part(out, INVENTORY, inventory_json(result.inventory)), out / INVENTORY))
            listed = [(final.name, part) for part, final in parts]
            written = {name for name, _part in listed} | {MANIFEST}
            listed += [(name, out / name) for name in kept if name not in written and (out / name).is_file()]
            parts.append((_write_part(out, MANIFEST, [manifest_json(result, listed)]), out / MANIFEST))
            (out / MANIFEST).unlink(missing_ok=True)
            for part, final in parts:
                part.replace(final)
        finally:
            for part, _final in parts:
                part.unlink(missing_ok=True)
    return [final for _part, final in parts]


def write_file(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """Write one file that is no part of a run, whole or not at all. Raises `UserError` like `write_run`."""
    with _told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write_part(folder, name, pieces).replace(folder / name)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into a message for the user."""
    try:
        yield
    except OSError as error:
        message = f"the files cannot be written: {error.strerror or error}."
        where = str(error.filename or folder)
        raise UserError(Problem(message, where, remedy="Name a folder that you may write to with --out.")) from error


def _write_part(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """The complete file under a temporary name. `mkstemp` makes it readable and writable by its owner only."""
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
    part = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part
