"""The rest of the hospital: backups, health records, analytics, learning and networks, and everything true of them."""

from __future__ import annotations

from typing import Any

from tests.connectors.gcp.estate import _COMPUTE, KEY, P, asset

L = f"{P}/locations/europe-west9"
US = f"{P}/locations/us-east1"
DISK = f"{_COMPUTE}/{P}/zones/europe-west9-a/disks/data"


def in_region(
    service: str, name: str, type_: str, data: dict[str, Any] | None = None, where: str = L
) -> dict[str, Any]:
    return asset(
        f"//{service}.googleapis.com/{where}/{name}",
        f"{service}.googleapis.com/{type_}",
        None,
        {"name": name, **(data or {})},
    )


# Types that live in one location and name nothing else: each one item in europe-west9, under the key where it can be.
PLAIN = (
    ("aiplatform", "CustomJob"), ("aiplatform", "Dataset"), ("aiplatform", "FeatureOnlineStore"), ("aiplatform", "Featurestore"),
    ("aiplatform", "Index"), ("aiplatform", "IndexEndpoint"), ("aiplatform", "MetadataStore"), ("aiplatform", "Model"),
    ("aiplatform", "PipelineJob"), ("aiplatform", "Tensorboard"), ("aiplatform", "TrainingPipeline"), ("alloydb", "Backup"),
    ("alloydb", "Instance"), ("apigee", "Instance"), ("appengine", "Application"), ("cloudfunctions", "CloudFunction"),
    ("cloudtasks", "Queue"), ("compute", "ForwardingRule"), ("compute", "InstanceGroupManager"), ("compute", "InstantSnapshot"),
    ("compute", "RegionBackendService"), ("compute", "RegionDisk"), ("compute", "StoragePool"), ("dataflow", "Job"),
    ("dataform", "Repository"), ("datafusion", "Instance"), ("datamigration", "MigrationJob"), ("dataplex", "Lake"),
    ("dialogflow", "Agent"), ("discoveryengine", "DataStore"), ("discoveryengine", "Engine"), ("dns", "ManagedZone"),
    ("documentai", "Processor"), ("eventarc", "Channel"), ("eventarc", "MessageBus"), ("eventarc", "Pipeline"),
    ("healthcare", "ConsentStore"), ("healthcare", "Dataset"), ("healthcare", "Hl7V2Store"), ("looker", "Instance"),
    ("lustre", "Instance"), ("managedkafka", "Cluster"), ("memcache", "Instance"), ("metastore", "Backup"),
    ("metastore", "Service"), ("notebooks", "Instance"), ("oracledatabase", "AutonomousDatabase"),
    ("oracledatabase", "CloudExadataInfrastructure"), ("oracledatabase", "CloudVmCluster"), ("parallelstore", "Instance"),
    ("pubsublite", "Topic"), ("run", "Job"), ("securesourcemanager", "Instance"), ("tpu", "Node"),
    ("vmwareengine", "PrivateCloud"), ("workflows", "Workflow"), ("workstations", "Workstation"),
)  # fmt: skip
ITEMS = [in_region(service, f"plain/{service}-{type_}", type_) for service, type_ in PLAIN]
PLACES: set[tuple[str, str, str | None]] = {
    (f"{service}-{type_}", "primary", "europe-west9") for service, type_ in PLAIN
}

