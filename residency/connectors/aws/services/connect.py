"""Connect: contact centres, where their recordings and reports are kept, and their replicas in another region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_bucket, primary, resource, tags_in, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

INSTANCES = operation("connect:ListInstances", lists="InstanceSummaryList")
INSTANCE = operation("connect:DescribeInstance", lists="Instance")
STORES = operation("connect:ListInstanceStorageConfigs", lists="StorageConfigs")
# What a contact centre keeps somewhere of the account's choosing.
_KEPT = (
    "CHAT_TRANSCRIPTS", "CALL_RECORDINGS", "SCHEDULED_REPORTS", "MEDIA_STREAMS", "CONTACT_TRACE_RECORDS",
    "AGENT_EVENTS", "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS", "ATTACHMENTS", "CONTACT_EVALUATIONS", "SCREEN_RECORDINGS",
    "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS", "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS", "EMAIL_MESSAGES",
)  # fmt: skip


@collector(
    service="connect",
    actions=(INSTANCES, INSTANCE, STORES),
    scope="regional",
    kinds=("contact-centre",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of contact centres, then each, with the store of every sort of recording."""
    for _, instance in calls.items(INSTANCES, MaxResults=10):
        calls.each(_read, instance)


def _read(calls: Calls, instance: Answer) -> None:
    answer = calls.one(INSTANCE, InstanceId=instance["Id"])
    if answer is not None:
        calls.add(read_instance(calls.place, answer))
    for sort in _KEPT:
        told = calls.whole(STORES, "StorageConfigs", InstanceId=instance["Id"], ResourceType=sort, MaxResults=10)
        calls.add(read_stores(calls.place, instance["Arn"], told or ()))


def read_instance(place: Place, answer: Answer) -> Iterator[Found]:
    """A contact centre, and each other region that it is replicated to."""
    instance = answer["Instance"]
    uid, name = instance["Arn"], instance.get("InstanceAlias") or instance["Id"]
    tags = tags_in(instance, "Tags")
    yield resource(place, uid, "AWS::Connect::Instance", "contact-centre", name, tags=tags)
    yield primary(place, uid, INSTANCE.call, "Instance.Arn", uid)
    copies = (answer.get("ReplicationConfiguration") or {}).get("ReplicationStatusSummaryList", ())
    for at, copy in enumerate(copies):
        region = copy.get("Region")
        if region and region != place.region and copy.get("ReplicationStatus") != "INSTANCE_REPLICATION_FAILED":
            field = f"ReplicationConfiguration.ReplicationStatusSummaryList[{at}].Region"
            evidence = Evidence(INSTANCE.call, field, region)
            yield Placement(uid, Role.REPLICA, region, "connect-replication", evidence)


def read_stores(place: Place, uid: str, stores: Iterable[Answer]) -> Iterator[Found]:
    """Where one sort of recording is kept: in a bucket, or handed to a stream; and the key of what is kept."""
    for index, store in enumerate(stores):
        path, call = f"StorageConfigs[{index}]", STORES.call
        bucket = store.get("S3Config", {}).get("BucketName")
        if bucket:
            evidence = Evidence(call, f"{path}.S3Config.BucketName", bucket)
            yield in_bucket(place, uid, Role.REPLICA, bucket, "connect-storage", evidence)
        for member, name in (("KinesisStreamConfig", "StreamArn"), ("KinesisFirehoseConfig", "FirehoseArn")):
            arn = store.get(member, {}).get(name)
            if arn:
                yield towards(place, uid, Role.REPLICA, arn, "connect-storage", call, f"{path}.{member}.{name}")
        for member in ("S3Config", "KinesisVideoStreamConfig"):
            key = store.get(member, {}).get("EncryptionConfig", {}).get("KeyId")
            if key:
                evidence = Evidence(call, f"{path}.{member}.EncryptionConfig.KeyId", key)
                yield KeyUse(uid, key, place, evidence, decides=False)
