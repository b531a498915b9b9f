"""OpenSearch domains: where they are, how they are encrypted, who else searches them, and what they search far off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy, share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

NAMES = operation("opensearch:ListDomainNames", permission="es:ListDomainNames", lists="DomainNames")
DOMAINS = operation("opensearch:DescribeDomains", permission="es:DescribeDomains", lists="DomainStatusList")
TAGS = operation("opensearch:ListTags", permission="es:ListTags", lists="TagList")
OUTBOUND = operation(
    "opensearch:DescribeOutboundConnections", permission="es:DescribeOutboundConnections", lists="Connections"
)
INBOUND = operation(
    "opensearch:DescribeInboundConnections", permission="es:DescribeInboundConnections", lists="Connections"
)
# Of a connection neither side has anything before it is approved, nor after it is rejected or deleted.
_CONNECTED = frozenset({"APPROVED", "PROVISIONING", "ACTIVE", "AVAILABLE"})
_AT_ONCE = 5  # DescribeDomains takes no more names


@collector(
    service="opensearch",
    actions=(NAMES, DOMAINS, TAGS, OUTBOUND, INBOUND),
    scope="regional",
    kinds=("search",),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The names of the domains, then the domains, five at once."""
    names = [entry["DomainName"] for page in calls.pages(NAMES) for entry in page["DomainNames"]]
    for start in range(0, len(names), _AT_ONCE):
        calls.each(_read, names[start : start + _AT_ONCE])
    if names:
        for page in calls.pages(OUTBOUND, MaxResults=100):
            calls.add(read_outbound(calls.place, page))
        for page in calls.pages(INBOUND, MaxResults=100):
            calls.add(read_inbound(calls.place, page))


def _read(calls: Calls, names: list[str]) -> None:
    answer = calls.one(DOMAINS, DomainNames=names) or {}
    for index, domain in enumerate(answer.get("DomainStatusList", ())):
        if not domain.get("Deleted"):
            calls.each(_domain, domain, index)


def _domain(calls: Calls, domain: Answer, index: int) -> None:
    told = calls.one(TAGS, ARN=domain["ARN"])
    calls.add(read_domain(calls.place, domain, index, tags_of(None if told is None else told["TagList"])))


def read_domain(place: Place, domain: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A domain, its place, its key, and whom its access policy lets in."""
    uid, path, call = domain["ARN"], f"DomainStatusList[{index}]", DOMAINS.call
    rest = domain.get("EncryptionAtRestOptions", {})
    own = {"True": KeyCustody.PROVIDER_MANAGED, "False": KeyCustody.NONE}.get(str(rest.get("Enabled")))
    key = rest.get("KmsKeyId") if rest.get("Enabled") else None
    custody, keys = encrypted(place, uid, key, call, f"{path}.EncryptionAtRestOptions.KmsKeyId", own)
    name = domain["DomainName"]
    yield resource(place, uid, "AWS::OpenSearchService::Domain", "search", name, tags=tags, custody=custody)
    yield primary(place, uid, call, f"{path}.ARN", uid)
    yield from keys
    yield from read_policy(place, uid, domain.get("AccessPolicies"), "domain-policy", call, f"{path}.AccessPolicies")


def read_outbound(place: Place, answer: Answer) -> Iterator[Found]:
    """Domains elsewhere that a domain here sends its searches to or copies its indexes from."""
    for index, connection in enumerate(answer["Connections"]):
        near, far = _side(connection, "LocalDomainInfo"), _side(connection, "RemoteDomainInfo")
        region = far.get("Region")
        if not _connected(connection) or (region == place.region and far.get("OwnerId") == place.account):
            continue
        path = f"Connections[{index}].RemoteDomainInfo.AWSDomainInformation"
        evidence = Evidence(OUTBOUND.call, f"{path}.Region", region)
        uid = place.arn("es", f"domain/{near['DomainName']}")
        target = f"arn:{place.partition}:es:{region}:{far.get('OwnerId')}:domain/{far['DomainName']}"
        yield CopyOf(Placement(uid, Role.PROCESSING, region, "opensearch-connection", evidence, target=target))


def read_inbound(place: Place, answer: Answer) -> Iterator[Found]:
    """Domains of other accounts that search a domain here, or copy its indexes."""
    for index, connection in enumerate(answer["Connections"]):
        near, far = _side(connection, "RemoteDomainInfo"), _side(connection, "LocalDomainInfo")
        owner = far.get("OwnerId")
        if not _connected(connection) or owner in (None, place.account):
            continue
        field = f"Connections[{index}].LocalDomainInfo.AWSDomainInformation.OwnerId"
        uid = place.arn("es", f"domain/{near['DomainName']}")
        told = share(uid, "opensearch-connection", Evidence(INBOUND.call, field, owner), owner)
        yield CopyOf(replace(told, location=far.get("Region")))


def _side(connection: Answer, member: str) -> Answer:
    told: Answer = connection.get(member, {}).get("AWSDomainInformation", {})
    return told


def _connected(connection: Answer) -> bool:
    return connection.get("ConnectionStatus", {}).get("StatusCode") in _CONNECTED
