"""Which grants of a policy its own `Deny` statements take back. What cannot be decided stays granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

ACCOUNT = re.compile(r"\d{12}")
_NEGATED = re.compile(r"(string(notequals|notlike|notequalsignorecase)|arn(notequals|notlike))(ifexists)?", re.I)
# Those who ask, by key. Keys of the resource or of the way that a request comes tell nothing of who it is.
_CALLERS = frozenset({"aws:principalaccount", "aws:principalarn", "kms:calleraccount", "aws:principalorgid"})


def left_over(
    targets: tuple[str, ...], statement: Mapping[str, Any], denials: list[Mapping[str, Any]], account: str
) -> tuple[str, ...]:
    """Of those whom a statement lets in, those whom no denial keeps out. `account` is the owner's own.

    A denial counts when it plainly covers every action and resource of the grant. One for *everybody but some* turns a
    grant to everybody into a grant to those.
    """
    for denial in denials:
        if not _covers(denial, statement):
            continue
        spared = _spared(denial)
        if spared is None:
            continue
        targets = tuple(dict.fromkeys(left for told in targets for left in _left(told, denial, spared, account)))
    return targets


def account_of(told: str) -> str:
    """The account that an ARN or an account's own number names in full; empty for a bucket, a pattern or no ARN."""
    if ACCOUNT.fullmatch(told):
        return told
    parts = told.split(":", 5)
    return parts[4] if len(parts) == 6 and ACCOUNT.fullmatch(parts[4]) else ""


def listed(told: Any) -> list[Any]:
    """The members of what a policy may also give as a single value."""
    if told is None:
        return []
    return told if isinstance(told, list) else [told]


def _left(target: str, denial: Mapping[str, Any], spared: tuple[str, ...], account: str) -> Iterator[str]:
    """What of a target is not denied: nothing, itself, or of everybody those who are spared."""
    others = [told for told in spared if told != account]
    if not _meets(denial, target):
        yield target
    elif target == "*":
        yield from others
    elif _may_be_among(target, others):
        yield target


def _may_be_among(target: str, spared: list[str]) -> bool:
    """Whether a target can be one of those who are spared: which accounts an organisation has is not known here."""
    organisation = target.partition("/")[0] if target.startswith("o-") else ""
    named = organisation or account_of(target)
    return not named or named in spared or any(told.startswith("o-") != bool(organisation) for told in spared)


def _meets(denial: Mapping[str, Any], target: str) -> bool:
    """Whether a denial speaks of a target, all of it."""
    if "NotPrincipal" in denial:
        return True
    told = denial.get("Principal", {})
    named = [told] if isinstance(told, str) else listed(told.get("AWS"))
    # An account in a denial stands for everybody in it.
    accounts = {account_of(name) for name in named if ACCOUNT.fullmatch(name) or name.endswith(":root")}
    return "*" in named or target in named or account_of(target) in accounts - {""}


def _spared(denial: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The accounts and organisations that a denial excepts; `None` when nobody can say whom its conditions except."""
    spared: list[str] = []
    if "NotPrincipal" in denial:
        told = denial["NotPrincipal"]
        if not isinstance(told, Mapping) or set(told) != {"AWS"}:
            return None
        spared += [account_of(str(name)) for name in listed(told["AWS"])]
    for operator, keys in (denial.get("Condition") or {}).items():
        for key, named in keys.items():
            values, name = [str(value) for value in listed(named)], key.lower()
            if name == "aws:principalisawsservice" and operator.lower() in ("bool", "boolifexists"):
                if values != ["false"]:
                    return None
                continue
            if name not in _CALLERS or not _NEGATED.fullmatch(operator):
                return None
            spared += [value if name == "aws:principalorgid" else account_of(value) for value in values]
    return None if any(not told or "*" in told or "?" in told for told in spared) else tuple(spared)


def _covers(denial: Mapping[str, Any], statement: Mapping[str, Any]) -> bool:
    """Whether a denial is of everything that a statement grants."""
    if "NotAction" in denial or "NotResource" in denial:
        return False
    actions = [str(action).lower() for action in listed(statement.get("Action"))] or ["*"]
    denied = [str(action).lower() for action in listed(denial.get("Action"))]
    resources = listed(statement.get("Resource")) or ["*"]
    kept = listed(denial.get("Resource")) or ["*"]
    if "NotResource" in statement:
        resources = ["*"]
    return all(_any(action, denied) for action in actions) and all(_any(what, kept) for what in resources)


def _any(granted: str, patterns: list[str]) -> bool:
    """Whether one pattern stands for all that is granted, itself perhaps a pattern: a `?` never stands for a `*`."""
    return any(
        granted == pattern or re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "[^*]"), granted)
        for pattern in patterns
    )
