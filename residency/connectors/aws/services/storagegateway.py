"""Storage Gateway: machines at the customer's that keep what they are given in AWS, and the buckets of their shares."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.caller import Operation
from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place, bucket_of, region_of
from residency.connectors.aws.rows import in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

GATEWAYS = operation("storagegateway:ListGateways", lists="Gateways")
SHARES = operation("storagegateway:ListFileShares", lists="FileShareInfoList")
NFS = operation("storagegateway:DescribeNFSFileShares", lists="NFSFileShareInfoList")
SMB = operation("storagegateway:DescribeSMBFileShares", lists="SMBFileShareInfoList")
_AT_ONCE = 10  # no more shares can be described by one call
_BY_TYPE = {"NFS": NFS, "SMB": SMB}


@collector(
    service="storagegateway",
    actions=(GATEWAYS, SHARES, NFS, SMB),
    scope="regional",
    kinds=("storage-gateway", "gateway-share"),
    roles=(Role.PRIMARY, Role.CACHE, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The gateways; when there are any, their file shares, ten at once."""
    gateways = list(calls.items(GATEWAYS, Limit=100))
    for index, gateway in gateways:
        calls.add(read_gateway(calls.place, gateway, index))
    if not gateways:
        return
    shares = [share for _, share in calls.items(SHARES, Limit=100)]
    for sort, described in _BY_TYPE.items():
        arns = [share["FileShareARN"] for share in shares if share.get("FileShareType") == sort]
        for start in range(0, len(arns), _AT_ONCE):
            calls.each(_shares, described, arns[start : start + _AT_ONCE])


def _shares(calls: Calls, described: Operation, arns: list[str]) -> None:
    answer = calls.one(described, FileShareARNList=arns) or {}
    for index, share in enumerate(answer.get(described.lists or "") or ()):
        calls.add(read_share(calls.place, share, described, index))


def read_gateway(place: Place, gateway: Answer, index: int) -> Iterator[Found]:
    """A gateway, whose volumes and tapes are in this region. It caches them where it runs: on a machine of EC2, or at a
    place that nobody here knows."""
    uid, path = gateway["GatewayARN"], f"Gateways[{index}]"
    name = gateway.get("GatewayName") or gateway.get("GatewayId")
    yield from kept(
        place, uid, "AWS::StorageGateway::Gateway", "storage-gateway", name, GATEWAYS.call, f"{path}.GatewayARN", uid,
        tags=None, stores=StoresData.TRANSIT if gateway.get("GatewayType") == "FILE_S3" else StoresData.YES,
    )  # fmt: skip
    region = gateway.get("Ec2InstanceRegion")
    field, told = ("Ec2InstanceRegion", region) if region else ("HostEnvironment", gateway.get("HostEnvironment"))
    machine = gateway.get("Ec2InstanceId")
    target = place.arn("ec2", f"instance/{machine}", region) if machine and region else None
    evidence = Evidence(GATEWAYS.call, f"{path}.{field}", told)
    yield Placement(uid, Role.CACHE, region, "gateway-host", evidence, target=target)


def read_share(place: Place, share: Answer, described: Operation, index: int) -> Iterator[Found]:
    """A file share, the bucket that its files are in, their key, and where it logs who used it."""
    uid, path, call = share["FileShareARN"], f"{described.lists}[{index}]", described.call
    tags = tags_of(share.get("Tags") or ())
    yield from kept(
        place, uid, "AWS::StorageGateway::FileShare", "gateway-share", share.get("FileShareName"), call,
        f"{path}.FileShareARN", uid, tags=tags, stores=StoresData.TRANSIT, key=share.get("KMSKey"),
        key_field=f"{path}.KMSKey", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    location = share.get("LocationARN") or ""
    region, evidence = share.get("BucketRegion"), Evidence(call, f"{path}.LocationARN", location)
    if region:
        target = place.bucket(bucket_of(location)) if location.startswith("arn:") else location
        told = Evidence(call, f"{path}.BucketRegion", region)
        yield Placement(uid, Role.PRIMARY, region, "gateway-bucket", told, target=target)
    elif ":::" in location:
        yield in_named_bucket(place, uid, Role.PRIMARY, "gateway-bucket", location, evidence)
    else:
        yield Placement(uid, Role.PRIMARY, region_of(location), "gateway-bucket", evidence, target=location)
    log = share.get("AuditDestinationARN")
    if log:
        evidence = Evidence(call, f"{path}.AuditDestinationARN", log)
        yield Placement(uid, Role.LOG, region_of(log), "gateway-audit", evidence, target=log.removesuffix(":*"))