BACKUPS = [
    in_region("backupdr", "backupVaults/far", "BackupVault", {"encryptionConfig": {"kmsKeyName": KEY}}, US),
    in_region("backupdr", "backupVaults/far/dataSources/1", "DataSource",
              {"dataSourceGcpResource": {"gcpResourcename": f"{P}/zones/europe-west9-a/instances/web", "type": "compute.googleapis.com/Instance"}}, US),
    in_region("backupdr", "backupPlans/daily", "BackupPlan", {"backupVault": f"{US}/backupVaults/far"}),
    in_region("backupdr", "backupPlanAssociations/1", "BackupPlanAssociation",
              {"resource": f"{P}/zones/europe-west9-a/disks/data", "resourceType": "compute.googleapis.com/Disk", "backupPlan": f"{L}/backupPlans/daily"}),
    in_region("gkebackup", "backupPlans/nightly", "BackupPlan", {"cluster": f"{L}/clusters/k"}, f"{P}/locations/europe-west4"),
    in_region("gkebackup", "backupPlans/nightly/backups/b1", "Backup",
              {"encryptionKey": {"gcpKmsEncryptionKey": KEY}, "clusterMetadata": {"cluster": f"{L}/clusters/k"}}, f"{P}/locations/europe-west4"),
    in_region("gkebackup", "backupChannels/out", "BackupChannel", {"destinationProject": "projects/elsewhere"}),
    asset(f"//cloudsql.googleapis.com/{P}/instances/ward/backupRuns/7", "sqladmin.googleapis.com/BackupRun", None, {"location": "eu"}),
    asset(f"//cloudsql.googleapis.com/{P}/backups/kept", "sqladmin.googleapis.com/Backup", None, {"location": "us", "instance": "ward", "kmsKey": KEY}),
    in_region("firestore", "backups/f1", "Backup", {"database": f"{P}/databases/(default)"}, f"{P}/locations/eur3"),
    asset(f"//bigtableadmin.googleapis.com/{P}/instances/signals/clusters/b/backups/t1", "bigtableadmin.googleapis.com/Backup", None,
          {"sourceTable": f"{P}/instances/signals/tables/t"}),
    asset(f"//spanner.googleapis.com/{P}/instances/records/backups/s1", "spanner.googleapis.com/Backup", None,
          {"database": f"{P}/instances/records/databases/main", "encryptionInfo": {"kmsKeyVersion": f"{KEY}/cryptoKeyVersions/1"}}),
    in_region("file", "backups/fs", "Backup", {"sourceInstance": f"{P}/locations/europe-west9-a/instances/share"}, US),
]  # fmt: skip
PLACES |= {
    ("far", "primary", "us-east1"), ("far", "key", "europe-west9"), ("web", "backup", "us-east1"), ("data", "backup", "us-east1"),
    ("k", "backup", "europe-west4"), ("b1", "primary", "europe-west4"), ("b1", "key", "europe-west9"),
    ("out", "primary", "europe-west9"), ("out", "share", None), ("7", "primary", "eu"), ("ward", "backup", "eu"),
    ("kept", "primary", "us"), ("kept", "key", "europe-west9"), ("f1", "primary", "eur3"), ("(default)", "backup", "eur3"),
    ("t1", "primary", "us-east1-b"), ("signals", "backup", "us-east1-b"),
    ("s1", "primary", "europe-west1"), ("s1", "key", "europe-west9"), ("main", "backup", "europe-west1"),
    ("fs", "primary", "us-east1"), ("share", "backup", "us-east1"),
}  # fmt: skip

NETAPP = [
    in_region("netapp", "kmsConfigs/c", "KmsConfig", {"cryptoKeyName": KEY}),
    in_region("netapp", "volumes/scans", "Volume", {"kmsConfig": f"{L}/kmsConfigs/c", "backupConfig": {"backupVault": f"{L}/backupVaults/nv"}}),
    in_region("netapp", "volumes/scans-copy", "Volume", {}, f"{P}/locations/europe-west3"),
    in_region("netapp", "volumes/scans/replications/r", "Replication",
              {"sourceVolume": f"{L}/volumes/scans", "destinationVolume": f"{P}/locations/europe-west3/volumes/scans-copy"}),
    in_region("netapp", "backupVaults/nv", "BackupVault", {"backupRegion": f"{P}/locations/europe-west4"}),
    in_region("netapp", "backupVaults/nv/backups/nb", "Backup", {"backupRegion": f"{P}/locations/europe-west4", "sourceVolume": f"{L}/volumes/scans"}),
]  # fmt: skip
PLACES |= {
    ("scans", "primary", "europe-west9"), ("scans", "key", "europe-west9"), ("scans", "backup", "europe-west4"),
    ("scans", "replica", "europe-west3"), ("scans-copy", "primary", "europe-west3"), ("nv", "primary", "europe-west4"),
    ("nb", "primary", "europe-west4"),
}  # fmt: skip

