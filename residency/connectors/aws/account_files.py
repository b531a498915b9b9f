"""What was found of each account, on disk as soon as the account has ended: the memory of a run does not grow with the
number of accounts, and a run that was stopped goes on with those that had not ended."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from residency.connectors.aws.found import Found
from residency.connectors.interface import ENDED, UNFINISHED
from residency.model import Account, Coverage, Resource

Kept = Found | Account | Coverage
_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Kept)}
_SCHEMA = pa.schema([("kind", pa.dictionary(pa.int8(), pa.string())), ("uid", pa.string()), ("row", pa.string())])
_REFUSED = ".refused"
_LOOKUPS = f"lookups{UNFINISHED}"


class AccountFiles:
    """A folder with one Parquet file an account. `row` is a row as JSON, `kind` its type, `uid` that of a resource."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for ending in (".part", UNFINISHED, _REFUSED):
            for left in folder.glob(f"*{ending}"):
                left.unlink()

    def ended(self) -> set[str]:
        """The accounts that were read to their end."""
        return {file.stem for file in self._folder.glob(f"*{ENDED}") if _whole(file)}

    def write(self, account: str, rows: Iterable[Kept], *, entered: bool, cut_off: bool) -> None:
        """Keep the rows of an account: all of them, or none when the process dies meanwhile. What is known of one that
        was `cut_off`, or not even `entered`, is for the result of this run; a resumed one reads it anew."""
        part = self._folder / f"{account}.part"
        kinds: list[str] = []
        uids: list[str | None] = []
        texts: list[str] = []
        for row in rows:
            kinds.append(type(row).__name__)
            uids.append(row.uid if isinstance(row, Resource) else None)
            texts.append(_adapter(type(row).__name__).dump_json(row).decode())
        columns = [
            pa.array(kinds, _SCHEMA.field("kind").type),
            pa.array(uids, pa.string()),
            pa.array(texts, pa.string()),
        ]
        with part.open("wb") as stream:
            pq.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA), stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
        ending = UNFINISHED if cut_off else ENDED if entered else _REFUSED
        part.replace(self._folder / f"{account}{ending}")

    def lookups_cut_off(self) -> None:
        """Every account is there, but what they name of others could not be looked up."""
        (self._folder / _LOOKUPS).touch()

    def read(self, account: str) -> Iterator[Any]:
        """The rows of an account as they were written."""
        table = self._columns(account, "kind", "row")
        for kind, text in zip(table["kind"].to_pylist(), table["row"].to_pylist(), strict=True):
            yield _adapter(kind).validate_json(text)

    def resources(self, account: str) -> set[str]:
        """The uids of the resources of an account."""
        return set(self._columns(account, "uid")["uid"].drop_null().to_pylist())

    def _columns(self, account: str, *names: str) -> pa.Table:
        # `read_table` does the same, and first imports half of Arrow.
        with pq.ParquetFile(self._file(account)) as file:
            return file.read(columns=list(names), use_threads=False)

    def _file(self, account: str) -> Path:
        known = (self._folder / f"{account}{ending}" for ending in (ENDED, UNFINISHED, _REFUSED))
        return next(file for file in known if file.exists())


def _whole(file: Path) -> bool:
    """Whether a file can be read. One that a machine lost power over may have its name and not its content."""
    try:
        return bool(pq.read_schema(file).equals(_SCHEMA))
    except (OSError, pa.ArrowException):
        return False


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])
