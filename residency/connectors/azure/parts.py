"""What Resource Graph does not tell: parts and settings of resources, each a list of its own in Resource Manager.

An inventory that did not ask for them cannot say that nothing is copied or logged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from residency.connectors.azure.item import Item

DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings"


@dataclass(frozen=True, slots=True)
class Part:
    """A list to ask of every resource of a type: `GET {id}/{path}?api-version={version}`.

    `type` is the type of what it gives, and `{type}/read` the action that a role must grant. `single` is true where
    the answer is one object rather than a list under `value`.
    """

    of: str
    type: str
    path: str
    version: str
    single: bool = False

    @property
    def action(self) -> str:
        """The action that a role must grant, and the api that evidence names."""
        return f"{self.type}/read"


PARTS: tuple[Part, ...] = (
    Part("Microsoft.Storage/storageAccounts", "Microsoft.Storage/storageAccounts/objectReplicationPolicies",
         "objectReplicationPolicies", "2023-05-01"),
)  # fmt: skip


def parts_of(item: Item) -> Iterator[Part]:
    """The lists to ask of a resource."""
    for part in PARTS:
        if part.of.lower() == item.key:
            yield part
