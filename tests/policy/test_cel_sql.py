"""CEL is the definition of a rule; the SQL must agree with it on every condition and row, absent facts included."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from residency.facts import FACTS, arrow_schema
from residency.policy.cel import check
from residency.policy.compile import compile_condition

STRINGS = ["place.country", "place.role", "resource.name", "resource.kind"]
LISTS = ["place.countries", "control.laws_by_parent", "key.countries"]
BOOLS = ["place.in_eu", "place.in_eea", "resource.classified", "cert.hds"]
DOUBLES = ["control.non_eu_share_total", "control.non_eu_share_largest"]

# Short texts with the characters that break quoting, comparison and search.
texts = st.sampled_from(
    ["", "FR", "DE", "fr", "é", "e\u0301", "'", '"', "a'b", "%", "_", "FR,DE", "NULL", "\\", "🇫🇷", "a b"]
)
numbers = st.sampled_from([0.0, 24.0, 39.0, 39.5, 100.0, -1.0])


def literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def list_literal(items: list[str]) -> str:
    return "[" + ", ".join(literal(item) for item in items) + "]"


def string_terms(variables: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from([*STRINGS, *variables]), texts.map(literal))


def conditions(depth: int, variables: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    terms = string_terms(variables)
    leaves = [
        st.sampled_from(BOOLS),
        st.sampled_from(["true", "false"]),
        st.builds(lambda a, op, b: f"{a} {op} {b}", terms, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), terms),
        st.builds(lambda a, items: f"{a} in {list_literal(items)}", terms, st.lists(texts, max_size=3)),
        st.builds(lambda a, fact: f"{a} in {fact}", terms, st.sampled_from(LISTS)),
        st.builds(
            lambda a, f, b: f"{a}.{f}({b})", terms, st.sampled_from(["startsWith", "endsWith", "contains"]), terms
        ),
        st.builds(
            lambda f, op, n: f"size({f}) {op} {n}",
            st.sampled_from(LISTS),
            st.sampled_from(["==", ">", "<="]),
            st.integers(0, 3),
        ),
        st.builds(lambda t, op, n: f"size({t}) {op} {n}", terms, st.sampled_from(["==", ">"]), st.integers(0, 3)),
        st.builds(
            lambda f, op, n: f"{f} {op} {n!r}",
            st.sampled_from(DOUBLES),
            st.sampled_from(["<", "<=", "==", "!="]),
            numbers,
        ),
    ]
    if depth == 0:
        return st.one_of(leaves)
    below = conditions(depth - 1, variables)
    options = [
        *leaves,
        below.map(lambda a: f"!({a})"),
        st.builds(lambda a, op, b: f"({a}) {op} ({b})", below, st.sampled_from(["&&", "||", "==", "!="]), below),
        st.builds(lambda c, a, b: f"(({c}) ? ({a}) : ({b}))", below, below, below),
    ]
    if len(variables) < 2:
        name = f"v{len(variables)}"
        inner = conditions(depth - 1, (*variables, name))
        options.append(
            st.builds(
                lambda f, q, p: f"{f}.{q}({name}, {p})",
                st.sampled_from(LISTS),
                st.sampled_from(["exists", "all"]),
                inner,
            )
        )
    return st.one_of(options)


def values(kind: str) -> st.SearchStrategy[Any]:
    known: st.SearchStrategy[Any] = {
        "string": texts,
        "bool": st.booleans(),
        "double": numbers,
        "list": st.lists(texts, max_size=3),
    }[kind]
    return st.none() | known


rows = st.fixed_dictionaries({f.name: values(f.type) for f in FACTS if f.name in {*STRINGS, *LISTS, *BOOLS, *DOUBLES}})


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def by_sql(connection: duckdb.DuckDBPyConnection, text: str, given_rows: list[dict[str, Any]]) -> list[bool | None]:
    table = pa.Table.from_pylist(given_rows, schema=arrow_schema()).append_column("n", pa.array(range(len(given_rows))))
    connection.register("facts", table)
    sql = compile_condition(check(text)).sql("duckdb")
    return [row[0] for row in connection.execute(f"SELECT {sql} FROM facts ORDER BY n").fetchall()]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=conditions(3), given_rows=st.lists(rows, min_size=1, max_size=6))
@example(text="place.in_eu ? true : true", given_rows=[{}])
@example(text="place.countries.exists(v0, v0 == place.country)", given_rows=[{"place.countries": ["FR"]}])
@example(text="place.countries.all(v0, v0 == place.country)", given_rows=[{"place.countries": []}])
@example(text="place.country in []", given_rows=[{}])
@example(text='place.in_eu == resource.name.contains("a")', given_rows=[{"place.in_eu": False, "resource.name": "b"}])
@example(text="place.in_eu == !place.in_eea", given_rows=[{"place.in_eu": False, "place.in_eea": True}])
def test_sql_agrees_with_cel(
    connection: duckdb.DuckDBPyConnection, text: str, given_rows: list[dict[str, Any]]
) -> None:
    condition = check(text)
    expected = [condition.evaluate(row) for row in given_rows]
    assert by_sql(connection, text, given_rows) == expected


@pytest.mark.parametrize("fact", [f.name for f in FACTS if f.type == "bool"])
def test_an_absent_fact_is_unknown_in_both(connection: duckdb.DuckDBPyConnection, fact: str) -> None:
    assert check(fact).evaluate({}) is None
    assert by_sql(connection, fact, [{}]) == [None]


def test_no_text_of_a_policy_reaches_the_query(connection: duckdb.DuckDBPyConnection) -> None:
    attack = "x'); DROP TABLE facts; --"
    text = f"resource.name == {literal(attack)} || resource.name in {list_literal([attack])}"
    assert by_sql(connection, text, [{"resource.name": attack}, {"resource.name": "x"}]) == [True, False]
