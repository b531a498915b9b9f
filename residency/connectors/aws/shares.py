"""Whom a policy lets in: grants of resource-based policies to anyone but the owner's own account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from residency.connectors.aws.denials import ACCOUNT, account_of, left_over, listed
from residency.connectors.aws.place import Place
from residency.model import Evidence, Placement, Role

# Conditions that a grant only meets for certain callers, and how the values say so. `…IfExists` and `ForAllValues` are
# also met by a request without the key, and so limit nothing.
_OPERATORS = re.compile(r"(foranyvalue:)?(string(equals|like|equalsignorecase)|arn(equals|like))", re.I)
_ACCOUNTS = frozenset({
    "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount", "aws:principalarn",
    "aws:sourcearn",
})  # fmt: skip
_ORGANISATIONS = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"})
# Who may only put something in, as the writers of access logs do, gets nothing out.
_INCOMING = frozenset({
    "s3:putobject", "s3:getbucketacl", "s3:getbucketlocation", "s3:replicateobject", "s3:replicatedelete",
    "s3:replicatetags", "s3:objectowneroverridetobucketowner", "s3:getbucketversioning", "s3:putbucketversioning",
    "sqs:sendmessage", "sqs:getqueueurl", "sqs:getqueueattributes", "sns:publish", "sns:gettopicattributes",
    "backup:copyintobackupvault", "events:putevents",
})  # fmt: skip
# The condition that names the identity pool of Cognito that somebody comes from.
_POOL = "cognito-identity.amazonaws.com:aud"


def read_policy(place: Place, uid: str, policy: str | None, via: str, call: str, path: str) -> Iterator[Placement]:
    """A share for each account, or `*`, that the policy of a resource lets in.

    Services of AWS are let in to work for the owner: they are no share. A grant to an organisation is one, since which
    accounts are in it, and whether it is the owner's, is not read here. What a `Deny` plainly takes back is none.
    """
    seen: set[str] = set()
    statements = listed(json.loads(policy or "{}").get("Statement"))
    denials = [statement for statement in statements if statement.get("Effect") == "Deny"]
    for index, statement in enumerate(statements):
        if statement.get("Effect") != "Allow" or _only_incoming(statement):
            continue
        limits = _limits(statement.get("Condition") or {})
        if limits is not None and all(limit == place.account for limit in limits):
            continue
        for field, principal in _principals(statement):
            if not foreign(principal, place):
                continue
            told = limits if principal == "*" and limits else (principal,)
            for target in left_over(told, statement, denials, place.account):
                if target not in seen and target != place.account:
                    seen.add(target)
                    evidence = Evidence(call, f"{path}.Statement[{index}].{field}", principal)
                    yield share(uid, via, evidence, target)


def share(uid: str, via: str, evidence: Evidence, target: str) -> Placement:
    """Somebody else can read this, wherever that is."""
    return Placement(uid, Role.SHARE, None, via, evidence, target=target)


def _principals(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Those who are let in, each with its field. `NotPrincipal` lets in everybody else. Whoever signed in to an
    identity pool that a condition names is nobody else."""
    if "NotPrincipal" in statement:
        yield "NotPrincipal", "*"
    told = statement.get("Principal", {})
    if isinstance(told, str):
        yield "Principal", told
        return
    pools = any(key.lower() == _POOL for keys in (statement.get("Condition") or {}).values() for key in keys)
    for sort, named in told.items():
        if sort == "Federated" and pools:
            continue
        if sort != "Service":
            for at, principal in enumerate(listed(named)):
                yield f"Principal.{sort}" + (f"[{at}]" if isinstance(named, list) else ""), principal


def foreign(principal: str, place: Place) -> bool:
    """Whether a principal, as a policy names it, is of another account. `AIDA…` and its like stand for somebody who has
    been deleted, and the account `cloudfront` for AWS itself."""
    if re.fullmatch(r"(AIDA|AROA)[A-Z0-9]+", principal):
        return False
    if principal.startswith("arn:"):
        account = (principal.split(":", 5) + [""] * 5)[4]
        return bool(ACCOUNT.fullmatch(account)) and account != place.account
    return principal != place.account


def _limits(condition: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The accounts, or else the organisations, that the conditions of a grant leave over; `None` for no limit."""
    found: tuple[str, ...] | None = None
    organisations: tuple[str, ...] | None = None
    for operator, keys in condition.items():
        if not _OPERATORS.fullmatch(operator):
            continue
        for key, named in keys.items():
            name, values = key.lower(), [str(value) for value in listed(named)]
            if name in _ORGANISATIONS and not any(value.startswith("*") or value == "o-*" for value in values):
                organisations = tuple(values)
            if name in _ACCOUNTS:
                accounts = tuple(account_of(value) for value in values)
                if all(accounts):
                    found = accounts if found is None else tuple(set(found) & set(accounts))
    return organisations if found is None else found


def _only_incoming(statement: Mapping[str, Any]) -> bool:
    actions = listed(statement.get("Action"))
    return bool(actions) and all(str(action).lower() in _INCOMING for action in actions)
