"""What runs programs: GKE, Cloud Run, functions, and what carries their calls and events."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.rows import (
    PLACE,
    Found,
    KeyUse,
    kept,
    key_of,
    primaries,
    primary,
    reads,
    regional,
    tells,
    told,
    where,
)
from residency.model import Placement, Role

_RUN_KEY = "run.googleapis.com/encryption-key"


@reads(
    "run.googleapis.com/Service",
    "ecs-service",
    *tells(Role.PRIMARY, "multiRegionSettings.regions[]"),
    *PLACE,
    *tells(Role.KEY, "template.encryptionKey"),
    *tells(Role.KEY, f"spec.template.metadata.annotations['{_RUN_KEY}']"),
)
def run(asset: Asset) -> Iterator[Found]:
    """A service of Cloud Run, in one region or in several."""
    custody, keys = key_of(asset, "template.encryptionKey")
    annotations = asset.get("spec.template.metadata.annotations")
    if not keys and isinstance(annotations, dict) and (key := annotations.get(_RUN_KEY)):
        field = f"spec.template.metadata.annotations['{_RUN_KEY}']"
        custody, keys = None, [KeyUse(asset.name, str(key), asset.evidence(field, key))]
    labels = "labels" if asset.get("labels") is not None else "metadata.labels"
    yield told(asset, location=where(asset)[0], labels=labels, custody=custody)
    regions = asset.list("multiRegionSettings.regions")
    if regions:
        yield from primaries(asset, "multiRegionSettings.regions", "multi-region-service", regions)
    else:
        yield from primary(asset)
    yield from keys


@reads(
    "connectors.googleapis.com/Connection",
    "api-gateway",
    *PLACE,
    *tells(Role.PROCESSING, "destinationConfigs[].destinations[].host"),
)
def connection(asset: Asset) -> Iterator[Found]:
    """A connection of Integration Connectors to another system, by its host: where that is Google does not tell."""
    yield from kept(asset)
    for index, config in enumerate(asset.entries("destinationConfigs")):
        destinations = config.get("destinations")
        for place, entry in enumerate(destinations if isinstance(destinations, list) else ()):
            host = entry.get("host") if isinstance(entry, dict) else None
            if isinstance(host, str) and host:
                field = f"destinationConfigs[{index}].destinations[{place}].host"
                evidence = asset.evidence(field, host)
                yield Placement(asset.name, Role.PROCESSING, None, "connection-host", evidence, target=host)


regional("container.googleapis.com/Cluster", "kubernetes", field="location", keys=("databaseEncryption.keyName",),
         labels="resourceLabels")  # fmt: skip
regional("run.googleapis.com/Job", "ecs-service", keys=("template.template.encryptionKey",))
regional("cloudfunctions.googleapis.com/Function", "function", keys=("kmsKeyName",))
regional("cloudfunctions.googleapis.com/CloudFunction", "function", keys=("kmsKeyName",))
regional("appengine.googleapis.com/Application", "web-app", field="locationId")
regional("workflows.googleapis.com/Workflow", "state-machine", keys=("cryptoKeyName",))
regional("cloudtasks.googleapis.com/Queue", "queue")
regional("dns.googleapis.com/ManagedZone", "dns-zone")
regional("dataflow.googleapis.com/Job", "dataflow")
regional("workstations.googleapis.com/Workstation", "workspace-desktop")
regional("vmwareengine.googleapis.com/PrivateCloud", "bare-metal")
regional("eventarc.googleapis.com/Channel", "queue", keys=("cryptoKeyName",))
regional("eventarc.googleapis.com/MessageBus", "queue", keys=("cryptoKeyName",))
regional("eventarc.googleapis.com/Pipeline", "queue", keys=("cryptoKeyName",))
regional("apigee.googleapis.com/Instance", "api-gateway", field="location", keys=("diskEncryptionKeyName",))
regional("securesourcemanager.googleapis.com/Instance", "registry", keys=("kmsKey",))
regional("tpu.googleapis.com/Node", "vm")
