"""Who else may read a bucket: its policy, its access control list, and what Block Public Access leaves of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.denials import listed
from residency.connectors.aws.found import Found, PublicShare
from residency.connectors.aws.place import Place
from residency.connectors.aws.shares import read_policy, share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement

POLICY = operation("s3:GetBucketPolicy")
POLICY_STATUS = operation("s3:GetBucketPolicyStatus", lists="PolicyStatus")
ACL = operation("s3:GetBucketAcl", lists="Owner")
BLOCK = operation(
    "s3:GetPublicAccessBlock", permission="s3:GetBucketPublicAccessBlock", lists="PublicAccessBlockConfiguration"
)
ACCESS = (POLICY, POLICY_STATUS, ACL, BLOCK)
# Settings that count for grants that are there already; the other two only keep new ones out.
IGNORE, RESTRICT = "IgnorePublicAcls", "RestrictPublicBuckets"
_GROUPS = "http://acs.amazonaws.com/groups/"
_EVERYBODY = frozenset({f"{_GROUPS}global/AllUsers", f"{_GROUPS}global/AuthenticatedUsers"})
# Who may write or look at the list gets nothing out; who may change the list can let himself in.
_READING = frozenset({"READ", "FULL_CONTROL", "WRITE_ACP"})


def collect_access(calls: Calls, name: str) -> None:
    """The shares of a bucket. What is asked only when there is one: whether its policy is public, what is blocked."""
    policy = calls.one(POLICY, absent=("NoSuchBucketPolicy",), Bucket=name) or {}
    uid = calls.place.bucket(name)
    by_policy = list(read_policy(calls.place, uid, policy.get("Policy"), "bucket-policy", POLICY.call, "Policy"))
    by_list = list(read_acl(uid, calls.one(ACL, Bucket=name) or {}))
    if not by_policy and not by_list:
        return
    status = (calls.one(POLICY_STATUS, absent=("NoSuchBucketPolicy",), Bucket=name) or {}) if by_policy else {}
    block = calls.one(BLOCK, absent=("NoSuchPublicAccessBlockConfiguration",), Bucket=name) or {}
    calls.add(read_blocked(calls.place, by_policy, by_list, status, block))


def plainly_public(policy: str) -> bool:
    """Whether S3 calls a policy public whatever else is in it: it lets everybody in without a condition ("The meaning
    of public" in S3's guide to Block Public Access). A condition may or may not make it another thing to S3."""
    statements = listed(json.loads(policy).get("Statement"))
    return any(
        statement.get("Effect") == "Allow" and not statement.get("Condition")
        and ("NotPrincipal" in statement or statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]}))
        for statement in statements
    )  # fmt: skip


def read_acl(uid: str, answer: Answer) -> Iterator[Placement]:
    """Whom the access control list of a bucket lets in, other than its owner and S3 itself."""
    owner = answer.get("Owner", {}).get("ID")
    for index, grant in enumerate(answer.get("Grants") or ()):
        grantee, path = grant.get("Grantee", {}), f"Grants[{index}].Grantee"
        if grant.get("Permission") not in _READING:
            continue
        group = grantee.get("URI") or ""
        if group in _EVERYBODY:
            yield share(uid, "bucket-acl", Evidence(ACL.call, f"{path}.URI", group), "*")
        elif not group:
            field = "ID" if grantee.get("ID") else "EmailAddress"
            told = grantee.get(field)
            if told and told != owner:
                yield share(uid, "bucket-acl", Evidence(ACL.call, f"{path}.{field}", told), told)


def read_blocked(
    place: Place, by_policy: Iterable[Placement], by_list: Iterable[Placement], status: Answer, block: Answer
) -> Iterator[Found]:
    """The shares that a bucket's own Block Public Access leaves over; what the account's takes away is for later.

    `RestrictPublicBuckets` shuts out every other account when S3 itself calls the policy public; `IgnorePublicAcls`
    takes grants to everybody from the list.
    """
    own = block.get("PublicAccessBlockConfiguration", {})
    public = bool(status.get("PolicyStatus", {}).get("IsPublic"))
    for setting, rows, blockable in ((RESTRICT, by_policy, public), (IGNORE, by_list, True)):
        for row in rows:
            if not blockable or (setting == IGNORE and row.target != "*"):
                yield row
            elif not own.get(setting):
                yield PublicShare(row, place.account, setting)
