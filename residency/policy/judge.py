"""Judging: every rule over every fact row at once, in DuckDB, with three-valued verdicts.

A rule applies where `applies` is not false. It is a violation where `applies` is true and `require` false; compliant
where `require` is true and nothing makes it doubtful; everything else is unproven. An attestation makes unproven
compliant, a waiver makes a violation waived. A pure function of its arguments: the same tables give the same findings,
in the same order, whatever the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from residency.model import Status
from residency.policy.compile import column, compile_condition
from residency.policy.pack import Pack, Rule
from residency.policy.papers import NO_PAPERS, Attestation, Papers, Waiver

COVERAGE_RULE = "COVERAGE"
ATTESTATION = "attestation"

FINDINGS = pa.schema([
    ("id", pa.string()), ("policy", pa.string()), ("rule", pa.string()), ("verdict", pa.string()),
    ("severity", pa.string()), ("per", pa.string()), ("subject", pa.string()), ("row", pa.int64()),
    ("missing", pa.list_(pa.string())), ("waiver", pa.string()), ("attestation", pa.string()),
])  # fmt: skip

# What one finding of a rule is about: the columns that name it.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "placement": ("resource.uid", "place.role", "place.location", "place.via", "place.target", "place.offer"),
    "resource": ("resource.uid",),
    "account": ("resource.provider", "resource.account"),
    "offer": ("resource.provider", "place.offer"),
}
_WEIGHTS = ("compliant", "waived", "unproven", "violation")


def judge(facts: pa.Table, coverage: pa.Table, packs: Sequence[Pack], papers: Papers = NO_PAPERS) -> pa.Table:
    """Every verdict of every pack, as a table of schema `FINDINGS`.

    `facts` has the columns of `residency.facts.arrow_schema()`, `coverage` those of `residency.tables.COVERAGE`. `row`
    is the place of the fact row in `facts`, or of the coverage row in `coverage` where `per` is `coverage`. Rows are
    ordered by pack, rule and row; a pack's coverage findings come after its rules. Every paper in `papers` counts:
    give those that are valid on the day.
    """
    connection = duckdb.connect(config={"enable_external_access": False})
    numbered = facts.append_column("row", pa.array(range(facts.num_rows), pa.int64()))
    connection.register("facts", numbered)
    connection.register("coverage", coverage.append_column("row", pa.array(range(coverage.num_rows), pa.int64())))
    queries: list[str] = []
    for number, pack in enumerate(packs):
        for order, rule in enumerate(pack.rules):
            query = rule_query(pack.id, rule, papers)
            queries.append(f"SELECT {number} AS pack_no, {order} AS rule_no, * FROM ({query})")  # noqa: S608
        if any(rule.require is not None for rule in pack.rules):
            queries.append(f"SELECT {number}, {len(pack.rules)}, * FROM ({_coverage_query(pack.id)})")  # noqa: S608
    if not queries:
        return FINDINGS.empty_table()
    union = "\nUNION ALL\n".join(queries)
    names = ", ".join(f'"{name}"' for name in FINDINGS.names)
    table = connection.sql(f"SELECT {names} FROM ({union}) ORDER BY pack_no, rule_no, row").to_arrow_table()  # noqa: S608
    return table.cast(FINDINGS)


def rule_query(policy: str, rule: Rule, papers: Papers) -> str:
    """The DuckDB query that gives one rule's findings over the table `facts`."""
    applies = compile_condition(rule.applies)
    require = compile_condition(rule.require) if rule.require else exp.cast(exp.null(), exp.DataType.Type.BOOLEAN)
    doubtful = compile_condition(rule.unproven_when) if rule.unproven_when else exp.false()
    subject_columns = [column(name) for name in SUBJECTS[rule.per]]
    missing = _missing(rule)
    attestations = [paper for paper in papers.attestations if rule.id in paper.rules and rule.decide != "automatic"]
    waivers = [paper for paper in papers.waivers if paper.rule == rule.id and paper.policy in (None, policy)]
    inner = exp.select(
        column("row").as_("row"),
        applies.as_("a"),
        require.as_("q"),
        doubtful.as_("u"),
        missing.as_("missing"),
        _joined(subject_columns).as_("subject"),
        _first_that_fits(attestations).as_("attestation"),
        _first_that_fits(waivers).as_("waiver"),
    ).from_("facts")
    verdict = (
        exp.Case()
        .when(exp.and_(_is("a", True), _is("q", False), _is_null("waiver")), exp.Literal.number(3))
        .when(exp.and_(_is("a", True), _is("q", False)), exp.Literal.number(1))
        .when(exp.and_(_is("q", True), _is("u", False)), exp.Literal.number(0))
        .when(exp.Not(this=exp.paren(exp.or_(_is("q", False), _is_null("attestation")))), exp.Literal.number(0))
        .else_(exp.Literal.number(2))
    )
    judged = (
        exp.select("row", "missing", "subject", "attestation", "waiver", verdict.as_("weight"))
        .from_(inner.subquery("r"))
        .where(exp.Not(this=exp.paren(_is("a", False))))
    )
    worst = (
        exp.select("*")
        .from_(judged.subquery("j"))
        .qualify(
            exp.EQ(
                this=exp.Window(
                    this=exp.RowNumber(),
                    partition_by=[exp.column("subject")],
                    order=exp.Order(
                        expressions=[
                            exp.Ordered(this=exp.column("weight"), desc=True),
                            exp.Ordered(this=exp.column("row")),
                        ]
                    ),
                ),
                expression=exp.Literal.number(1),
            )
        )
    )
    named = exp.Case()
    for weight, word in enumerate(_WEIGHTS):
        named = named.when(exp.column("weight").eq(weight), exp.Literal.string(word))
    proven_by = exp.Case().when(exp.column("weight").eq(0), exp.column("attestation"))
    waived_by = exp.Case().when(exp.column("weight").eq(1), exp.column("waiver"))
    only_unproven = exp.Case().when(exp.column("weight").eq(2), exp.column("missing")).else_(_empty_list())
    final = exp.select(
        _finding_id(policy, rule.id, rule.per).as_("id"),
        exp.Literal.string(policy).as_("policy"),
        exp.Literal.string(rule.id).as_("rule"),
        named.as_("verdict"),
        exp.Literal.string(rule.severity).as_("severity"),
        exp.Literal.string(rule.per).as_("per"),
        exp.column("subject"),
        exp.column("row"),
        only_unproven.as_("missing"),
        waived_by.as_("waiver"),
        proven_by.as_("attestation"),
    ).from_(worst.subquery("w"))
    return final.sql("duckdb")


