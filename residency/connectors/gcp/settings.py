"""What organization policies and Assured Workloads say of whole projects. Shown with the account, never a proof: both
stop what is created later and leave what is there where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.gcp.asset import Asset

POLICY = "orgpolicy.googleapis.com/Policy"
WORKLOAD = "assuredworkloads.googleapis.com/Workload"
KEY = "cloudkms.googleapis.com/CryptoKey"
AUTOKEY = "cloudkms.googleapis.com/AutokeyConfig"
# Organization policies that bear on residency, by constraint, and the setting that shows each. Source: "Organization
# policy constraints" of Google's documentation.
_SHOWN = {
    "gcp.resourceLocations": "allowed-locations",
    "gcp.restrictNonCmekServices": "services-that-need-own-keys",
    "gcp.restrictCmekCryptoKeyProjects": "projects-of-own-keys",
    "cloudkms.allowedProtectionLevels": "allowed-protection-levels",
    "iam.allowedPolicyMemberDomains": "allowed-members",
    "storage.publicAccessPrevention": "public-access-prevention",
}
_COVERS = {"CONSUMER_FOLDER": "folders", "CONSUMER_PROJECT": "projects"}


@dataclass(frozen=True, slots=True)
class OrgPolicy:
    """The rules of one organization policy in words, and whether those above it count as well."""

    rules: tuple[str, ...]
    inherits: bool


@dataclass(slots=True)
class Settings:
    """What was told, by the project, folder or organization that it holds for (`projects/123`)."""

    policies: dict[tuple[str, str], OrgPolicy] = field(default_factory=dict)
    workloads: dict[str, dict[str, str]] = field(default_factory=dict)
    autokey: dict[str, str] = field(default_factory=dict)
    # Keys by owner: all, and those whose use must be justified.
    keys: Counter[str] = field(default_factory=Counter)
    justified: Counter[str] = field(default_factory=Counter)

    def learn(self, asset: Asset) -> None:
        """Take in an asset if it is a policy, a workload or a key."""
        if asset.type == POLICY and asset.owner and asset.get("spec"):
            inherits = asset.get("spec.inheritFromParent") is True
            constraint = asset.name.rpartition("/policies/")[2]
            self.policies[asset.owner, constraint] = OrgPolicy(tuple(_rules(asset)), inherits)
        elif asset.type == WORKLOAD:
            told = {"assured-workload": asset.text("complianceRegime"), "sovereign-partner": asset.text("partner")}
            known = {name: value for name, value in told.items() if value and not value.endswith("_UNSPECIFIED")}
            for entry in asset.entries("resources"):
                if (kind := _COVERS.get(str(entry.get("resourceType")))) and entry.get("resourceId"):
                    self.workloads[f"{kind}/{entry['resourceId']}"] = known
        elif asset.type == KEY and asset.owner and asset.data is not None:
            self.keys[asset.owner] += 1
            self.justified[asset.owner] += bool(asset.list("keyAccessJustificationsPolicy.allowedAccessReasons"))
        elif asset.type == AUTOKEY and asset.owner and (project := asset.text("keyProject")):
            self.autokey[asset.owner] = project

    def for_project(self, above: Iterable[str]) -> Mapping[str, str]:
        """The settings that hold for a project, told by itself and what it lies in, nearest first; each only where
        something was told. Keys: `assured-workload`, `sovereign-partner`, `key-access-justifications` (of how many of
        its keys the use must be justified), `autokey-project` (whose keys are made by themselves), and those of the
        organization policies that are shown."""
        steps = tuple(above)
        found = dict(next((self.workloads[step] for step in steps if step in self.workloads), {}))
        if steps and (keys := self.keys[steps[0]]):
            found["key-access-justifications"] = f"{self.justified[steps[0]]} of {keys} keys"
        if (project := next((self.autokey[step] for step in steps if step in self.autokey), None)) is not None:
            found["autokey-project"] = project
        for constraint, shown in _SHOWN.items():
            if rules := tuple(dict.fromkeys(self._rules_of(constraint, steps))):
                found[shown] = ", ".join(rules)
        return found

    def _rules_of(self, constraint: str, steps: tuple[str, ...]) -> Iterator[str]:
        for step in steps:
            if (policy := self.policies.get((step, constraint))) is not None:
                yield from policy.rules
                if not policy.inherits:
                    return


def _rules(asset: Asset) -> Iterator[str]:
    for rule in asset.entries("spec.rules"):
        values = rule.get("values")
        lists = values if isinstance(values, Mapping) else {}
        told = [*(str(value) for value in lists.get("allowedValues") or ()),
                *(f"not {value}" for value in lists.get("deniedValues") or ())]  # fmt: skip
        told += [] if "enforce" not in rule else ["enforced" if rule["enforce"] is True else "not enforced"]
        told += ["all"] if rule.get("allowAll") is True else []
        told += ["none"] if rule.get("denyAll") is True else []
        condition = " (under a condition)" if rule.get("condition") else ""
        yield from (f"{value}{condition}" for value in told)
