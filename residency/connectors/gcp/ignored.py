"""Asset types that hold no customer content and place none: access rights, networks, settings, parts of what is read.

They count as read and give no resource. A type that is neither here nor read is kept and reported as not supported.
"""

from __future__ import annotations

from residency.connectors.gcp.rows import READERS

# Everything of these services.
SERVICES = frozenset({
    "accesscontextmanager", "apikeys", "assuredworkloads", "billingbudgets", "binaryauthorization",
    "certificatemanager", "cloudasset", "cloudbilling", "clouddeploy", "cloudresourcemanager", "domains",
    "essentialcontacts", "firebaserules", "gkehub", "iam", "iap", "identity.accesscontextmanager",
    "networkconnectivity", "networkmanagement", "networksecurity", "networkservices", "orgpolicy", "osconfig",
    "privateca", "privilegedaccessmanager", "recaptchaenterprise", "securitycenter", "securitycentermanagement",
    "securityposture", "servicedirectory", "servicemanagement", "servicenetworking", "serviceusage", "vpcaccess",
    "websecurityscanner",
})  # fmt: skip

TYPES = frozenset({
    *(f"compute.googleapis.com/{name}" for name in (
        "Address", "Autoscaler", "Commitment", "ExternalVpnGateway", "Firewall", "FirewallPolicy", "GlobalAddress",
        "HealthCheck", "HttpHealthCheck", "HttpsHealthCheck", "InstanceGroup", "InstanceTemplate",
        "InterconnectAttachment", "License", "Network", "NetworkAttachment", "NetworkEndpointGroup", "NodeGroup",
        "NodeTemplate", "Project", "PublicDelegatedPrefix", "Reservation", "Route", "Router", "SecurityPolicy",
        "ServiceAttachment", "SslCertificate", "SslPolicy", "Subnetwork", "TargetGrpcProxy", "TargetHttpProxy",
        "TargetHttpsProxy", "TargetInstance", "TargetPool", "TargetSslProxy", "TargetTcpProxy", "TargetVpnGateway",
        "UrlMap", "VpnGateway",
    )),
    "appengine.googleapis.com/Service",
    "appengine.googleapis.com/Version",
    "artifactregistry.googleapis.com/DockerImage",
    "backupdr.googleapis.com/Backup",  # a part of its vault
    "gkebackup.googleapis.com/Restore",
    "gkebackup.googleapis.com/RestorePlan",
    "gkebackup.googleapis.com/VolumeBackup",  # a part of its backup
    "gkebackup.googleapis.com/VolumeRestore",
    "cloudbuild.googleapis.com/BuildTrigger",
    "cloudscheduler.googleapis.com/Job",
    "composer.googleapis.com/UserWorkloadsConfigMap",
    "dataplex.googleapis.com/Asset",  # names a bucket or dataset that is listed itself
    "dataplex.googleapis.com/Zone",
    "dataproc.googleapis.com/AutoscalingPolicy",
    "datastream.googleapis.com/PrivateConnection",
    "eventarc.googleapis.com/Trigger",
    "file.googleapis.com/Snapshot",  # kept in its instance
    "netapp.googleapis.com/ActiveDirectory",
    "netapp.googleapis.com/BackupPolicy",
    "netapp.googleapis.com/Snapshot",  # kept in its volume
    "netapp.googleapis.com/StoragePool",  # its volumes say what is in it
    "logging.googleapis.com/Link",
    "logging.googleapis.com/LogView",
    "logging.googleapis.com/SavedQuery",
    "logging.googleapis.com/Settings",  # for buckets made later
    "monitoring.googleapis.com/Dashboard",
    "monitoring.googleapis.com/Snooze",
    "monitoring.googleapis.com/UptimeCheckConfig",
    "pubsub.googleapis.com/Schema",
    "workstations.googleapis.com/WorkstationCluster",
    "workstations.googleapis.com/WorkstationConfig",
    "bigquery.googleapis.com/Routine",
    "bigtableadmin.googleapis.com/AppProfile",
    "bigtableadmin.googleapis.com/Table",
    "cloudkms.googleapis.com/AutokeyConfig",  # shown with the account
    "cloudkms.googleapis.com/CryptoKeyVersion",
    "cloudkms.googleapis.com/EkmConfig",
    "cloudkms.googleapis.com/KeyHandle",  # names a key that is listed itself
    "cloudkms.googleapis.com/ImportJob",
    "cloudkms.googleapis.com/KeyRing",
    "container.googleapis.com/NodePool",
    "dns.googleapis.com/Policy",
    "dns.googleapis.com/ResourceRecordSet",
    "logging.googleapis.com/LogMetric",
    "monitoring.googleapis.com/AlertPolicy",
    "monitoring.googleapis.com/NotificationChannel",
    "run.googleapis.com/DomainMapping",
    "run.googleapis.com/Revision",
    "secretmanager.googleapis.com/SecretVersion",
})  # fmt: skip


def holds_nothing(type_: str) -> bool:
    """Whether an asset type is a setting or a part of something that is read as a whole. The objects inside a cluster
    of GKE (`…k8s.io/…`) are where their cluster is."""
    service = type_.partition("/")[0]
    if type_ in READERS:
        return False
    return type_ in TYPES or service.removesuffix(".googleapis.com") in SERVICES or service.endswith("k8s.io")
