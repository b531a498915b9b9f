"""S3 buckets: where each is, where it is replicated and logged to, and with which key.

Who else may read one is in `s3_access`, what S3 tells of it elsewhere in `s3_reports`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.found import Found, InBucket, KeyUse, KnownBucket
from residency.connectors.aws.place import Place, bucket_of, offer_of
from residency.connectors.aws.rows import encrypted, resource, tags_of
from residency.connectors.aws.services.s3_access import ACCESS, collect_access
from residency.connectors.aws.services.s3_reports import REPORTS, collect_reports
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

BUCKETS = operation("s3:ListBuckets", permission="s3:ListAllMyBuckets", lists="Buckets")
LOCATION = operation("s3:GetBucketLocation")
TAGS = operation("s3:GetBucketTagging")
REPLICATION = operation("s3:GetBucketReplication", permission="s3:GetReplicationConfiguration")
LOGGING = operation("s3:GetBucketLogging")
ENCRYPTION = operation("s3:GetBucketEncryption", permission="s3:GetEncryptionConfiguration")
HEAD = operation("s3:HeadBucket", permission="s3:ListBucket")
_REGION_HEADER = "x-amz-bucket-region"


@collector(
    service="s3",
    actions=(BUCKETS, LOCATION, TAGS, REPLICATION, LOGGING, ENCRYPTION, HEAD, *ACCESS, *REPORTS),
    scope="spread",
    kinds=("object-bucket",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """List the buckets of the account once, then read each in its own region."""
    index = 0
    for page in calls.pages(BUCKETS, MaxBuckets=1000):
        for bucket in page["Buckets"]:
            calls.each(_locate, bucket, index)
            index += 1
    if calls.unit.failures:
        calls.failed_everywhere()


def _locate(calls: Calls, bucket: Answer, index: int) -> None:
    name = bucket["Name"]
    region = bucket.get("BucketRegion")
    if region:
        evidence = Evidence(BUCKETS.call, f"Buckets[{index}].BucketRegion", region)
    else:
        answer = calls.one(LOCATION, Bucket=name)
        if answer is None:
            calls.add(read_unlocated(calls.place, name))
            return
        region, evidence = read_location(answer)
    there = calls.within(region)
    if there is None:
        calls.add([KnownBucket(name, region)])
    else:
        there.each(_read, name, evidence)


def _read(calls: Calls, name: str, evidence: Evidence) -> None:
    tags = calls.one(TAGS, absent=("NoSuchTagSet",), Bucket=name)
    replication = calls.one(REPLICATION, absent=("ReplicationConfigurationNotFoundError",), Bucket=name)
    logging = calls.one(LOGGING, Bucket=name)
    encryption = calls.one(ENCRYPTION, absent=("ServerSideEncryptionConfigurationNotFoundError",), Bucket=name)
    calls.each(collect_access, name)
    collect_reports(calls, name)
    calls.add(read_bucket(calls.place, name, evidence, tags, encryption))
    calls.add(read_replication(calls.place, name, replication or {}))
    calls.add(read_logging(calls.place, name, logging or {}))


def find_bucket(calls: Calls, name: str) -> None:
    """Where a bucket of another account is. AWS tells it in a header, even when it refuses everything else."""
    try:
        region = calls.ask(HEAD, Bucket=name).get("BucketRegion")
    except CallFailed as failure:
        region = None if failure.refusal is None else failure.refusal.headers.get(_REGION_HEADER)
        if region is None and not failure.gone:
            calls.note(failure)
    calls.add([KnownBucket(name, region)])


def read_location(answer: Answer) -> tuple[str, Evidence]:
    """The region of a bucket. No constraint is us-east-1, and `EU` is what Ireland was called once."""
    told = answer.get("LocationConstraint")
    region = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(told, told)
    assert region is not None
    return region, Evidence(LOCATION.call, "LocationConstraint", told or None)


def read_unlocated(place: Place, name: str) -> Iterator[Found]:
    """A bucket whose region was not told: it exists, and nothing says where."""
    yield KnownBucket(name, None)
    found = resource(place, place.bucket(name), "AWS::S3::Bucket", "object-bucket", name, tags=None)
    yield replace(found, location=None, offer=offer_of(place.partition, None))


def read_bucket(
    place: Place, name: str, where: Evidence, tags: Answer | None, encryption: Answer | None
) -> Iterator[Found]:
    """A bucket, its place and its key."""
    uid = place.bucket(name)
    custody, keys = (None, []) if encryption is None else read_encryption(place, uid, encryption)
    told = None if tags is None else tags_of(tags.get("TagSet", ()))
    yield KnownBucket(name, place.region)
    yield resource(place, uid, "AWS::S3::Bucket", "object-bucket", name, tags=told, custody=custody)
    yield Placement(uid, Role.PRIMARY, place.region, "location", where)
    yield from keys


def read_encryption(place: Place, uid: str, answer: Answer) -> tuple[KeyCustody | None, list[KeyUse]]:
    """Custody of a bucket. S3 encrypts with its own keys whatever has no other setting (documented since 2023)."""
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    for index, rule in enumerate(rules):
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        field = f"ServerSideEncryptionConfiguration.Rules[{index}].ApplyServerSideEncryptionByDefault.KMSMasterKeyID"
        return encrypted(place, uid, default.get("KMSMasterKeyID"), ENCRYPTION.call, field, KeyCustody.PROVIDER_MANAGED)
    return KeyCustody.PROVIDER_MANAGED, []


def read_replication(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """Where the enabled rules copy the objects of a bucket, and with which key the copies are encrypted."""
    uid = place.bucket(name)
    for index, rule in enumerate(answer.get("ReplicationConfiguration", {}).get("Rules", ())):
        if rule.get("Status") != "Enabled":
            continue
        destination = rule["Destination"]
        path = f"ReplicationConfiguration.Rules[{index}].Destination"
        told = destination["Bucket"]
        evidence = Evidence(REPLICATION.call, f"{path}.Bucket", told)
        target = told if told.startswith("arn:") else place.bucket(told)
        yield InBucket(Placement(uid, Role.REPLICA, None, "s3-replication", evidence, target=target), bucket_of(told))
        account = destination.get("Account")
        if account and account != place.account:
            yield share(uid, "s3-replication", Evidence(REPLICATION.call, f"{path}.Account", account), account)
        key = destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
        if key:
            field = f"{path}.EncryptionConfiguration.ReplicaKmsKeyID"
            yield KeyUse(uid, key, place, Evidence(REPLICATION.call, field, key), decides=False)


def read_logging(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """Where the access log of a bucket is written."""
    target = answer.get("LoggingEnabled", {}).get("TargetBucket")
    if target:
        evidence = Evidence(LOGGING.call, "LoggingEnabled.TargetBucket", target)
        log = Placement(place.bucket(name), Role.LOG, None, "s3-logging", evidence, target=place.bucket(target))
        yield InBucket(log, target)
