"""API Gateway, REST: what answers behind each API, whom it lets in, at which edge, and where its log goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import primary, resource, tags_in, towards
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

# Of API Gateway IAM allows a method of HTTP, not an operation.
READS = "apigateway:GET"
APIS = operation("apigateway:GetRestApis", permission=READS, lists="items")
STAGES = operation("apigateway:GetStages", permission=READS, lists="item")
RESOURCES = operation("apigateway:GetResources", permission=READS, lists="items")


@collector(
    service="apigateway",
    actions=(APIS, STAGES, RESOURCES),
    scope="regional",
    kinds=("api-gateway",),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.LOG, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of APIs, then the stages and integrations of each."""
    calls.each_of(APIS, _read, limit=500)


def _read(calls: Calls, api: Answer, index: int) -> None:
    stages = calls.one(STAGES, restApiId=api["id"])
    resources = calls.whole(RESOURCES, "items", restApiId=api["id"], embed=["methods"], limit=500)
    calls.add(read_api(calls.place, api, index))
    calls.add(read_stages(calls.place, api, () if stages is None else stages["item"]))
    calls.add(read_integrations(calls.place, api, resources or ()))


def read_api(place: Place, api: Answer, index: int) -> Iterator[Found]:
    """An API, through which data passes: in its region or, optimised for the edge, from anywhere."""
    uid, path = _arn(place, api), f"items[{index}]"
    type_, stores, name = "AWS::ApiGateway::RestApi", StoresData.TRANSIT, api.get("name") or api["id"]
    yield resource(place, uid, type_, "api-gateway", name, tags=tags_in(api, "tags"), stores=stores)
    yield primary(place, uid, APIS.call, f"{path}.id", api["id"])
    for at, sort in enumerate(api.get("endpointConfiguration", {}).get("types", ())):
        if sort == "EDGE":
            evidence = Evidence(APIS.call, f"{path}.endpointConfiguration.types[{at}]", sort)
            yield Placement(uid, Role.PROCESSING, f"{place.partition}-global", "api-edge", evidence)
    yield from read_callers(place, uid, api.get("policy"), f"{path}.policy")


def read_callers(place: Place, uid: str, told: str | None, path: str) -> Iterator[Found]:
    """The other accounts that the policy of an API names. That everybody may ask it is no share: one without a policy
    is asked by everybody too, and its authorisers decide. The API gives the policy with its quotes escaped."""
    policy = json.loads(f'"{told}"') if told and told.startswith('{\\"') else told
    for found in read_policy(place, uid, policy, "api-policy", APIS.call, path):
        if found.target != "*":
            yield found


def read_stages(place: Place, api: Answer, stages: Iterable[Answer]) -> Iterator[Found]:
    """Where the access log of each stage goes."""
    for index, stage in enumerate(stages):
        arn = stage.get("accessLogSettings", {}).get("destinationArn")
        if arn:
            field = f"item[{index}].accessLogSettings.destinationArn"
            yield towards(place, _arn(place, api), Role.LOG, arn, "api-access-log", STAGES.call, field)


def read_integrations(place: Place, api: Answer, resources: Iterable[Answer]) -> Iterator[Found]:
    """What answers behind an API, each once: an action of a service of some region, or whatever a web address leads to.
    A link into a VPC stays in the region."""
    seen: set[str] = set()
    for index, entry in enumerate(resources):
        for method, told in sorted(entry.get("resourceMethods", {}).items()):
            integration = told.get("methodIntegration") or {}
            uri = integration.get("uri")
            if uri and uri not in seen and integration.get("connectionType") != "VPC_LINK":
                seen.add(uri)
                field = f"items[{index}].resourceMethods.{method}.methodIntegration.uri"
                yield towards(place, _arn(place, api), Role.PROCESSING, uri, "api-integration", RESOURCES.call, field)


def _arn(place: Place, api: Answer) -> str:
    return f"arn:{place.partition}:apigateway:{place.region}::/restapis/{api['id']}"
