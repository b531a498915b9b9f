"""Arrow tables in files without a name: written a batch at a time, then read through a memory map.

A mapped table is a table like any other. Its pages come in when they are looked at, and `let_go` gives them back, so
that going through a table of any size takes the memory of what is looked at. A file without a name is gone when nobody
has it open any more, however the process ended.
"""

from __future__ import annotations

import errno
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from weakref import WeakSet

import pyarrow as pa

from residency.errors import Problem, UserError

# Rows of a growing table that are not worth a file.
IN_MEMORY = 100_000
_ALIGNED = 64
_MAPPED: WeakSet[mmap.mmap] = WeakSet()


class Disk:
    """Tables one after the other in one file. They are there for as long as somebody holds one of them."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="residency-")  # noqa: SIM115  (goes with its last reader)
        self._starts: list[int] = []

    @contextmanager
    def writer(self, schema: pa.Schema) -> Iterator[pa.ipc.RecordBatchStreamWriter]:
        """Write the batches of one more table. Raises `UserError` when the disk is full."""
        with room():
            at = self._file.tell()
            self._file.write(bytes(-at % _ALIGNED))
            self._starts.append(self._file.tell())
            with pa.ipc.new_stream(self._file, schema) as stream:
                yield stream
            self._file.flush()

    def tables(self) -> list[pa.Table]:
        """The tables, in the order in which they were written. Nothing can be written any more."""
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._file.close()
        _MAPPED.add(mapped)
        whole = pa.py_buffer(mapped)
        return [pa.ipc.open_stream(pa.BufferReader(whole.slice(start))).read_all() for start in self._starts]


class Growing:
    """A table that grows by parts. One of more than `IN_MEMORY` rows is on disk, less the texts that it keeps once."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._words: dict[str, dict[str | None, int]] = {
            field.name: {} for field in schema if pa.types.is_dictionary(field.type)
        }
        coded = [field.with_type(pa.int32()) if field.name in self._words else field for field in schema]
        self._coded = pa.schema(coded)
        self._open = ExitStack()
        self._disk: Disk | None = None
        self._stream: pa.ipc.RecordBatchStreamWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._rows = 0

    def add(self, part: pa.Table) -> None:
        """Append rows. Raises `UserError` when the disk is full."""
        for batch in part.to_batches():
            columns = [self._column(field.name, batch[field.name]) for field in self._schema]
            self._held.append(pa.RecordBatch.from_arrays(columns, schema=self._coded))
            self._rows += batch.num_rows
        if self._rows > IN_MEMORY:
            if self._stream is None:
                self._disk = Disk()
                self._stream = self._open.enter_context(self._disk.writer(self._coded))
            for batch in self._held:
                self._stream.write_batch(batch)
            self._held = []

    def table(self) -> pa.Table:
        """The rows, in the order in which they came. Nothing can be added any more."""
        self._open.close()
        table = pa.Table.from_batches(self._held, self._coded) if self._disk is None else self._disk.tables()[0]
        for place, field in enumerate(self._schema):
            if field.name in self._words:
                words = pa.array(list(self._words[field.name]), pa.string())
                chunks = [pa.DictionaryArray.from_arrays(chunk, words) for chunk in table[place].chunks]
                table = table.set_column(place, field, pa.chunked_array(chunks, field.type))
        return table

    def _column(self, name: str, column: pa.Array) -> pa.Array:
        words = self._words.get(name)
        if words is None:
            return column
        known = [words.setdefault(word, len(words)) for word in column.dictionary.to_pylist()]
        return pa.array(known, pa.int32()).take(column.indices)


def let_go() -> None:
    """Give back the memory of what was looked at of mapped tables. It comes in again when it is looked at again."""
    if hasattr(mmap, "MADV_DONTNEED"):  # Linux and macOS
        for mapped in list(_MAPPED):
            mapped.madvise(mmap.MADV_DONTNEED)


@contextmanager
def room() -> Iterator[None]:
    """Turn a full disk into a message for the user."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        told = f"there is no room for what was read: {error.strerror}."
        remedy = "Make room there, or name a folder on a larger disk with the variable TMPDIR."
        raise UserError(Problem(told, tempfile.gettempdir(), remedy=remedy)) from error
