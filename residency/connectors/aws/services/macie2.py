"""Macie: where what it found in buckets is kept."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_bucket, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

SESSION = operation("macie2:GetMacieSession", lists="status")
EXPORT = operation("macie2:GetClassificationExportConfiguration")


@collector(
    service="macie2",
    actions=(SESSION, EXPORT),
    scope="regional",
    kinds=("security-findings",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Whether Macie is on in the region and, where it is, the bucket of its results."""
    session = calls.one(SESSION)
    if session is not None:
        export = calls.one(EXPORT, absent=("ResourceNotFoundException",))
        calls.add(read_session(calls.place, session, export or {}))


def read_session(place: Place, session: Answer, export: Answer) -> Iterator[Found]:
    """Macie in a region. It has no ARN of its own and no tags."""
    uid, custody = place.arn("macie2", "session"), KeyCustody.PROVIDER_MANAGED
    yield resource(place, uid, "AWS::Macie::Session", "security-findings", "Macie", tags={}, custody=custody)
    yield primary(place, uid, SESSION.call, "status", session["status"])
    told = (export.get("configuration") or {}).get("s3Destination") or {}
    path, bucket, key = "configuration.s3Destination", told.get("bucketName"), told.get("kmsKeyArn")
    if bucket:
        evidence = Evidence(EXPORT.call, f"{path}.bucketName", bucket)
        yield in_bucket(place, uid, Role.LOG, bucket, "macie-export", evidence)
    if key:
        yield KeyUse(uid, key, place, Evidence(EXPORT.call, f"{path}.kmsKeyArn", key), decides=False)
