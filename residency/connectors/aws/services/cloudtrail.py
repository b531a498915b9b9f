"""CloudTrail: trails, where they deliver what they record, and stores of events that can be searched."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, InBucket
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

TRAILS = operation("cloudtrail:DescribeTrails", lists="trailList")
STORES = operation("cloudtrail:ListEventDataStores", lists="EventDataStores")
STORE = operation("cloudtrail:GetEventDataStore", lists="EventDataStoreArn")
TAGS = operation("cloudtrail:ListTags", lists="ResourceTagList")


@collector(
    service="cloudtrail",
    actions=(TRAILS, STORES, STORE, TAGS),
    scope="regional",
    kinds=("audit-trail",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The trails that record in this region, and the stores that lie in it. A trail that records in all regions is told
    everywhere, its tags only at home."""
    answer = calls.one(TRAILS)
    for index, trail in enumerate(() if answer is None else answer["trailList"]):
        tags = None
        if trail.get("HomeRegion") == calls.region:
            tags = _tags(calls, trail["TrailARN"])
        calls.add(read_trail(calls.place, trail, index, tags))
    for _, store in calls.items(STORES, MaxResults=200):
        calls.each(_store, store["EventDataStoreArn"])


def _store(calls: Calls, arn: str) -> None:
    answer = calls.one(STORE, EventDataStore=arn)
    if answer is not None:
        calls.add(read_store(calls.place, answer, _tags(calls, arn)))


def _tags(calls: Calls, arn: str) -> Tags:
    told = calls.whole(TAGS, "ResourceTagList", ResourceIdList=[arn])
    return tags_of(None if told is None else [tag for entry in told for tag in entry.get("TagsList", ())])


def read_trail(place: Place, trail: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A trail, at home in one region, and the places it delivers to. It is the same row whichever region tells it."""
    uid, path, home = trail["TrailARN"], f"trailList[{index}]", trail["HomeRegion"]
    custody, keys = encrypted(
        place, uid, trail.get("KmsKeyId"), TRAILS.call, f"{path}.KmsKeyId", KeyCustody.PROVIDER_MANAGED
    )
    yield resource(
        place, uid, "AWS::CloudTrail::Trail", "audit-trail", trail["Name"], tags=tags, custody=custody, location=home
    )
    yield Placement(uid, Role.PRIMARY, home, "location", Evidence(TRAILS.call, f"{path}.HomeRegion", home))
    yield from keys
    bucket = trail.get("S3BucketName")
    if bucket:
        evidence = Evidence(TRAILS.call, f"{path}.S3BucketName", bucket)
        target = place.bucket(bucket)
        yield InBucket(Placement(uid, Role.LOG, None, "cloudtrail-delivery", evidence, target=target), bucket)
    group = trail.get("CloudWatchLogsLogGroupArn")
    if group:
        evidence = Evidence(TRAILS.call, f"{path}.CloudWatchLogsLogGroupArn", group)
        target = group.removesuffix(":*")
        yield Placement(uid, Role.LOG, region_of(group), "cloudtrail-logs", evidence, target=target)


def read_store(place: Place, store: Answer, tags: Tags) -> Iterator[Found]:
    """A store of events, of this region or of all, that lies in this one."""
    uid, call = store["EventDataStoreArn"], STORE.call
    custody, keys = encrypted(place, uid, store.get("KmsKeyId"), call, "KmsKeyId", KeyCustody.PROVIDER_MANAGED)
    type_, name = "AWS::CloudTrail::EventDataStore", store.get("Name")
    yield resource(place, uid, type_, "audit-trail", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "EventDataStoreArn", uid)
    yield from keys
