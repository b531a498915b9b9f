"""SNS topics: where they are and with which key their messages are encrypted, and who else may subscribe."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

TOPICS = operation("sns:ListTopics", lists="Topics")
TOPIC = operation("sns:GetTopicAttributes", lists="Attributes")
TAGS = operation("sns:ListTagsForResource", lists="Tags")


@collector(
    service="sns",
    actions=(TOPICS, TOPIC, TAGS),
    scope="regional",
    kinds=("topic",),
    roles=(Role.PRIMARY, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of topics, then each topic."""
    index = 0
    for page in calls.pages(TOPICS):
        for topic in page["Topics"]:
            calls.each(_read, topic["TopicArn"], index)
            index += 1


def _read(calls: Calls, arn: str, index: int) -> None:
    answer = calls.one(TOPIC, TopicArn=arn)
    tags = calls.one(TAGS, ResourceArn=arn)
    calls.add(read_topic(calls.place, arn, index, answer, tags_of(None if tags is None else tags["Tags"])))


def read_topic(place: Place, uid: str, index: int, answer: Answer | None, tags: Tags) -> Iterator[Found]:
    """A topic. Without a key of KMS its messages lie on disks that AWS encrypts."""
    key = None if answer is None else answer["Attributes"].get("KmsMasterKeyId")
    otherwise = None if answer is None else KeyCustody.PROVIDER_MANAGED
    custody, keys = encrypted(place, uid, key, TOPIC.call, "Attributes.KmsMasterKeyId", otherwise)
    name = uid.rpartition(":")[2]
    yield resource(place, uid, "AWS::SNS::Topic", "topic", name, tags=tags, custody=custody)
    yield primary(place, uid, TOPICS.call, f"Topics[{index}].TopicArn", uid)
    yield from keys
    policy = None if answer is None else answer["Attributes"].get("Policy")
    yield from read_policy(place, uid, policy, "topic-policy", TOPIC.call, "Attributes.Policy")
