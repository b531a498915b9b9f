"""A Google Cloud estate beside the French Health Data Hub, as the assets that Cloud Asset Inventory answers with.

What it must show: a research lake in Paris whose key is outside Google, an archive spread over the Union, a warehouse
in Finland, a secret that may be anywhere, logs that leave for Iowa, a database with a replica in London, and a partner
who may read the archive.
"""

from __future__ import annotations

from typing import Any

NUMBER, PROJECT, ORGANIZATION, FOLDER = "601906021003", "hdh-research", "organizations/42", "folders/43"
TITLES = {ORGANIZATION: "plateforme-sante.example"}
FOLDERS = {FOLDER: ("Research", ORGANIZATION)}
PARIS = "europe-west9"
HEALTH = {"data-class": "health", "project": "emc2"}
_P = f"projects/{PROJECT}"
_RING = f"{_P}/locations/{PARIS}/keyRings/research/cryptoKeys"
OUTSIDE, SOFT = f"{_RING}/kept-outside", f"{_RING}/cohorts"


def _asset(
    service: str, type_: str, name: str, location: str, data: dict[str, Any], **more: Any
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": f"//{service}.googleapis.com/{name}", "assetType": f"{service}.googleapis.com/{type_}",
        "ancestors": [f"projects/{NUMBER}", FOLDER, ORGANIZATION],
        "resource": {"version": "v1", "location": location, "data": data}, **more,
    }  # fmt: skip


def _key(name: str, level: str) -> dict[str, Any]:
    told = {"name": name, "purpose": "ENCRYPT_DECRYPT", "versionTemplate": {"protectionLevel": level}}
    return _asset("cloudkms", "CryptoKey", name, PARIS, told)


def _bucket(name: str, location: str, policy: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    more = {} if policy is None else {"iamPolicy": policy}
    return _asset("storage", "Bucket", name, location.lower(), {"name": name, "location": location, **data}, **more)


def _policy(role: str, *members: str) -> dict[str, Any]:
    return {"bindings": [{"role": role, "members": list(members)}]}


ASSETS: list[dict[str, Any]] = [
    _asset("cloudresourcemanager", "Project", f"projects/{NUMBER}", "global", {
        "projectId": PROJECT, "projectNumber": NUMBER, "name": "HDH research", "lifecycleState": "ACTIVE",
    }, iamPolicy=_policy("roles/editor", f"serviceAccount:{NUMBER}-compute@developer.gserviceaccount.com")),
    _key(OUTSIDE, "EXTERNAL"),
    _key(SOFT, "SOFTWARE"),
    _bucket("hdh-research-lake", "EUROPE-WEST9", labels=HEALTH, locationType="region",
            encryption={"defaultKmsKeyName": OUTSIDE}),
    _bucket("hdh-research-archive", "EU", labels=HEALTH, locationType="multi-region",
            encryption={"defaultKmsKeyName": SOFT},
            policy=_policy("roles/storage.objectViewer", f"serviceAccount:etl@{PROJECT}.iam.gserviceaccount.com",
                           "serviceAccount:loader@analytics-partner.iam.gserviceaccount.com")),
    _bucket("hdh-platform-logs", "US-CENTRAL1", labels={"data-class": "personal"}, locationType="region"),
    _asset("bigquery", "Dataset", f"{_P}/datasets/cohorts", "europe-north1", {
        "id": f"{PROJECT}:cohorts", "location": "europe-north1", "labels": HEALTH,
        "datasetReference": {"projectId": PROJECT, "datasetId": "cohorts"},
        "defaultEncryptionConfiguration": {"kmsKeyName": SOFT},
    }),
    _asset("sqladmin", "Instance", f"{_P}/instances/registry", PARIS, {
        "name": "registry", "region": PARIS, "databaseVersion": "POSTGRES_16", "instanceType": "CLOUD_SQL_INSTANCE",
        "settings": {"userLabels": HEALTH, "backupConfiguration": {"enabled": True, "location": "eu"}},
        "replicaNames": ["registry-london"],
    }),
    _asset("sqladmin", "Instance", f"{_P}/instances/registry-london", "europe-west2", {
        "name": "registry-london", "region": "europe-west2", "databaseVersion": "POSTGRES_16",
        "instanceType": "READ_REPLICA_INSTANCE", "masterInstanceName": f"{PROJECT}:registry",
        "settings": {"userLabels": HEALTH, "backupConfiguration": {"enabled": False}},
    }),
    _asset("secretmanager", "Secret", f"projects/{NUMBER}/secrets/extract-token", "global", {
        "name": f"projects/{NUMBER}/secrets/extract-token", "replication": {"automatic": {}},
        "labels": {"data-class": "personal"},
    }),
    _asset("logging", "LogSink", f"{_P}/sinks/platform", "global", {
        "name": "platform", "destination": "storage.googleapis.com/hdh-platform-logs", "filter": "",
    }),
]  # fmt: skip
