from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from residency.facts import FACTS, arrow_schema
from residency.model import Coverage, Status, Verdict
from residency.policy.examples import cel_verdict
from residency.policy.judge import COVERAGE_RULE, FINDINGS, judge
from residency.policy.pack import Pack, Rule
from residency.policy.shipped import find_pack, shipped_ids
from residency.tables import COVERAGE, Inventory

PACKS = [find_pack(name) for name in shipped_ids()]
RULES = [pytest.param(pack, rule, id=f"{pack.id}/{rule.id}") for pack in PACKS for rule in pack.rules]
SUBJECT = ("resource.uid", "resource.account", "place.offer")


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=arrow_schema())


def only(pack: Pack, rule: Rule) -> Pack:
    return replace(pack, rules=(rule,))


def random_rows(rule: Rule, count: int) -> list[dict[str, Any]]:
    """Rows in which the facts of the rule take the values its examples name, others, and none at all."""
    chance = random.Random(rule.id)
    named: dict[str, list[Any]] = {}
    for example in rule.examples:
        for name, value in example.given.items():
            named.setdefault(name, []).append(value)
    rows = []
    for number in range(count):
        row: dict[str, Any] = {name: f"{name}-{number}" for name in SUBJECT}
        for fact in FACTS:
            if fact.name not in rule.facts:
                continue
            other: Any = {
                "string": "other",
                "bool": chance.random() < 0.5,
                "double": chance.uniform(0, 100),
                "list": ["X"],
            }[fact.type]
            row[fact.name] = chance.choice([*named.get(fact.name, []), other, None])
        rows.append(row)
    return rows


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_the_verdicts_of_a_rule_are_those_of_cel(pack: Pack, rule: Rule) -> None:
    rows = random_rows(rule, 400)
    found = {
        f["row"]: Verdict(f["verdict"])
        for f in judge(table(rows), COVERAGE.empty_table(), [only(pack, rule)]).to_pylist()
    }
    expected = {number: verdict for number, row in enumerate(rows) if (verdict := cel_verdict(rule, row)) is not None}
    assert found == expected
    assert len(set(expected.values())) > (0 if rule.require is None else 1)


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_without_any_one_fact_it_needs_a_rule_is_never_compliant_where_it_was_not(pack: Pack, rule: Rule) -> None:
    """Taking a fact away may only move a verdict toward unproven. It may stay what other facts already decide."""
    for example in rule.examples:
        for name in set(rule.facts) & set(example.given):
            poorer = {key: value for key, value in example.given.items() if key != name}
            verdict = cel_verdict(rule, poorer)
            # Where it is no longer known whether the rule applies, a requirement that holds all the same is compliant.
            if example.expect is None and verdict is Verdict.COMPLIANT:
                assert rule.applies.evaluate(poorer) is None
                assert rule.require
                assert rule.require.evaluate(poorer) is True
            else:
                assert verdict in (example.expect, Verdict.UNPROVEN), (example.given, name)


def test_the_worst_row_stands_for_its_subject() -> None:
    pack = find_pack("health-data-hub")
    rule = next(rule for rule in pack.rules if rule.id == "HDH-CERT-02")
    base = {
        "resource.uid": "b",
        "resource.stores_data": "yes",
        "resource.data_class": "health",
        "place.role": "primary",
    }
    states = (True, None, False, True)
    rows = [{**base, "place.location": str(number), "cert.secnumcloud": state} for number, state in enumerate(states)]
    (finding,) = judge(table(rows), COVERAGE.empty_table(), [only(pack, rule)]).to_pylist()
    assert (finding["verdict"], finding["row"], finding["missing"]) == ("violation", 2, [])
    (finding,) = judge(table(rows[:2]), COVERAGE.empty_table(), [only(pack, rule)]).to_pylist()
    assert (finding["verdict"], finding["row"], finding["missing"]) == ("unproven", 1, ["cert.secnumcloud"])


def test_a_finding_keeps_its_id_when_the_estate_around_it_changes() -> None:
    pack = find_pack("eu-only")
    row = {
        "resource.uid": "b",
        "place.role": "primary",
        "resource.stores_data": "yes",
        "resource.data_class": "personal",
        "place.in_eu": False,
        "place.location": "x",
    }
    alone = judge(table([row]), COVERAGE.empty_table(), [pack]).to_pylist()
    among = judge(table([{**row, "resource.uid": "a"}, row]), COVERAGE.empty_table(), [pack]).to_pylist()
    assert alone[0]["id"] in {finding["id"] for finding in among}
    assert len({finding["id"] for finding in among}) == 2
    moved = judge(table([{**row, "place.location": "y"}]), COVERAGE.empty_table(), [pack]).to_pylist()
    assert moved[0]["id"] != alone[0]["id"]


def test_only_an_incomplete_reading_is_a_coverage_finding() -> None:
    rows = [Coverage("aws", "1", "r", str(status), status, "why") for status in Status]
    coverage = Inventory.of(rows).coverage
    found = judge(arrow_schema().empty_table(), coverage, [find_pack("eu-only")]).to_pylist()
    assert {f["rule"] for f in found} == {COVERAGE_RULE}
    services = [coverage["service"][f["row"]].as_py() for f in found]
    assert sorted(services) == ["denied", "throttled", "unreachable", "unsupported"]
    assert {f["verdict"] for f in found} == {"unproven"}


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = find_pack("health-data-hub")
    rows = [row for rule in pack.rules for row in random_rows(rule, 200)]
    facts = table(rows)
    connect = duckdb.connect
    results = []
    for threads in (1, 4):

        def limited(*args: Any, threads: int = threads, **kwargs: Any) -> duckdb.DuckDBPyConnection:
            connection = connect(*args, **kwargs)
            connection.execute(f"SET threads = {threads}")
            return connection

        monkeypatch.setattr(duckdb, "connect", limited)
        results.append(judge(facts, COVERAGE.empty_table(), [pack]))
    assert results[0] == results[1]
    assert results[0].schema == FINDINGS
    assert results[0].num_rows > 1_000


def test_no_pack_and_no_row_give_no_finding() -> None:
    assert judge(arrow_schema().empty_table(), COVERAGE.empty_table(), []).num_rows == 0
    assert judge(arrow_schema().empty_table(), COVERAGE.empty_table(), PACKS[:2]).num_rows == 0
