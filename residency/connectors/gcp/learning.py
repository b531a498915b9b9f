"""Vertex AI and the services built on it: models, their data, and what answers questions with them.

Whatever is in `locations/global` is served by any region: the place of its name says so. Fields: API descriptions of
aiplatform v1, documentai v1, discoveryengine v1 and notebooks v2.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset
from residency.connectors.gcp.rows import PLACE, Found, kept, reads, regional, tells, to_bucket, to_table
from residency.model import Role

_KEY = ("encryptionSpec.kmsKeyName",)


@reads(
    "aiplatform.googleapis.com/BatchPredictionJob",
    "ml-endpoint",
    *PLACE,
    *tells(Role.KEY, "encryptionSpec.kmsKeyName"),
    *tells(Role.REPLICA, "outputConfig.gcsDestination.outputUriPrefix", "outputConfig.bigqueryDestination.outputUri"),
)
def batch_prediction(asset: Asset) -> Iterator[Found]:
    """A batch of predictions, and where its answers are written."""
    yield from kept(asset, *_KEY)
    bucket = "outputConfig.gcsDestination.outputUriPrefix"
    if (uri := asset.text(bucket)) is not None:
        yield to_bucket(asset, Role.REPLICA, "prediction-output", bucket, uri)
    table = "outputConfig.bigqueryDestination.outputUri"
    uri = asset.text(table)
    if uri is not None and (row := to_table(asset, Role.REPLICA, "prediction-output", table, uri)) is not None:
        yield row


regional("aiplatform.googleapis.com/Endpoint", "ml-endpoint", keys=_KEY)
regional("aiplatform.googleapis.com/Model", "llm", keys=_KEY)
regional("aiplatform.googleapis.com/Dataset", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/Featurestore", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/FeatureOnlineStore", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/Index", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/IndexEndpoint", "ml-endpoint", keys=_KEY)
regional("aiplatform.googleapis.com/MetadataStore", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/Tensorboard", "ml-data", keys=_KEY)
regional("aiplatform.googleapis.com/CustomJob", "ml-endpoint", keys=_KEY)
regional("aiplatform.googleapis.com/PipelineJob", "ml-endpoint", keys=_KEY)
regional("aiplatform.googleapis.com/TrainingPipeline", "ml-endpoint", keys=_KEY)
regional("notebooks.googleapis.com/Instance", "ml-notebook", keys=("gceSetup.bootDisk.kmsKey", "kmsKey"))
regional("documentai.googleapis.com/Processor", "ml-endpoint", keys=("kmsKeyName",))
regional("discoveryengine.googleapis.com/DataStore", "search", keys=("cmekConfig.kmsKey", "kmsKeyName"))
regional("discoveryengine.googleapis.com/Engine", "ml-endpoint")
regional("dialogflow.googleapis.com/Agent", "ml-endpoint")
