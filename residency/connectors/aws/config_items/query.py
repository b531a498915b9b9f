"""What is asked of an aggregator of AWS Config, here and by whoever makes a file of the answer."""

from __future__ import annotations

from residency.connectors.aws.collector import operation

SOURCES = operation("config:DescribeConfigurationAggregatorSourcesStatus", lists="AggregatedSourceStatusList")
ITEMS = operation("config:SelectAggregateResourceConfig", lists="Results")
OPERATIONS = (SOURCES, ITEMS)
# `SELECT *` gives the properties of the top only, neither configuration nor tags: see "Limitations" in
# https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
QUERY = (
    "SELECT accountId, awsRegion, arn, resourceType, resourceId, resourceName, tags, configurationItemStatus, "
    "configurationItemCaptureTime, configuration, supplementaryConfiguration"
)
