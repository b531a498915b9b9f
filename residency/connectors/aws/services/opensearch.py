"""OpenSearch domains: where they are, how they are encrypted, and who else may search them."""

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

NAMES = operation("opensearch:ListDomainNames", permission="es:ListDomainNames", lists="DomainNames")
DOMAINS = operation("opensearch:DescribeDomains", permission="es:DescribeDomains", lists="DomainStatusList")
TAGS = operation("opensearch:ListTags", permission="es:ListTags", lists="TagList")
_AT_ONCE = 5  # DescribeDomains takes no more names


@collector(
    service="opensearch",
    actions=(NAMES, DOMAINS, TAGS),
    scope="regional",
    kinds=("search",),
    roles=(Role.PRIMARY, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The names of the domains, then the domains, five at once."""
    names = [entry["DomainName"] for page in calls.pages(NAMES) for entry in page["DomainNames"]]
    for start in range(0, len(names), _AT_ONCE):
        calls.each(_read, names[start : start + _AT_ONCE])


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
