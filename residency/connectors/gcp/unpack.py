"""Pages of assets as plain values, without what may be a secret and tells no place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Variables of programs; and what machines are told when they start (`metadata` of Compute Engine). A label may be
# called the same: its value is a text.
_NOT_TAKEN = frozenset({"env", "environmentVariables", "buildEnvironmentVariables"})
_MACHINES = "compute.googleapis.com/"


def assets_of(messages: Iterable[Any]) -> list[dict[str, Any]]:
    """The assets of a page, as `gcloud asset list` writes them: what they are called, what they lie in, configuration
    and policy."""
    return [_asset(message) for message in messages]


def _asset(message: Any) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    found: dict[str, Any] = {
        "name": message.name, "assetType": message.asset_type, "ancestors": list(message.ancestors)
    }  # fmt: skip
    if message.HasField("resource"):
        resource = message.resource
        skipped = _NOT_TAKEN | {"metadata"} if message.asset_type.startswith(_MACHINES) else _NOT_TAKEN
        told = {"version": resource.version, "location": resource.location, "parent": resource.parent}
        found["resource"] = {key: value for key, value in told.items() if value}
        if resource.HasField("data"):
            found["resource"]["data"] = _object(resource.data, skipped)
    if message.HasField("iam_policy"):
        found["iamPolicy"] = MessageToDict(message.iam_policy)
    return found


def _object(struct: Any, skipped: frozenset[str]) -> dict[str, Any]:
    return {
        key: _value(value, skipped)
        for key, value in struct.fields.items()
        if key not in skipped or value.HasField("string_value")
    }


def _value(value: Any, skipped: frozenset[str]) -> Any:
    """A value of JSON. Whole numbers are `int`, as in the JSON of the API."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "struct_value":
        return _object(value.struct_value, skipped)
    if kind == "list_value":
        return [_value(entry, skipped) for entry in value.list_value.values]
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None