RECORDS = [
    in_region("healthcare", "datasets/d/fhirStores/fhir", "FhirStore",
              {"streamConfigs": [{"bigqueryDestination": {"datasetUri": "bq://hospital-prod.research"}},
                                 {"deidentifiedStoreDestination": {"store": f"{US}/datasets/d/fhirStores/open"}}]}),
    in_region("healthcare", "datasets/d/fhirStores/open", "FhirStore", {}, US),
    in_region("healthcare", "datasets/d/dicomStores/images", "DicomStore",
              {"streamConfigs": [{"bigqueryDestination": {"tableUri": "bq://hospital-prod.research.images"}}]}),
]  # fmt: skip
PLACES |= {
    ("fhir", "primary", "europe-west9"), ("fhir", "replica", "eu"), ("fhir", "replica", "us-east1"), ("open", "primary", "us-east1"),
    ("images", "primary", "europe-west9"), ("images", "replica", "eu"),
}  # fmt: skip

ANALYTICS = [
    asset(f"//dataproc.googleapis.com/{P}/regions/europe-west9/clusters/crunch", "dataproc.googleapis.com/Cluster", None,
          {"config": {"configBucket": "patients", "tempBucket": "access-logs", "encryptionConfig": {"gcePdKmsKeyName": KEY}}}),
    in_region("composer", "environments/flows", "Environment", {"storageConfig": {"bucket": "access-logs"}}),
    in_region("datastream", "streams/changes", "Stream",
              {"destinationConfig": {"bigqueryDestinationConfig": {"singleTargetDataset": {"datasetId": "hospital-prod:research"}}}}),
    in_region("datastream", "streams/many", "Stream",
              {"destinationConfig": {"bigqueryDestinationConfig": {"sourceHierarchyDatasets": {"datasetTemplate": {"location": "US"}}}}}),
    in_region("datastream", "streams/files", "Stream", {"destinationConfig": {"destinationConnectionProfile": f"{L}/connectionProfiles/p", "gcsDestinationConfig": {}}}),
    asset(f"//bigquery.googleapis.com/{P}/datasets/research_us", "bigquery.googleapis.com/Dataset", "us",
          {"location": "US", "access": [{"role": "READER", "iamMember": "allUsers"}]}),
    asset(f"//bigquerydatatransfer.googleapis.com/{P}/locations/us/transferConfigs/copy", "bigquerydatatransfer.googleapis.com/TransferConfig", None,
          {"dataSourceId": "cross_region_copy", "destinationDatasetId": "research_us", "params": {"source_dataset_id": "research", "source_project_id": "hospital-prod"}}),
    in_region("aiplatform", "batchPredictionJobs/batch", "BatchPredictionJob",
              {"encryptionSpec": {"kmsKeyName": KEY}, "outputConfig": {"gcsDestination": {"outputUriPrefix": "gs://access-logs/out"},
                                                                       "bigqueryDestination": {"outputUri": "bq://hospital-prod.research_us"}}}),
    asset("//storagetransfer.googleapis.com/projects/hospital-prod/transferJobs/nightly-copy", "storagetransfer.googleapis.com/TransferJob", None,
          {"status": "ENABLED", "transferSpec": {"gcsDataSource": {"bucketName": "patients"}, "gcsDataSink": {"bucketName": "access-logs"}}}),
]  # fmt: skip
PLACES |= {
    ("crunch", "primary", "europe-west9"), ("crunch", "key", "europe-west9"), ("crunch", "processing", "europe-west9"),
    ("crunch", "processing", "us-east1"), ("flows", "primary", "europe-west9"), ("flows", "processing", "us-east1"),
    ("changes", "primary", "europe-west9"), ("changes", "replica", "eu"), ("many", "primary", "europe-west9"), ("many", "replica", "us"),
    ("files", "primary", "europe-west9"), ("files", "replica", None), ("research_us", "primary", "us"), ("research_us", "share", None),
    ("copy", "primary", "us"), ("research", "replica", "us"), ("batch", "primary", "europe-west9"), ("batch", "key", "europe-west9"),
    ("batch", "replica", "us-east1"), ("batch", "replica", "us"), ("nightly-copy", "primary", "us-east1"), ("patients", "replica", "us-east1"),
}  # fmt: skip

