"""SNS topics: where they are and with which key their messages are encrypted, who gets them, who else may subscribe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of, towards
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

TOPICS = operation("sns:ListTopics", lists="Topics")
TOPIC = operation("sns:GetTopicAttributes", lists="Attributes")
TAGS = operation("sns:ListTagsForResource", lists="Tags")
SUBSCRIPTIONS = operation("sns:ListSubscriptionsByTopic", lists="Subscriptions")


@collector(
    service="sns",
    actions=(TOPICS, TOPIC, TAGS, SUBSCRIPTIONS),
    scope="regional",
    kinds=("topic",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
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
    calls.add(read_subscriptions(calls.place, arn, calls.whole(SUBSCRIPTIONS, "Subscriptions", TopicArn=arn) or ()))


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


def read_subscriptions(place: Place, uid: str, subscriptions: Iterable[Answer]) -> Iterator[Found]:
    """Who gets the messages of a topic, each once. Where people, apps and web addresses are, no answer tells; of people
    only the way to them is kept. Nothing is sent before a subscription is confirmed."""
    seen: set[str] = set()
    for index, told in enumerate(subscriptions):
        end, way = told.get("Endpoint") or "", told.get("Protocol") or ""
        target = end if end.startswith("arn:") else urlsplit(end).hostname or way if way in ("http", "https") else way
        if not str(told.get("SubscriptionArn")).startswith("arn:") or target in seen:
            continue
        seen.add(target)
        path = f"Subscriptions[{index}]"
        if target == end and way != "application":
            yield towards(place, uid, Role.REPLICA, end, "sns-subscription", SUBSCRIPTIONS.call, f"{path}.Endpoint")
        else:
            evidence = Evidence(SUBSCRIPTIONS.call, f"{path}.Protocol", way)
            yield Placement(uid, Role.REPLICA, None, "sns-subscription", evidence, target=target)
