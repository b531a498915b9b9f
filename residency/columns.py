"""A table that grows row by row and is gone through row by row, without ever all of it being Python objects at once.

Rows become columns a batch at a time, a text that repeats being stored once where the schema says so, and are sorted at
the end. What is left of a million resources with their placements is a few hundred bytes each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

# Rows kept as Python objects before they become columns, and after they were.
CHUNK = 20_000
_ROWS_AT_ONCE = 10_000

_R = TypeVar("_R")


class Columns(Generic[_R]):
    """A growing table. `flatten` gives the values of a row in the order of the schema; `key` says which rows are the
    same thing, an unknown value being like an empty one."""

    def __init__(self, schema: pa.Schema, flatten: Callable[[_R], tuple[Any, ...]], key: Sequence[str]) -> None:
        self._schema = schema
        self._flatten = flatten
        self._key = key
        self._waiting: list[tuple[Any, ...]] = []
        self._parts: list[pa.RecordBatch] = []

    def add(self, row: _R) -> None:
        """Take one row."""
        self._waiting.append(self._flatten(row))
        if len(self._waiting) >= CHUNK:
            self._flush()

    def sorted(self) -> pa.Table:
        """All rows by their key, each thing once. The columns are emptied."""
        self._flush()
        if not self._parts:
            return self._schema.empty_table()
        table = pa.Table.from_batches(self._parts, self._schema).unify_dictionaries()
        self._parts = []
        names = table.column_names
        keys = {name: _sort_key(table[name]) for name in self._key}
        order = pc.sort_indices(pa.table(keys), [(name, "ascending") for name in self._key])
        del keys
        columns = table.columns
        del table
        for position in range(len(columns)):  # one after the other, so that only one is there twice
            columns[position] = _taken(columns[position], order)
        return self._once(pa.Table.from_arrays(columns, names=names).cast(self._schema))

    def _once(self, table: pa.Table) -> pa.Table:
        """A sorted table with each thing once: of several tellings the one whose values come first."""
        same = _same_as_before([table[name] for name in self._key])
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
        return _canonical(table.take(pa.array(kept, pa.int64())))

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._waiting, strict=True), self._schema, strict=True)
        ]
        self._parts.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._waiting = []


def _sort_key(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """What a column is sorted by: its texts, or for one with a dictionary the rank of each text in it. An unknown value
    is like an empty one."""
    if not pa.types.is_dictionary(column.type):
        return pc.fill_null(column, "")
    words = column.chunk(0).dictionary
    ranks = pc.fill_null(words, "").to_pylist()
    rank = {word: position for position, word in enumerate(sorted({"", *ranks}))}
    by_index = pa.array([rank[word] for word in ranks], pa.int32())
    chunks = [pc.fill_null(by_index.take(chunk.indices), rank[""]) for chunk in column.chunks]
    return pa.chunked_array(chunks, pa.int32())


def _taken(column: pa.ChunkedArray, order: pa.Array) -> pa.ChunkedArray:
    """A column in another order, in one piece. A dictionary has its words in the order of that, so that equal columns
    are equal."""
    if not pa.types.is_dictionary(column.type):
        return pa.chunked_array([column.take(order).combine_chunks()])
    return _recoded(column.take(order))


def _recoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    whole = column.combine_chunks()
    words = whole.dictionary
    first = pc.drop_null(pc.unique(whole.indices))
    place = [0] * len(words)
    for position, index in enumerate(first.to_pylist()):
        place[index] = position
    indices = pa.array(place, pa.int32()).take(whole.indices)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, words.take(first))])


def _canonical(table: pa.Table) -> pa.Table:
    columns = [_recoded(column) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.schema)


def _same_as_before(keys: Sequence[pa.ChunkedArray]) -> pa.Array:
    """For each row of sorted keys whether all of them are those of the row before."""
    same: Any = None
    for column in keys:
        key = _sort_key(column).combine_chunks()
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
