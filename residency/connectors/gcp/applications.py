"""What runs programs and models: GKE, Cloud Run, functions, Vertex AI, and what they are made with."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.rows import Found, KeyUse, key_of, primaries, primary, reads, regional, told, where

_RUN_KEY = "run.googleapis.com/encryption-key"


@reads("run.googleapis.com/Service", "ecs-service")
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


regional("container.googleapis.com/Cluster", "kubernetes", field="location", keys=("databaseEncryption.keyName",),
         labels="resourceLabels")  # fmt: skip
regional("run.googleapis.com/Job", "ecs-service", keys=("template.template.encryptionKey",))
regional("cloudfunctions.googleapis.com/Function", "function", keys=("kmsKeyName",))
regional("cloudfunctions.googleapis.com/CloudFunction", "function", keys=("kmsKeyName",))
regional("appengine.googleapis.com/Application", "web-app", field="locationId")
regional("aiplatform.googleapis.com/Endpoint", "ml-endpoint", keys=("encryptionSpec.kmsKeyName",))
regional("aiplatform.googleapis.com/Model", "llm", keys=("encryptionSpec.kmsKeyName",))
regional("aiplatform.googleapis.com/Dataset", None, keys=("encryptionSpec.kmsKeyName",))
regional("notebooks.googleapis.com/Instance", "ml-notebook", keys=("kmsKey",))
regional("workflows.googleapis.com/Workflow", "state-machine", keys=("cryptoKeyName",))
regional("cloudtasks.googleapis.com/Queue", "queue")
regional("dns.googleapis.com/ManagedZone", "dns-zone")
regional("dataflow.googleapis.com/Job", "dataflow")
