"""IAM Access Analyzer: what AWS itself found to be open to others, told of the resources that were read."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role

ANALYZERS = operation("accessanalyzer:ListAnalyzers", permission="access-analyzer:ListAnalyzers", lists="analyzers")
FINDINGS = operation("accessanalyzer:ListFindings", permission="access-analyzer:ListFindings", lists="findings")
# The other types look for rights that nobody uses, or for access from within.
_EXTERNAL = frozenset({"ACCOUNT", "ORGANIZATION"})


@collector(
    service="accessanalyzer",
    actions=(ANALYZERS, FINDINGS),
    scope="regional",
    kinds=(),
    roles=(Role.SHARE,),
)
def collect(calls: Calls) -> None:
    """The analyzers of access from outside that are at work, then what each found and nobody settled."""
    for _, analyzer in calls.items(ANALYZERS, maxResults=100):
        if analyzer.get("type") in _EXTERNAL and analyzer.get("status") == "ACTIVE":
            calls.each(_findings, analyzer["arn"])


def _findings(calls: Calls, arn: str) -> None:
    chosen = {"status": {"eq": ["ACTIVE"]}}
    for index, finding in calls.items(FINDINGS, analyzerArn=arn, filter=chosen, maxResults=100):
        calls.add(read_finding(calls.place, finding, index))


def read_finding(place: Place, finding: Answer, index: int) -> Iterator[Found]:
    """Whom a finding says is let in to a resource of this account."""
    uid, path = finding.get("resource"), f"findings[{index}]"
    if finding.get("status") != "ACTIVE" or finding.get("resourceOwnerAccount") != place.account or not uid:
        return
    if finding.get("isPublic"):
        yield CopyOf(share(uid, "access-analyzer", Evidence(FINDINGS.call, f"{path}.isPublic", "true"), "*"))
        return
    for sort, principal in sorted((finding.get("principal") or {}).items()):
        evidence = Evidence(FINDINGS.call, f"{path}.principal.{sort}", principal)
        yield CopyOf(share(uid, "access-analyzer", evidence, principal))
