"""Clusters, pipelines and streams that work on data: Dataproc, Composer, Data Fusion, Datastream, transfers.

Fields: API descriptions of dataproc v1, composer v1, datafusion v1, metastore v1, dataform v1, datastream v1,
bigquerydatatransfer v1 and looker v1.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, full_name
from residency.connectors.gcp.rows import (
    PLACE,
    At,
    Found,
    kept,
    reads,
    regional,
    tells,
    to_bucket,
    to_table,
    told,
    where,
)
from residency.model import Placement, Role, StoresData


@reads(
    "dataproc.googleapis.com/Cluster",
    "spark",
    *tells(Role.PRIMARY, "config.gceClusterConfig.zoneUri"),
    *PLACE,
    *tells(Role.KEY, "config.encryptionConfig.gcePdKmsKeyName"),
    *tells(Role.PROCESSING, "config.configBucket", "config.tempBucket"),
)
def dataproc(asset: Asset) -> Iterator[Found]:
    """A cluster of Dataproc, with the buckets that it works in. One of the region `global` is where its zone is."""
    zone = "config.gceClusterConfig.zoneUri"
    yield from kept(asset, "config.encryptionConfig.gcePdKmsKeyName", field=zone if asset.text(zone) else None)
    for field in ("config.configBucket", "config.tempBucket"):
        if (bucket := asset.text(field)) is not None:
            yield to_bucket(asset, Role.PROCESSING, "cluster-bucket", field, bucket)


@reads(
    "composer.googleapis.com/Environment",
    "spark",
    *PLACE,
    *tells(Role.KEY, "config.encryptionConfig.kmsKeyName"),
    *tells(Role.PROCESSING, "storageConfig.bucket", "config.dagGcsPrefix"),
)
def composer(asset: Asset) -> Iterator[Found]:
    """An environment of Composer, with the bucket that it works in."""
    yield from kept(asset, "config.encryptionConfig.kmsKeyName")
    for field in ("storageConfig.bucket", "config.dagGcsPrefix"):
        if (bucket := asset.text(field)) is not None:
            yield to_bucket(asset, Role.PROCESSING, "environment-bucket", field, bucket)
            return


@reads(
    "datastream.googleapis.com/Stream",
    "dataflow",
    *PLACE,
    *tells(Role.KEY, "customerManagedEncryptionKey"),
    *tells(
        Role.REPLICA,
        "destinationConfig.bigqueryDestinationConfig.singleTargetDataset.datasetId",
        "destinationConfig.bigqueryDestinationConfig.sourceHierarchyDatasets.datasetTemplate.location",
        "destinationConfig.destinationConnectionProfile",
    ),
)
def datastream(asset: Asset) -> Iterator[Found]:
    """A stream of changes from a database into BigQuery. A stream into a bucket names it in a profile: not followed."""
    yield from kept(asset, "customerManagedEncryptionKey")
    path = "destinationConfig.bigqueryDestinationConfig"
    single = f"{path}.singleTargetDataset.datasetId"
    if (dataset := asset.text(single)) is not None:
        if (row := to_table(asset, Role.REPLICA, "stream-destination", single, dataset)) is not None:
            yield row
        return
    several = f"{path}.sourceHierarchyDatasets.datasetTemplate.location"
    if (location := asset.text(several)) is not None:
        evidence = asset.evidence(several, location)
        yield Placement(asset.name, Role.REPLICA, location.lower(), "stream-destination", evidence)
    elif (profile := asset.text("destinationConfig.destinationConnectionProfile")) is not None:
        evidence = asset.evidence("destinationConfig.destinationConnectionProfile", profile)
        uid = full_name("datastream", profile)
        yield Placement(asset.name, Role.REPLICA, None, "stream-destination", evidence, target=uid)


@reads(
    "bigquerydatatransfer.googleapis.com/TransferConfig",
    None,
    *tells(Role.PRIMARY, "destinationDatasetId"),
    *tells(Role.REPLICA, "destinationDatasetId"),
    *tells(None, "dataSourceId", "datasetRegion"),
    *tells(None, "params.source_dataset_id", "params.source_project_id", proof="documented"),
)
def transfer(asset: Asset) -> Iterator[Found]:
    """A scheduled transfer into a dataset. The copy of a whole dataset is also a place of the dataset copied."""
    yield told(asset, location=where(asset, "datasetRegion")[0], stores=StoresData.NO)
    project, dataset = asset.project_in_name, asset.text("destinationDatasetId")
    if project is None or dataset is None:
        return
    target = full_name("bigquery", f"projects/{project}/datasets/{dataset}")
    evidence = asset.evidence("destinationDatasetId", dataset)
    yield At(Placement(asset.name, Role.PRIMARY, None, "transfer-destination", evidence, target=target))
    source = asset.text("params.source_dataset_id")
    if asset.text("dataSourceId") == "cross_region_copy" and source is not None:
        owner = asset.text("params.source_project_id") or project
        uid = full_name("bigquery", f"projects/{owner}/datasets/{source}")
        yield At(Placement(uid, Role.REPLICA, None, "dataset-copy", evidence, target=target))


regional("datafusion.googleapis.com/Instance", "dataflow", keys=("cryptoKeyConfig.keyReference",))
regional("metastore.googleapis.com/Service", "glue-catalog", keys=("encryptionConfig.kmsKey",))
regional("metastore.googleapis.com/Backup", "db-snapshot", keys=("serviceRevision.encryptionConfig.kmsKey",))
regional("dataplex.googleapis.com/Lake", "glue-catalog")
regional("dataform.googleapis.com/Repository", "glue-catalog", keys=("kmsKeyName",))
regional("datamigration.googleapis.com/MigrationJob", "dataflow", keys=("cmekKeyName",))
regional("looker.googleapis.com/Instance", "warehouse", keys=("encryptionConfig.kmsKeyName",))
