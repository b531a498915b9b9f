"""Cognito: user pools, their copies in other regions, and where their messages to people are sent from."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

POOLS = operation("cognito-idp:ListUserPools", lists="UserPools")
POOL = operation("cognito-idp:DescribeUserPool", lists="UserPool")
COPIES = operation("cognito-idp:ListUserPoolReplicas", lists="UserPoolReplicas")
# A pool that is kept in one region only may not be asked for its copies.
_NOT_ENABLED = ("OperationNotEnabledException",)


@collector(
    service="cognito-idp",
    actions=(POOLS, POOL, COPIES),
    scope="regional",
    kinds=("user-pool",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING),
)
def collect(calls: Calls) -> None:
    """The list of user pools, then each."""
    for page in calls.pages(POOLS, MaxResults=60):
        for pool in page["UserPools"]:
            calls.each(_read, pool["Id"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(POOL, UserPoolId=name)
    if answer is not None:
        calls.add(read_pool(calls.place, answer))
        for index, copy in calls.items(COPIES, absent=_NOT_ENABLED, UserPoolId=name):
            calls.add(read_copy(calls.place, answer["UserPool"], copy, index))


def read_pool(place: Place, answer: Answer) -> Iterator[Found]:
    """A directory of people, and the regions that its text messages and its letters are sent from."""
    pool = answer["UserPool"]
    uid = _uid(place, pool)
    custody = KeyCustody.PROVIDER_MANAGED
    tags = pool.get("UserPoolTags", {})
    yield resource(place, uid, "AWS::Cognito::UserPool", "user-pool", pool.get("Name"), tags=tags, custody=custody)
    yield primary(place, uid, POOL.call, "UserPool.Id", pool["Id"])
    region = pool.get("SmsConfiguration", {}).get("SnsRegion")
    if region:
        evidence = Evidence(POOL.call, "UserPool.SmsConfiguration.SnsRegion", region)
        yield Placement(uid, Role.PROCESSING, region, "cognito-sms", evidence)
    sender = pool.get("EmailConfiguration", {}).get("SourceArn")
    if sender:
        evidence = Evidence(POOL.call, "UserPool.EmailConfiguration.SourceArn", sender)
        yield Placement(uid, Role.PROCESSING, region_of(sender), "cognito-email", evidence, target=sender)


def read_copy(place: Place, pool: Answer, copy: Answer, index: int) -> Iterator[Found]:
    """A copy of a pool in another region than the one that is written to."""
    region, target = copy.get("RegionName"), copy.get("UserPoolArn")
    if copy.get("Role") == "SECONDARY" and region != place.region and copy.get("Status") != "DELETING":
        evidence = Evidence(COPIES.call, f"UserPoolReplicas[{index}].RegionName", region)
        yield Placement(_uid(place, pool), Role.REPLICA, region, "cognito-replica", evidence, target=target)


def _uid(place: Place, pool: Answer) -> str:
    told: str = pool.get("Arn") or place.arn("cognito-idp", f"userpool/{pool['Id']}")
    return told
