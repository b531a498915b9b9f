"""EC2 Image Builder: the regions, accounts and buckets that finished images are handed out to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_bucket, primary, resource
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

HANDOUTS = operation("imagebuilder:ListDistributionConfigurations", lists="distributionConfigurationSummaryList")
HANDOUT = operation("imagebuilder:GetDistributionConfiguration", lists="distributionConfiguration")
_LET_IN = ("userIds", "userGroups", "organizationArns", "organizationalUnitArns")


@collector(
    service="imagebuilder",
    actions=(HANDOUTS, HANDOUT),
    scope="regional",
    kinds=("snapshot-policy",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of distribution settings, then each."""
    calls.each_of(HANDOUTS, _read, maxResults=25)


def _read(calls: Calls, handout: Answer, _index: int) -> None:
    answer = calls.one(HANDOUT, distributionConfigurationArn=handout["arn"])
    if answer is not None:
        calls.add(read_handout(calls.place, answer))


def read_handout(place: Place, answer: Answer) -> Iterator[Found]:
    """Settings of a distribution: each region that gets a copy of an image, with its key, and whoever else does."""
    told, call = answer["distributionConfiguration"], HANDOUT.call
    uid, type_, stores = told["arn"], "AWS::ImageBuilder::DistributionConfiguration", StoresData.NO
    name, tags = told.get("name") or told["arn"], told.get("tags") or {}
    yield resource(place, uid, type_, "snapshot-policy", name, tags=tags, stores=stores)
    yield primary(place, uid, call, "distributionConfiguration.arn", uid)
    for index, entry in enumerate(told.get("distributions") or ()):
        path, region = f"distributionConfiguration.distributions[{index}]", entry["region"]
        if region != place.region:
            evidence = Evidence(call, f"{path}.region", region)
            yield Placement(uid, Role.REPLICA, region, "image-distribution", evidence)
        image, field = entry.get("amiDistributionConfiguration") or {}, f"{path}.amiDistributionConfiguration"
        key = image.get("kmsKeyId")
        if key:
            there = Place(place.partition, place.account, region)
            yield KeyUse(uid, key, there, Evidence(call, f"{field}.kmsKeyId", key), decides=False)
        permission = image.get("launchPermission") or {}
        others = [(account, f"{field}.targetAccountIds") for account in image.get("targetAccountIds") or ()]
        others += [(who, f"{field}.launchPermission.{name}") for name in _LET_IN for who in permission.get(name) or ()]
        for who, member in others:
            if who != place.account:
                yield share(uid, "image-distribution", Evidence(call, member, who), "*" if who == "all" else who)
        bucket = (entry.get("s3ExportConfiguration") or {}).get("s3Bucket")
        if bucket:
            evidence = Evidence(call, f"{path}.s3ExportConfiguration.s3Bucket", bucket)
            yield in_bucket(place, uid, Role.REPLICA, bucket, "image-export", evidence)
