"""Load balancers of the first generation, and the bucket that each writes its log of accesses to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_bucket, primary, resource, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

_IAM = "elasticloadbalancing"
BALANCERS = operation(
    "elb:DescribeLoadBalancers", permission=f"{_IAM}:DescribeLoadBalancers", lists="LoadBalancerDescriptions"
)
ATTRIBUTES = operation(
    "elb:DescribeLoadBalancerAttributes",
    permission=f"{_IAM}:DescribeLoadBalancerAttributes",
    lists="LoadBalancerAttributes",
)
TAGS = operation("elb:DescribeTags", permission=f"{_IAM}:DescribeTags", lists="TagDescriptions")


@collector(
    service="elb",
    actions=(BALANCERS, ATTRIBUTES, TAGS),
    scope="regional",
    kinds=("load-balancer",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of load balancers, then the attributes and tags of each."""
    calls.each_of(BALANCERS, _read, PageSize=400)


def _read(calls: Calls, balancer: Answer, index: int) -> None:
    name = balancer["LoadBalancerName"]
    told = calls.one(TAGS, LoadBalancerNames=[name])
    pairs = None if told is None else [tag for entry in told["TagDescriptions"] for tag in entry.get("Tags", ())]
    calls.add(read_balancer(calls.place, balancer, index, tags_of(pairs)))
    attributes = calls.one(ATTRIBUTES, LoadBalancerName=name)
    if attributes is not None:
        calls.add(read_log(calls.place, name, attributes))


def read_balancer(place: Place, balancer: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A load balancer, through which data passes."""
    name, stores = balancer["LoadBalancerName"], StoresData.TRANSIT
    uid, field = _uid(place, name), f"LoadBalancerDescriptions[{index}].LoadBalancerName"
    type_ = "AWS::ElasticLoadBalancing::LoadBalancer"
    yield resource(place, uid, type_, "load-balancer", name, tags=tags, stores=stores)
    yield primary(place, uid, BALANCERS.call, field, name)


def read_log(place: Place, name: str, answer: Answer) -> Iterator[Found]:
    """The bucket of the log of accesses, when that is on."""
    log = answer["LoadBalancerAttributes"].get("AccessLog", {})
    bucket = log.get("S3BucketName")
    if log.get("Enabled") and bucket:
        evidence = Evidence(ATTRIBUTES.call, "LoadBalancerAttributes.AccessLog.S3BucketName", bucket)
        yield in_bucket(place, _uid(place, name), Role.LOG, bucket, "elb-logs", evidence)


def _uid(place: Place, name: str) -> str:
    return place.arn("elasticloadbalancing", f"loadbalancer/{name}")
