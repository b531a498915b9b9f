"""From CEL's serialized checked expression to the small syntax tree of the policy subset.

The message shapes are those of cel-spec's `cel/expr/checked.proto` and `syntax.proto` (Apache-2.0); only the fields
read here are declared, the rest is skipped by protobuf. Google's Python package hands the message out as bytes and
ships no classes for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

from residency.facts import BY_NAME
from residency.policy.syntax import Call, CelError, Const, ListOf, Name, Node, Quantifier

# Functions of the policy subset, by CEL's internal names. `matches` is left out on purpose: engines differ in their
# regular expressions. Arithmetic is left out because overflow is an error in one engine and a crash in the other.
FUNCTIONS = {
    "_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "_?_:_",
    "size", "startsWith", "endsWith", "contains",
}  # fmt: skip
SPOKEN = {"_&&_": "&&", "_||_": "||", "!_": "!", "@in": "in", "_?_:_": "?:", "_+_": "+", "_-_": "-", "_[_]": "[]"}
MAX_QUANTIFIERS = 2

_MESSAGES: dict[str, list[tuple[str, int, str]]] = {
    "CheckedExpr": [("references", 2, "*ReferenceEntry"), ("expr", 4, "Expr")],
    "ReferenceEntry": [("key", 1, "int64"), ("value", 2, "Reference")],
    "Reference": [("name", 1, "string")],
    "Expr": [
        ("id", 2, "int64"), ("constant", 3, "Constant"), ("ident", 4, "Ident"), ("select", 5, "Select"),
        ("call", 6, "CallExpr"), ("list", 7, "List"), ("struct", 8, "Struct"), ("comprehension", 9, "Comprehension"),
    ],
    "Constant": [
        ("boolean", 2, "bool"), ("int64", 3, "int64"), ("double", 5, "double"), ("text", 6, "string"),
    ],
    "Ident": [("name", 1, "string")],
    "Select": [("operand", 1, "Expr"), ("field", 2, "string")],
    "CallExpr": [("target", 1, "Expr"), ("function", 2, "string"), ("args", 3, "*Expr")],
    "List": [("elements", 1, "*Expr")],
    "Struct": [("name", 1, "string")],
    "Comprehension": [
        ("iter_var", 1, "string"), ("iter_range", 2, "Expr"), ("accu_var", 3, "string"), ("accu_init", 4, "Expr"),
        ("loop_step", 6, "Expr"), ("result", 7, "Expr"),
    ],
}  # fmt: skip


@cache
def _checked_expr_class() -> Any:
    field = descriptor_pb2.FieldDescriptorProto
    scalars = {
        "string": field.TYPE_STRING,
        "int64": field.TYPE_INT64,
        "double": field.TYPE_DOUBLE,
        "bool": field.TYPE_BOOL,
    }
    file = descriptor_pb2.FileDescriptorProto(name="residency/checked_expr.proto", package="residency", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind in fields:
            entry = message.field.add(name=field_name, number=number)
            entry.label = field.LABEL_REPEATED if kind.startswith("*") else field.LABEL_OPTIONAL
            type_name = kind.removeprefix("*")
            if type_name in scalars:
                entry.type = scalars[type_name]
            else:
                entry.type = field.TYPE_MESSAGE
                entry.type_name = f".residency.{type_name}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("residency.CheckedExpr"))


def syntax_tree(serialized: bytes) -> Node:
    """The tree of a checked expression as `cel.Expression.serialize()` gives it.

    Raises `CelError` for a construct outside the policy subset.
    """
    wrapped = any_pb2.Any.FromString(serialized)
    checked = _checked_expr_class().FromString(wrapped.value)
    references = {entry.key: entry.value.name for entry in checked.references if entry.value.name}
    return _Reader(references).node(checked.expr, 0)


class _Reader:
    def __init__(self, references: dict[int, str]) -> None:
        self._references = references

    def node(self, expr: Any, quantifiers: int) -> Node:
        name = self._references.get(expr.id)
        if name in BY_NAME:
            return Name(name)
        if expr.HasField("constant"):
            return self._constant(expr.constant)
        if expr.HasField("ident"):
            return Name(expr.ident.name)
        if expr.HasField("call"):
            return self._call(expr.call, quantifiers)
        if expr.HasField("list"):
            items = tuple(self.node(item, quantifiers) for item in expr.list.elements)
            if not all(isinstance(item, Const) for item in items):
                raise CelError("a list in a condition may hold literals only")
            return ListOf(items)
        if expr.HasField("comprehension"):
            return self._quantifier(expr.comprehension, quantifiers)
        raise CelError("maps, messages and field selection are not in the policy subset")

    @staticmethod
    def _constant(constant: Any) -> Const:
        for field in ("boolean", "int64", "double", "text"):
            if constant.HasField(field):
                return Const(getattr(constant, field))
        raise CelError("null, bytes and unsigned numbers are not in the policy subset")

    def _call(self, call: Any, quantifiers: int) -> Node:
        if call.function not in FUNCTIONS:
            raise CelError(f"`{SPOKEN.get(call.function, call.function)}` is not in the policy subset")
        arguments = [self.node(argument, quantifiers) for argument in call.args]
        if call.HasField("target"):
            arguments.insert(0, self.node(call.target, quantifiers))
        if call.function in ("_==_", "_!=_") and any(_is_list(argument) for argument in arguments):
            raise CelError("lists are compared with `in`, `size`, `exists` or `all`, not with == or !=")
        return Call(call.function, tuple(arguments))

    def _quantifier(self, comprehension: Any, quantifiers: int) -> Node:
        if quantifiers >= MAX_QUANTIFIERS:
            raise CelError(f"`exists` and `all` may stand inside one another {MAX_QUANTIFIERS} deep only")
        over = self.node(comprehension.iter_range, quantifiers)
        accumulator, step = comprehension.accu_var, comprehension.loop_step
        initial = self.node(comprehension.accu_init, quantifiers)
        every = initial == Const(True)
        shape_holds = (
            initial in (Const(True), Const(False))
            and step.HasField("call")
            and step.call.function == ("_&&_" if every else "_||_")
            and step.call.args[0].ident.name == accumulator
            and comprehension.result.ident.name == accumulator
        )
        if not shape_holds:
            raise CelError("of CEL's macros only `exists` and `all` are in the policy subset")
        condition = self.node(step.call.args[1], quantifiers + 1)
        return Quantifier(every, over, comprehension.iter_var, condition)


def _is_list(node: Node) -> bool:
    return isinstance(node, ListOf) or (
        isinstance(node, Name) and node.name in BY_NAME and BY_NAME[node.name].type == "list"
    )
