"""From a rule to the query that gives its findings over all fact rows at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from residency.patterns import fits
from residency.policy.compile import column, compile_condition
from residency.policy.pack import Rule
from residency.policy.papers import Attestation, Papers, Waiver

ATTESTATION = "attestation"

# What one finding of a rule is about: the facts that name it.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "placement": ("resource.uid", "place.role", "place.location", "place.via", "place.target", "place.offer"),
    "resource": ("resource.uid",),
    "account": ("resource.provider", "resource.account"),
    "offer": ("resource.provider", "place.offer"),
}

# Verdicts by how much they weigh: where one finding stands for several rows, the heaviest counts.
WEIGHTS = ("compliant", "waived", "unproven", "violation")


# More rows than any table of facts has.
_ROWS = 1 << 40

# Subjects that nearly every row has one of its own of: numbered once for all rules. The others are few.
NUMBERED = ("placement", "resource")


def subjects_query() -> str:
    """The query that numbers the subjects of `facts`: columns `key.placement` and `key.resource`, ordered by row."""
    keys: list[Any] = [_number(_subject(per)).as_(f"key.{per}", quoted=True) for per in NUMBERED]
    return exp.select(*keys).from_("facts").order_by("row").sql("duckdb")


def _subject(per: str) -> exp.Expression:
    return _joined([column(name) for name in SUBJECTS[per]])


def _number(text: exp.Expression) -> exp.Expression:
    """Half of the text's MD5 as an unsigned integer: the same on every machine and in every version."""
    return exp.Anonymous(this="md5_number_lower", expressions=[text])


def rule_query(policy: str, rule: Rule, papers: Papers) -> str:
    """The query that gives a rule's findings over `facts`: the fact columns, `row` and those of `subjects_query`.

    Its columns are `id`, `verdict` (the place in `WEIGHTS`), `row`, `missing`, `waiver`, `attestation`, ordered by row.
    A placement is its own subject. Of the rows of any other subject the heaviest stands for all; only for that one is
    the rest worked out.
    """
    attestations = [paper for paper in papers.attestations if rule.id in paper.rules and rule.decide != "automatic"]
    waivers = [paper for paper in papers.waivers if paper.rule == rule.id and paper.policy in (None, policy)]
    attested, waived = _first_that_fits(attestations).as_("t"), _first_that_fits(waivers).as_("w")
    told = [_missing(rule).as_("missing"), _key(rule.per).as_("subject")]
    if rule.per == "placement":
        decided = exp.select(column("row"), *_decision(rule), attested, waived, *told).from_("facts")
        rows = _weighed(decided, ["t", "w", "missing", "subject"])
    else:
        names = SUBJECTS[rule.per] if rule.per not in NUMBERED else (f"key.{rule.per}",)
        group = [column(name) for name in names]
        decided = exp.select(column("row"), *group, *_decision(rule), attested, waived).from_("facts")
        heaviest = _heaviest(_weighed(decided, [name.copy() for name in group]), group).subquery("h")
        same_row = exp.EQ(this=exp.column("row", table="f"), expression=exp.column("row", table="h"))
        columns = [exp.column("row", table="f"), exp.column("weight", table="h"), attested.copy(), waived.copy(), *told]
        rows = exp.select(*columns).from_(heaviest).join("facts AS f", on=same_row)
    return (
        exp.select(
            _finding_id(policy, rule).as_("id"),
            exp.cast(exp.column("weight"), exp.DataType.Type.TINYINT).as_("verdict"),
            "row",
            _where_weight(2, exp.column("missing"), _empty_list()).as_("missing"),
            _where_weight(1, exp.column("w")).as_("waiver"),
            _where_weight(0, exp.column("t")).as_("attestation"),
        )
        .from_(rows.subquery("r"))
        .order_by("row")
        .sql("duckdb")
    )


def _weighed(decided: exp.Select, names: Sequence[Any]) -> exp.Select:
    """The rows to which a rule may apply, each with its weight and the columns named."""
    applies = exp.Not(this=exp.paren(_is("a", False)))
    return exp.select("row", _weight().as_("weight"), *names).from_(decided.subquery("d")).where(applies)


def _key(per: str) -> exp.Expression:
    """The number of a row's subject."""
    return column(f"key.{per}") if per in NUMBERED else _number(_subject(per))


def _decision(rule: Rule) -> list[Any]:
    """Whether the rule applies (a), whether it holds (q), whether there is doubt (u)."""
    require = compile_condition(rule.require) if rule.require else exp.cast(exp.null(), exp.DataType.Type.BOOLEAN)
    doubtful = compile_condition(rule.unproven_when) if rule.unproven_when else exp.false()
    return [compile_condition(rule.applies).as_("a"), require.as_("q"), doubtful.as_("u")]