NETWORK = [
    asset(f"//compute.googleapis.com/{P}/regions/europe-west9/resourcePolicies/snap", "compute.googleapis.com/ResourcePolicy", None,
          {"snapshotSchedulePolicy": {"snapshotProperties": {"storageLocations": ["asia"]}}}),
    asset(f"//compute.googleapis.com/{P}/regions/europe-west9/resourcePolicies/free", "compute.googleapis.com/ResourcePolicy", None,
          {"snapshotSchedulePolicy": {"schedule": {}}}),
    asset(f"//compute.googleapis.com/{P}/regions/europe-west9/resourcePolicies/hours", "compute.googleapis.com/ResourcePolicy", None,
          {"instanceSchedulePolicy": {"timeZone": "UTC"}}),
    asset(f"//compute.googleapis.com/{P}/zones/europe-west9-a/disks/kept", "compute.googleapis.com/Disk", None,
          {"resourcePolicies": [f"{_COMPUTE}/{P}/regions/europe-west9/resourcePolicies/{name}" for name in ("snap", "free", "hours")]}),
    asset(f"//compute.googleapis.com/{P}/regions/europe-west9/vpnTunnels/clinic", "compute.googleapis.com/VpnTunnel", None, {"peerIp": "192.0.2.1"}),
    asset(f"//compute.googleapis.com/{P}/global/interconnects/line", "compute.googleapis.com/Interconnect", "global",
          {"location": f"{_COMPUTE}/{P}/global/interconnectLocations/par-zone1-1"}),
    asset(f"//compute.googleapis.com/{P}/global/machineImages/whole", "compute.googleapis.com/MachineImage", "global",
          {"storageLocations": ["eu"], "sourceInstance": f"{_COMPUTE}/{P}/zones/europe-west9-a/instances/web"}),
    asset(f"//compute.googleapis.com/{P}/global/backendBuckets/static", "compute.googleapis.com/BackendBucket", "global", {"bucketName": "patients", "enableCdn": True}),
    asset(f"//compute.googleapis.com/{P}/global/backendServices/site", "compute.googleapis.com/BackendService", "global", {"enableCDN": True}),
    asset(f"//compute.googleapis.com/{P}/global/forwardingRules/front", "compute.googleapis.com/GlobalForwardingRule", "global", {"IPAddress": "192.0.2.9"}),
    asset(f"//networkservices.googleapis.com/{P}/locations/global/edgeCacheServices/media", "networkservices.googleapis.com/EdgeCacheService", "global", {"name": "media"}),
    in_region("connectors", "connections/crm", "Connection", {"destinationConfigs": [{"destinations": [{"host": "crm.example"}]}]}),
    asset(f"//spanner.googleapis.com/{P}/instances/records/instancePartitions/far", "spanner.googleapis.com/InstancePartition", None,
          {"config": f"{P}/instanceConfigs/regional-us-east1"}),
    in_region("redis", "clusters/quick", "Cluster",
              {"crossClusterReplicationConfig": {"membership": {"secondaryClusters": [{"cluster": f"{US}/clusters/quick-copy"}]}}}),
    in_region("memorystore", "instances/valkey", "Instance",
              {"crossInstanceReplicationConfig": {"membership": {"secondaryInstances": [{"instance": f"{US}/instances/valkey-copy"}]}}}),
    asset(f"//pubsub.googleapis.com/{P}/snapshots/held", "pubsub.googleapis.com/Snapshot", None, {"topic": f"{P}/topics/free"}),
    asset(f"//cloudkms.googleapis.com/{P}/locations/europe-west3/ekmConnections/outer", "cloudkms.googleapis.com/EkmConnection", None,
          {"serviceResolvers": [{"hostname": "ekm.example"}]}),
    asset(f"//cloudkms.googleapis.com/{P}/locations/europe-west3/keyRings/ring/cryptoKeys/private", "cloudkms.googleapis.com/CryptoKey", None,
          {"versionTemplate": {"protectionLevel": "EXTERNAL_VPC"}, "cryptoKeyBackend": f"{P}/locations/europe-west3/ekmConnections/outer"}),
]  # fmt: skip
PLACES |= {
    ("kept", "primary", "europe-west9-a"), ("kept", "snapshot", "asia"), ("kept", "snapshot", None),
    ("clinic", "primary", "europe-west9"), ("clinic", "processing", None), ("line", "primary", "par-zone1-1"),
    ("whole", "primary", "eu"), ("web", "snapshot", "eu"), ("static", "primary", "europe-west9"), ("static", "cache", "global"),
    ("site", "primary", "global"), ("site", "cache", "global"), ("front", "primary", "global"), ("media", "cache", "global"),
    ("crm", "primary", "europe-west9"), ("crm", "processing", None), ("far", "primary", "us-east1"), ("records", "primary", "us-east1"),
    ("quick", "primary", "europe-west9"), ("quick", "replica", "us-east1"), ("valkey", "primary", "europe-west9"), ("valkey", "replica", "us-east1"),
    ("held", "primary", "global"), ("outer", "primary", "europe-west3"), ("outer", "key", None),
    ("private", "primary", "europe-west3"), ("private", "key", None),
    # A database is wherever its instance is, and so is a backup of it.
    ("main", "primary", "us-east1"), ("s1", "primary", "us-east1"), ("main", "backup", "us-east1"),
}  # fmt: skip

