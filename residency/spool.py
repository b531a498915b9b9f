"""Values kept on disk while a source is read, so that they can be gone through again without being held in memory."""

from __future__ import annotations

import copyreg
import pickle
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from types import TracebackType
from typing import Any, Generic, TypeVar

from residency.on_disk import room

_T = TypeVar("_T")
# Values written in one piece.
BATCH = 2_000


class Spool(Generic[_T]):
    """A list on disk, in a file without a name that goes with the process.

    `types` are the frozen dataclasses among the values, which are then written field by field.
    """

    def __init__(self, *types: type) -> None:
        self._file = tempfile.TemporaryFile(prefix="residency-")  # noqa: SIM115  (closed by `__exit__`)
        self._table = {**copyreg.dispatch_table, **{kind: _by_fields(kind) for kind in types}}
        self._waiting: list[_T] = []

    def __enter__(self) -> Spool[_T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, value: _T) -> None:
        """Append a value. Raises `UserError` when the disk is full."""
        self._waiting.append(value)
        if len(self._waiting) >= BATCH:
            self._write()

    def __iter__(self) -> Iterator[_T]:
        """Every value in the order in which it came. What is added meanwhile is not seen."""
        self._write()
        end = self._file.tell()
        place = 0
        while place < end:
            self._file.seek(place)
            values: list[_T] = pickle.load(self._file)  # noqa: S301  (nobody else can write this file)
            place = self._file.tell()
            yield from values
        self._file.seek(0, 2)

    def _write(self) -> None:
        if self._waiting:
            with room():
                self._file.seek(0, 2)
                pickler = pickle.Pickler(self._file, pickle.HIGHEST_PROTOCOL)
                pickler.dispatch_table = self._table
                pickler.dump(self._waiting)
            self._waiting = []


def _by_fields(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """How a frozen dataclass is written: its class and its values."""
    names = [entry.name for entry in fields(kind)]
    values = attrgetter(*names)
    return (lambda value: (kind, values(value))) if len(names) > 1 else (lambda value: (kind, (values(value),)))
