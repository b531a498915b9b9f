"""What S3 has of an account rather than of a bucket: points that lead to several, Storage Lens, Block Public Access.

Its batch jobs are in `s3_jobs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.found import Found, KeyUse, PublicAccessBlock
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import in_named_bucket, kept, resource
from residency.connectors.aws.services.s3_jobs import BATCH, collect_jobs
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, Status, StoresData

BLOCK = operation(
    "s3control:GetPublicAccessBlock",
    permission="s3:GetAccountPublicAccessBlock",
    lists="PublicAccessBlockConfiguration",
)
FAR_POINTS = operation("s3control:ListMultiRegionAccessPoints", permission="s3:ListMultiRegionAccessPoints")
FAR_POLICY = operation("s3control:GetMultiRegionAccessPointPolicy", permission="s3:GetMultiRegionAccessPointPolicy")
POINTS = operation("s3control:ListAccessPoints", permission="s3:ListAccessPoints", lists="AccessPointList")
POLICY = operation("s3control:GetAccessPointPolicy", permission="s3:GetAccessPointPolicy", lists="Policy")
LENSES = operation("s3control:ListStorageLensConfigurations", permission="s3:ListStorageLensConfigurations")
LENS = operation(
    "s3control:GetStorageLensConfiguration",
    permission="s3:GetStorageLensConfiguration",
    lists="StorageLensConfiguration",
)
# Where S3 manages points that lead into several regions; only there they can be listed, as its documentation says.
_FAR_HOME = {"aws": "us-west-2"}
_NO_POLICY = ("NoSuchAccessPointPolicy", "NoSuchMultiRegionAccessPointPolicy")


@collector(
    service="s3control",
    actions=(BLOCK, FAR_POINTS, FAR_POLICY, POINTS, POLICY, LENSES, LENS, *BATCH),
    scope="spread",
    kinds=("access-point", "storage-report", "data-transfer"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.PROCESSING, Role.LOG, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """What the account has once, then access points, Storage Lens and batch jobs in each region."""
    absent = ("NoSuchPublicAccessBlockConfiguration",)
    calls.add(read_block(calls.place, calls.one(BLOCK, absent=absent, AccountId=calls.place.account) or {}))
    home = _FAR_HOME.get(calls.place.partition)
    if home is not None:
        calls.each(_far_points, home)
    on = calls.caller.enabled
    for unit in calls.work.units(calls.unit.collector):
        region = unit.place.region
        there = None if unit is calls.unit else calls.within(region)
        if there is None:
            continue
        if on and region not in on:
            there.note(CallFailed(Status.DISABLED, "region not enabled", f"s3control in {region}"))
            continue
        there.each(_points)
        there.each(_lenses)
        there.each(collect_jobs)


def _far_points(calls: Calls, home: str) -> None:
    there, account = replace(calls, region=home), calls.place.account
    for page in there.pages(FAR_POINTS, AccountId=account, MaxResults=100):
        for index, point in enumerate(page.get("AccessPoints") or ()):
            policy = there.one(FAR_POLICY, absent=_NO_POLICY, AccountId=account, Name=point["Name"]) or {}
            calls.add(read_far_point(calls.place, point, index))
            told = policy.get("Policy", {}).get("Established", {}).get("Policy")
            uid, path = _far_uid(calls.place, point), "Policy.Established.Policy"
            calls.add(read_policy(calls.place, uid, told, "access-point-policy", FAR_POLICY.call, path))


def _points(calls: Calls) -> None:
    for index, point in calls.items(POINTS, AccountId=calls.place.account, MaxResults=1000):
        if region_of(point["AccessPointArn"]) == calls.place.region:
            calls.each(_point, point, index)


def _point(calls: Calls, point: Answer, index: int) -> None:
    calls.add(read_point(calls.place, point, index))
    told = calls.one(POLICY, absent=_NO_POLICY, AccountId=calls.place.account, Name=point["Name"]) or {}
    uid = point["AccessPointArn"]
    calls.add(read_policy(calls.place, uid, told.get("Policy"), "access-point-policy", POLICY.call, "Policy"))


def _lenses(calls: Calls) -> None:
    for page in calls.pages(LENSES, AccountId=calls.place.account):
        for entry in page.get("StorageLensConfigurationList") or ():
            # A list has the configurations of every region: each is read where it is at home.
            home = entry.get("HomeRegion") or region_of(entry["StorageLensArn"])
            if home == calls.place.region and entry.get("IsEnabled"):
                calls.each(_lens, entry)


def _lens(calls: Calls, entry: Answer) -> None:
    answer = calls.one(LENS, AccountId=calls.place.account, ConfigId=entry["Id"])
    if answer is not None:
        calls.add(read_lens(calls.place, entry["StorageLensArn"], answer))


def read_block(place: Place, answer: Answer) -> Iterator[Found]:
    """What the account keeps from all its buckets."""
    told = answer.get("PublicAccessBlockConfiguration", {})
    yield PublicAccessBlock(place.account, frozenset(name for name, on in told.items() if on))


def read_far_point(place: Place, point: Answer, index: int) -> Iterator[Found]:
    """A point that answers from whichever of its buckets is nearest: each of them is one of its places."""
    if point.get("Status") == "DELETING":
        return
    uid, type_ = _far_uid(place, point), "AWS::S3::MultiRegionAccessPoint"
    yield resource(place, uid, type_, "access-point", point["Name"], tags=None, stores=StoresData.TRANSIT)
    for at, entry in enumerate(point.get("Regions") or ()):
        region = entry.get("Region")
        evidence = Evidence(FAR_POINTS.call, f"AccessPoints[{index}].Regions[{at}].Region", region)
        target = place.bucket(entry["Bucket"])
        yield Placement(uid, Role.PRIMARY, region, "multi-region-access-point", evidence, target=target)


def read_point(place: Place, point: Answer, index: int) -> Iterator[Found]:
    """An access point, and its bucket, which can be one of another account."""
    uid, path = point["AccessPointArn"], f"AccessPointList[{index}]"
    type_, name = "AWS::S3::AccessPoint", point["Name"]
    yield from kept(
        place, uid, type_, "access-point", name, POINTS.call, f"{path}.AccessPointArn", uid, tags=None,
        stores=StoresData.TRANSIT,
    )  # fmt: skip
    evidence = Evidence(POINTS.call, f"{path}.Bucket", point["Bucket"])
    yield in_named_bucket(place, uid, Role.PROCESSING, "access-point", point["Bucket"], evidence)


def read_lens(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """Statistics of the account's buckets, and the bucket that they are exported to."""
    lens = answer["StorageLensConfiguration"]
    type_, name, field = "AWS::S3::StorageLens", lens["Id"], "StorageLensConfiguration.Id"
    yield from kept(place, uid, type_, "storage-report", name, LENS.call, field, name, tags=None)
    for member in ("DataExport", "ExpandedPrefixesDataExport"):
        export = (lens.get(member) or {}).get("S3BucketDestination") or {}
        told, path = export.get("Arn"), f"StorageLensConfiguration.{member}.S3BucketDestination"
        if told:
            evidence = Evidence(LENS.call, f"{path}.Arn", told)
            yield in_named_bucket(place, uid, Role.LOG, "storage-lens-export", told, evidence)
            key = ((export.get("Encryption") or {}).get("SSEKMS") or {}).get("KeyId")
            if key:
                evidence = Evidence(LENS.call, f"{path}.Encryption.SSEKMS.KeyId", key)
                yield KeyUse(uid, key, place, evidence, decides=False)


def _far_uid(place: Place, point: Answer) -> str:
    return f"arn:{place.partition}:s3::{place.account}:accesspoint/{point['Alias']}"
