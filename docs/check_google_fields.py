"""Look up the fields that the Google Cloud readers declare as specified in Google's own API descriptions.

`pip install google-api-python-client` brings the descriptions; then `python docs/check_google_fields.py` prints each
field that its API does not have and exits 1 when there is one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from residency.connectors.gcp.read import READERS

# The versions of an API that the assets follow. A field is looked for in each.
VERSIONS = {
    "bigquery": "v2", "bigtableadmin": "v2", "cloudtasks": "v2", "dataflow": "v1b3", "dialogflow": "v3",
    "logging": "v2", "notebooks": "v2 v1", "run": "v2 v1", "tpu": "v2", "cloudfunctions": "v2 v1",
}  # fmt: skip
# What an API calls a type where that is not the end of the asset type.
SCHEMAS = {
    "aiplatform": "GoogleCloudAiplatformV1", "apigee": "GoogleCloudApigeeV1", "dataplex": "GoogleCloudDataplexV1",
    "dialogflow": "GoogleCloudDialogflowCxV3", "discoveryengine": "GoogleCloudDiscoveryengineV1",
    "documentai": "GoogleCloudDocumentaiV1", "firestore": "GoogleFirestoreAdminV1", "run": "GoogleCloudRunV2",
}  # fmt: skip
OTHER_NAMES = {
    "compute.googleapis.com/GlobalForwardingRule": "ForwardingRule",
    "compute.googleapis.com/RegionBackendService": "BackendService",
    "compute.googleapis.com/RegionDisk": "Disk",
    "sqladmin.googleapis.com/Instance": "DatabaseInstance",
}
_STEP = re.compile(r"\['([^']+)'\]|(\[\])|\.?([^.\[]+)")


@cache
def schemas(service: str, version: str) -> dict[str, Any]:
    """The schemas of an API; empty when it is not among the descriptions."""
    found = find_spec("googleapiclient")
    if found is None or found.origin is None:
        sys.exit("The API descriptions are missing. Run: pip install google-api-python-client")
    file = Path(found.origin).parent / "discovery_cache" / "documents" / f"{service}.{version}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))["schemas"]) if file.is_file() else {}


def has(api: dict[str, Any], schema: Any, field: str) -> bool:
    """Whether a path leads somewhere in a schema: `a.b[].c`, `a['key of a map']`."""
    for key, entry, name in _STEP.findall(field):
        while schema is not None and "$ref" in schema:
            schema = api.get(schema["$ref"])
        if schema is None:
            return False
        if key:
            schema = schema.get("additionalProperties") if key in schema.get("description", "") else None
        elif entry:
            schema = schema.get("items")
        else:
            schema = schema.get("properties", {}).get(name)
    return schema is not None


def specified(type_: str, field: str) -> bool:
    """Whether an API description has a field of an asset type."""
    if field.startswith("@"):
        api = schemas("cloudasset", "v1")
        return has(api, api.get("Asset"), field[1:])
    service, _, end = type_.partition("/")
    service, end = service.removesuffix(".googleapis.com"), OTHER_NAMES.get(type_, end)
    for version in VERSIONS.get(service, "v1").split():
        api = schemas(service, version)
        for name in (SCHEMAS.get(service, "") + end, end):
            if has(api, api.get(name), field):
                return True
    return False


def wrong() -> Iterator[str]:
    """What is declared as specified and is not."""
    for reader in READERS.values():
        for tells in reader.fields:
            if tells.proof == "specified" and not specified(reader.type, tells.field):
                yield f"{reader.type}: no field {tells.field}"


if __name__ == "__main__":
    lines = sorted(wrong())
    click.echo("\n".join(lines) or "Every field is as declared.")
    sys.exit(1 if lines else 0)
