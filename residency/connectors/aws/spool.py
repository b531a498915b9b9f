"""What was found of each account, on disk as soon as the account has ended: the memory of a run does not grow with the
number of accounts, and a run that was stopped goes on with those that had not ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from residency.connectors.aws.found import Found
from residency.model import Account, Coverage, Resource

Kept = Found | Account | Coverage
_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Kept)}
_SCHEMA = pa.schema([("kind", pa.dictionary(pa.int8(), pa.string())), ("uid", pa.string()), ("row", pa.string())])
_ENDED, _NOT_ENDED = ".parquet", ".unfinished"


class Spool:
    """A folder with one Parquet file an account. `row` is a row as JSON, `kind` its type, `uid` that of a resource."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in (*folder.glob("*.part"), *folder.glob(f"*{_NOT_ENDED}")):
            left.unlink()

    def ended(self) -> set[str]:
        """The accounts that were read to their end."""
        return {file.stem for file in self._folder.glob(f"*{_ENDED}")}

    def write(self, account: str, rows: Iterable[Kept], *, ended: bool) -> None:
        """Keep the rows of an account: all of them, or none when the process dies meanwhile. What there is of one that
        has not `ended` is kept for the result of this run only."""
        part = self._folder / f"{account}.part"
        with pq.ParquetWriter(part, _SCHEMA, compression="zstd") as writer:
            kinds: list[str] = []
            uids: list[str | None] = []
            texts: list[str] = []
            for row in rows:
                kinds.append(type(row).__name__)
                uids.append(row.uid if isinstance(row, Resource) else None)
                texts.append(_adapter(type(row).__name__).dump_json(row).decode())
            columns = [pa.array(kinds, _SCHEMA.field("kind").type), pa.array(uids, pa.string()), pa.array(texts)]
            writer.write_table(pa.table(columns, schema=_SCHEMA))
        part.replace(self._folder / f"{account}{_ENDED if ended else _NOT_ENDED}")

    def read(self, account: str) -> Iterator[Any]:
        """The rows of an account as they were written."""
        table = pq.read_table(self._file(account), columns=["kind", "row"])
        for kind, text in zip(table["kind"].to_pylist(), table["row"].to_pylist(), strict=True):
            yield _adapter(kind).validate_json(text)

    def resources(self, account: str) -> set[str]:
        """The uids of the resources of an account."""
        return set(pq.read_table(self._file(account), columns=["uid"])["uid"].drop_null().to_pylist())

    def _file(self, account: str) -> Path:
        ended = self._folder / f"{account}{_ENDED}"
        return ended if ended.exists() else self._folder / f"{account}{_NOT_ENDED}"


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])
