"""From a checked condition to SQL. Only the syntax tree is read; no text of a policy file ever reaches a query.

SQL's NULL carries *unknown* exactly as CEL's absent fact does, with three exceptions that are spelt out here: a
conditional whose condition is unknown, a search in a list, and `exists` / `all` over a list.
"""

from __future__ import annotations

from sqlglot import exp

from residency.policy.cel import Condition
from residency.policy.syntax import Call, Const, ListOf, Name, Node, Quantifier

_COMPARISONS: dict[str, type[exp.Binary]] = {
    "_==_": exp.EQ, "_!=_": exp.NEQ, "_<_": exp.LT, "_<=_": exp.LTE, "_>_": exp.GT, "_>=_": exp.GTE,
}  # fmt: skip


def compile_condition(condition: Condition) -> exp.Expression:
    """A boolean SQL expression over columns named like the facts: TRUE, FALSE, or NULL when not known."""
    return _sql(condition.tree, {})


def column(fact: str) -> exp.Column:
    """The column of a fact."""
    return exp.column(exp.to_identifier(fact, quoted=True))


def _sql(node: Node, bound: dict[str, str]) -> exp.Expression:
    match node:
        case Const(value):
            return _literal(value)
        case Name(name):
            return exp.column(exp.to_identifier(bound[name])) if name in bound else column(name)
        case ListOf(items):
            values = [_sql(item, bound) for item in items]
            return exp.cast(exp.Array(expressions=values), exp.DataType.build("ARRAY<TEXT>"))
        case Quantifier():
            return _quantifier(node, bound)
        case Call(function, arguments):
            return _call(function, arguments, bound)


def _literal(value: bool | int | float | str) -> exp.Expression:
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, float):
        return exp.cast(exp.Literal.string(repr(value)), exp.DataType.Type.DOUBLE)
    return exp.cast(exp.Literal.string(str(value)), exp.DataType.Type.BIGINT)


def _call(function: str, arguments: tuple[Node, ...], bound: dict[str, str]) -> exp.Expression:
    parts = [_sql(argument, bound) for argument in arguments]
    match function:
        case "_&&_":
            return exp.paren(exp.And(this=parts[0], expression=parts[1]))
        case "_||_":
            return exp.paren(exp.Or(this=parts[0], expression=parts[1]))
        case "!_":
            return exp.paren(exp.Not(this=exp.paren(parts[0])))
        case "@in":
            return _contains(arguments[1], parts[1], parts[0])
        case "_?_:_":
            chosen = exp.Case().when(parts[0], parts[1]).when(exp.Not(this=exp.paren(parts[0].copy())), parts[2])
            return exp.paren(chosen)
        case "size":
            is_text = isinstance(arguments[0], Const) or _is_text(arguments[0], bound)
            return exp.Length(this=parts[0]) if is_text else exp.ArraySize(this=parts[0])
        case "startsWith":
            return exp.StartsWith(this=parts[0], expression=parts[1])
        case "endsWith":
            return exp.EndsWith(this=parts[0], expression=parts[1])
        case "contains":
            position = exp.StrPosition(this=parts[0], substr=parts[1])
            return exp.paren(exp.GT(this=position, expression=exp.Literal.number(0)))
        case _:
            return exp.paren(_COMPARISONS[function](this=parts[0], expression=parts[1]))


def _is_text(node: Node, bound: dict[str, str]) -> bool:
    from residency.facts import BY_NAME

    return isinstance(node, Name) and (node.name in bound or BY_NAME[node.name].type == "string")


def _contains(list_node: Node, list_sql: exp.Expression, item: exp.Expression) -> exp.Expression:
    if isinstance(list_node, ListOf) and list_node.items:
        values = [_literal(entry.value) for entry in list_node.items if isinstance(entry, Const)]
        return exp.paren(exp.In(this=item, expressions=values))
    found = exp.ArrayContains(this=list_sql, expression=item)
    unknown = exp.Or(this=_is_null(list_sql), expression=_is_null(item))
    return exp.paren(exp.Case().when(unknown, exp.null()).else_(found))


def _quantifier(node: Quantifier, bound: dict[str, str]) -> exp.Expression:
    over = _sql(node.over, bound)
    variable = f"x{len(bound)}"
    condition = _sql(node.condition, {**bound, node.variable: variable})
    decides = exp.Not(this=exp.paren(condition)) if node.every else condition

    def any_where(predicate: exp.Expression) -> exp.Expression:
        function = exp.Lambda(this=predicate, expressions=[exp.to_identifier(variable)])
        hits = exp.ArraySize(this=exp.ArrayFilter(this=over.copy(), expression=function))
        return exp.GT(this=hits, expression=exp.Literal.number(0))

    return exp.paren(
        exp.Case()
        .when(_is_null(over), exp.null())
        .when(any_where(decides), exp.false() if node.every else exp.true())
        .when(any_where(_is_null(exp.paren(condition))), exp.null())
        .else_(exp.true() if node.every else exp.false())
    )


def _is_null(expression: exp.Expression) -> exp.Expression:
    return exp.Is(this=expression.copy(), expression=exp.null())
