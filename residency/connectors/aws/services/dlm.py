"""Data Lifecycle Manager: policies that copy snapshots and images into other regions or lend them to other accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import kept
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

POLICIES = operation("dlm:GetLifecyclePolicies", lists="Policies")
POLICY = operation("dlm:GetLifecyclePolicy", lists="Policy")


@collector(
    service="dlm",
    actions=(POLICIES, POLICY),
    scope="regional",
    kinds=("snapshot-policy",),
    roles=(Role.PRIMARY, Role.SNAPSHOT, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The policies, then each."""
    for _, policy in calls.items(POLICIES):
        calls.each(_read, policy["PolicyId"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(POLICY, PolicyId=name)
    if answer is not None:
        calls.add(read_policy(calls.place, answer))


def read_policy(place: Place, answer: Answer) -> Iterator[Found]:
    """A policy. One that is switched off copies and lends nothing."""
    policy = answer["Policy"]
    uid, name = policy["PolicyArn"], policy.get("Description") or policy["PolicyId"]
    yield from kept(
        place, uid, "AWS::DLM::LifecyclePolicy", "snapshot-policy", name, POLICY.call, "Policy.PolicyArn", uid,
        tags=policy.get("Tags") or {}, stores=StoresData.NO,
    )  # fmt: skip
    details, path = policy.get("PolicyDetails") or {}, "Policy.PolicyDetails"
    if policy.get("State") != "ENABLED":
        return
    for index, schedule in enumerate(details.get("Schedules") or ()):
        where = f"{path}.Schedules[{index}]"
        for at, rule in enumerate(schedule.get("CrossRegionCopyRules") or ()):
            field = "TargetRegion" if rule.get("TargetRegion") else "Target"
            here = f"{where}.CrossRegionCopyRules[{at}]"
            yield from _copy(place, uid, rule.get(field), f"{here}.{field}", rule.get("CmkArn"), f"{here}.CmkArn")
        for at, rule in enumerate(schedule.get("ShareRules") or ()):
            for number, account in enumerate(rule.get("TargetAccounts") or ()):
                field = f"{where}.ShareRules[{at}].TargetAccounts[{number}]"
                yield share(uid, "dlm-share", Evidence(POLICY.call, field, account), account)
    for index, action in enumerate(details.get("Actions") or ()):
        for at, rule in enumerate(action.get("CrossRegionCopy") or ()):
            here = f"{path}.Actions[{index}].CrossRegionCopy[{at}]"
            key, field = (rule.get("EncryptionConfiguration") or {}).get("CmkArn"), "EncryptionConfiguration.CmkArn"
            yield from _copy(place, uid, rule.get("Target"), f"{here}.Target", key, f"{here}.{field}")
    for index, target in enumerate(details.get("CrossRegionCopyTargets") or ()):
        yield from _copy(place, uid, target["TargetRegion"], f"{path}.CrossRegionCopyTargets[{index}].TargetRegion")


def _copy(
    place: Place, uid: str, target: str | None, field: str, key: str | None = None, key_field: str = ""
) -> Iterator[Found]:
    """A copy into a region, or onto an Outpost, which is wherever the customer put it."""
    if target is None:
        return
    outpost = target.startswith("arn:")
    evidence, region = Evidence(POLICY.call, field, target), None if outpost else target
    yield Placement(uid, Role.SNAPSHOT, region, "dlm-copy", evidence, target=target if outpost else None)
    if key:
        there = replace(place, region=region or region_of(key) or place.region)
        yield KeyUse(uid, key, there, Evidence(POLICY.call, key_field, key), decides=False)
