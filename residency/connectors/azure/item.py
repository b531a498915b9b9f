"""One object of Azure Resource Manager, whichever way it was obtained: Resource Graph, a GET or list of the manager, an
export. Parts such as a deployment, a replication link or a diagnostic setting are items of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from residency.model import Evidence

GRAPH = "Microsoft.ResourceGraph/resources/read"


class NotAnItem(Exception):
    """What is wrong with an object that should be a resource."""


@dataclass(frozen=True, slots=True)
class Item:
    """A resource or a part of one. `body` is the whole object; `api` is the action that told of it, as a role names
    it: `Microsoft.Sql/servers/failoverGroups/read`.

    Azure compares ids and types without case: `uid` (the id in lower case, without a slash at its end) and `key` (the
    type in lower case) are what to compare, `id` and `type` as they were told.
    """

    id: str
    type: str
    location: str | None
    body: Mapping[str, Any]
    api: str
    uid: str = field(init=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        # Compared over and over for each of a million objects.
        object.__setattr__(self, "uid", uid_of(self.id))
        object.__setattr__(self, "key", self.type.lower())

    @property
    def service(self) -> str:
        """The resource provider: `microsoft.storage` for `Microsoft.Storage/storageAccounts`."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """The last step of the id, in the case it was told."""
        return self.id.rstrip("/").rpartition("/")[2]

    @property
    def subscription(self) -> str | None:
        """The id of the subscription, in lower case; `None` for what lies above subscriptions."""
        return subscription_in(self.id) or _lower(self.body.get("subscriptionId"))

    @property
    def tenant(self) -> str | None:
        """The id of the tenant, when it is told."""
        return _lower(self.body.get("tenantId"))

    @property
    def parent(self) -> str:
        """The uid of what this is a part of or a setting of: the id without its last type and name."""
        return parent_of(self.uid)

    @property
    def configured(self) -> bool:
        """Whether the configuration was told: some lists give a resource without its `properties`."""
        return isinstance(self.body.get("properties"), Mapping)

    @property
    def sku(self) -> str | None:
        """The name of the SKU."""
        return self.text("sku.name")

    @property
    def tags(self) -> Mapping[str, str] | None:
        """The tags. `None` when the object has no such field; no tags are an empty set."""
        if "tags" not in self.body:
            return None
        told = self.body["tags"]
        return {str(key): str(value) for key, value in told.items()} if isinstance(told, Mapping) else {}

    def get(self, path: str) -> Any:
        """The value at a dotted path from the top of the object, its names compared without case; `None` when it is
        not there."""
        value: Any = self.body
        for step in path.split("."):
            # What JSON gives is a dict, which is quicker to see than a mapping.
            if type(value) is not dict and not isinstance(value, Mapping):
                return None
            value = value[step] if step in value else _caseless(value, step)
        return value

    def text(self, path: str) -> str | None:
        """The text at a dotted path; `None` when there is none."""
        value = self.get(path)
        return value if isinstance(value, str) and value else None

    def list(self, path: str) -> tuple[Any, ...]:
        """The list at a dotted path; empty when there is none."""
        value = self.get(path)
        return tuple(value) if isinstance(value, list) else ()

    def entries(self, path: str) -> tuple[Mapping[str, Any], ...]:
        """The objects in the list at a dotted path."""
        return tuple(entry for entry in self.list(path) if isinstance(entry, Mapping))

    def evidence(self, field: str, value: Any = None) -> Evidence:
        """Where in this object something was learnt."""
        return Evidence(self.api, field, None if value is None else str(value))


def item_of(found: Any, api: str) -> Item:
    """An object of an answer or of an export. A type that it does not tell is the one in its id.

    Raises `NotAnItem`.
    """
    if not isinstance(found, Mapping):
        raise NotAnItem(f"a resource must be an object, not {type(found).__name__}")
    told, type_ = found.get("id"), found.get("type")
    if not isinstance(told, str) or not told:
        raise NotAnItem("`id` is missing or no text")
    if not told.startswith("/"):
        raise NotAnItem(f"`id` is {told!r}, not the id of a resource such as /subscriptions/…/providers/…")
    if type_ is not None and not isinstance(type_, str):
        raise NotAnItem("`type` must be a text")
    if not (type_ := type_ or type_in(told)):
        raise NotAnItem("`type` is missing, and `id` does not tell it")
    if found.get("properties") is not None and not isinstance(found["properties"], Mapping):
        raise NotAnItem("`properties` must be an object")
    return Item(told, type_, place(found.get("location")), found, api)


def place(told: Any) -> str | None:
    """A location as the atlas writes it: `francecentral` for `France Central`."""
    if not isinstance(told, str):
        return None
    return "".join(told.split()).lower() or None


def uid_of(id_: str) -> str:
    """An id as it is compared."""
    return id_.rstrip("/").lower()


def subscription_in(id_: str) -> str | None:
    """The subscription that an id names, in lower case."""
    steps = id_.lower().split("/")
    return steps[2] or None if len(steps) > 2 and steps[1] == "subscriptions" else None


def type_in(id_: str) -> str | None:
    """The type that an id tells, in the case it was told."""
    _, found, after = id_.rstrip("/").rpartition("/providers/")
    namespace, *rest = after.split("/")
    if found:
        return "/".join([namespace, *rest[::2]]) if rest else None
    containers = {2: "Microsoft.Resources/subscriptions", 4: "Microsoft.Resources/subscriptions/resourceGroups"}
    return containers.get(len(rest)) if rest[:1] == ["subscriptions"] else None


def parent_of(uid: str) -> str:
    """What the resource with an id is a part of: a resource, a resource group or a subscription."""
    above = uid.rpartition("/")[0].rpartition("/")[0]
    before, found, after = above.rpartition("/providers/")
    return before if found and "/" not in after else above


def _caseless(value: Mapping[str, Any], step: str) -> Any:
    wanted, size = step.lower(), len(step)
    for name, found in value.items():
        if len(name) == size and name.lower() == wanted:
            return found
    return None


def _lower(told: Any) -> str | None:
    return told.lower() if isinstance(told, str) and told else None
