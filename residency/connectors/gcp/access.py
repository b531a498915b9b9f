"""Who outside the organization may get content out of a resource: by its own policy, or by one of what it lies in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.members import Grant, Own, grants_of
from residency.connectors.gcp.reading_roles import Roles
from residency.model import Evidence, Placement, Role

_MANAGER = "cloudresourcemanager.googleapis.com/"
_ORGANIZATION = f"{_MANAGER}Organization"
ROLE = "iam.googleapis.com/Role"
_NO_PUBLIC = "/policies/storage.publicAccessPrevention"
_VIA = {"projects": "iam-policy-of-project", "folders": "iam-policy-of-folder"}


@dataclass(frozen=True, slots=True)
class Grants:
    """Who may do what with a resource, as it tells of itself or its policy does."""

    uid: str
    type: str
    api: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class NoPublic:
    """A resource that shuts out everybody who is nobody, whatever its policies say."""

    uid: str


@dataclass(slots=True)
class Access:
    """What is known of rights once everything has been listed: who is one of us, what containers grant, which roles
    customers made, and where public access is prevented."""

    own: Own = field(default_factory=Own)
    roles: Roles = field(default_factory=Roles)
    containers: dict[str, Grants] = field(default_factory=dict)
    prevented: dict[str, bool] = field(default_factory=dict)
    # By owner: policies that were listed, and members of which it could not be said whether they are of us.
    listed: set[str] = field(default_factory=set)
    undecided: Counter[str] = field(default_factory=Counter)

    def learn(self, asset: Asset) -> None:
        """Take in what an asset tells of rights that do not end with itself."""
        for step in asset.ancestors:
            self.own.containers.add(step)
        if asset.type == _ORGANIZATION and (domain := asset.text("displayName")) is not None and "." in domain:
            self.own.domains.add(domain.lower())
        elif asset.type == ROLE and asset.data is not None:
            permissions = (str(entry) for entry in asset.list("includedPermissions"))
            self.roles.learn(asset.name.partition(".com/")[2], permissions)
        elif asset.name.endswith(_NO_PUBLIC) and asset.owner is not None:
            rules = asset.entries("spec.rules")
            if (rule := next((entry for entry in rules if not entry.get("condition")), None)) is not None:
                self.prevented[asset.owner] = rule.get("enforce") is True
        if asset.policy is not None and asset.type.startswith(_MANAGER):
            own = asset.owner or asset.name.partition(".com/")[2]
            self.listed.add(own)
            self.containers[own] = Grants(asset.name, asset.type, asset.api, tuple(self._reading(asset)))

    def grants(self, asset: Asset) -> Grants | None:
        """The grants of the policy of a resource, less those to its own project; `None` when nobody is left."""
        if asset.policy is None or asset.type.startswith(_MANAGER):
            return None
        home = {asset.owner, f"projects/{asset.project_in_name}"}
        found = tuple(grant for grant in self._reading(asset) if not home & {*grant.party.names})
        return Grants(asset.name, asset.type, asset.api, found) if found else None

    def _reading(self, asset: Asset) -> Iterator[Grant]:
        # Custom roles are weighed at the end: their permissions may be listed later.
        whole = asset.type.startswith(_MANAGER)
        weigh = Roles()
        yield from grants_of(asset.policy, "iamPolicy", lambda role: whole or weigh.reads(role, asset.service))

    def own_projects(self, ids: Mapping[str, str], domains: Iterable[str]) -> None:
        """Take in what is known otherwise: projects by number with their id, and domains of the organization."""
        for number, project in ids.items():
            self.own.containers |= {f"projects/{number}", f"projects/{project}"}
        self.own.domains |= {domain.lower() for domain in domains if "." in domain}

    def shares(self, found: Grants, owner: str, above: Iterable[str], *, closed: bool) -> Iterator[Placement]:
        """The shares that a resource itself tells of. `closed` when it shuts out everybody who is nobody."""
        service = _service(found.type)
        no_public = closed or (service == "storage" and self._prevented((owner, *above)))
        for grant in found.grants:
            if self.roles.reads(grant.role, service):
                evidence = Evidence(found.api, grant.path, grant.role)
                yield from self._share(found.uid, grant, grant.via, evidence, owner, no_public=no_public)

    def inherited(self, uid: str, type_: str, owner: str, above: Iterable[str], *, closed: bool) -> Iterator[Placement]:
        """The shares of a resource that the policies of what it lies in bring, nearest first."""
        service, chain = _service(type_), (owner, *above)
        no_public = closed or (service == "storage" and self._prevented(chain))
        for container in chain:
            if (granted := self.containers.get(container)) is None:
                continue
            via = _VIA.get(container.partition("/")[0], "iam-policy-of-organization")
            seen: set[str] = set()
            for grant in granted.grants:
                if grant.party.shown not in seen and self.roles.reach(grant.role, service):
                    evidence = Evidence(granted.api, grant.path, f"{grant.role} on {container}")
                    for share in self._share(uid, grant, via, evidence, owner, no_public=no_public):
                        seen.add(grant.party.shown)
                        yield share

    def _share(
        self, uid: str, grant: Grant, via: str, evidence: Evidence, owner: str, *, no_public: bool
    ) -> Iterator[Placement]:
        if grant.party.kind == "everyone" and no_public:
            return
        ours = self.own.has(grant.party)
        if ours is None:
            self.undecided[owner] += 1
        elif not ours:
            yield Placement(uid, Role.SHARE, None, via, evidence, target=grant.party.shown)

    def _prevented(self, chain: Iterable[str]) -> bool:
        """Whether the nearest organization policy prevents public access."""
        return next((self.prevented[step] for step in chain if step in self.prevented), False)


def _service(type_: str) -> str:
    return type_.partition("/")[0].removesuffix(".googleapis.com")
