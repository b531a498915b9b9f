"""CloudTrail: where the trails are and where they deliver what they record."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, InBucket
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

TRAILS = operation("cloudtrail:DescribeTrails", lists="trailList")
TAGS = operation("cloudtrail:ListTags", lists="ResourceTagList")


@collector(
    service="cloudtrail",
    actions=(TRAILS, TAGS),
    scope="regional",
    kinds=("audit-trail",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The trails that record in this region. One that records in all is told everywhere, its tags only at home."""
    answer = calls.one(TRAILS)
    for index, trail in enumerate(() if answer is None else answer["trailList"]):
        tags = None
        if trail.get("HomeRegion") == calls.region:
            told = calls.whole(TAGS, "ResourceTagList", ResourceIdList=[trail["TrailARN"]])
            tags = tags_of(None if told is None else [tag for entry in told for tag in entry.get("TagsList", ())])
        calls.add(read_trail(calls.place, trail, index, tags))


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
