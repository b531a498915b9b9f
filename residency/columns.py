"""A table that grows row by row and is gone through row by row, of which only a part is ever in memory.

Rows become columns a batch at a time, a text that repeats being stored once where the schema says so. Every `RUN` rows
are ordered by what they are about and go to disk. In the end all runs are cut at the same places, and what lies between
two cuts is put in order and written, part after part: the rows of a part are all the memory that sorting takes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from residency.on_disk import IN_MEMORY, Disk, Growing, let_go

# Rows kept as Python objects before they become columns, and after they were.
CHUNK = 5_000
_ROWS_AT_ONCE = 5_000
# Rows that are together when rows are looked up by their number.
_BLOCK = 50_000
# Rows that are in memory as columns before they go to disk, and those that are put in order together in the end.
RUN = IN_MEMORY
PART = 50_000
# Rows of each part that are looked at to find where to cut.
_SAMPLES = 100

_R = TypeVar("_R")


class Columns(Generic[_R]):
    """A growing table. `flatten` gives the values of a row in the order of the schema; `key` says which rows are the
    same thing, an unknown value being like an empty one. The texts of the first column of the key are always known."""

    def __init__(self, schema: pa.Schema, flatten: Callable[[_R], tuple[Any, ...]], key: Sequence[str]) -> None:
        self._schema = schema
        self._flatten = flatten
        self._key = key
        self._waiting: list[tuple[Any, ...]] = []
        self._parts: list[pa.RecordBatch] = []
        self._rows = 0
        self._disk: Disk | None = None

    def add(self, row: _R) -> None:
        """Take one row."""
        self._waiting.append(self._flatten(row))
        if len(self._waiting) >= CHUNK:
            self._flush()

    def sorted(self) -> pa.Table:
        """All rows by their key, each thing once. The columns are emptied.

        A table of more than some rows is on disk (`residency.on_disk.Growing`).
        """
        self._flush()
        if self._disk is None:
            runs = [self._run()] if self._parts else []
        else:
            if self._parts:
                self._to_disk()
            runs, self._disk = self._disk.tables(), None
        words = {field.name: _words(runs, field.name) for field in self._schema if pa.types.is_dictionary(field.type)}
        table = Growing(self._schema)
        for part in _cut(runs, self._key[0]):
            table.add(self._part(part, words))
            let_go()
        return table.table()

    def _part(self, slices: Sequence[pa.Table], words: Mapping[str, pa.Array]) -> pa.Table:
        """The rows of some slices in order, each thing once."""
        columns = {
            field.name: pa.chunked_array(
                [chunk for part in slices for chunk in _coded(part[field.name], words.get(field.name))],
                pa.int32() if field.name in words else field.type,
            )
            for field in self._schema
        }
        keys = pa.table({name: _sort_key(columns[name], words.get(name)) for name in self._key})
        order = pc.sort_indices(keys, [(name, "ascending") for name in self._key])
        ordered = pa.table(columns).take(order).combine_chunks()
        whole = [
            pa.DictionaryArray.from_arrays(column.chunk(0), words[name]) if name in words else column
            for name, column in zip(ordered.column_names, ordered.columns, strict=True)
        ]
        return _once(pa.Table.from_arrays(whole, schema=self._schema), keys.take(order))

    def _run(self) -> pa.Table:
        """The rows since the last run, by what they are about."""
        table = pa.Table.from_batches(self._parts, self._schema).unify_dictionaries()
        self._parts, self._rows = [], 0
        return table.take(pc.sort_indices(table[self._key[0]]))

    def _to_disk(self) -> None:
        self._disk = self._disk or Disk()
        with self._disk.writer(self._schema) as stream:
            stream.write_table(self._run())

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._waiting, strict=True), self._schema, strict=True)
        ]
        self._parts.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._rows += len(self._waiting)
        self._waiting = []
        if self._rows > RUN:
            self._to_disk()


def _words(runs: Sequence[pa.Table], name: str) -> pa.Array:
    """The texts of a column that keeps each once, over all runs and in order."""
    told = {word for run in runs for chunk in run[name].chunks for word in chunk.dictionary.to_pylist()}
    return pa.array(sorted(told - {None}), pa.string())


def _coded(column: pa.ChunkedArray, words: pa.Array | None) -> Iterator[pa.Array]:
    """The pieces of a column. One that keeps each text once gives the places of its texts in `words`."""
    for chunk in column.chunks:
        yield chunk if words is None else pc.index_in(chunk.dictionary, words).take(chunk.indices)


def _sort_key(column: pa.ChunkedArray, words: pa.Array | None) -> pa.ChunkedArray:
    """What a column is sorted by. An unknown value is like an empty text, which is before all others."""
    if words is None:
        return pc.fill_null(column, "")
    return pc.fill_null(column, 0 if len(words) and words[0].as_py() == "" else -1)


def _cut(runs: Sequence[pa.Table], name: str) -> Iterator[list[pa.Table]]:
    """The runs, which are in the order of the column `name`, in parts of about `PART` rows. Rows in which it is the
    same are in the same part."""
    step = max(1, PART // _SAMPLES)
    looked_at = (run[name].take(pa.array(range(0, run.num_rows, step), pa.int64())) for run in runs)
    sample = sorted(text for column in looked_at for text in column.to_pylist())
    begins = [0 for _ in runs]
    for cut in (*sorted({*sample[_SAMPLES::_SAMPLES]}), None):
        ends = [run.num_rows if cut is None else _place(run[name], cut) for run in runs]
        part = [run.slice(at, end - at) for run, at, end in zip(runs, begins, ends, strict=True) if end > at]
        if part:
            yield part
        begins = ends


def _place(column: pa.ChunkedArray, text: str) -> int:
    """How many values of an ordered column come before a text."""
    return bisect_left(range(len(column)), text, key=lambda row: column[row].as_py())


def _once(table: pa.Table, keys: pa.Table) -> pa.Table:
    """A sorted table with each thing once: of several tellings the one whose values come first."""
    same = _same_as_before(keys.columns)
    if not pc.any(same).as_py():
        return table
    kept: list[int] = []
    group: list[int] = []
    for index, repeated in enumerate([*same.to_pylist(), False]):
        if not repeated:
            if group:
                kept.append(group[0] if len(group) == 1 else _first(table, group))
            group = []
        group.append(index)
    return table.take(pa.array(kept, pa.int64()))


def _same_as_before(keys: Sequence[pa.ChunkedArray]) -> pa.Array:
    """For each row of sorted keys whether all of them are those of the row before."""
    same: Any = None
    for column in keys:
        key = column.combine_chunks()
        equal = pc.equal(key[1:], key[:-1])
        same = equal if same is None else pc.and_(same, equal)
    return pa.concat_arrays([pa.array([False]), same])


def _first(table: pa.Table, group: list[int]) -> int:
    told = table.take(pa.array(group, pa.int64())).to_pylist()
    return min(zip(group, told, strict=True), key=lambda pair: repr(pair[1]))[0]


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table as plain values."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        names = batch.schema.names
        for values in zip(*(_plain(column) for column in batch.columns), strict=True):
            yield dict(zip(names, values, strict=True))
        let_go()


def rows_at(table: pa.Table, numbers: pa.Array) -> pa.Table:
    """The rows with these numbers; one of nothing but NULL for an unknown number.

    It takes little more memory than they do where the numbers mostly rise. `Table.take` puts whole columns together.
    """
    blocks = pc.fill_null(pc.fill_null_forward(pc.divide(numbers, _BLOCK)), 0)
    stretches = pc.run_end_encode(blocks)
    found, begin = [table.schema.empty_table()], 0
    for end, block in zip(stretches.run_ends.to_pylist(), stretches.values.to_pylist(), strict=True):
        at = block * _BLOCK
        found.append(table.slice(at, _BLOCK).take(pc.subtract(numbers.slice(begin, end - begin), at)))
        begin = end
    return pa.concat_tables(found)


def _plain(column: pa.Array) -> list[Any]:
    """The values of a column. Those of one with a dictionary share its words, and need no value made for each row."""
    if not pa.types.is_dictionary(column.type):
        plain: list[Any] = column.to_pylist()
        return plain
    if not len(column):
        return []
    words = [*column.dictionary.to_pylist(), None]
    indices = pc.fill_null(column.indices, -1).cast(pa.int32())
    numbers = memoryview(indices.buffers()[1]).cast("i")[indices.offset : indices.offset + len(indices)]
    return [words[number] for number in numbers]
