"""A small hospital on Google Cloud as Cloud Asset tells of it, and everything that is true of it."""

from __future__ import annotations

from typing import Any

NUMBER, PROJECT, ORGANIZATION, FOLDER = "424242424242", "hospital-prod", "organizations/900", "folders/800"
ANCESTORS = [f"projects/{NUMBER}", FOLDER, ORGANIZATION]
P = f"projects/{PROJECT}"
KEYS = f"{P}/locations/europe-west9/keyRings/ring/cryptoKeys"
KEY, HSM_KEY = f"{KEYS}/soft", f"{KEYS}/hsm"
EKM_KEY = f"{P}/locations/europe-west3/keyRings/ring/cryptoKeys/outside"
GLOBAL_KEY = f"{P}/locations/global/keyRings/ring/cryptoKeys/anywhere"


def asset(name: str, type_: str, location: str | None, data: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """An item as `gcloud asset list` writes it."""
    resource = None if data is None else {"version": "v1", "data": data}
    if resource is not None and location is not None:
        resource["location"] = location
    item: dict[str, Any] = {"name": name, "assetType": type_, "ancestors": ANCESTORS, **more}
    return item if resource is None else {**item, "resource": resource}


def project(
    number: str = NUMBER, project_id: str = PROJECT, above: tuple[str, ...] = (FOLDER, ORGANIZATION)
) -> dict[str, Any]:
    return asset(
        f"//cloudresourcemanager.googleapis.com/projects/{number}", "cloudresourcemanager.googleapis.com/Project", "global",
        {"projectId": project_id, "projectNumber": number, "name": "Hospital", "lifecycleState": "ACTIVE", "labels": {"team": "it"}},
        ancestors=[f"projects/{number}", *above],
        iamPolicy={"bindings": [{"role": "roles/editor", "members": [f"serviceAccount:{number}-compute@developer.gserviceaccount.com"]}]},
    )  # fmt: skip


def key(name: str, level: str, **more: Any) -> dict[str, Any]:
    return asset(
        f"//cloudkms.googleapis.com/{name}", "cloudkms.googleapis.com/CryptoKey", name.split("/")[3],
        {"name": name, "purpose": "ENCRYPT_DECRYPT", "versionTemplate": {"protectionLevel": level}, **more},
    )  # fmt: skip


def bucket(name: str, location: str, **data: Any) -> dict[str, Any]:
    return asset(
        f"//storage.googleapis.com/{name}",
        "storage.googleapis.com/Bucket",
        location.lower(),
        {"location": location, **data},
    )


_COMPUTE = "https://www.googleapis.com/compute/v1"
BUCKETS = [
    bucket("patients", "EUROPE-WEST9", labels={"data-class": "health"}, encryption={"defaultKmsKeyName": HSM_KEY},
           logging={"logBucket": "access-logs"}, locationType="region"),
    bucket("access-logs", "US-EAST1"),
    bucket("pair", "EU", locationType="dual-region", rpo="ASYNC_TURBO",
           customPlacementConfig={"dataLocations": ["EUROPE-WEST9", "EUROPE-WEST1"]}),
    bucket("anywhere-in-eu", "EU", locationType="multi-region", encryption={"defaultKmsKeyName": EKM_KEY}),
]  # fmt: skip
KMS = [
    key(KEY, "SOFTWARE"), key(HSM_KEY, "HSM"), key(GLOBAL_KEY, "SOFTWARE", importOnly=True),
    key(EKM_KEY, "EXTERNAL", primary={"protectionLevel": "EXTERNAL", "externalProtectionLevelOptions": {"externalKeyUri": "https://ekm.example/k"}}),
]  # fmt: skip
DATABASES = [
    asset(f"//bigquery.googleapis.com/{P}/datasets/research", "bigquery.googleapis.com/Dataset", "eu",
          {"location": "EU", "defaultEncryptionConfiguration": {"kmsKeyName": KEY}}),
    asset(f"//bigquery.googleapis.com/{P}/datasets/research/tables/visits", "bigquery.googleapis.com/Table", "EU",
          {"externalDataConfiguration": {"sourceUris": ["gs://access-logs/a/*"]},
           "replicas": [{"projectId": PROJECT, "datasetId": "research", "tableId": "visits_copy"}]}),
    asset(f"//spanner.googleapis.com/{P}/instances/records", "spanner.googleapis.com/Instance", "europe-west1",
          {"config": f"{P}/instanceConfigs/regional-europe-west1"}),
    asset(f"//spanner.googleapis.com/{P}/instances/records/databases/main", "spanner.googleapis.com/Database", None,
          {"encryptionConfig": {"kmsKeyName": KEY}}),
    asset(f"//spanner.googleapis.com/{P}/instances/wide", "spanner.googleapis.com/Instance", "eur7",
          {"config": f"{P}/instanceConfigs/eur7"}),
    asset(f"//spanner.googleapis.com/{P}/instances/chosen", "spanner.googleapis.com/Instance", None,
          {"config": f"{P}/instanceConfigs/custom-ours"}),
    asset(f"//spanner.googleapis.com/{P}/instanceConfigs/custom-ours", "spanner.googleapis.com/InstanceConfig", None,
          {"replicas": [{"location": "europe-west9", "type": "READ_WRITE"}, {"location": "us-east1", "type": "READ_ONLY"}]}),
    asset(f"//firestore.googleapis.com/{P}/databases/(default)", "firestore.googleapis.com/Database", "eur3", {"locationId": "eur3"}),
    asset(f"//bigtableadmin.googleapis.com/{P}/instances/signals", "bigtableadmin.googleapis.com/Instance", "global", {"labels": {}}),
    asset(f"//bigtableadmin.googleapis.com/{P}/instances/signals/clusters/a", "bigtableadmin.googleapis.com/Cluster", "europe-west9-a",
          {"location": f"{P}/locations/europe-west9-a"}),
    asset(f"//bigtableadmin.googleapis.com/{P}/instances/signals/clusters/b", "bigtableadmin.googleapis.com/Cluster", "us-east1-b",
          {"location": f"{P}/locations/us-east1-b"}),
    asset(f"//cloudsql.googleapis.com/{P}/instances/ward", "sqladmin.googleapis.com/Instance", "europe-west9",
          {"region": "europe-west9", "replicaNames": ["ward-copy"],
           "settings": {"userLabels": {"team": "ward"}, "backupConfiguration": {"enabled": True, "location": "us"}}}),
    asset(f"//cloudsql.googleapis.com/{P}/instances/ward-copy", "sqladmin.googleapis.com/Instance", "europe-west2",
          {"region": "europe-west2", "settings": {"backupConfiguration": {"enabled": True}}}),
    asset(f"//alloydb.googleapis.com/{P}/locations/europe-west9/clusters/main", "alloydb.googleapis.com/Cluster", "europe-west9",
          {"primaryConfig": {"secondaryClusterNames": [f"{P}/locations/us-east4/clusters/second"]},
           "automatedBackupPolicy": {"enabled": True, "location": "europe-west4"}}),
]  # fmt: skip
SECRETS = [
    asset(f"//secretmanager.googleapis.com/projects/{NUMBER}/secrets/free", "secretmanager.googleapis.com/Secret", "global", {"replication": {"automatic": {}}}),
    asset(f"//secretmanager.googleapis.com/projects/{NUMBER}/secrets/bound", "secretmanager.googleapis.com/Secret", "global",
          {"replication": {"userManaged": {"replicas": [
              {"location": "europe-west9", "customerManagedEncryption": {"kmsKeyName": KEY}}, {"location": "us-east1"}]}}}),
]  # fmt: skip
COMPUTE = [
    asset(f"//compute.googleapis.com/{P}/zones/europe-west9-a/instances/web", "compute.googleapis.com/Instance", "europe-west9-a", {"labels": {"env": "prod"}}),
    asset(f"//compute.googleapis.com/{P}/zones/europe-west9-a/disks/data", "compute.googleapis.com/Disk", "europe-west9-a",
          {"diskEncryptionKey": {"sha256": "abc"}, "asyncSecondaryDisks": {f"{_COMPUTE}/{P}/zones/us-east1-b/disks/far": {}}}),
    asset(f"//compute.googleapis.com/{P}/global/snapshots/nightly", "compute.googleapis.com/Snapshot", "global",
          {"storageLocations": ["us"], "sourceDisk": f"{_COMPUTE}/{P}/zones/europe-west9-a/disks/data", "snapshotEncryptionKey": {"kmsKeyName": f"{KEY}/cryptoKeyVersions/1"}}),
    asset(f"//compute.googleapis.com/{P}/global/images/golden", "compute.googleapis.com/Image", "global", {"storageLocations": ["eu"]}),
    asset(f"//compute.googleapis.com/{P}/global/networks/default", "compute.googleapis.com/Network", "global", {}),
]  # fmt: skip
MESSAGES = [
    asset(f"//logging.googleapis.com/{P}/locations/global/buckets/_Default", "logging.googleapis.com/LogBucket", "global", {"name": "x"}),
    asset(f"//logging.googleapis.com/{P}/sinks/out", "logging.googleapis.com/LogSink", "global", {"destination": "storage.googleapis.com/access-logs"}),
    asset(f"//pubsub.googleapis.com/{P}/topics/free", "pubsub.googleapis.com/Topic", None, {"name": f"{P}/topics/free"}),
    asset(f"//pubsub.googleapis.com/{P}/topics/bound", "pubsub.googleapis.com/Topic", None,
          {"name": "x", "kmsKeyName": GLOBAL_KEY, "messageStoragePolicy": {"allowedPersistenceRegions": ["europe-west9", "europe-west1"]}}),
    asset(f"//pubsub.googleapis.com/{P}/subscriptions/reader", "pubsub.googleapis.com/Subscription", None,
          {"topic": f"{P}/topics/bound", "pushConfig": {"pushEndpoint": "https://example.org/in"}}),
]  # fmt: skip
OTHERS = [
    asset(f"//run.googleapis.com/{P}/locations/europe-west9/services/portal", "run.googleapis.com/Service", "europe-west9", {"name": "portal"}),
    asset(f"//redis.googleapis.com/{P}/locations/europe-west1/instances/cache", "redis.googleapis.com/Instance", "europe-west1",
          {"locationId": "europe-west1-b", "customerManagedKey": "projects/elsewhere/locations/us-east1/keyRings/r/cryptoKeys/k"}),
    asset(f"//file.googleapis.com/{P}/locations/europe-west9-a/instances/share", "file.googleapis.com/Instance", "europe-west9-a",
          {"replication": {"role": "ACTIVE", "replicas": [{"peerInstance": f"{P}/locations/us-east1-b/instances/standby"}]}}),
    asset(f"//artifactregistry.googleapis.com/{P}/locations/europe/repositories/images", "artifactregistry.googleapis.com/Repository", "europe", {"format": "DOCKER"}),
    asset(f"//container.googleapis.com/{P}/locations/europe-west9/clusters/k", "container.googleapis.com/Cluster", "europe-west9", {"location": "europe-west9"}),
    asset(f"//aiplatform.googleapis.com/{P}/locations/us-central1/endpoints/9", "aiplatform.googleapis.com/Endpoint", "us-central1", {"name": "x"}),
    asset(f"//cloudfunctions.googleapis.com/{P}/locations/europe-west1/functions/f", "cloudfunctions.googleapis.com/Function", "europe-west1", {"name": "x"}),
]  # fmt: skip
ESTATE = [project(), *BUCKETS, *KMS, *DATABASES, *SECRETS, *COMPUTE, *MESSAGES, *OTHERS]

# Every placement that the estate has: short name of the resource, role, location. Nothing else may be found.
PLACES: set[tuple[str, str, str | None]] = {
    ("patients", "primary", "europe-west9"), ("patients", "key", "europe-west9"), ("patients", "log", "us-east1"),
    ("access-logs", "primary", "us-east1"),
    ("pair", "primary", "europe-west9"), ("pair", "primary", "europe-west1"),
    ("anywhere-in-eu", "primary", "eu"), ("anywhere-in-eu", "key", None),
    ("soft", "primary", "europe-west9"), ("hsm", "primary", "europe-west9"), ("anywhere", "primary", "global"),
    ("outside", "primary", "europe-west3"), ("outside", "key", None),
    ("research", "primary", "eu"), ("research", "key", "europe-west9"),
    ("visits", "primary", "eu"), ("visits", "share", "us-east1"),
    ("records", "primary", "europe-west1"), ("main", "primary", "europe-west1"), ("main", "key", "europe-west9"),
    ("wide", "primary", None), ("chosen", "primary", "europe-west9"), ("chosen", "primary", "us-east1"),
    ("visits", "replica", "eu"),
    ("(default)", "primary", "eur3"),
    ("signals", "primary", "europe-west9-a"), ("signals", "primary", "us-east1-b"),
    ("a", "primary", "europe-west9-a"), ("b", "primary", "us-east1-b"),
    ("ward", "primary", "europe-west9"), ("ward", "replica", "europe-west2"), ("ward", "backup", "us"),
    ("ward-copy", "primary", "europe-west2"), ("ward-copy", "backup", None),
    ("main", "primary", "europe-west9"), ("main", "replica", "us-east4"), ("main", "backup", "europe-west4"),
    ("free", "primary", "global"), ("bound", "primary", "europe-west9"), ("bound", "primary", "us-east1"),
    ("bound", "key", "europe-west9"), ("bound", "primary", "europe-west1"), ("bound", "key", "global"),
    ("web", "primary", "europe-west9-a"),
    ("data", "primary", "europe-west9-a"), ("data", "replica", "us-east1-b"), ("data", "snapshot", "us"),
    ("nightly", "primary", "us"), ("nightly", "key", "europe-west9"), ("golden", "primary", "eu"),
    ("_Default", "primary", "global"), ("out", "primary", "us-east1"), ("out", "log", "us-east1"),
    ("reader", "primary", "europe-west9"), ("reader", "primary", "europe-west1"), ("reader", "processing", None),
    ("portal", "primary", "europe-west9"), ("cache", "primary", "europe-west1-b"), ("cache", "key", "us-east1"),
    ("share", "primary", "europe-west9-a"), ("share", "replica", "us-east1-b"), ("images", "primary", "europe"),
    ("k", "primary", "europe-west9"), ("9", "primary", "us-central1"), ("f", "primary", "europe-west1"),
}  # fmt: skip
CUSTODY: dict[str, str | None] = {
    "patients": "hsm", "access-logs": "provider-managed", "pair": "provider-managed", "anywhere-in-eu": "external",
    "soft": "customer-managed", "hsm": "hsm", "anywhere": "imported", "outside": "external",
    "research": "customer-managed", "data": "client-side", "nightly": "customer-managed", "cache": None, "wide": None,
}  # fmt: skip
