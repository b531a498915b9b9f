"""S3 Tables: table buckets, the table buckets that they are replicated to, and who else may read them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, kept
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

BUCKETS = operation("s3tables:ListTableBuckets", lists="tableBuckets")
REPLICATION = operation("s3tables:GetTableBucketReplication", lists="configuration")
ENCRYPTION = operation("s3tables:GetTableBucketEncryption", lists="encryptionConfiguration")
POLICY = operation("s3tables:GetTableBucketPolicy", lists="resourcePolicy")
TAGS = operation("s3tables:ListTagsForResource", lists="tags")
_NONE = ("NotFoundException",)


@collector(
    service="s3tables",
    actions=(BUCKETS, REPLICATION, ENCRYPTION, POLICY, TAGS),
    scope="regional",
    kinds=("table-bucket",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The table buckets, those that S3 keeps its own metadata tables in among them, then each."""
    for index, bucket in calls.items(BUCKETS, maxBuckets=1000):
        calls.each(_read, bucket, index)


def _read(calls: Calls, bucket: Answer, index: int) -> None:
    uid = bucket["arn"]
    told = calls.one(TAGS, absent=_NONE, resourceArn=uid)
    encryption = calls.one(ENCRYPTION, absent=_NONE, tableBucketARN=uid)
    calls.add(read_bucket(calls.place, bucket, index, None if told is None else told.get("tags", {}), encryption))
    calls.add(read_replication(uid, calls.one(REPLICATION, absent=_NONE, tableBucketARN=uid) or {}))
    policy = calls.one(POLICY, absent=_NONE, tableBucketARN=uid) or {}
    told = policy.get("resourcePolicy")
    calls.add(read_policy(calls.place, uid, told, "table-bucket-policy", POLICY.call, "resourcePolicy"))


def read_bucket(place: Place, bucket: Answer, index: int, tags: Tags, encryption: Answer | None) -> Iterator[Found]:
    """A table bucket and its key. What has no other setting S3 encrypts with keys of its own."""
    uid, field = bucket["arn"], f"tableBuckets[{index}].arn"
    key = (encryption or {}).get("encryptionConfiguration", {}).get("kmsKeyArn")
    yield from kept(
        place, uid, "AWS::S3Tables::TableBucket", "table-bucket", bucket["name"], BUCKETS.call, field, uid, tags=tags,
        key=key, key_field="encryptionConfiguration.kmsKeyArn",
        otherwise=None if encryption is None else KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_replication(uid: str, answer: Answer) -> Iterator[Found]:
    """The table buckets that get a copy of every table."""
    for index, rule in enumerate(answer.get("configuration", {}).get("rules") or ()):
        for at, destination in enumerate(rule.get("destinations") or ()):
            arn = destination["destinationTableBucketARN"]
            field = f"configuration.rules[{index}].destinations[{at}].destinationTableBucketARN"
            evidence = Evidence(REPLICATION.call, field, arn)
            yield Placement(uid, Role.REPLICA, region_of(arn), "s3tables-replication", evidence, target=arn)
