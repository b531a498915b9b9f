"""The projects of a run, as Resource Manager tells of them, and what they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from residency.connectors.gcp.calls import FOLDERS, ORGANIZATIONS, PROJECTS
from residency.connectors.gcp.errors import CallFailed
from residency.connectors.gcp.universe import offer_of_project
from residency.connectors.gcp.wire import Google
from residency.connectors.interface import OUT_OF_TIME, Scope
from residency.errors import Problem, UserError
from residency.model import Account, Coverage, Status


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


def gap(account: str, status: Status, detail: str, service: str = "*") -> Coverage:
    """A coverage row about a service of a project or organization."""
    return Coverage("gcp", account, "*", service, status, detail)


def find_containers(google: Google, gaps: list[Coverage]) -> tuple[dict[str, str], dict[str, str]]:
    """Titles of organizations and folders, and what each folder lies in. A refusal here costs names, and is told."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    for call in (ORGANIZATIONS, FOLDERS):
        try:
            for entry in google.search(call):
                names[entry["name"]] = entry.get("displayName") or entry["name"]
                parents[entry["name"]] = entry.get("parent", "")
        except CallFailed as failure:
            _end_when_unreachable(failure)
            gaps.append(gap("*", failure.status, str(failure), "cloudresourcemanager"))
    return names, parents


def find_projects(
    google: Google, parents: Mapping[str, str], scope: Scope, gaps: list[Coverage]
) -> list[Project]:  # fmt: skip
    """The projects that are asked for. One that cannot be seen is a gap, and so is seeing none at all."""
    found: dict[str, Project] = {}
    try:
        for entry in google.search(PROJECTS):
            if entry.get("state") != "DELETE_REQUESTED":
                number = entry["name"].partition("/")[2]
                above = tuple(_above(entry.get("parent", ""), parents))
                title, labels = entry.get("displayName"), entry.get("labels", {})
                found[number] = Project(number, entry.get("projectId") or number, title, above, labels)
    except CallFailed as failure:
        _end_when_unreachable(failure)
        gaps.append(gap("*", failure.status, str(failure), "cloudresourcemanager"))
    else:
        if not found:
            detail = f"{PROJECTS.name} names no project: the credentials need {PROJECTS.permission} on one"
            gaps.append(gap("*", Status.DENIED, detail, "cloudresourcemanager"))
    chosen = [entry for entry in found.values() if not scope.accounts or {entry.id, entry.number} & {*scope.accounts}]
    seen = {name for entry in chosen for name in (entry.id, entry.number)}
    gaps += [
        gap(name, Status.DENIED, f"{PROJECTS.name} does not name this project")
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


def _end_when_unreachable(failure: CallFailed) -> None:
    if failure.status is Status.UNREACHABLE and failure.reason != OUT_OF_TIME:
        remedy = "Check the network, the proxy and RESIDENCY_GCP_ENDPOINT."
        raise UserError(Problem(f"Google Cloud cannot be reached: {failure}.", remedy=remedy))
