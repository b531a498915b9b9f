"""The embedded DuckDB that the renderers ask. To open one takes 40 ms of the processor, so that all share it."""

from __future__ import annotations

from functools import cache

import duckdb


def connection() -> duckdb.DuckDBPyConnection:
    """A connection to an empty database that reads no file. What is registered on it, and its temporary views, are its
    own: no other connection sees them, and they go when it is closed. Make no table that is not temporary."""
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": False})
