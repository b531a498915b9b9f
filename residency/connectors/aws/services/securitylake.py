"""Security Lake: the lake of a region, its bucket and key, and the regions that it is rolled up into."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

LAKES = operation("securitylake:ListDataLakes", lists="dataLakes")
TAGS = operation("securitylake:ListTagsForResource", lists="tags")
# What stands in place of a key when S3 encrypts by itself.
_NO_KEY = "S3_MANAGED_KEY"


@collector(
    service="securitylake",
    actions=(LAKES, TAGS),
    scope="regional",
    kinds=("security-findings",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The lake of the region, if there is one."""
    calls.each_of(LAKES, _read, regions=[calls.region])


def _read(calls: Calls, lake: Answer, index: int) -> None:
    calls.add(read_lake(calls.place, lake, index, calls.tags(TAGS, resourceArn=lake["dataLakeArn"])))


def read_lake(place: Place, lake: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A lake: its data lies in a bucket, and in that of each region it is replicated to."""
    uid, path, call = lake["dataLakeArn"], f"dataLakes[{index}]", LAKES.call
    key = lake.get("encryptionConfiguration", {}).get("kmsKeyId")
    field = f"{path}.encryptionConfiguration.kmsKeyId"
    key = None if key == _NO_KEY else key
    custody, keys = encrypted(place, uid, key, call, field, KeyCustody.PROVIDER_MANAGED)
    region = lake["region"]
    yield resource(
        place, uid, "AWS::SecurityLake::DataLake", "security-findings", uid.rpartition("/")[2], tags=tags,
        custody=custody, location=region,
    )  # fmt: skip
    yield Placement(uid, Role.PRIMARY, region, "location", Evidence(call, f"{path}.region", region))
    yield from keys
    if lake.get("s3BucketArn"):
        arn = lake["s3BucketArn"]
        yield towards(place, uid, Role.PRIMARY, arn, "security-lake", call, f"{path}.s3BucketArn")
    for at, copy in enumerate((lake.get("replicationConfiguration") or {}).get("regions", ())):
        evidence = Evidence(call, f"{path}.replicationConfiguration.regions[{at}]", copy)
        yield Placement(uid, Role.REPLICA, copy, "security-lake-replication", evidence)
