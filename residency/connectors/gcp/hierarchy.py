"""Organizations, folders and projects, as the assets tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.settings import Settings
from residency.connectors.gcp.universe import offer_of_project
from residency.model import Account

PROJECT = "cloudresourcemanager.googleapis.com/Project"
_NAMED = (PROJECT, "cloudresourcemanager.googleapis.com/Folder", "cloudresourcemanager.googleapis.com/Organization")
UNKNOWN = "unknown"


@dataclass(slots=True)
class Hierarchy:
    """Names of projects, folders and the organization. Cloud Asset tells of projects by number or by id."""

    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, Mapping[str, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    # Owners of assets; false for one that only the name of an asset tells.
    owners: dict[str, bool] = field(default_factory=dict)

    def learn(self, asset: Asset) -> None:
        """Take in what an asset tells of the hierarchy."""
        if asset.owner is not None and asset.owner.startswith("projects/"):
            self.above.setdefault(asset.owner, asset.ancestors[1:])
            told_id, number = asset.project_in_name, asset.owner.partition("/")[2]
            if told_id and number.isdigit() and not told_id.isdigit():
                self.ids.setdefault(number, told_id)
        if asset.type in _NAMED and not asset.is_policy:
            self._learn_container(asset)

    def _learn_container(self, asset: Asset) -> None:
        own = asset.owner or asset.name.partition(".com/")[2]
        title = asset.text("displayName") or asset.text("name")
        if title and not title.startswith(("projects/", "folders/", "organizations/")):
            self.names[own] = title
        if asset.type == PROJECT:
            number = own.partition("/")[2]
            if (project := asset.text("projectId")) is not None:
                self.ids[number] = project
            self.seen.add(self.ids.get(number, number))
            if (labels := asset.labels("labels")) is not None:
                self.labels[own] = labels

    def domains(self) -> Iterator[str]:
        """The domains of the organizations: Google names each after its own."""
        yield from (title for name, title in self.names.items() if name.startswith("organizations/"))

    def owner(self, asset: Asset) -> str:
        """What an asset lies in, as it is told: `projects/123`, a folder, the project of its name, or `unknown`."""
        owner = asset.owner or (f"projects/{asset.project_in_name}" if asset.project_in_name else UNKNOWN)
        if owner not in self.owners:
            self.owners[owner] = asset.owner is not None
        return owner

    def account(self, owner: str) -> str:
        """The account of an owner: the id of a project, its number when the id is not told, else the folder."""
        kind, _, number = owner.partition("/")
        return self.ids.get(number, number) if kind == "projects" else owner

    def accounts(self, offer: str | None, settings: Settings) -> Iterator[Account]:
        """An account for every owner of an asset."""
        owners = {self.account(owner): owner for owner in sorted(self.owners, key=lambda name: self.owners[name])}
        for account, owner in sorted(owners.items()):
            sold = offer_of_project(account, offer)
            if not self.owners[owner]:
                yield Account("gcp", sold, account)
                continue
            above = self.above.get(owner, ())
            path = tuple(self.names.get(step, step) for step in reversed(above))
            yield Account(
                "gcp", sold, account, self.names.get(owner), path,
                tags=self.labels.get(owner), settings=settings.for_project((owner, *above)),
            )  # fmt: skip
