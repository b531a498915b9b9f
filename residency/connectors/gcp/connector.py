"""The live source `gcp`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.calls import FOLDERS, ORGANIZATIONS, PROJECTS, Google, Patience, endpoint
from residency.connectors.gcp.crawl import Crawl
from residency.connectors.gcp.errors import CallFailed
from residency.connectors.gcp.read import read
from residency.connectors.gcp.universe import offer_of_project, offer_of_universe
from residency.connectors.interface import Progress, Scope
from residency.connectors.within import within
from residency.errors import Problem, UserError
from residency.model import Account, Coverage, Row, Status

_NO_ASSETS = "google-cloud-asset is not installed, so only the project is known: pip install 'residency[gcp]'"


@dataclass(frozen=True, slots=True)
class Project:
    """A project as the hierarchy tells of it. `above` runs from what it lies in up to the root."""

    number: str
    id: str
    title: str | None
    above: tuple[str, ...]
    labels: Mapping[str, str]

    def account(self, names: Mapping[str, str], offer: str | None) -> Account:
        """The project as an account. `names` are the titles of what it lies in."""
        path = tuple(names.get(step, step) for step in reversed(self.above))
        return Account("gcp", offer_of_project(self.id, offer), self.id, self.title, path, self.labels)


class GcpConnector:
    """Reads every project that the credentials may see, through Cloud Asset Inventory.

    An organization is listed in one go; where that is refused, each of its projects is. The client libraries are
    imported when something is read. `environment` replaces the variables of the process where they name an emulator.
    """

    id = "gcp"

    def __init__(self, patience: Patience | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._patience = patience or Patience()
        self._environment = os.environ if environment is None else environment

    def endpoint(self) -> str | None:
        """The endpoint of an emulator that the environment names, or `None` when Google Cloud itself is read."""
        return endpoint(self._environment)

    def collect(self, scope: Scope, progress: Progress) -> Iterator[Row]:
        """Yield the projects, what is in them, where that is, and what could not be read."""
        google = Google(self._patience, self.endpoint())
        offer = offer_of_universe(google.universe)
        gaps: list[Coverage] = []
        names, parents = _containers(google, gaps)
        projects = _projects(google, parents, scope, gaps)
        accounts = {project.id: project.account(names, offer) for project in projects}
        if importlib.util.find_spec("google.cloud.asset_v1") is None:
            gaps += [_gap(project.id, Status.UNSUPPORTED, _NO_ASSETS) for project in projects]
        else:
            for row in within(_read(google, projects, names, offer, scope, progress), scope.regions):
                if isinstance(row, Account) and (known := accounts.pop(row.id, None)) is not None:
                    yield replace(known, settings=row.settings)
                else:
                    yield row
        yield from accounts.values()
        yield from gaps


def _gap(account: str, status: Status, detail: str, service: str = "*") -> Coverage:
    return Coverage("gcp", account, "*", service, status, detail)


def _containers(google: Google, gaps: list[Coverage]) -> tuple[dict[str, str], dict[str, str]]:
    """Titles of organizations and folders, and what each folder lies in. A refusal here costs names, and is told."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    for call in (ORGANIZATIONS, FOLDERS):
        try:
            for entry in google.search(call):
                names[entry.name] = entry.display_name or entry.name
                parents[entry.name] = getattr(entry, "parent", "")
        except CallFailed as failure:
            if failure.status is Status.UNREACHABLE:
                raise _unreachable(failure) from None
            gaps.append(_gap("*", failure.status, str(failure), "cloudresourcemanager"))
    return names, parents


def _projects(
    google: Google, parents: Mapping[str, str], scope: Scope, gaps: list[Coverage]
) -> list[Project]:  # fmt: skip
    """The projects that are asked for. One that cannot be seen is a gap, and so is seeing none at all."""
    found: dict[str, Project] = {}
    try:
        for entry in google.search(PROJECTS):
            if entry.state.name not in ("DELETE_REQUESTED",):
                number = entry.name.partition("/")[2]
                above = tuple(_above(entry.parent, parents))
                title, labels = entry.display_name or None, dict(entry.labels)
                found[number] = Project(number, entry.project_id or number, title, above, labels)
    except CallFailed as failure:
        if failure.status is Status.UNREACHABLE:
            raise _unreachable(failure) from None
        gaps.append(_gap("*", failure.status, str(failure), "cloudresourcemanager"))
    else:
        if not found:
            detail = f"{PROJECTS.name} names no project: the credentials need {PROJECTS.permission} on one"
            gaps.append(_gap("*", Status.DENIED, detail, "cloudresourcemanager"))
    chosen = [entry for entry in found.values() if not scope.accounts or {entry.id, entry.number} & {*scope.accounts}]
    seen = {name for entry in chosen for name in (entry.id, entry.number)}
    gaps += [
        _gap(name, Status.DENIED, f"{PROJECTS.name} does not name this project")
        for name in scope.accounts
        if name not in seen
    ]
    return sorted(chosen, key=lambda entry: entry.id)


def _above(parent: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while parent and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parents.get(parent, "")


def _unreachable(failure: CallFailed) -> UserError:
    return UserError(
        Problem(
            f"Google Cloud cannot be reached: {failure}.",
            remedy="Check the network, the proxy and RESIDENCY_GCP_ENDPOINT.",
        )
    )


def _read(
    google: Google, projects: list[Project], names: Mapping[str, str], offer: str | None, scope: Scope,
    progress: Progress,
) -> Iterator[Row]:  # fmt: skip
    """List the organizations, then the projects that no organization gave, and read it all together."""
    roots: dict[str, list[Project]] = {}
    single: list[Project] = []
    for project in projects:
        root = project.above[-1] if project.above else ""
        if scope.accounts or not root.startswith("organizations/"):
            single.append(project)
        else:
            roots.setdefault(root, []).append(project)
    failures: dict[str, tuple[Status, str]] = {}
    gaps: list[Coverage] = []

    def assets() -> Iterator[Asset]:
        crawl = Crawl(google, scope.jobs, progress)
        yield from crawl.assets(sorted(roots))
        for parent, failure in sorted(crawl.failures.items()):
            gaps.append(_gap(parent, failure.status, str(failure), "cloudasset"))
            if failure.status is Status.DENIED:
                single.extend(roots[parent])
                continue
            cut = {project.id for project in roots[parent]}
            cut |= {owner.removeprefix("projects/") for owner in crawl.owners[parent]}
            failures.update(dict.fromkeys(cut, (failure.status, str(failure))))
        by_parent = {f"projects/{project.number}": project for project in single}
        crawl = Crawl(google, scope.jobs, progress)
        yield from crawl.assets(sorted(by_parent))
        for parent, failure in crawl.failures.items():
            failures[by_parent[parent].id] = (failure.status, str(failure))

    yield from read(
        assets(), offer=offer, ids={project.number: project.id for project in projects}, names=names,
        asked=[project.id for project in projects], failures=failures,
    )  # fmt: skip
    yield from gaps
