"""IAM: roles that somebody outside of the account may take on, and with them read what the role may."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, Trust
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Placement, Role, StoresData

ROLES = operation("iam:ListRoles", lists="Roles")
TAGS = operation("iam:ListRoleTags", lists="Tags")


@collector(service="iam", actions=(ROLES, TAGS), scope="global", kinds=("iam-role",), roles=(Role.PRIMARY, Role.SHARE))
def collect(calls: Calls) -> None:
    """The list of roles, then the tags of those that let in somebody else."""
    for index, role in calls.items(ROLES, MaxItems=1000):
        trusted = read_trust(calls.place, role, index)
        if trusted:
            calls.each(_read, role, index, trusted)


def _read(calls: Calls, role: Answer, index: int, trusted: list[Placement]) -> None:
    tags = calls.tags(TAGS, RoleName=role["RoleName"], MaxItems=100)
    calls.add(read_role(calls.place, role, index, trusted, tags))


def read_trust(place: Place, role: Answer, index: int) -> list[Placement]:
    """Whom the trust policy of a role lets in from outside of the account. The policy comes encoded as in a URL.

    People who sign in at a provider that the account has set up for itself (SAML, OpenID Connect) are its own.
    """
    told = unquote(role.get("AssumeRolePolicyDocument") or "")
    path = f"Roles[{index}].AssumeRolePolicyDocument"
    return list(read_policy(place, role["Arn"], told, "role-trust-policy", ROLES.call, path))


def read_role(place: Place, role: Answer, index: int, trusted: list[Placement], tags: Tags) -> Iterator[Found]:
    """A role with those it lets in. It holds nothing; what it may read stays where it is."""
    uid, stores = role["Arn"], StoresData.NO
    yield resource(place, uid, "AWS::IAM::Role", "iam-role", role["RoleName"], tags=tags, stores=stores)
    yield primary(place, uid, ROLES.call, f"Roles[{index}].Arn", uid)
    yield from (Trust(placement) for placement in trusted)
