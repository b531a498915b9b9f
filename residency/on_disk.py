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
from contextlib import contextmanager
from weakref import WeakSet

import pyarrow as pa

from residency.errors import Problem, UserError

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