def _coverage_query(policy: str) -> str:
    complete = [exp.Literal.string(status) for status in Status if status.complete]
    place = [exp.column(name) for name in ("provider", "account", "region", "service")]
    inner = (
        exp.select(_joined(place).as_("subject"), "row")
        .from_("coverage")
        .where(exp.Not(this=exp.column("status").isin(*complete)))
    )
    return (
        exp.select(
            _finding_id(policy, COVERAGE_RULE, "coverage").as_("id"),
            exp.Literal.string(policy).as_("policy"),
            exp.Literal.string(COVERAGE_RULE).as_("rule"),
            exp.Literal.string("unproven").as_("verdict"),
            exp.Literal.string("high").as_("severity"),
            exp.Literal.string("coverage").as_("per"),
            exp.column("subject"),
            exp.column("row"),
            _empty_list().as_("missing"),
            exp.cast(exp.null(), exp.DataType.Type.TEXT).as_("waiver"),
            exp.cast(exp.null(), exp.DataType.Type.TEXT).as_("attestation"),
        )
        .from_(inner.subquery("c"))
        .sql("duckdb")
    )


def _missing(rule: Rule) -> exp.Expression:
    if rule.decide == "document":
        return exp.Array(expressions=[exp.Literal.string(ATTESTATION)])
    names = [
        exp.Case().when(exp.Is(this=column(name), expression=exp.null()), exp.Literal.string(name))
        for name in rule.facts
    ]
    present = exp.Lambda(
        this=exp.Not(this=exp.Is(this=exp.column("m"), expression=exp.null())), expressions=[exp.to_identifier("m")]
    )
    return exp.ArrayFilter(this=exp.Array(expressions=list(names)), expression=present)


def _first_that_fits(papers: Sequence[Attestation] | Sequence[Waiver]) -> exp.Expression:
    """The id of the first paper whose every pattern fits the row, else NULL. A fact that is absent fits no pattern."""
    chosen = exp.Case()
    for paper in papers:
        fits = [_fits(column(fact), pattern) for fact, pattern in paper.match]
        chosen = chosen.when(exp.and_(*fits) if fits else exp.true(), exp.Literal.string(paper.id))
    return chosen if papers else exp.cast(exp.null(), exp.DataType.Type.TEXT)


def _fits(fact: exp.Expression, pattern: str) -> exp.Expression:
    """`*` in the pattern stands for any text; every other character for itself."""
    escaped = "".join(f"!{char}" if char in "!%_" else char for char in pattern).replace("*", "%")
    return exp.Escape(
        this=exp.Like(this=fact, expression=exp.Literal.string(escaped)), expression=exp.Literal.string("!")
    )


def _joined(columns: Sequence[exp.Expression]) -> exp.Expression:
    """One text for several columns, absent ones as the empty text, parted by a character that no id holds."""
    parts: list[exp.Expression] = []
    for item in columns:
        if parts:
            parts.append(exp.Literal.string("\x1f"))
        parts.append(exp.Coalesce(this=exp.cast(item, exp.DataType.Type.TEXT), expressions=[exp.Literal.string("")]))
    return exp.Concat(expressions=parts, safe=False, coalesce=False)


def _finding_id(policy: str, rule: str, per: str) -> exp.Expression:
    text = exp.Concat(
        expressions=[exp.Literal.string(f"{policy}\x1f{rule}\x1f{per}\x1f"), exp.column("subject")],
        safe=False,
        coalesce=False,
    )
    digest: Any = exp.Anonymous(this="sha256", expressions=[text])
    return exp.Substring(this=digest, start=exp.Literal.number(1), length=exp.Literal.number(16))


def _empty_list() -> exp.Expression:
    return exp.cast(exp.Array(expressions=[]), exp.DataType.build("ARRAY<TEXT>"))


def _is_null(name: str) -> exp.Expression:
    return exp.Is(this=exp.column(name), expression=exp.null())


def _is(name: str, value: bool) -> exp.Expression:
    return exp.Is(this=exp.column(name), expression=exp.true() if value else exp.false())
