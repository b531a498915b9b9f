"""Neptune Analytics: graphs, their keys, and the buckets they were exported to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_named_bucket, kept
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

GRAPHS = operation("neptune-graph:ListGraphs", lists="graphs")
EXPORTS = operation("neptune-graph:ListExportTasks", lists="tasks")
TAGS = operation("neptune-graph:ListTagsForResource", lists="tags")
_FAILED = frozenset({"FAILED", "CANCELLING", "CANCELLED", "DELETED"})


@collector(
    service="neptune-graph",
    actions=(GRAPHS, EXPORTS, TAGS),
    scope="regional",
    kinds=("graph-db",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The graphs; when there are any, what was exported of them."""
    graphs: dict[str, str] = {}
    for index, graph in calls.items(GRAPHS, maxResults=100):
        graphs[graph["id"]] = graph["arn"]
        calls.each(_read, graph, index)
    if graphs:
        for index, task in calls.items(EXPORTS, maxResults=100):
            calls.add(read_export(calls.place, task, index, graphs))


def _read(calls: Calls, graph: Answer, index: int) -> None:
    tags = calls.one(TAGS, resourceArn=graph["arn"])
    calls.add(read_graph(calls.place, graph, index, None if tags is None else tags["tags"]))


def read_graph(place: Place, graph: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A graph and its key, which is told as `AWS_OWNED_KEY` when it is one of AWS's own."""
    uid, path, key = graph["arn"], f"graphs[{index}]", graph.get("kmsKeyIdentifier")
    yield from kept(
        place, uid, "AWS::NeptuneGraph::Graph", "graph-db", graph["name"], GRAPHS.call, f"{path}.arn", uid, tags=tags,
        key=None if key == "AWS_OWNED_KEY" else key, key_field=f"{path}.kmsKeyIdentifier",
        otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_export(place: Place, task: Answer, index: int, graphs: Mapping[str, str]) -> Iterator[Found]:
    """The bucket that a graph was written to. `graphs` are the ARNs of the graphs by id."""
    uid, told = graphs.get(task["graphId"]), task.get("destination") or ""
    if uid and told.startswith("s3://") and task.get("status") not in _FAILED:
        evidence = Evidence(EXPORTS.call, f"tasks[{index}].destination", told)
        yield in_named_bucket(place, uid, Role.REPLICA, "neptune-export", told, evidence)
