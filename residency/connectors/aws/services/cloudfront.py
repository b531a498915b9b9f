"""CloudFront: what is cached everywhere, where it comes from, and where the access log goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, InBucket
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

DISTRIBUTIONS = operation("cloudfront:ListDistributions", lists="DistributionList")
CONFIG = operation("cloudfront:GetDistributionConfig", lists="DistributionConfig")
TAGS = operation("cloudfront:ListTagsForResource", lists="Tags")

# `name.s3.amazonaws.com`, `name.s3.eu-west-3.amazonaws.com`, `name.s3-website-eu-west-1.amazonaws.com`.
_BUCKET_HOST = re.compile(r"(?P<bucket>.+?)\.s3(?:[.-][a-z0-9.-]+)?\.amazonaws\.(?:com|com\.cn|eu)")


@collector(
    service="cloudfront",
    actions=(DISTRIBUTIONS, CONFIG, TAGS),
    scope="global",
    kinds=("cdn",),
    roles=(Role.PRIMARY, Role.CACHE, Role.PROCESSING, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of distributions, then the settings and tags of each."""
    index = 0
    for page in calls.pages(DISTRIBUTIONS):
        for distribution in page["DistributionList"].get("Items", ()):
            calls.each(_read, distribution, index)
            index += 1


def _read(calls: Calls, distribution: Answer, index: int) -> None:
    config = calls.one(CONFIG, Id=distribution["Id"])
    answer = calls.one(TAGS, Resource=distribution["ARN"])
    tags = tags_of(None if answer is None else answer["Tags"].get("Items", ()))
    calls.add(read_distribution(calls.place, distribution, index, tags))
    if config is not None:
        calls.add(read_logging(calls.place, distribution["ARN"], config))


def read_distribution(place: Place, distribution: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A distribution: cached at the edge, anywhere; at home where its origins are."""
    uid, path = distribution["ARN"], f"DistributionList.Items[{index}]"
    name = distribution.get("DomainName") or distribution["Id"]
    yield resource(place, uid, "AWS::CloudFront::Distribution", "cdn", name, tags=tags, stores=StoresData.TRANSIT)
    edges = Evidence(DISTRIBUTIONS.call, f"{path}.PriceClass", distribution.get("PriceClass"))
    yield Placement(uid, Role.CACHE, place.region, "cdn-edge", edges)
    for at, origin in enumerate(distribution.get("Origins", {}).get("Items", ())):
        host = origin["DomainName"]
        evidence = Evidence(DISTRIBUTIONS.call, f"{path}.Origins.Items[{at}].DomainName", host)
        yield _at_host(place, Placement(uid, Role.PRIMARY, None, "cdn-origin", evidence, target=host), host)
    for field, behaviour in _behaviours(distribution):
        for at, function in enumerate(behaviour.get("LambdaFunctionAssociations", {}).get("Items", ())):
            arn = function["LambdaFunctionARN"]
            told = f"{path}.{field}.LambdaFunctionAssociations.Items[{at}].LambdaFunctionARN"
            evidence = Evidence(DISTRIBUTIONS.call, told, arn)
            yield Placement(uid, Role.PROCESSING, place.region, "lambda-at-edge", evidence, target=arn)


def read_logging(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """The bucket that the access log is written to, when logging is on."""
    logging = answer["DistributionConfig"].get("Logging", {})
    host = logging.get("Bucket")
    if logging.get("Enabled") and host:
        evidence = Evidence(CONFIG.call, "DistributionConfig.Logging.Bucket", host)
        yield _at_host(place, Placement(uid, Role.LOG, None, "cdn-logging", evidence, target=host), host)


def _behaviours(distribution: Answer) -> Iterator[tuple[str, Answer]]:
    yield "DefaultCacheBehavior", distribution.get("DefaultCacheBehavior", {})
    for at, behaviour in enumerate(distribution.get("CacheBehaviors", {}).get("Items", ())):
        yield f"CacheBehaviors.Items[{at}]", behaviour


def _at_host(place: Place, placement: Placement, host: str) -> Found:
    """A placement at a host: the region of the bucket that it serves, unknown for every other host."""
    found = _BUCKET_HOST.fullmatch(host)
    if found is None:
        return placement
    bucket = found["bucket"]
    target = place.bucket(bucket)
    return InBucket(
        Placement(placement.uid, placement.role, None, placement.via, placement.evidence, target=target), bucket
    )
