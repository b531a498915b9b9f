"""EventBridge: buses, what their rules send on and where, web addresses that they lead to, archives, twin regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, towards
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

BUSES = operation("events:ListEventBuses", lists="EventBuses")
BUS = operation("events:DescribeEventBus", lists="Arn")
RULES = operation("events:ListRules", lists="Rules")
TARGETS = operation("events:ListTargetsByRule", lists="Targets")
ADDRESSES = operation("events:ListApiDestinations", lists="ApiDestinations")
ARCHIVES = operation("events:ListArchives", lists="Archives")
ARCHIVE = operation("events:DescribeArchive", lists="ArchiveArn")
TWINS = operation("events:ListEndpoints", lists="Endpoints")
TAGS = operation("events:ListTagsForResource", lists="Tags")


@collector(
    service="events",
    actions=(BUSES, BUS, RULES, TARGETS, ADDRESSES, ARCHIVES, ARCHIVE, TWINS, TAGS),
    scope="regional",
    kinds=("event-bus", "event-rule", "event-archive"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The buses, with what belongs to each; web addresses; twins, which only buses with a name of their own have."""
    named = []
    for index, bus in calls.items(BUSES, Limit=100):
        calls.each(_bus, bus, index)
        if bus["Name"] != "default":
            named.append(bus["Arn"])
    for index, address in calls.items(ADDRESSES, Limit=100):
        calls.add(read_address(calls.place, address, index))
    if named:
        for index, twin in calls.items(TWINS, MaxResults=100):
            calls.add(read_twin(calls.place, twin, index))


def _bus(calls: Calls, bus: Answer, index: int) -> None:
    rules = calls.whole(RULES, "Rules", EventBusName=bus["Name"], Limit=100) or ()
    own = [(at, rule) for at, rule in enumerate(rules) if not rule.get("ManagedBy")]
    # An archive is fed by a rule that AWS manages.
    archives = list(calls.items(ARCHIVES, EventSourceArn=bus["Arn"], Limit=100)) if rules else []
    # Every region has a bus `default`, which nobody created: it is told where somebody uses it.
    if bus["Name"] == "default" and not own and not archives and not bus.get("Policy"):
        return
    tags = calls.tags(TAGS, ResourceARN=bus["Arn"])
    calls.add(read_bus(calls.place, bus, index, calls.one(BUS, Name=bus["Name"]), tags))
    for at, rule in own:
        calls.each(_rule, rule, at)
    for at, archive in archives:
        calls.each(_archive, archive, at)


def _archive(calls: Calls, archive: Answer, index: int) -> None:
    calls.add(read_archive(calls.place, archive, index, calls.one(ARCHIVE, ArchiveName=archive["ArchiveName"])))


def _rule(calls: Calls, rule: Answer, index: int) -> None:
    name, bus = rule["Name"], rule.get("EventBusName", "default")
    targets = calls.whole(TARGETS, "Targets", Rule=name, EventBusName=bus, Limit=100)
    tags = calls.tags(TAGS, ResourceARN=rule["Arn"])
    calls.add(read_rule(calls.place, rule, index, targets or (), tags))


def read_bus(place: Place, bus: Answer, index: int, told: Answer | None, tags: Tags) -> Iterator[Found]:
    """A bus: events pass over it, to whoever a rule or its policy lets have them."""
    uid, path = bus["Arn"], f"EventBuses[{index}]"
    otherwise = None if told is None else KeyCustody.PROVIDER_MANAGED
    key = (told or {}).get("KmsKeyIdentifier")
    custody, keys = encrypted(place, uid, key, BUS.call, "KmsKeyIdentifier", otherwise)
    type_, stores = "AWS::Events::EventBus", StoresData.TRANSIT
    yield resource(place, uid, type_, "event-bus", bus["Name"], tags=tags, stores=stores, custody=custody)
    yield primary(place, uid, BUSES.call, f"{path}.Arn", uid)
    yield from keys
    yield from read_policy(place, uid, bus.get("Policy"), "event-bus-policy", BUSES.call, f"{path}.Policy")


def read_rule(place: Place, rule: Answer, index: int, targets: Iterable[Answer], tags: Tags) -> Iterator[Found]:
    """A rule, and what it hands events to: a bus of another region or account, a function, a queue, a web address."""
    uid = rule["Arn"]
    stores = StoresData.TRANSIT
    yield resource(place, uid, "AWS::Events::Rule", "event-rule", rule["Name"], tags=tags, stores=stores)
    yield primary(place, uid, RULES.call, f"Rules[{index}].Arn", uid)
    for at, target in enumerate(targets):
        yield event_target(place, uid, target["Arn"], "event-target", TARGETS.call, f"Targets[{at}].Arn")
        lost, field = target.get("DeadLetterConfig", {}).get("Arn"), f"Targets[{at}].DeadLetterConfig.Arn"
        if lost:
            yield towards(place, uid, Role.REPLICA, lost, "event-dead-letters", TARGETS.call, field)


def read_address(place: Place, address: Answer, index: int) -> Iterator[Found]:
    """A web address that events are sent to, wherever its host is. It has no tags."""
    uid, path = address["ApiDestinationArn"], f"ApiDestinations[{index}]"
    type_, stores = "AWS::Events::ApiDestination", StoresData.TRANSIT
    yield resource(place, uid, type_, "event-rule", address["Name"], tags={}, stores=stores)
    yield primary(place, uid, ADDRESSES.call, f"{path}.ApiDestinationArn", uid)
    url = address.get("InvocationEndpoint")
    if url:
        evidence = Evidence(ADDRESSES.call, f"{path}.InvocationEndpoint", url)
        yield Placement(uid, Role.REPLICA, None, "api-destination", evidence, target=url)


def read_archive(place: Place, archive: Answer, index: int, told: Answer | None) -> Iterator[Found]:
    """Events of a bus that are kept. An archive has no tags."""
    name = archive["ArchiveName"]
    uid = place.arn("events", f"archive/{name}")
    otherwise = None if told is None else KeyCustody.PROVIDER_MANAGED
    key = (told or {}).get("KmsKeyIdentifier")
    custody, keys = encrypted(place, uid, key, ARCHIVE.call, "KmsKeyIdentifier", otherwise)
    yield resource(place, uid, "AWS::Events::Archive", "event-archive", name, tags={}, custody=custody)
    yield primary(place, uid, ARCHIVES.call, f"Archives[{index}].ArchiveName", name)
    yield from keys


def read_twin(place: Place, twin: Answer, index: int) -> Iterator[Found]:
    """A global endpoint: what is sent to it goes to a bus here or, when this region fails, to its twin elsewhere. With
    replication on, each event goes to both."""
    arns = [(at, entry["EventBusArn"]) for at, entry in enumerate(twin.get("EventBuses", ()))]
    for _, bus in arns:
        for at, other in arns:
            if region_of(bus) == place.region and other != bus:
                evidence = Evidence(TWINS.call, f"Endpoints[{index}].EventBuses[{at}].EventBusArn", other)
                copy = Placement(bus, Role.REPLICA, region_of(other), "event-global-endpoint", evidence, target=other)
                yield CopyOf(copy)


def event_target(place: Place, uid: str, arn: str, via: str, call: str, field: str) -> Found:
    """Where events are handed to. An API destination only stands for a web address, whose place nothing tells."""
    if ":api-destination/" in arn:
        return Placement(uid, Role.REPLICA, None, via, Evidence(call, field, arn), target=arn)
    return towards(place, uid, Role.REPLICA, arn, via, call, field)
