"""Cloud WAN: one network over several regions, and which those are."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

NETWORKS = operation("networkmanager:ListCoreNetworks", lists="CoreNetworks")
NETWORK = operation("networkmanager:GetCoreNetwork", lists="CoreNetwork")


@collector(
    service="networkmanager",
    actions=(NETWORKS, NETWORK),
    scope="global",
    kinds=("transit-gateway",),
    roles=(Role.PRIMARY,),
)
def collect(calls: Calls) -> None:
    """The list of core networks, then each."""
    calls.each_of(NETWORKS, _read, MaxResults=100)


def _read(calls: Calls, network: Answer, index: int) -> None:
    answer = calls.one(NETWORK, CoreNetworkId=network["CoreNetworkId"])
    calls.add(read_network(calls.place, network, index, None if answer is None else answer["CoreNetwork"]))


def read_network(place: Place, network: Answer, index: int, told: Answer | None) -> Iterator[Found]:
    """A network that is in each region where it has an edge; in none that is known while it has no edge."""
    uid, stores = network["CoreNetworkArn"], StoresData.TRANSIT
    type_, name = "AWS::NetworkManager::CoreNetwork", network.get("Description") or network["CoreNetworkId"]
    yield resource(place, uid, type_, "transit-gateway", name, tags=tags_in(network, "Tags"), stores=stores)
    edges = (told or {}).get("Edges") or ()
    if told is not None and not edges:
        yield primary(place, uid, NETWORKS.call, f"CoreNetworks[{index}].CoreNetworkArn", uid)
    for at, edge in enumerate(edges):
        region = edge["EdgeLocation"]
        evidence = Evidence(NETWORK.call, f"CoreNetwork.Edges[{at}].EdgeLocation", region)
        yield Placement(uid, Role.PRIMARY, region, "cloud-wan-edge", evidence)
