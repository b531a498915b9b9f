"""Direct Connect: lines into a data centre that the customer or a partner chose, and the regions that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

LINES = operation("directconnect:DescribeConnections", lists="connections")
INTERFACES = operation("directconnect:DescribeVirtualInterfaces", lists="virtualInterfaces")
GATEWAYS = operation("directconnect:DescribeDirectConnectGatewayAssociations", lists="directConnectGatewayAssociations")
_GONE = frozenset({"deleting", "deleted", "rejected"})


@collector(
    service="directconnect",
    actions=(LINES, INTERFACES, GATEWAYS),
    scope="regional",
    kinds=("direct-connect",),
    roles=(Role.PRIMARY, Role.PROCESSING),
)
def collect(calls: Calls) -> None:
    """The lines; the interfaces, which may be on a partner's line; and what the gateway of an interface leads to."""
    for index, line in calls.items(LINES, maxResults=100):
        calls.add(read_line(calls.place, line, index))
    calls.each_of(INTERFACES, _interface, maxResults=100)


def _interface(calls: Calls, interface: Answer, index: int) -> None:
    calls.add(read_interface(calls.place, interface, index))
    gateway = interface.get("directConnectGatewayId")
    if gateway and interface.get("virtualInterfaceState") not in _GONE:
        led = calls.whole(GATEWAYS, "directConnectGatewayAssociations", directConnectGatewayId=gateway, maxResults=100)
        calls.add(read_gateway(calls.place, interface, led or ()))


def read_line(place: Place, line: Answer, index: int) -> Iterator[Found]:
    """A line: it enters AWS at a location that has a code but, in no answer, a country."""
    if line.get("connectionState") in _GONE:
        return
    uid, path = place.arn("directconnect", f"dxcon/{line['connectionId']}"), f"connections[{index}]"
    name, tags = line.get("connectionName") or line["connectionId"], tags_in(line, "tags")
    stores = StoresData.TRANSIT
    yield resource(place, uid, "AWS::DirectConnect::Connection", "direct-connect", name, tags=tags, stores=stores)
    yield primary(place, uid, LINES.call, f"{path}.connectionId", line["connectionId"])
    location = line.get("location")
    if location:
        evidence = Evidence(LINES.call, f"{path}.location", location)
        yield Placement(uid, Role.PROCESSING, None, "direct-connect", evidence, target=location)


def read_interface(place: Place, interface: Answer, index: int) -> Iterator[Found]:
    """An interface on a line, through which data passes."""
    if interface.get("virtualInterfaceState") in _GONE:
        return
    uid, name = _arn(place, interface), interface.get("virtualInterfaceName") or interface["virtualInterfaceId"]
    type_, stores = "AWS::DirectConnect::VirtualInterface", StoresData.TRANSIT
    yield resource(place, uid, type_, "direct-connect", name, tags=tags_in(interface, "tags"), stores=stores)
    field = f"virtualInterfaces[{index}].virtualInterfaceId"
    yield primary(place, uid, INTERFACES.call, field, interface["virtualInterfaceId"])


def read_gateway(place: Place, interface: Answer, associations: Iterable[Answer]) -> Iterator[Found]:
    """The networks of other regions that the gateway of an interface joins."""
    for index, told in enumerate(associations):
        gateway = told.get("associatedGateway", {})
        region = gateway.get("region")
        if region and region != place.region and told.get("associationState") != "disassociated":
            field = f"directConnectGatewayAssociations[{index}].associatedGateway.region"
            evidence, target = Evidence(GATEWAYS.call, field, region), gateway.get("id")
            uid = _arn(place, interface)
            yield Placement(uid, Role.PROCESSING, region, "direct-connect-gateway", evidence, target=target)


def _arn(place: Place, interface: Answer) -> str:
    return place.arn("directconnect", f"dxvif/{interface['virtualInterfaceId']}")
