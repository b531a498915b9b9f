"""Managed Prometheus: workspaces of metrics, and their keys."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

WORKSPACES = operation("amp:ListWorkspaces", permission="aps:ListWorkspaces", lists="workspaces")


@collector(
    service="amp",
    actions=(WORKSPACES,),
    scope="regional",
    kinds=("monitoring-workspace",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of workspaces, which tells all there is."""
    for index, workspace in calls.items(WORKSPACES, maxResults=1000):
        calls.add(read_workspace(calls.place, workspace, index))


def read_workspace(place: Place, workspace: Answer, index: int) -> Iterator[Found]:
    """A workspace of metrics."""
    uid, path, call = workspace["arn"], f"workspaces[{index}]", WORKSPACES.call
    custody, keys = encrypted(
        place, uid, workspace.get("kmsKeyArn"), call, f"{path}.kmsKeyArn", KeyCustody.PROVIDER_MANAGED
    )
    name, tags = workspace.get("alias") or workspace["workspaceId"], tags_in(workspace, "tags")
    yield resource(place, uid, "AWS::APS::Workspace", "monitoring-workspace", name, tags=tags, custody=custody)
    yield primary(place, uid, call, f"{path}.arn", uid)
    yield from keys
