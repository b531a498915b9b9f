"""Event Hubs, Service Bus, Event Grid, Redis: where messages and cached data are and are copied to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyUse,
    each,
    encrypted,
    key_of,
    paired,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role, StoresData

_REGIONS = "properties.geoDataReplication.locations"
_KEYS = "properties.encryption.keyVaultProperties"
_NAMESPACE = (
    LOCATION,
    Tells(f"{_REGIONS}[].locationName", Role.REPLICA, "model"),
    Tells(f"{_KEYS}[].keyVaultUri", Role.KEY, "model"),
)


def _namespace(item: Item) -> Iterator[Found]:
    """A namespace. Geo-replication copies messages; a pairing for disaster recovery is a part of its own."""
    uses = []
    for path, entry in each(item, _KEYS):
        vault, name = entry.get("keyVaultUri"), entry.get("keyName")
        if isinstance(vault, str):
            key = f"{vault.rstrip('/')}/keys/{name}" if isinstance(name, str) else vault
            uses.append(KeyUse(item.uid, key, item.evidence(f"{path}.keyVaultUri", vault)))
    yield from encrypted(item, uses)
    for path, entry in each(item, _REGIONS):
        if place(entry.get("locationName")) != item.location:
            yield placed(item, Role.REPLICA, "geo-replication", f"{path}.locationName", entry.get("locationName"))


reads("Microsoft.EventHub/namespaces", "stream", *_NAMESPACE)(_namespace)
reads("Microsoft.ServiceBus/namespaces", "queue", *_NAMESPACE)(_namespace)

_PARTNER = "properties.partnerNamespace"


def _pairing(item: Item) -> Iterator[Found]:
    """A pairing for disaster recovery. Only names and settings are copied, not messages (Event Hubs and Service Bus,
    geo-disaster recovery). Both ends list it: the first one has the copy."""
    target = item.text(_PARTNER)
    if target is None or (item.text("properties.role") or "primary").lower() == "secondary":
        return
    uid = uid_of(target) if target.startswith("/") else f"{item.parent.rpartition('/')[0]}/{target.lower()}"
    evidence = item.evidence(_PARTNER, target)
    yield At(Placement(item.parent, Role.CONTROL_PLANE, None, "geo-disaster-recovery", evidence, target=uid))


for _of in ("Microsoft.EventHub", "Microsoft.ServiceBus"):
    reads(f"{_of}/namespaces/disasterRecoveryConfigs", None, Tells(_PARTNER, Role.CONTROL_PLANE, "model"))(_pairing)

_CAPTURE = "properties.captureDescription.destination.properties.storageAccountResourceId"


@reads("Microsoft.EventHub/namespaces/eventhubs", None, Tells(_CAPTURE, Role.REPLICA, "model"))
def event_hub(item: Item) -> Iterator[Found]:
    """An event hub whose events are captured into a storage account."""
    if item.get("properties.captureDescription.enabled") is True and (target := item.text(_CAPTURE)) is not None:
        evidence = item.evidence(_CAPTURE, target)
        yield At(Placement(item.parent, Role.REPLICA, None, "event-capture", evidence, target=uid_of(target)))


_BOUNDARY = "properties.dataResidencyBoundary"


def _grid(item: Item) -> Iterator[Found]:
    """A topic or a domain of Event Grid. Within a pair of regions, its settings and, after a failover, its events are
    also in the paired one."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    boundary = item.text(_BOUNDARY) or ""
    if boundary.lower() == "withingeopair":
        yield paired(item, Role.REPLICA, "geo-pair", _BOUNDARY, boundary)


for _type in ("topics", "domains"):
    reads(f"Microsoft.EventGrid/{_type}", "topic", LOCATION, Tells(_BOUNDARY, Role.REPLICA, "model"))(_grid)


@reads(
    "Microsoft.EventGrid/systemTopics", "topic", LOCATION, Tells("properties.source", None, "model"),
)  # fmt: skip
def system_topic(item: Item) -> Iterator[Found]:
    """Events of another resource; of a subscription or a group, they are `global`."""
    yield told(item, location=where(item)[0])
    yield from primary(item)


_TO, _DEAD = "properties.destination", "properties.deadLetterDestination.properties.resourceId"


