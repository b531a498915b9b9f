"""Cloud Logging and Pub/Sub: where logs and messages rest, and where they are sent."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, code, full_name, place_in
from residency.connectors.gcp.rows import At, Found, copy, key_of, primaries, reads, regional, tells, to_bucket, told
from residency.model import Placement, Role


@reads(
    "logging.googleapis.com/LogSink",
    "log-sink",
    *tells(Role.PRIMARY, "destination"),
    *tells(Role.LOG, "destination"),
    *tells(None, "disabled"),
)
def sink(asset: Asset) -> Iterator[Found]:
    """A sink: the logs that it lets through are where its destination is."""
    destination = asset.text("destination")
    yield told(asset, location=place_in(destination))
    if destination is None or asset.get("disabled") is True:
        return
    uid = f"//{destination}"
    for role in (Role.PRIMARY, Role.LOG):
        evidence = asset.evidence("destination", destination)
        yield At(Placement(asset.name, role, place_in(destination), "log-sink", evidence, target=uid))


@reads(
    "pubsub.googleapis.com/Topic",
    "topic",
    *tells(
        Role.PRIMARY,
        "messageStoragePolicy.allowedPersistenceRegions",
        "messageStoragePolicy.allowedPersistenceRegions[]",
    ),
    *tells(Role.KEY, "kmsKeyName"),
)
def topic(asset: Asset) -> Iterator[Found]:
    """A topic. Without a storage policy its messages may rest in any region, next to who publishes them."""
    custody, keys = key_of(asset, "kmsKeyName")
    field = "messageStoragePolicy.allowedPersistenceRegions"
    regions = asset.list(field)
    place = code(regions[0]) if len(regions) == 1 else None
    yield told(asset, location=place if regions else "global", custody=custody)
    if regions:
        yield from primaries(asset, field, "message-storage-policy", regions)
    else:
        evidence = asset.evidence(field)
        yield Placement(asset.name, Role.PRIMARY, "global", "no-message-storage-policy", evidence)
    yield from keys


@reads(
    "pubsub.googleapis.com/Subscription",
    "stream",
    *tells(Role.PRIMARY, "topic"),
    *tells(Role.REPLICA, "cloudStorageConfig.bucket", "bigqueryConfig.table"),
    *tells(Role.PROCESSING, "pushConfig.pushEndpoint"),
)
def subscription(asset: Asset) -> Iterator[Found]:
    """A subscription: its messages rest where those of its topic do, and are sent on."""
    yield told(asset, location=None)
    if (source := asset.text("topic")) is not None:
        uid = full_name("pubsub", source)
        evidence = asset.evidence("topic", source)
        yield At(Placement(asset.name, Role.PRIMARY, None, "topic", evidence, target=uid))
    if (bucket := asset.text("cloudStorageConfig.bucket")) is not None:
        yield to_bucket(asset, Role.REPLICA, "subscription-bucket", "cloudStorageConfig.bucket", bucket)
    if (table := asset.text("bigqueryConfig.table")) is not None:
        parts = table.replace(":", ".").split(".")
        if len(parts) == 3:
            name = "projects/{}/datasets/{}".format(*parts)
            yield copy(asset, Role.REPLICA, "subscription-table", "bigqueryConfig.table", "bigquery", name)
    if (endpoint := asset.text("pushConfig.pushEndpoint")) is not None:
        evidence = asset.evidence("pushConfig.pushEndpoint", endpoint)
        yield Placement(asset.name, Role.PROCESSING, None, "subscription-push", evidence, target=endpoint)


@reads("pubsub.googleapis.com/Snapshot", "stream", *tells(Role.PRIMARY, "topic"))
def pubsub_snapshot(asset: Asset) -> Iterator[Found]:
    """A snapshot of a subscription: its messages rest where those of its topic do."""
    yield told(asset, location=None)
    if (source := asset.text("topic")) is not None:
        uid = full_name("pubsub", source)
        evidence = asset.evidence("topic", source)
        yield At(Placement(asset.name, Role.PRIMARY, None, "topic", evidence, target=uid))


regional("pubsublite.googleapis.com/Topic", "stream")
regional("managedkafka.googleapis.com/Cluster", "kafka", keys=("gcpConfig.kmsKey",))
regional("logging.googleapis.com/LogBucket", "log-group", keys=("cmekSettings.kmsKeyName",))
