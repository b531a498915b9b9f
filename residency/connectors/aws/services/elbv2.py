"""Load balancers, and the buckets that their logs are written to."""

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
BALANCERS = operation("elbv2:DescribeLoadBalancers", permission=f"{_IAM}:DescribeLoadBalancers", lists="LoadBalancers")
ATTRIBUTES = operation(
    "elbv2:DescribeLoadBalancerAttributes", permission=f"{_IAM}:DescribeLoadBalancerAttributes", lists="Attributes"
)
TAGS = operation("elbv2:DescribeTags", permission=f"{_IAM}:DescribeTags", lists="TagDescriptions")


@collector(
    service="elbv2",
    actions=(BALANCERS, ATTRIBUTES, TAGS),
    scope="regional",
    kinds=("load-balancer",),
    roles=(Role.PRIMARY, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of load balancers, then the attributes and tags of each."""
    calls.each_of(BALANCERS, _read, PageSize=400)


def _read(calls: Calls, balancer: Answer, index: int) -> None:
    arn = balancer["LoadBalancerArn"]
    told = calls.one(TAGS, ResourceArns=[arn])
    pairs = None if told is None else [tag for entry in told["TagDescriptions"] for tag in entry.get("Tags", ())]
    calls.add(read_balancer(calls.place, balancer, index, tags_of(pairs)))
    attributes = calls.one(ATTRIBUTES, LoadBalancerArn=arn)
    if attributes is not None:
        calls.add(read_logs(calls.place, arn, attributes))


def read_balancer(place: Place, balancer: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A load balancer, through which data passes."""
    uid, stores = balancer["LoadBalancerArn"], StoresData.TRANSIT
    type_, name = "AWS::ElasticLoadBalancingV2::LoadBalancer", balancer["LoadBalancerName"]
    yield resource(place, uid, type_, "load-balancer", name, tags=tags, stores=stores)
    yield primary(place, uid, BALANCERS.call, f"LoadBalancers[{index}].LoadBalancerArn", uid)


def read_logs(place: Place, uid: str, answer: Answer) -> Iterator[Found]:
    """The bucket of each sort of log that is on: accesses, connections, checks of health."""
    told = {entry["Key"]: (entry.get("Value"), index) for index, entry in enumerate(answer["Attributes"])}
    for name, (bucket, index) in told.items():
        sort = name.removesuffix(".s3.bucket")
        if sort != name and bucket and told.get(f"{sort}.s3.enabled", ("", 0))[0] == "true":
            evidence = Evidence(ATTRIBUTES.call, f"Attributes[{index}].Value", bucket)
            yield in_bucket(place, uid, Role.LOG, bucket, "elb-logs", evidence)
