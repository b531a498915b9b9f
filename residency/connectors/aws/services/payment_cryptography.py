"""Payment Cryptography: keys, and the regions they are replicated to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

KEYS = operation("payment-cryptography:ListKeys", lists="Keys")
KEY = operation("payment-cryptography:GetKey", lists="Key")
TAGS = operation("payment-cryptography:ListTagsForResource", lists="Tags")
_CUSTODY = {"EXTERNAL": KeyCustody.IMPORTED, "AWS_PAYMENT_CRYPTOGRAPHY": KeyCustody.CUSTOMER_MANAGED}


@collector(
    service="payment-cryptography",
    actions=(KEYS, KEY, TAGS),
    scope="regional",
    kinds=("payment-key",),
    roles=(Role.PRIMARY, Role.REPLICA),
)
def collect(calls: Calls) -> None:
    """The keys that are not deleted, then each: only there its replicas are told."""
    for _, key in calls.items(KEYS, MaxResults=100):
        if key.get("KeyState") != "DELETE_COMPLETE":
            calls.each(_read, key["KeyArn"])


def _read(calls: Calls, arn: str) -> None:
    answer = calls.one(KEY, KeyIdentifier=arn)
    if answer is not None:
        calls.add(read_key(calls.place, answer, tags_of(calls.whole(TAGS, "Tags", ResourceArn=arn))))


def read_key(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A key and its replicas."""
    key = answer["Key"]
    uid, name = key["KeyArn"], key["KeyArn"].rpartition("/")[2]
    yield from kept(
        place, uid, "AWS::PaymentCryptography::Key", "payment-key", name, KEY.call, "Key.KeyArn", uid, tags=tags,
        otherwise=_CUSTODY.get(key.get("KeyOrigin", "")),
    )  # fmt: skip
    for region in sorted(key.get("ReplicationStatus") or ()):
        if region != place.region:
            evidence = Evidence(KEY.call, f"Key.ReplicationStatus.{region}", region)
            target = uid.replace(f":{place.region}:", f":{region}:", 1)
            yield Placement(uid, Role.REPLICA, region, "payment-key-replication", evidence, target=target)
