"""Amazon MQ: brokers, their keys, and the broker of another region that takes over."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import encrypted, primary, resource, tags_in
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

BROKERS = operation("mq:ListBrokers", lists="BrokerSummaries")
BROKER = operation("mq:DescribeBroker", lists="BrokerArn")


@collector(
    service="mq",
    actions=(BROKERS, BROKER),
    scope="regional",
    kinds=("queue",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of brokers, then each."""
    for _, broker in calls.items(BROKERS, MaxResults=100):
        calls.each(_read, broker["BrokerId"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(BROKER, BrokerId=name)
    if answer is not None:
        calls.add(read_broker(calls.place, answer))


def read_broker(place: Place, broker: Answer) -> Iterator[Found]:
    """A broker, its counterpart elsewhere, and the log groups it writes to."""
    uid, call = broker["BrokerArn"], BROKER.call
    key = broker.get("EncryptionOptions", {}).get("KmsKeyId")
    custody, keys = encrypted(place, uid, key, call, "EncryptionOptions.KmsKeyId", KeyCustody.PROVIDER_MANAGED)
    tags = tags_in(broker, "Tags")
    yield resource(place, uid, "AWS::AmazonMQ::Broker", "queue", broker["BrokerName"], tags=tags, custody=custody)
    yield primary(place, uid, call, "BrokerArn", uid)
    yield from keys
    twin = (broker.get("DataReplicationMetadata") or {}).get("DataReplicationCounterpart", {})
    region = twin.get("Region")
    if region and broker.get("DataReplicationMode", "CRDR") != "NONE":
        evidence = Evidence(call, "DataReplicationMetadata.DataReplicationCounterpart.Region", region)
        yield Placement(uid, Role.REPLICA, region, "mq-replication", evidence, target=twin.get("BrokerId"))
    logs = broker.get("Logs") or {}
    for flag, field in (("Audit", "AuditLogGroup"), ("General", "GeneralLogGroup")):
        group = logs.get(field)
        if group and logs.get(flag):
            target = place.arn("logs", f"log-group:{group}")
            evidence = Evidence(call, f"Logs.{field}", group)
            yield Placement(uid, Role.LOG, place.region, "mq-logs", evidence, target=target)
