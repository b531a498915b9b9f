"""Answers in place of AWS, held against its own model, and the answer of an account that has none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,), "character": (str,), "boolean": (bool,), "integer": (int,), "long": (int,), "short": (int,),
    "byte": (int,), "float": (int, float), "double": (int, float), "timestamp": (str, int, float, datetime),
    "blob": (bytes, str),
}  # fmt: skip
_ZERO: dict[str, Any] = {"string": "", "character": "", "boolean": False, "list": [], "map": {}}


class NotOfTheModel(AssertionError):
    """An answer has a member or a value that AWS never answers with."""


def checked(call: str, answer: Any) -> Any:
    """The answer itself, when `service:Operation` can answer with every member of it. Raises `NotOfTheModel`."""
    service, _, operation = call.partition(":")
    check(_model(service).operation_model(operation).output_shape, answer, call)
    return answer


def check(shape: Any, value: Any, path: str) -> None:
    """Hold a value against a shape of the client library's model. Raises `NotOfTheModel`, naming `path`."""
    if shape is None:
        _hold(not value, f"{path} has no answer")
    elif getattr(shape, "is_document_type", False):
        return
    elif shape.type_name == "structure":
        _hold(isinstance(value, Mapping), f"{path} is a structure")
        unknown = sorted(set(value) - set(shape.members))
        _hold(not unknown, f"{path} has no {', '.join(unknown)}")
        for name, inner in value.items():
            check(shape.members[name], inner, f"{path}.{name}")
    elif shape.type_name == "list":
        _hold(isinstance(value, list), f"{path} is a list")
        for index, inner in enumerate(value):
            check(shape.member, inner, f"{path}[{index}]")
    elif shape.type_name == "map":
        _hold(isinstance(value, Mapping), f"{path} is a map")
        for name, inner in value.items():
            check(shape.value, inner, f"{path}.{name}")
    else:
        _hold(isinstance(value, _SCALARS[shape.type_name]), f"{path} is of type {shape.type_name}")
        if getattr(shape, "enum", None):
            _hold(value in shape.enum, f"{path} is one of {shape.enum}")


def nothing(shape: Any) -> dict[str, Any]:
    """The answer of an account that has none: lists and maps are empty, what must be there is zero, no more."""
    answer = {}
    for name, member in shape.members.items() if shape is not None else ():
        if member.type_name == "structure":
            if name in shape.required_members or name == shape.serialization.get("payload"):
                answer[name] = nothing(member)
        elif member.type_name in ("list", "map") or name in shape.required_members:
            answer[name] = next(iter(getattr(member, "enum", ())), _ZERO.get(member.type_name, 0))
    return answer


def _hold(right: bool, message: str) -> None:
    if not right:
        raise NotOfTheModel(message)


@cache
def _model(service: str) -> Any:
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    return ServiceModel(create_loader().load_service_model(service, "service-2"), service_name=service)
