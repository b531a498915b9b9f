"""Cloud Healthcare API: datasets of health records, and where their stores send copies.

Fields: API description of healthcare v1.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, full_name
from residency.connectors.gcp.rows import PLACE, At, Found, kept, reads, regional, tells, to_table
from residency.model import Placement, Role


def _store(asset: Asset, table_field: str) -> Iterator[Found]:
    """A store, in the place and under the key of its dataset; each stream of changes copies it to BigQuery."""
    yield from kept(asset)
    for index, stream in enumerate(asset.entries("streamConfigs")):
        target = stream.get("bigqueryDestination")
        uri = target.get(table_field) if isinstance(target, dict) else None
        field = f"streamConfigs[{index}].bigqueryDestination.{table_field}"
        if isinstance(uri, str) and (row := to_table(asset, Role.REPLICA, "healthcare-stream", field, uri)):
            yield row


@reads(
    "healthcare.googleapis.com/FhirStore",
    "health-data-store",
    *PLACE,
    *tells(
        Role.REPLICA,
        "streamConfigs[].bigqueryDestination.datasetUri",
        "streamConfigs[].deidentifiedStoreDestination.store",
    ),
)
def fhir_store(asset: Asset) -> Iterator[Found]:
    """A store of FHIR records; a stream may also copy them, without what identifies, to another store."""
    yield from _store(asset, "datasetUri")
    for index, stream in enumerate(asset.entries("streamConfigs")):
        other = stream.get("deidentifiedStoreDestination")
        if isinstance(other, dict) and isinstance(other.get("store"), str):
            evidence = asset.evidence(f"streamConfigs[{index}].deidentifiedStoreDestination.store", other["store"])
            uid = full_name("healthcare", other["store"])
            yield At(Placement(asset.name, Role.REPLICA, None, "healthcare-stream", evidence, target=uid))


@reads(
    "healthcare.googleapis.com/DicomStore",
    "health-data-store",
    *PLACE,
    *tells(
        Role.REPLICA,
        "streamConfigs[].bigqueryDestination.tableUri",
    ),
)
def dicom_store(asset: Asset) -> Iterator[Found]:
    """A store of medical images."""
    yield from _store(asset, "tableUri")


regional("healthcare.googleapis.com/Dataset", "health-data-store", keys=("encryptionSpec.kmsKeyName",))
regional("healthcare.googleapis.com/Hl7V2Store", "health-data-store")
regional("healthcare.googleapis.com/ConsentStore", "health-data-store")