def _delivery(item: Item) -> Iterator[Found]:
    """Where events of a topic are sent: another resource, or an address outside Azure's telling, of which only the host
    is repeated."""
    if (target := item.text(f"{_TO}.properties.resourceId")) is not None:
        evidence = item.evidence(f"{_TO}.properties.resourceId", target)
        yield At(Placement(item.parent, Role.PROCESSING, None, "event-delivery", evidence, target=uid_of(target)))
    elif (url := item.text(f"{_TO}.properties.endpointBaseUrl")) is not None:
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        evidence = item.evidence(f"{_TO}.properties.endpointBaseUrl", host)
        yield Placement(item.parent, Role.PROCESSING, None, "event-webhook", evidence, target=host)
    if (target := item.text(_DEAD)) is not None:
        evidence = item.evidence(_DEAD, target)
        yield At(Placement(item.parent, Role.REPLICA, None, "dead-letter", evidence, target=uid_of(target)))


for _type in ("topics", "domains", "systemTopics"):
    reads(
        f"Microsoft.EventGrid/{_type}/eventSubscriptions", None,
        Tells(f"{_TO}.properties.resourceId", Role.PROCESSING, "model"),
        Tells(f"{_TO}.properties.endpointBaseUrl", Role.PROCESSING, "model"), Tells(_DEAD, Role.REPLICA, "model"),
    )(_delivery)  # fmt: skip


@reads("Microsoft.Cache/redis", "redis", LOCATION, Tells("properties.linkedServers[].id", Role.REPLICA, "model"))
def redis(item: Item) -> Iterator[Found]:
    """A cache. Where it is linked to, and which end is the copy, a list of its own tells."""
    yield told(item, location=where(item)[0], custody=KeyCustody.PROVIDER_MANAGED)
    yield from primary(item)


@reads(
    "Microsoft.Cache/redis/linkedServers", None, Tells("properties.linkedRedisCacheLocation", Role.REPLICA, "model"),
    Tells("properties.linkedRedisCacheId", None, "model"),
)  # fmt: skip
def linked_redis(item: Item) -> Iterator[Found]:
    """A cache linked to another one. `serverRole` is what the other one is."""
    if (item.text("properties.serverRole") or "Secondary").lower() != "secondary":
        return
    field, target = "properties.linkedRedisCacheLocation", item.text("properties.linkedRedisCacheId")
    evidence = item.evidence(field, item.get(field))
    uid = uid_of(target) if target else None
    yield Placement(item.parent, Role.REPLICA, place(item.get(field)), "linked-cache", evidence, target=uid)


_REDIS_KEY = "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl"


@reads("Microsoft.Cache/redisEnterprise", "redis", LOCATION, Tells(_REDIS_KEY, Role.KEY, "model"))
def redis_enterprise(item: Item) -> Iterator[Found]:
    """A cluster of Azure Managed Redis."""
    custody, uses = key_of(item, _REDIS_KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses


_LINKED = "properties.geoReplication.linkedDatabases"


@reads("Microsoft.Cache/redisEnterprise/databases", None, Tells(f"{_LINKED}[].id", Role.REPLICA, "model"))
def redis_database(item: Item) -> Iterator[Found]:
    """A database that is kept the same as others, each as good as the rest."""
    for path, entry in each(item, _LINKED):
        other = entry.get("id")
        if isinstance(other, str) and uid_of(other) != item.uid:
            evidence = item.evidence(f"{path}.id", other)
            target = uid_of(other).partition("/databases/")[0]
            yield At(Placement(item.parent, Role.REPLICA, None, "active-geo-replication", evidence, target=target))


for _name in ("SignalR", "WebPubSub"):
    regional(f"Microsoft.SignalRService/{_name}", "stream", stores=StoresData.TRANSIT)


def _live_replica(item: Item) -> Iterator[Found]:
    """Another region in which connections of a service are held."""
    evidence = item.evidence("location", item.get("location"))
    yield Placement(item.parent, Role.PROCESSING, item.location, "service-replica", evidence, target=item.uid)


for _name in ("SignalR", "WebPubSub"):
    _place = Tells("location", Role.PROCESSING, "documented")
    reads(f"Microsoft.SignalRService/{_name}/replicas", None, _place)(_live_replica)

regional("Microsoft.Relay/namespaces", "stream", stores=StoresData.TRANSIT)
regional("Microsoft.NotificationHubs/namespaces", "topic")
regional("Microsoft.EventGrid/namespaces", "topic")
regional("Microsoft.EventHub/clusters", "stream")


def _geography(item: Item) -> Iterator[Found]:
    """Messages, calls and mail. The resource is `global`; its data is in the geography that it names."""
    field = "properties.dataLocation"
    yield told(item, location=place(item.get(field)))
    if item.text(field) is not None:
        yield placed(item, Role.PRIMARY, "data-location", field, item.get(field))


for _type in ("communicationServices", "emailServices"):
    _field = Tells("properties.dataLocation", Role.PRIMARY, "model")
    reads(f"Microsoft.Communication/{_type}", "email-identity", _field)(_geography)
