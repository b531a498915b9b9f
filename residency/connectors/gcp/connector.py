"""The live source `gcp`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

from residency.connectors.answers import Answers
from residency.connectors.deadline import Deadline
from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.calls import ASSETS, POLICIES, Patience, endpoint, transport
from residency.connectors.gcp.crawl import Crawl
from residency.connectors.gcp.projects import Project, find_containers, find_projects, gap
from residency.connectors.gcp.read import read
from residency.connectors.gcp.tally import Asked
from residency.connectors.gcp.universe import offer_of_universe
from residency.connectors.gcp.wire import Google
from residency.connectors.interface import Progress, Scope
from residency.connectors.within import within
from residency.model import Account, Coverage, Row, Status

_NO_ASSETS = "google-cloud-asset is not installed, so only the project is known: pip install 'residency[gcp]'"


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
        deadline = Deadline(scope.deadline)
        with Answers(scope.keep) as answers:
            google = Google(self._patience, self.endpoint(), transport(self._environment), answers, deadline)
            yield from _rows(google, scope, progress)


def _rows(google: Google, scope: Scope, progress: Progress) -> Iterator[Row]:
    offer = offer_of_universe(google.universe)
    gaps: list[Coverage] = []
    names, parents = find_containers(google, gaps)
    projects = find_projects(google, parents, scope, gaps)
    accounts = {project.id: project.account(names, offer) for project in projects}
    if importlib.util.find_spec("google.cloud.asset_v1") is None:
        gaps += [gap(project.id, Status.UNSUPPORTED, _NO_ASSETS) for project in projects]
    else:
        for row in within(_read(google, projects, names, offer, scope, progress), scope.regions):
            if isinstance(row, Account) and (known := accounts.pop(row.id, None)) is not None:
                yield replace(known, settings=row.settings)
            else:
                yield row
    yield from accounts.values()
    yield from gaps


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
    asked = Asked(tuple(project.id for project in projects))
    gaps: list[Coverage] = []

    def assets() -> Iterator[Asset]:
        crawl = Crawl(google, scope.jobs, progress)
        yield from crawl.assets([(call, parent) for parent in sorted(roots) for call in (ASSETS, POLICIES)])
        again = []
        for (call, parent), failure in sorted(crawl.failures.items(), key=str):
            gaps.append(gap(parent, failure.status, str(failure), "cloudasset" if call is ASSETS else "iam"))
            if failure.status is Status.DENIED:
                again += [(call, project) for project in roots[parent]]
                continue
            cut = {project.id for project in roots[parent]}
            cut |= {owner.removeprefix("projects/") for owner in crawl.owners[parent]}
            asked.failed(call, dict.fromkeys(cut, (failure.status, str(failure))))
        again += [(call, project) for project in single for call in (ASSETS, POLICIES)]
        by_parent = {(call, f"projects/{project.number}"): project for call, project in again}
        crawl = Crawl(google, scope.jobs, progress)
        yield from crawl.assets(sorted(by_parent, key=str))
        for (call, parent), failure in crawl.failures.items():
            asked.failed(call, {by_parent[call, parent].id: (failure.status, str(failure))})

    yield from read(
        assets(), offer=offer, ids={project.number: project.id for project in projects}, names=names, asked=asked,
    )  # fmt: skip
    yield from gaps
