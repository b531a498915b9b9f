"""Types that hold no customer content and place none: access rights, networks, settings, parts of what is read.

They count as read and give no resource. A type that is neither here nor read is kept and reported as not supported.
"""

from __future__ import annotations

# Everything of these resource providers.
SERVICES = frozenset({
    "microsoft.advisor", "microsoft.alertsmanagement", "microsoft.authorization", "microsoft.billing",
    "microsoft.consumption", "microsoft.costmanagement", "microsoft.guestconfiguration", "microsoft.maintenance",
    "microsoft.managedidentity", "microsoft.management", "microsoft.policyinsights", "microsoft.portal",
    "microsoft.resourcehealth", "microsoft.resources", "microsoft.security",
})  # fmt: skip

TYPES = frozenset({
    *(f"microsoft.network/{name}" for name in (
        "applicationsecuritygroups", "ddosprotectionplans", "firewallpolicies", "ipgroups", "natgateways",
        "networkinterfaces", "networkintentpolicies", "networkprofiles", "networksecuritygroups", "networkwatchers",
        "publicipaddresses", "publicipprefixes", "routefilters", "routetables", "serviceendpointpolicies",
        "virtualnetworks/subnets",
    )),
    *(f"microsoft.network/{name}" for name in (
        "applicationgatewaywebapplicationfirewallpolicies", "connections", "dnsforwardingrulesets", "dnsresolvers",
        "dnsresolvers/inboundendpoints", "dnsresolvers/outboundendpoints", "localnetworkgateways",
        "privatednszones/virtualnetworklinks", "virtualhubs/hubroutetables", "vpnsites",
    )),
    "microsoft.automation/automationaccounts/runbooks",
    "microsoft.compute/galleries/applications",
    "microsoft.compute/galleries/images",
    "microsoft.compute/virtualmachines/runcommands",
    "microsoft.compute/availabilitysets",
    "microsoft.devtestlab/schedules",
    "microsoft.hybridcompute/machines/extensions",
    "microsoft.insights/webtests",
    "microsoft.netapp/netappaccounts/capacitypools",
    "microsoft.operationalinsights/querypacks",
    "microsoft.sql/servers/elasticpools",
    "microsoft.sql/virtualclusters",
    "microsoft.web/certificates",
    "microsoft.compute/proximityplacementgroups",
    "microsoft.compute/sshpublickeys",
    "microsoft.compute/virtualmachines/extensions",
    "microsoft.insights/actiongroups",
    "microsoft.insights/activitylogalerts",
    "microsoft.insights/autoscalesettings",
    "microsoft.insights/metricalerts",
    "microsoft.insights/scheduledqueryrules",
})  # fmt: skip


def holds_nothing(type_: str) -> bool:
    """Whether a type, in lower case, is a setting or a part of something that is read as a whole."""
    return type_ in TYPES or type_.partition("/")[0] in SERVICES
