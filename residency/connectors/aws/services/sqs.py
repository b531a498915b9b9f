"""SQS queues: where they are and how their messages are encrypted, and who else may receive them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

# SQS leaves the list out of its answer when there is no queue, so that nothing can be asked of the answer here.
QUEUES = operation("sqs:ListQueues")
QUEUE = operation("sqs:GetQueueAttributes", lists="Attributes")
TAGS = operation("sqs:ListQueueTags")


@collector(
    service="sqs",
    actions=(QUEUES, QUEUE, TAGS),
    scope="regional",
    kinds=("queue",),
    roles=(Role.PRIMARY, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The addresses of the queues, then each queue."""
    for page in calls.pages(QUEUES, MaxResults=1000):
        for url in page.get("QueueUrls", ()):
            calls.each(_read, url)


def _read(calls: Calls, url: str) -> None:
    answer = calls.one(QUEUE, QueueUrl=url, AttributeNames=["All"])
    if answer is not None:
        tags = calls.one(TAGS, QueueUrl=url)
        calls.add(read_queue(calls.place, answer, None if tags is None else tags.get("Tags", {})))


def read_queue(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A queue: encrypted with a key of KMS, with SQS's own, or not at all."""
    attributes = answer["Attributes"]
    uid = attributes["QueueArn"]
    own = {"true": KeyCustody.PROVIDER_MANAGED, "false": KeyCustody.NONE}
    otherwise = own.get(str(attributes.get("SqsManagedSseEnabled", "")).lower())
    custody, keys = encrypted(
        place, uid, attributes.get("KmsMasterKeyId"), QUEUE.call, "Attributes.KmsMasterKeyId", otherwise
    )
    name = uid.rpartition(":")[2]
    yield resource(place, uid, "AWS::SQS::Queue", "queue", name, tags=tags, custody=custody)
    yield primary(place, uid, QUEUE.call, "Attributes.QueueArn", uid)
    yield from keys
    yield from read_policy(place, uid, attributes.get("Policy"), "queue-policy", QUEUE.call, "Attributes.Policy")
