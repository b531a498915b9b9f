"""Patterns in configuration files: `*` stands for any text, every other character for itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp


def fits(value: exp.Expression, pattern: str) -> exp.Expression:
    """The SQL condition that a text fits a pattern. A value that is NULL fits none."""
    escaped = "".join(f"!{char}" if char in "!%_" else char for char in pattern).replace("*", "%")
    like = exp.Like(this=value, expression=exp.Literal.string(escaped))
    return exp.Escape(this=like, expression=exp.Literal.string("!"))


def first_that_fits(cases: Sequence[tuple[exp.Condition, str]]) -> str:
    """DuckDB's SQL for the word of the first condition that holds; NULL where none does."""
    case = exp.Case()
    for condition, word in cases:
        case = case.when(condition, exp.Literal.string(word))
    return case.sql("duckdb") if cases else "CAST(NULL AS TEXT)"