def _weight() -> exp.Expression:
    """The verdict of one row, as its place in `WEIGHTS`."""
    applies, violated = _is("a", True), _is("q", False)
    return (
        exp.Case()
        .when(exp.and_(applies, violated, _is_null("w")), exp.Literal.number(3))
        .when(exp.and_(applies.copy(), violated.copy()), exp.Literal.number(1))
        .when(exp.and_(_is("q", True), _is("u", False)), exp.Literal.number(0))
        .when(exp.Not(this=exp.paren(exp.or_(violated.copy(), _is_null("t")))), exp.Literal.number(0))
        .else_(exp.Literal.number(2))
    )


def _heaviest(weighed: exp.Select, group: Sequence[exp.Column]) -> exp.Select:
    """The heaviest row of each subject, the first one where several weigh the same.

    Weight and row are packed into one number, so that a plain maximum finds it without sorting a million rows.
    """
    packed = exp.Sub(
        this=exp.Mul(this=exp.cast(exp.column("weight"), exp.DataType.Type.BIGINT), expression=_number_literal(_ROWS)),
        expression=exp.column("row"),
    )
    best = exp.select(exp.Max(this=packed).as_("packed")).from_(weighed.subquery("j"))
    best = best.group_by(*(name.copy() for name in group))
    rounded = exp.paren(exp.Add(this=exp.column("packed"), expression=_number_literal(_ROWS - 1)))
    weight = exp.IntDiv(this=rounded, expression=_number_literal(_ROWS))
    row = exp.Sub(
        this=exp.Mul(this=exp.column("weight"), expression=_number_literal(_ROWS)), expression=exp.column("packed")
    )
    unpacked = exp.select(weight.as_("weight"), "packed").from_(best.subquery("b"))
    return exp.select("weight", row.as_("row")).from_(unpacked.subquery("u"))


def _number_literal(value: int) -> exp.Expression:
    return exp.cast(exp.Literal.string(str(value)), exp.DataType.Type.BIGINT)


def _where_weight(weight: int, value: exp.Expression, otherwise: exp.Expression | None = None) -> exp.Expression:
    chosen = exp.Case().when(exp.column("weight").eq(weight), value)
    return chosen.else_(otherwise) if otherwise is not None else chosen


def _missing(rule: Rule) -> exp.Expression:
    if rule.decide == "document":
        return exp.Array(expressions=[exp.Literal.string(ATTESTATION)])
    absent = {name: exp.Is(this=column(name), expression=exp.null()) for name in rule.facts}
    names = [exp.Case().when(is_null, exp.Literal.string(name)) for name, is_null in absent.items()]
    present = exp.Lambda(
        this=exp.Not(this=exp.Is(this=exp.column("m"), expression=exp.null())), expressions=[exp.to_identifier("m")]
    )
    return exp.ArrayFilter(this=exp.Array(expressions=list(names)), expression=present)


def _first_that_fits(papers: Sequence[Attestation] | Sequence[Waiver]) -> exp.Expression:
    """The id of the first paper whose every pattern fits the row, else NULL. A fact that is absent fits no pattern."""
    chosen = exp.Case()
    for paper in papers:
        told = [fits(column(fact), pattern) for fact, pattern in paper.match]
        chosen = chosen.when(exp.and_(*told) if told else exp.true(), exp.Literal.string(paper.id))
    return chosen if papers else exp.cast(exp.null(), exp.DataType.Type.TEXT)


def _joined(columns: Sequence[exp.Expression]) -> exp.Expression:
    """One text for several columns, each behind its length, so that no two different subjects give the same text."""
    parts: list[exp.Expression] = []
    for item in columns:
        text = exp.cast(item, exp.DataType.Type.TEXT)
        length = exp.Coalesce(
            this=exp.cast(exp.Length(this=text.copy()), exp.DataType.Type.TEXT), expressions=[exp.Literal.string("-")]
        )
        parts += [length, exp.Literal.string(":"), exp.Coalesce(this=text, expressions=[exp.Literal.string("")])]
    return exp.Concat(expressions=parts, safe=False, coalesce=False)


def _finding_id(policy: str, rule: Rule) -> exp.Expression:
    """Sixteen hexadecimal digits: the subject's number mixed with one that stands for the rule."""
    named = hashlib.md5(f"{policy} {rule.id} {rule.per}".encode(), usedforsecurity=False).digest()
    of_rule = exp.cast(exp.Literal.string(str(int.from_bytes(named[:8]))), exp.DataType.Type.UBIGINT)
    mixed = exp.Anonymous(this="xor", expressions=[exp.column("subject"), of_rule])
    return exp.Anonymous(this="format", expressions=[exp.Literal.string("{:016x}"), mixed])


def _empty_list() -> exp.Expression:
    return exp.cast(exp.Array(expressions=[]), exp.DataType.build("ARRAY<TEXT>"))


def _is_null(name: str) -> exp.Expression:
    return exp.Is(this=exp.column(name), expression=exp.null())


def _is(name: str, value: bool) -> exp.Expression:

    return exp.Is(this=exp.column(name), expression=exp.true() if value else exp.false())
