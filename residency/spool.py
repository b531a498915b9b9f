"""Values kept on disk while a source is read, so that they can be gone through again without being held in memory."""

from __future__ import annotations

import copyreg
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from operator import attrgetter, eq
from types import TracebackType
from typing import Any, Generic, TypeVar, overload

from residency.on_disk import room

_T = TypeVar("_T")
# Values written in one piece.
BATCH = 2_000
# Values of a sequence that are not worth a file.
IN_MEMORY = 50_000


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


class Kept(Sequence[_T]):
    """A sequence of any length of which a part is in memory: more than `IN_MEMORY` values are on disk.

    `types` are the frozen dataclasses among the values.
    """

    def __init__(self, values: Iterable[_T], *types: type) -> None:
        given = iter(values)
        self._first = tuple(islice(given, IN_MEMORY))
        self._rest = Spool[_T](*types)
        self._length = len(self._first)
        for value in given:
            self._rest.add(value)
            self._length += 1

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[_T]:
        yield from self._first
        if self._length > len(self._first):
            yield from self._rest

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        if isinstance(at, slice):
            begin, end, step = at.indices(self._length)
            if step < 1:
                return tuple(self)[at]
            return tuple(islice(self, begin, max(begin, end), step))
        place = range(self._length)[at]
        return next(islice(self, place, None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash((self._length, self._first))


def _by_fields(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """How a frozen dataclass is written: its class and its values."""
    names = [entry.name for entry in fields(kind)]
    values = attrgetter(*names)
    return (lambda value: (kind, values(value))) if len(names) > 1 else (lambda value: (kind, (values(value),)))
