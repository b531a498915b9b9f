"""What the configuration says of Azure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AzureSettings:
    """The section `azure` of the configuration. `cloud` is which of the separate Azures is read: a name of `CLOUDS` or
    its offer in the atlas; `None` leaves it to the environment."""

    cloud: str | None = None
