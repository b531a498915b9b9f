"""One configuration item of AWS Config, whichever way it was obtained: a snapshot, a history file, an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from residency.connectors.aws.place import Place

# How Config calls the region of what has none.
_GLOBAL = "global"
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}
_GONE = frozenset({"ResourceDeleted", "ResourceDeletedNotRecorded"})


class NotAnItem(Exception):
    """What is wrong with a value that should be a configuration item."""


@dataclass(frozen=True, slots=True)
class ConfigItem:
    """A configuration item. `api` names the file it is from, `extra` is its `supplementaryConfiguration`; the
    configuration and the tags are `None` when they are not in the item. `captured` orders the items of one resource."""

    api: str
    place: Place
    type: str
    id: str
    name: str | None
    arn: str | None
    gone: bool
    captured: str
    configuration: Mapping[str, Any] | None
    extra: Mapping[str, Any]
    tags: Mapping[str, str] | None

    @property
    def uid(self) -> str:
        """Its ARN, or what stands for it where Config tells none."""
        return self.arn or f"aws:{self.place.region}:{self.type}/{self.id}"


def item_of(value: Any, api: str) -> ConfigItem:
    """An item as a file, the API or a query of Config writes it: the keys differ a little. Raises `NotAnItem`."""
    if not isinstance(value, Mapping):
        raise NotAnItem("a configuration item must be an object")
    account = _needed(value, "awsAccountId", "accountId")
    region, type_, id_ = _needed(value, "awsRegion"), _needed(value, "resourceType"), _needed(value, "resourceId")
    arn = _text(value, "ARN", "arn")
    if arn is not None and len(arn.split(":", 5)) < 6:
        raise NotAnItem(f"`arn` is {arn!r}, which is no ARN")
    partition = _partition(arn, region)
    status = _text(value, "configurationItemStatus") or ""
    extra = _object(value.get("supplementaryConfiguration"), "supplementaryConfiguration")
    return ConfigItem(
        api=api,
        place=Place(partition, account, f"{partition}-global" if region == _GLOBAL else region),
        type=type_,
        id=id_,
        name=_text(value, "resourceName"),
        arn=arn,
        gone=status in _GONE,
        captured=_text(value, "configurationItemCaptureTime") or "",
        configuration=_object(value.get("configuration"), "configuration"),
        extra={key: _unwrapped(told) for key, told in (extra or {}).items()},
        tags=_tags(value.get("tags")),
    )


def _unwrapped(value: Any) -> Any:
    """A value that Config may have written as the JSON text of it, once or, as some parts of a bucket are, twice."""
    for _ in range(2):
        if not isinstance(value, str):
            break
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            break
    return value


def _object(value: Any, name: str) -> Mapping[str, Any] | None:
    told = _unwrapped(value)
    if told is None or told == "":
        return None
    if not isinstance(told, Mapping):
        raise NotAnItem(f"`{name}` must be an object, or the JSON text of one")
    return told


def _tags(value: Any) -> Mapping[str, str] | None:
    """Tags: a map in files, a list of keys and values in what a query gives."""
    if isinstance(value, Mapping):
        return {str(key): str(told) for key, told in value.items()}
    if isinstance(value, list) and all(isinstance(entry, Mapping) and "key" in entry for entry in value):
        return {str(entry["key"]): str(entry.get("value") or "") for entry in value}
    return None


def _needed(value: Mapping[str, Any], *names: str) -> str:
    told = _text(value, *names)
    if told is None:
        raise NotAnItem(f"`{names[-1]}` is missing in a configuration item")
    return told


def _text(value: Mapping[str, Any], *names: str) -> str | None:
    return next((told for name in names if isinstance(told := value.get(name), str) and told), None)


def _partition(arn: str | None, region: str) -> str:
    if arn is not None and arn.startswith("arn:"):
        return arn.split(":", 2)[1]
    return next((partition for start, partition in _PARTITIONS.items() if region.startswith(start)), "aws")
