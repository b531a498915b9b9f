"""Private certificate authorities: where their keys are, where they publish what they revoked, and who may use them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

AUTHORITIES = operation("acm-pca:ListCertificateAuthorities", lists="CertificateAuthorities")
POLICY = operation("acm-pca:GetPolicy", lists="Policy")
TAGS = operation("acm-pca:ListTags", lists="Tags")


@collector(
    service="acm-pca",
    actions=(AUTHORITIES, POLICY, TAGS),
    scope="regional",
    kinds=("private-ca",),
    roles=(Role.PRIMARY, Role.LOG, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The account's own authorities, then each."""
    for index, entry in calls.items(AUTHORITIES, MaxResults=1000, ResourceOwner="SELF"):
        if entry.get("Status") != "DELETED":
            calls.each(_read, entry, index)


def _read(calls: Calls, entry: Answer, index: int) -> None:
    uid = entry["Arn"]
    tags = tags_of(calls.whole(TAGS, "Tags", CertificateAuthorityArn=uid))
    calls.add(read_authority(calls.place, entry, index, tags))
    policy = calls.one(POLICY, absent=("ResourceNotFoundException",), ResourceArn=uid) or {}
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "authority-policy", POLICY.call, "Policy"))


def read_authority(place: Place, entry: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """An authority, whose key AWS keeps in modules of its own, and the bucket of its revocation lists."""
    uid, path, call = entry["Arn"], f"CertificateAuthorities[{index}]", AUTHORITIES.call
    subject = (entry.get("CertificateAuthorityConfiguration") or {}).get("Subject") or {}
    yield from kept(
        place, uid, "AWS::ACMPCA::CertificateAuthority", "private-ca", subject.get("CommonName"), call, f"{path}.Arn",
        uid, tags=tags, otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    lists = (entry.get("RevocationConfiguration") or {}).get("CrlConfiguration") or {}
    bucket = lists.get("S3BucketName")
    if lists.get("Enabled") and bucket:
        field = f"{path}.RevocationConfiguration.CrlConfiguration.S3BucketName"
        yield in_named_bucket(place, uid, Role.LOG, "revocation-list", bucket, Evidence(call, field, bucket))
