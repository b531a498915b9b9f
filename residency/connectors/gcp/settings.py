"""What organization policies and Assured Workloads say of whole projects. Shown with the account, never a proof: both
stop what is created later and leave what is there where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.gcp.asset import Asset

POLICY = "orgpolicy.googleapis.com/Policy"
WORKLOAD = "assuredworkloads.googleapis.com/Workload"
# The organization policy that limits where resources can be created (constraint of the Organization Policy service).
_LOCATIONS = "/policies/gcp.resourceLocations"
_COVERS = {"CONSUMER_FOLDER": "folders", "CONSUMER_PROJECT": "projects"}


@dataclass(frozen=True, slots=True)
class LocationPolicy:
    """The rules of one `gcp.resourceLocations` policy in words, and whether those above it count as well."""

    rules: tuple[str, ...]
    inherits: bool


@dataclass(slots=True)
class Settings:
    """What was told, by the project, folder or organization that it holds for (`projects/123`)."""

    policies: dict[str, LocationPolicy] = field(default_factory=dict)
    workloads: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, asset: Asset) -> None:
        """Take in an asset if it is a policy or a workload."""
        if asset.type == POLICY and asset.owner and asset.name.endswith(_LOCATIONS) and asset.get("spec"):
            inherits = asset.get("spec.inheritFromParent") is True
            self.policies[asset.owner] = LocationPolicy(tuple(_rules(asset)), inherits)
        elif asset.type == WORKLOAD:
            told = {"assured-workload": asset.text("complianceRegime"), "sovereign-partner": asset.text("partner")}
            known = {name: value for name, value in told.items() if value and not value.endswith("_UNSPECIFIED")}
            for entry in asset.entries("resources"):
                if (kind := _COVERS.get(str(entry.get("resourceType")))) and entry.get("resourceId"):
                    self.workloads[f"{kind}/{entry['resourceId']}"] = known

    def for_project(self, above: Iterable[str]) -> Mapping[str, str]:
        """The settings that hold for a project, told by itself and what it lies in, nearest first.

        Keys: `allowed-locations`, `assured-workload`, `sovereign-partner`; each only where something was told.
        """
        steps = tuple(above)
        workload = next((self.workloads[step] for step in steps if step in self.workloads), {})
        rules = tuple(dict.fromkeys(self._location_rules(steps)))
        return {**workload, **({"allowed-locations": ", ".join(rules)} if rules else {})}

    def _location_rules(self, steps: tuple[str, ...]) -> Iterator[str]:
        for step in steps:
            if (policy := self.policies.get(step)) is not None:
                yield from policy.rules
                if not policy.inherits:
                    return


def _rules(asset: Asset) -> Iterator[str]:
    for rule in asset.entries("spec.rules"):
        values = rule.get("values")
        lists = values if isinstance(values, Mapping) else {}
        told = [*(str(value) for value in lists.get("allowedValues") or ()),
                *(f"not {value}" for value in lists.get("deniedValues") or ())]  # fmt: skip
        told += ["all"] if rule.get("allowAll") is True else []
        told += ["none"] if rule.get("denyAll") is True else []
        condition = " (under a condition)" if rule.get("condition") else ""
        yield from (f"{value}{condition}" for value in told)
