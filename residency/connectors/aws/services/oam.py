"""CloudWatch across accounts: links that let another account see logs, metrics and traces of this one."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

LINKS = operation("oam:ListLinks", lists="Items")
TAGS = operation("oam:ListTagsForResource", lists="Tags")


@collector(
    service="oam",
    actions=(LINKS, TAGS),
    scope="regional",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of links, then the tags of each."""
    calls.each_of(LINKS, _read, MaxResults=5)


def _read(calls: Calls, link: Answer, index: int) -> None:
    calls.add(read_link(calls.place, link, index, calls.tags(TAGS, ResourceArn=link["Arn"])))


def read_link(place: Place, link: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A link: what is observed stays where it is, and the account of the sink can see it."""
    uid, path, stores = link["Arn"], f"Items[{index}]", StoresData.TRANSIT
    yield resource(place, uid, "AWS::Oam::Link", "log-sink", link.get("Label"), tags=tags, stores=stores)
    yield primary(place, uid, LINKS.call, f"{path}.Arn", uid)
    sink = link["SinkArn"]
    yield share(uid, "observability-link", Evidence(LINKS.call, f"{path}.SinkArn", sink), sink)
