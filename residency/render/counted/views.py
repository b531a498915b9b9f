"""The tables of a result as views of an embedded DuckDB that reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from residency.model import Verdict
from residency.render.counted.answers import VIEWS
from residency.render.database import connection
from residency.result import AuditResult

# Where a place is on the date, in one word.
_AREA = """CASE WHEN "place.in_eu" THEN 'eu' WHEN "place.in_eea" THEN 'eea' WHEN "place.adequate" THEN 'adequate'
               WHEN "place.extent" = 'anywhere' THEN 'anywhere'
               WHEN coalesce(len("place.countries"), 0) = 0 THEN 'unknown'
               WHEN "place.adequate" = false THEN 'third' ELSE 'conditional' END"""


@contextmanager
def opened(result: AuditResult) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `facts` (each with its `row` and `area`), `places`, `judged`, `coverage`, `accounts`, `uses`
    and `weights`. `places` are the fact rows of customer data, without those of keys."""
    with connection() as db:
        _register(db, result)
        yield db


def _register(db: duckdb.DuckDBPyConnection, result: AuditResult) -> None:
    uses = [
        {"policy": rule.policy, "rule": rule.id, "view": view, "paper": rule.decide == "document"}
        for rule in result.rules
        for view in VIEWS
        if rule.view in (view, "both")
    ]
    shape = pa.schema([("policy", pa.string()), ("rule", pa.string()), ("view", pa.string()), ("paper", pa.bool_())])
    weights = pa.table({"verdict": [v.value for v in Verdict], "weight": [v.weight for v in Verdict]})
    db.register("rows", result.facts.append_column("row", pa.array(range(result.facts.num_rows), pa.int64())))
    db.register("judged", result.judged)
    db.register("coverage", result.inventory.coverage)
    db.register("accounts", result.inventory.accounts)
    db.register("uses", pa.Table.from_pylist(uses, schema=shape))
    db.register("weights", weights)
    db.execute(f"CREATE TEMP VIEW facts AS SELECT *, {_AREA} AS area FROM rows")  # noqa: S608 - our own text
    db.execute("""
        CREATE TEMP VIEW places AS SELECT *,
          CASE WHEN len("control.laws_by_parent") > 0 OR len("control.laws_by_operator") > 0 THEN 'reached'
               WHEN "control.laws_by_parent" IS NULL OR "control.laws_by_operator" IS NULL THEN 'unknown'
               WHEN len("control.laws_disputed") > 0 THEN 'disputed'
               WHEN "control.laws_disputed" IS NULL THEN 'unknown' ELSE 'free' END AS reach
        FROM facts WHERE "place.role" IS DISTINCT FROM 'key' AND "resource.stores_data" IS DISTINCT FROM 'no'""")
