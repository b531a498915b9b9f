"""Asset types that hold no customer content and place none: access rights, networks, settings, parts of what is read.

They count as read and give no resource. A type that is neither here nor read is kept and reported as not supported.
"""

from __future__ import annotations

# Everything of these services.
SERVICES = frozenset({
    "accesscontextmanager", "apikeys", "billingbudgets", "cloudasset", "cloudbilling", "cloudresourcemanager",
    "essentialcontacts", "iam", "iap", "networkmanagement", "networksecurity", "networkservices", "orgpolicy",
    "osconfig", "serviceusage",
})  # fmt: skip

TYPES = frozenset({
    *(f"compute.googleapis.com/{name}" for name in (
        "Address", "Autoscaler", "ExternalVpnGateway", "Firewall", "FirewallPolicy", "GlobalAddress", "HealthCheck",
        "HttpHealthCheck", "HttpsHealthCheck", "InstanceGroup", "InstanceTemplate", "Network", "NetworkEndpointGroup",
        "Project", "ResourcePolicy", "Route", "Router", "SecurityPolicy", "SslCertificate", "SslPolicy", "Subnetwork",
        "TargetHttpProxy", "TargetHttpsProxy", "TargetInstance", "TargetPool", "TargetSslProxy", "TargetTcpProxy",
        "UrlMap", "VpnGateway",
    )),
    "appengine.googleapis.com/Service",
    "appengine.googleapis.com/Version",
    "artifactregistry.googleapis.com/DockerImage",
    "bigquery.googleapis.com/Routine",
    "bigtableadmin.googleapis.com/AppProfile",
    "bigtableadmin.googleapis.com/Table",
    "cloudkms.googleapis.com/CryptoKeyVersion",
    "cloudkms.googleapis.com/EkmConnection",
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
    "spanner.googleapis.com/InstanceConfig",
})  # fmt: skip


def holds_nothing(type_: str) -> bool:
    """Whether an asset type is a setting or a part of something that is read as a whole. The objects inside a cluster
    of GKE (`…k8s.io/…`) are where their cluster is."""
    service = type_.partition("/")[0]
    return type_ in TYPES or service.removesuffix(".googleapis.com") in SERVICES or service.endswith("k8s.io")
