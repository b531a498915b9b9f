"""One item of Cloud Asset Inventory, whichever way it was obtained: an API answer, `gcloud asset list`, an export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from residency.model import Evidence

_MANAGER = "//cloudresourcemanager.googleapis.com/"
_PLACE = re.compile(r"/(?:locations|regions|zones)/([^/]+)")
_PROJECT = re.compile(r"/projects/([^/]+)")
# In another universe the host of a link is another one: `https://www.s3nsapis.fr/compute/v1/…`.
_LINK = re.compile(r"^https://(?:www|compute)\.[^/]+/compute/[^/]+/")


class NotAnAsset(Exception):
    """What is wrong with an item that should be an asset."""


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset. `data` is its configuration and `policy` who has access to it: each `None` when it was not listed with
    it. `api` is the call that told of it."""

    name: str
    type: str
    ancestors: tuple[str, ...]
    location: str | None
    data: Mapping[str, Any] | None
    api: str
    policy: Mapping[str, Any] | None = None

    @property
    def is_policy(self) -> bool:
        """Whether this is nothing but the policy of something that another list tells of."""
        return self.policy is not None and self.data is None

    @property
    def service(self) -> str:
        """The service in short: `storage` for `storage.googleapis.com/Bucket`."""
        return self.type.partition("/")[0].removesuffix(".googleapis.com")

    @property
    def owner(self) -> str | None:
        """What it lies in, as Cloud Asset says: `projects/123`, or a folder or organization."""
        return self.ancestors[0] if self.ancestors else None

    @property
    def project_in_name(self) -> str | None:
        """The project that the name tells: its id or its number."""
        found = _PROJECT.search(self.name)
        return found.group(1) if found else None

    def get(self, path: str) -> Any:
        """The value at a dotted path of `data`; `None` when it is not there."""
        value: Any = self.data
        for step in _steps(path):
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        return value

    def text(self, path: str) -> str | None:
        """The text at a dotted path; `None` when there is none."""
        value = self.get(path)
        return value if isinstance(value, str) and value else None

    def list(self, path: str) -> tuple[Any, ...]:
        """The list at a dotted path; empty when there is none."""
        value = self.get(path)
        return tuple(value) if isinstance(value, list) else ()

    def listed(self, path: str) -> str:
        """The path of a list as it is spelt here. Cloud Asset names the lists of Compute Engine by one entry, as in
        `storageLocation`, where the API says `storageLocations`."""
        one = f"{path[:-3]}y" if path.endswith("ies") else path.removesuffix("s")
        return one if self.get(path) is None and self.get(one) is not None else path

    def entries(self, path: str) -> tuple[Mapping[str, Any], ...]:
        """The objects in the list at a dotted path."""
        return tuple(entry for entry in self.list(path) if isinstance(entry, Mapping))

    def labels(self, path: str) -> Mapping[str, str] | None:
        """Labels as tags. `None` when the configuration was not read; no labels are an empty set."""
        if self.data is None:
            return None
        told = self.get(path)
        return {str(key): str(value) for key, value in told.items()} if isinstance(told, Mapping) else {}

    def evidence(self, field: str, value: Any = None) -> Evidence:
        """Where in this item something was learnt. `field` is a path within `resource.data` unless it starts with `@`,
        which names a field of the item itself."""
        path = field[1:] if field.startswith("@") else f"resource.data.{field}"
        return Evidence(self.api, path, None if value is None else str(value))


@cache
def _steps(path: str) -> tuple[str, ...]:
    """The steps of a path. There are as many paths as readers ask for."""
    return tuple(path.split("."))


def asset_of(item: Any, api: str) -> Asset:
    """An item of an answer or of an export, whose field names are in camel case or with underscores.

    Raises `NotAnAsset`.
    """
    if not isinstance(item, Mapping):
        raise NotAnAsset(f"an asset must be an object, not {type(item).__name__}")
    name, type_ = item.get("name"), item.get("assetType", item.get("asset_type"))
    if not isinstance(name, str) or not name:
        raise NotAnAsset("`name` is missing or no text")
    if not isinstance(type_, str) or not type_:
        raise NotAnAsset("`assetType` is missing or no text")
    if not name.startswith("//"):
        raise NotAnAsset(f"`name` is {name!r}, not a full resource name such as //storage.googleapis.com/bucket")
    ancestors, resource = item.get("ancestors") or (), item.get("resource")
    if not isinstance(ancestors, list | tuple) or not all(isinstance(entry, str) for entry in ancestors):
        raise NotAnAsset("`ancestors` must be a list of texts")
    if resource is not None and not isinstance(resource, Mapping):
        raise NotAnAsset("`resource` must be an object")
    data = (resource or {}).get("data")
    if data is not None and not isinstance(data, Mapping):
        raise NotAnAsset("`resource.data` must be an object")
    policy = item.get("iamPolicy", item.get("iam_policy"))
    if policy is not None and not isinstance(policy, Mapping):
        raise NotAnAsset("`iamPolicy` must be an object")
    location = (resource or {}).get("location") or item.get("location")
    if not ancestors and isinstance(item.get("project"), str):
        ancestors = [item["project"]]
    # Exports from before 2020 name no ancestors, but what an asset lies in.
    parent = str((resource or {}).get("parent")).partition(_MANAGER)[2]
    if not ancestors and parent:
        ancestors = [parent]
    return Asset(name, type_, tuple(ancestors), code(location), data or None, api, policy)


def code(told: Any) -> str | None:
    """A location code as the atlas writes it: the last step of a path, in lower case. Google writes both cases."""
    if not isinstance(told, str) or not told.strip("/ "):
        return None
    return told.strip("/ ").rpartition("/")[2].lower()


def place_in(name: str | None) -> str | None:
    """The location, region or zone that a resource name tells."""
    found = _PLACE.search(name or "")
    return code(found.group(1)) if found else None


def full_name(service: str, told: str) -> str:
    """The full resource name of what an API names by a relative name or, in Compute Engine, by a link."""
    if told.startswith("//"):
        return told
    return f"//{service}.googleapis.com/{_LINK.sub('', told).lstrip('/')}"
