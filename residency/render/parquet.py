"""`findings.parquet` and `facts.parquet`: every verdict, the compliant ones too, and the fact rows behind them.

They are what a notebook, DuckDB or Spark reads, and what `residency explain` explains from. Both are written in slices,
so that millions of verdicts never stand in memory as a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from residency.columns import rows_at
from residency.on_disk import let_go
from residency.policy.judge import FINDINGS
from residency.render.formats import Output
from residency.result import AuditResult

SLICE = 100_000

# Facts that a finding is read by without opening facts.parquet. `row` leads from a finding to all of them.
BESIDE = (
    "resource.uid", "resource.provider", "resource.account", "resource.type", "resource.kind", "resource.name",
    "resource.data_class", "place.role", "place.location", "place.countries", "place.via", "place.target",
    "place.offer", "evidence.api", "evidence.field", "evidence.value",
)  # fmt: skip


def findings_parquet(result: AuditResult) -> Iterator[bytes]:
    """The file of every verdict: the columns of `FINDINGS`, then those of the fact row that name its subject."""
    beside = result.facts.select(list(BESIDE))
    schema = pa.schema([*FINDINGS, *beside.schema])
    return _file(schema, (_with_facts(part, beside) for part in _slices(result.judged)))


def facts_parquet(result: AuditResult) -> Iterator[bytes]:
    """The file of the fact rows, in the order that `row` in findings.parquet counts them, from 0."""
    return _file(result.facts.schema, _slices(result.facts))


def _slices(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, max(table.num_rows, 1), SLICE):
        yield table.slice(start, SLICE)


def _with_facts(part: pa.Table, beside: pa.Table) -> pa.Table:
    on_facts = pc.is_in(part["per"], value_set=pa.array(["placement", "resource", "account", "offer"]))
    rows = pc.if_else(on_facts, part["row"], None).combine_chunks()
    for name, column in zip(beside.column_names, rows_at(beside, rows).columns, strict=True):
        part = part.append_column(name, column)
    return part


class _Chunks:
    """A file that only remembers what was written to it since it was last asked."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._at = 0

    def write(self, data: bytes) -> int:
        held = bytes(data)
        self._held.append(held)
        self._at += len(held)
        return len(held)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Nothing to close."""

    def drain(self) -> Iterator[bytes]:
        held, self._held = self._held, []
        yield from held


def _file(schema: pa.Schema, parts: Iterable[pa.Table]) -> Iterator[bytes]:
    sink = _Chunks()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for part in parts:
            writer.write_table(part.cast(schema))
            yield from sink.drain()
            let_go()
    yield from sink.drain()


FORMAT = (
    Output("findings.parquet", lambda result, _lang: findings_parquet(result)),
    Output("facts.parquet", lambda result, _lang: facts_parquet(result)),
)