ORG = [
    asset("//orgpolicy.googleapis.com/folders/800/policies/gcp.resourceLocations", "orgpolicy.googleapis.com/Policy", None,
          {"spec": {"inheritFromParent": True, "rules": [{"values": {"allowedValues": ["in:europe-west9-locations"]}}]}}, ancestors=["folders/800", "organizations/900"]),
    asset("//orgpolicy.googleapis.com/organizations/900/policies/gcp.resourceLocations", "orgpolicy.googleapis.com/Policy", None,
          {"spec": {"rules": [{"values": {"allowedValues": ["in:eu-locations"], "deniedValues": ["in:us-locations"]}, "condition": {"expression": "true"}}]}},
          ancestors=["organizations/900"]),
    asset("//assuredworkloads.googleapis.com/organizations/900/locations/europe-west3/workloads/w", "assuredworkloads.googleapis.com/Workload", None,
          {"complianceRegime": "EU_REGIONS_AND_SUPPORT", "partner": "PARTNER_UNSPECIFIED", "resources": [{"resourceId": "800", "resourceType": "CONSUMER_FOLDER"}]},
          ancestors=["organizations/900"]),
]  # fmt: skip
SETTINGS = {
    "assured-workload": "EU_REGIONS_AND_SUPPORT", "key-access-justifications": "0 of 5 keys",
    "allowed-locations": "in:europe-west9-locations, in:eu-locations (under a condition), not in:us-locations (under a condition)",
}

ITEMS += [*BACKUPS, *NETAPP, *RECORDS, *ANALYTICS, *NETWORK, *ORG]
