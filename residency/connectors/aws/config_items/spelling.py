"""From Config's spelling of a configuration to that of the service's API, and back for the evidence.

Config writes what its client library holds: `kmskeyArn` for `KMSKeyArn`, `dbclusterArn` for `DBClusterArn`, and a null
for what the API leaves out. Only the case of the letters differs, so that the model of the API tells the right one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from residency.connectors.aws.parts import shared_parts
from residency.connectors.aws.wire import Answer

_SCALARS = {"string": str, "boolean": bool, "integer": int, "long": int}
_STEP = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")


def as_answered(service: str, operation: str, member: str, told: Mapping[str, Any]) -> Answer:
    """`told` in the spelling of the API: of a structure that an answer has at `member`, or a list of it at `member`.

    What is null, of another type than the API has, or not in its model is left out.
    """
    shape = shared_parts(None).of(service).model.operation_model(operation).output_shape
    for name in filter(None, member.split(".")):
        shape = shape.members[name]
        while shape.type_name == "list":
            shape = shape.member
    answer: Answer = _spelled(told, shape)
    return answer


def _spelled(value: Any, shape: Any) -> Any:
    """The value in the spelling of a shape; `None` when it is not of that shape."""
    if shape.type_name == "structure":
        if not isinstance(value, Mapping):
            return None
        names = {name.lower(): name for name in shape.members}
        spelled = {
            name: _spelled(told, shape.members[name])
            for key, told in value.items()
            if (name := names.get(key.lower())) is not None
        }
        return {name: told for name, told in spelled.items() if told is not None}
    if shape.type_name == "list":
        entries = [_spelled(entry, shape.member) for entry in value] if isinstance(value, list) else []
        return [entry for entry in entries if entry is not None] if isinstance(value, list) else None
    wanted = _SCALARS.get(shape.type_name)
    return value if wanted is None or isinstance(value, wanted) else None


def as_recorded(told: Any, path: str) -> str:
    """A path in the spelling of the API, as it is found in what Config recorded."""
    steps = []
    for name, indexes in _STEP.findall(path):
        spelled = name
        if isinstance(told, Mapping):
            spelled = next((key for key in told if key.lower() == name.lower()), name)
            told = told.get(spelled)
        for index in re.findall(r"\d+", indexes):
            told = told[int(index)] if isinstance(told, list) and int(index) < len(told) else None
        steps.append(spelled + indexes)
    return ".".join(steps)
