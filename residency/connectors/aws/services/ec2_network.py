"""The network side of EC2: ways into other regions, endpoints of services elsewhere, and where flow logs go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from residency.connectors.aws.caller import Operation
from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import primary, resource, tags_of, towards
from residency.connectors.aws.shares import foreign, share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

PEERINGS = operation("ec2:DescribeVpcPeeringConnections", lists="VpcPeeringConnections")
GATEWAYS = operation("ec2:DescribeTransitGatewayPeeringAttachments", lists="TransitGatewayPeeringAttachments")
ENDPOINTS = operation("ec2:DescribeVpcEndpoints", lists="VpcEndpoints")
FLOW_LOGS = operation("ec2:DescribeFlowLogs", lists="FlowLogs")
OFFERED = operation("ec2:DescribeVpcEndpointServiceConfigurations", lists="ServiceConfigurations")
GUESTS = operation("ec2:DescribeVpcEndpointServicePermissions", lists="AllowedPrincipals")
TUNNELS = operation("ec2:DescribeVpnConnections", lists="VpnConnections")
DEVICES = operation("ec2:DescribeCustomerGateways", lists="CustomerGateways")
NETWORK = (PEERINGS, GATEWAYS, ENDPOINTS, FLOW_LOGS, OFFERED, GUESTS, TUNNELS, DEVICES)
NETWORK_KINDS = ("peering", "transit-gateway", "private-endpoint", "log-sink", "vpn")
# Through none of these anything passes, and nothing will without somebody's doing.
_CLOSED = frozenset({"deleted", "deleting", "rejected", "rejecting", "expired", "failed", "failing"})


def collect_network(calls: Calls) -> None:
    """Six lists side by side."""
    calls.each(_list, PEERINGS, read_peerings)
    calls.each(_list, GATEWAYS, read_gateways)
    calls.each(_list, ENDPOINTS, read_endpoints)
    calls.each(_list, FLOW_LOGS, read_flow_logs)
    calls.each_of(OFFERED, _offered, MaxResults=1000)
    calls.each(_tunnels)


def _list(calls: Calls, operation_: Operation, read: Callable[[Place, Answer, int], Iterable[Found]]) -> None:
    for index, entry in calls.items(operation_, MaxResults=1000):
        calls.add(read(calls.place, entry, index))


def _offered(calls: Calls, offered: Answer, index: int) -> None:
    calls.add(read_offered(calls.place, offered, index))
    for at, guest in calls.items(GUESTS, ServiceId=offered["ServiceId"], MaxResults=1000):
        calls.add(read_guest(calls.place, offered, guest, at))


def _tunnels(calls: Calls) -> None:
    """Tunnels and, where there is one, the devices at their other ends. Both lists come whole."""
    answer = calls.one(TUNNELS)
    tunnels = () if answer is None else answer["VpnConnections"]
    devices = calls.one(DEVICES) if tunnels else None
    for index, tunnel in enumerate(tunnels):
        calls.add(read_tunnels(calls.place, tunnel, index, () if devices is None else devices["CustomerGateways"]))


def read_peerings(place: Place, peering: Answer, index: int) -> Iterator[Found]:
    """A peering of two networks: what passes through it is processed on both sides."""
    if peering.get("Status", {}).get("Code") in _CLOSED:
        return
    name, path = peering["VpcPeeringConnectionId"], f"VpcPeeringConnections[{index}]"
    uid = place.arn("ec2", f"vpc-peering-connection/{name}")
    yield from _way(place, uid, "AWS::EC2::VPCPeeringConnection", "peering", peering, PEERINGS, path, name)
    for side in ("RequesterVpcInfo", "AccepterVpcInfo"):
        told = peering.get(side, {})
        yield from _other_side(place, uid, told, "VpcId", "vpc", "vpc-peering", PEERINGS, f"{path}.{side}")


def read_gateways(place: Place, attachment: Answer, index: int) -> Iterator[Found]:
    """A peering of two transit gateways, mostly of two regions."""
    if attachment.get("State") in _CLOSED:
        return
    name, path = attachment["TransitGatewayAttachmentId"], f"TransitGatewayPeeringAttachments[{index}]"
    uid = place.arn("ec2", f"transit-gateway-attachment/{name}")
    type_ = "AWS::EC2::TransitGatewayPeeringAttachment"
    yield from _way(place, uid, type_, "transit-gateway", attachment, GATEWAYS, path, name)
    for side in ("RequesterTgwInfo", "AccepterTgwInfo"):
        told, via = attachment.get(side, {}), "transit-gateway-peering"
        yield from _other_side(place, uid, told, "TransitGatewayId", "transit-gateway", via, GATEWAYS, f"{path}.{side}")


def read_endpoints(place: Place, endpoint: Answer, index: int) -> Iterator[Found]:
    """A private way to a service, which may be one of another region."""
    if str(endpoint.get("State", "")).lower() in _CLOSED:
        return
    name, path = endpoint["VpcEndpointId"], f"VpcEndpoints[{index}]"
    uid = place.arn("ec2", f"vpc-endpoint/{name}")
    yield from _way(place, uid, "AWS::EC2::VPCEndpoint", "private-endpoint", endpoint, ENDPOINTS, path, name)
    region = endpoint.get("ServiceRegion")
    if region and region != place.region:
        evidence = Evidence(ENDPOINTS.call, f"{path}.ServiceRegion", region)
        target = endpoint.get("ServiceName")
        yield Placement(uid, Role.PROCESSING, region, "vpc-endpoint", evidence, target=target)


def read_flow_logs(place: Place, flow: Answer, index: int) -> Iterator[Found]:
    """A flow log, and the log group, bucket or delivery stream that it writes to."""
    name, path = flow["FlowLogId"], f"FlowLogs[{index}]"
    uid = place.arn("ec2", f"vpc-flow-log/{name}")
    yield from _way(place, uid, "AWS::EC2::FlowLog", "log-sink", flow, FLOW_LOGS, path, name)
    arn, group = flow.get("LogDestination"), flow.get("LogGroupName")
    if arn:
        yield towards(place, uid, Role.LOG, arn, "vpc-flow-logs", FLOW_LOGS.call, f"{path}.LogDestination")
    elif group:
        evidence = Evidence(FLOW_LOGS.call, f"{path}.LogGroupName", group)
        target = place.arn("logs", f"log-group:{group}")
        yield Placement(uid, Role.LOG, place.region, "vpc-flow-logs", evidence, target=target)


def read_offered(place: Place, offered: Answer, index: int) -> Iterator[Found]:
    """A service that the account offers to others over private endpoints, and the other regions it is offered in."""
    if str(offered.get("ServiceState", "")).lower() in _CLOSED:
        return
    name, path = offered["ServiceId"], f"ServiceConfigurations[{index}]"
    uid = place.arn("ec2", f"vpc-endpoint-service/{name}")
    yield from _way(place, uid, "AWS::EC2::VPCEndpointService", "private-endpoint", offered, OFFERED, path, name)
    for at, told in enumerate(offered.get("SupportedRegions", ())):
        region = told.get("Region")
        if region and region != place.region and str(told.get("ServiceState", "")).lower() not in _CLOSED:
            evidence = Evidence(OFFERED.call, f"{path}.SupportedRegions[{at}].Region", region)
            yield Placement(uid, Role.PROCESSING, region, "vpc-endpoint-service", evidence)


def read_guest(place: Place, offered: Answer, guest: Answer, index: int) -> Iterator[Found]:
    """Somebody outside of the account who may reach a service that it offers; everybody is `*`."""
    told = guest.get("Principal") or ""
    if told and foreign(told, place):
        uid = place.arn("ec2", f"vpc-endpoint-service/{offered['ServiceId']}")
        evidence = Evidence(GUESTS.call, f"AllowedPrincipals[{index}].Principal", told)
        yield share(uid, "vpc-endpoint-service", evidence, told)


def read_tunnels(place: Place, tunnel: Answer, index: int, devices: Iterable[Answer]) -> Iterator[Found]:
    """A tunnel to a network outside of AWS: where that ends, no answer tells; only its address is known."""
    if tunnel.get("State") in _CLOSED:
        return
    name, path = tunnel["VpnConnectionId"], f"VpnConnections[{index}]"
    uid = place.arn("ec2", f"vpn-connection/{name}")
    yield from _way(place, uid, "AWS::EC2::VPNConnection", "vpn", tunnel, TUNNELS, path, name)
    end = tunnel.get("CustomerGatewayId")
    if not end:
        return
    evidence, target = Evidence(TUNNELS.call, f"{path}.CustomerGatewayId", end), end
    for at, device in enumerate(devices):
        if device["CustomerGatewayId"] == end and device.get("IpAddress"):
            target = device["IpAddress"]
            evidence = Evidence(DEVICES.call, f"CustomerGateways[{at}].IpAddress", target)
    yield Placement(uid, Role.PROCESSING, None, "vpn", evidence, target=target)


def _way(
    place: Place, uid: str, type_: str, kind: str, told: Answer, operation_: Operation, path: str, name: str
) -> Iterator[Found]:
    """Something through which data passes, and the region that answered."""
    tags = tags_of(told.get("Tags", ()))
    called = (tags or {}).get("Name") or name
    yield resource(place, uid, type_, kind, called, tags=tags, stores=StoresData.TRANSIT)
    field = next(member for member, value in told.items() if value == name)
    yield primary(place, uid, operation_.call, f"{path}.{field}", name)


def _other_side(
    place: Place, uid: str, told: Answer, member: str, noun: str, via: str, operation_: Operation, path: str
) -> Iterator[Found]:
    """One side of a peering, when it is not the one that answered. A region that is not told stays unknown."""
    region, name = told.get("Region"), told.get(member)
    if region == place.region or name is None:
        return
    owner = told.get("OwnerId", place.account)
    target = None if region is None else f"arn:{place.partition}:ec2:{region}:{owner}:{noun}/{name}"
    evidence = Evidence(operation_.call, f"{path}.Region", region)
    yield Placement(uid, Role.PROCESSING, region, via, evidence, target=target)
