"""ElastiCache: clusters, replication groups, serverless caches, and the regions of global datastores."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

CLUSTERS = operation("elasticache:DescribeCacheClusters", lists="CacheClusters")
GROUPS = operation("elasticache:DescribeReplicationGroups", lists="ReplicationGroups")
GLOBAL = operation("elasticache:DescribeGlobalReplicationGroups", lists="GlobalReplicationGroups")
SERVERLESS = operation("elasticache:DescribeServerlessCaches", lists="ServerlessCaches")
TAGS = operation("elasticache:ListTagsForResource", lists="TagList")


@collector(
    service="elasticache",
    actions=(CLUSTERS, GROUPS, GLOBAL, SERVERLESS, TAGS),
    scope="regional",
    kinds=("redis", "redis-rg", "redis-serverless"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Clusters that stand alone and replication groups; the global datastores when a group belongs to one."""
    calls.each(_clusters)
    calls.each(_serverless)
    index, far = 0, False
    for page in calls.pages(GROUPS, MaxRecords=100):
        for group in page["ReplicationGroups"]:
            far = far or bool(group.get("GlobalReplicationGroupInfo", {}).get("GlobalReplicationGroupId"))
            calls.each(_read, group, "ReplicationGroups", index)
            index += 1
    if far:
        for page in calls.pages(GLOBAL, MaxRecords=100, ShowMemberInfo=True):
            calls.add(read_global(calls.place, page))


def _clusters(calls: Calls) -> None:
    index = 0
    for page in calls.pages(CLUSTERS, MaxRecords=100):
        for cluster in page["CacheClusters"]:
            if not cluster.get("ReplicationGroupId"):
                calls.each(_read, cluster, "CacheClusters", index)
            index += 1


def _serverless(calls: Calls) -> None:
    for index, cache in calls.items(SERVERLESS, MaxResults=50):
        calls.each(_read, cache, "ServerlessCaches", index)


def _read(calls: Calls, told: Answer, member: str, index: int) -> None:
    answer = calls.one(TAGS, ResourceName=told["ARN"])
    tags = tags_of(None if answer is None else answer["TagList"])
    calls.add(read_cache(calls.place, told, member, index, tags))


def read_cache(place: Place, told: Answer, member: str, index: int, tags: Tags) -> Iterator[Found]:
    """A cluster, a replication group or a serverless cache: `member` is the list that it stood in."""
    uid, path = told["ARN"], f"{member}[{index}]"
    at_rest = str(told.get("AtRestEncryptionEnabled"))
    own: KeyCustody | None = {"True": KeyCustody.PROVIDER_MANAGED, "False": KeyCustody.NONE}.get(at_rest)
    if member == "ServerlessCaches":
        # Encryption at rest cannot be switched off there, as documented.
        call, type_, kind = SERVERLESS.call, "AWS::ElastiCache::ServerlessCache", "redis-serverless"
        own = KeyCustody.PROVIDER_MANAGED
        name = told["ServerlessCacheName"]
    elif member == "CacheClusters":
        call, type_, kind, name = CLUSTERS.call, "AWS::ElastiCache::CacheCluster", "redis", told["CacheClusterId"]
    else:
        call, type_, kind = GROUPS.call, "AWS::ElastiCache::ReplicationGroup", "redis-rg"
        name = told["ReplicationGroupId"]
    custody, keys = encrypted(place, uid, told.get("KmsKeyId"), call, f"{path}.KmsKeyId", own)
    yield resource(place, uid, type_, kind, name, tags=tags, custody=custody)
    yield primary(place, uid, call, f"{path}.ARN", uid)
    yield from keys


def read_global(place: Place, answer: Answer) -> Iterator[Found]:
    """Global datastores: every member holds all the data, so each is a replica of the one that is written to."""
    for index, datastore in enumerate(answer["GlobalReplicationGroups"]):
        members = list(enumerate(datastore.get("Members", ())))
        for _, writer in members:
            if str(writer.get("Role")).upper() != "PRIMARY":
                continue
            original = _group(place, writer)
            for at, member in members:
                if member is not writer:
                    region = member["ReplicationGroupRegion"]
                    field = f"GlobalReplicationGroups[{index}].Members[{at}].ReplicationGroupRegion"
                    evidence = Evidence(GLOBAL.call, field, region)
                    via, target = "elasticache-global-datastore", _group(place, member)
                    yield CopyOf(Placement(original, Role.REPLICA, region, via, evidence, target=target))


def _group(place: Place, member: Answer) -> str:
    group = f"replicationgroup:{member['ReplicationGroupId']}"
    return place.arn("elasticache", group, member["ReplicationGroupRegion"])
