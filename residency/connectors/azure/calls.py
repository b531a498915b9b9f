"""The calls to Resource Manager besides the parts: their versions, and the actions that a role must grant for them."""

from __future__ import annotations

from dataclasses import dataclass

from residency.connectors.azure.item import GRAPH


@dataclass(frozen=True, slots=True)
class Call:
    """A list or an object of Resource Manager. `name` is the action, as evidence and coverage name it; those of
    tenants and subscriptions need no role, since they list what a role was given on."""

    name: str
    path: str
    version: str

    def at(self, subscription: str = "") -> str:
        """The path to ask, with its version."""
        return f"{self.path.format(subscription=subscription)}?api-version={self.version}"


TENANTS = Call("Microsoft.Resources/tenants/read", "/tenants", "2022-12-01")
SUBSCRIPTIONS = Call("Microsoft.Resources/subscriptions/read", "/subscriptions", "2022-12-01")
LOCATIONS = Call(
    "Microsoft.Resources/subscriptions/locations/read", "/subscriptions/{subscription}/locations", "2022-12-01"
)
RESOURCES = Call(
    "Microsoft.Resources/subscriptions/resources/read", "/subscriptions/{subscription}/resources", "2021-04-01"
)
PROVIDERS = Call(
    "Microsoft.Resources/subscriptions/providers/read", "/subscriptions/{subscription}/providers", "2021-04-01"
)
BOUNDARY = Call(
    "Microsoft.Resources/dataBoundaries/read", "/providers/Microsoft.Resources/dataBoundaries/default", "2024-08-01"
)
CALLS = (TENANTS, SUBSCRIPTIONS, LOCATIONS, RESOURCES, PROVIDERS, BOUNDARY)
# Resource Graph shows nothing but what the role lets be read one by one. Less than everything would hide the types
# that nobody thought of, so that their data would be missing from the inventory without a trace.
EVERYTHING = "*/read"
ACTIONS = (GRAPH, EVERYTHING, *(call.name for call in CALLS))
