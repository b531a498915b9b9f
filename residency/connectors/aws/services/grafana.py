"""Managed Grafana: workspaces, and the key of what they remember."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

WORKSPACES = operation("grafana:ListWorkspaces", lists="workspaces")
WORKSPACE = operation("grafana:DescribeWorkspace", lists="workspace")


@collector(
    service="grafana",
    actions=(WORKSPACES, WORKSPACE),
    scope="regional",
    kinds=("monitoring-workspace",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of workspaces, then each."""
    for _, workspace in calls.items(WORKSPACES, maxResults=100):
        calls.each(_read, workspace["id"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(WORKSPACE, workspaceId=name)
    if answer is not None:
        calls.add(read_workspace(calls.place, answer))


def read_workspace(place: Place, answer: Answer) -> Iterator[Found]:
    """A workspace: dashboards, and who uses them."""
    workspace, call = answer["workspace"], WORKSPACE.call
    uid = place.arn("grafana", f"/workspaces/{workspace['id']}")
    key = workspace.get("kmsKeyId")
    custody, keys = encrypted(place, uid, key, call, "workspace.kmsKeyId", KeyCustody.PROVIDER_MANAGED)
    name, tags = workspace.get("name") or workspace["id"], tags_in(workspace, "tags")
    yield resource(place, uid, "AWS::Grafana::Workspace", "monitoring-workspace", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "workspace.id", workspace["id"])
    yield from keys
