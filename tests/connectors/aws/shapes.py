"""Answers written by hand, held against the output shape that the client library has for the operation."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,), "character": (str,), "boolean": (bool,), "integer": (int,), "long": (int,),
    "float": (int, float), "double": (int, float), "timestamp": (str, int, datetime), "blob": (bytes, str),
}  # fmt: skip


@cache
def _model(service: str) -> Any:
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    return ServiceModel(create_loader().load_service_model(service, "service-2"), service_name=service)


def checked(call: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer itself, when every field of it is one that the operation of `service:Operation` can answer with."""
    service, _, operation = call.partition(":")
    _walk(_model(service).operation_model(operation).output_shape, answer, call)
    return answer


def _walk(shape: Any, value: Any, path: str) -> None:
    if shape.type_name == "structure":
        assert isinstance(value, dict), f"{path} is a structure"
        unknown = sorted(set(value) - set(shape.members))
        assert not unknown, f"{path} has no {', '.join(unknown)}"
        for name, inner in value.items():
            _walk(shape.members[name], inner, f"{path}.{name}")
    elif shape.type_name == "list":
        assert isinstance(value, list), f"{path} is a list"
        for index, inner in enumerate(value):
            _walk(shape.member, inner, f"{path}[{index}]")
    elif shape.type_name == "map":
        assert isinstance(value, dict), f"{path} is a map"
        for name, inner in value.items():
            _walk(shape.value, inner, f"{path}.{name}")
    else:
        assert isinstance(value, _SCALARS[shape.type_name]), f"{path} is of type {shape.type_name}"
        if getattr(shape, "enum", None):
            assert value in shape.enum, f"{path} is one of {shape.enum}"
