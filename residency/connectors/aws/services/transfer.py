"""Transfer Family: servers that take files in, connectors that send them to others, and their logs."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

SERVERS = operation("transfer:ListServers", lists="Servers")
SERVER = operation("transfer:DescribeServer", lists="Server")
CONNECTORS = operation("transfer:ListConnectors", lists="Connectors")
CONNECTOR = operation("transfer:DescribeConnector", lists="Connector")


@collector(
    service="transfer",
    actions=(SERVERS, SERVER, CONNECTORS, CONNECTOR),
    scope="regional",
    kinds=("transfer-server", "transfer-connector"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG),
)
def collect(calls: Calls) -> None:
    """Servers and connectors side by side."""
    calls.each(_connectors)
    for _, server in calls.items(SERVERS, MaxResults=1000):
        calls.each(_server, server["ServerId"])


def _connectors(calls: Calls) -> None:
    for _, connector in calls.items(CONNECTORS, MaxResults=1000):
        calls.each(_connector, connector["ConnectorId"])


def _server(calls: Calls, name: str) -> None:
    answer = calls.one(SERVER, ServerId=name)
    if answer is not None:
        calls.add(read_server(calls.place, answer))


def _connector(calls: Calls, name: str) -> None:
    answer = calls.one(CONNECTOR, ConnectorId=name)
    if answer is not None:
        calls.add(read_connector(calls.place, answer))


def read_server(place: Place, answer: Answer) -> Iterator[Found]:
    """A server, its log groups, and whoever outside of AWS is asked whether a user may enter."""
    server = answer["Server"]
    uid, name = server["Arn"], server["ServerId"]
    tags = tags_of(server.get("Tags") or ())
    yield from kept(
        place, uid, "AWS::Transfer::Server", "transfer-server", name, SERVER.call, "Server.Arn", uid, tags=tags,
        stores=StoresData.TRANSIT,
    )  # fmt: skip
    for index, group in enumerate(server.get("StructuredLogDestinations") or ()):
        evidence = Evidence(SERVER.call, f"Server.StructuredLogDestinations[{index}]", group)
        target = group.removesuffix(":*")
        yield Placement(uid, Role.LOG, region_of(group), "transfer-log", evidence, target=target)
    url = (server.get("IdentityProviderDetails") or {}).get("Url")
    if url:
        evidence = Evidence(SERVER.call, "Server.IdentityProviderDetails.Url", url)
        yield Placement(uid, Role.PROCESSING, None, "transfer-identity", evidence, target=url)


def read_connector(place: Place, answer: Answer) -> Iterator[Found]:
    """A connector and the address it sends files to, which is in a place that nobody here knows."""
    connector = answer["Connector"]
    uid, name, url = connector["Arn"], connector.get("ConnectorId"), connector.get("Url")
    tags = tags_of(connector.get("Tags") or ())
    yield from kept(
        place, uid, "AWS::Transfer::Connector", "transfer-connector", name, CONNECTOR.call, "Connector.Arn", uid,
        tags=tags, stores=StoresData.TRANSIT,
    )  # fmt: skip
    if url:
        evidence = Evidence(CONNECTOR.call, "Connector.Url", url)
        yield Placement(uid, Role.REPLICA, None, "transfer-connector", evidence, target=url)
