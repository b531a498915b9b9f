"""API Gateway, HTTP and WebSocket: what answers behind each API, and where its access log goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import primary, resource, tags_in, towards
from residency.connectors.aws.services.apigateway import READS
from residency.connectors.aws.wire import Answer
from residency.model import Role, StoresData

APIS = operation("apigatewayv2:GetApis", permission=READS, lists="Items")
STAGES = operation("apigatewayv2:GetStages", permission=READS, lists="Items")
INTEGRATIONS = operation("apigatewayv2:GetIntegrations", permission=READS, lists="Items")


@collector(
    service="apigatewayv2",
    actions=(APIS, STAGES, INTEGRATIONS),
    scope="regional",
    kinds=("api-gateway",),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.LOG),
)
def collect(calls: Calls) -> None:
    """The list of APIs, then the stages and integrations of each."""
    calls.each_of(APIS, _read, MaxResults="100")


def _read(calls: Calls, api: Answer, index: int) -> None:
    calls.add(read_api(calls.place, api, index))
    for operation_, read in ((STAGES, read_stages), (INTEGRATIONS, read_integrations)):
        calls.add(read(calls.place, api, calls.whole(operation_, "Items", ApiId=api["ApiId"], MaxResults="100") or ()))


def read_api(place: Place, api: Answer, index: int) -> Iterator[Found]:
    """An API, through which data passes."""
    uid, stores = _arn(place, api), StoresData.TRANSIT
    tags = tags_in(api, "Tags")
    yield resource(place, uid, "AWS::ApiGatewayV2::Api", "api-gateway", api.get("Name"), tags=tags, stores=stores)
    yield primary(place, uid, APIS.call, f"Items[{index}].ApiId", api["ApiId"])


def read_stages(place: Place, api: Answer, stages: Iterable[Answer]) -> Iterator[Found]:
    """Where the access log of each stage goes."""
    for index, stage in enumerate(stages):
        arn = stage.get("AccessLogSettings", {}).get("DestinationArn")
        if arn:
            field = f"Items[{index}].AccessLogSettings.DestinationArn"
            yield towards(place, _arn(place, api), Role.LOG, arn, "api-access-log", STAGES.call, field)


def read_integrations(place: Place, api: Answer, integrations: Iterable[Answer]) -> Iterator[Found]:
    """What answers behind an API: a function or service by ARN, or whatever a web address leads to. A link into a VPC
    stays in the region."""
    seen: set[str] = set()
    for index, integration in enumerate(integrations):
        uri = integration.get("IntegrationUri")
        if uri and uri not in seen and integration.get("ConnectionType") != "VPC_LINK":
            seen.add(uri)
            uid, field = _arn(place, api), f"Items[{index}].IntegrationUri"
            yield towards(place, uid, Role.PROCESSING, uri, "api-integration", INTEGRATIONS.call, field)


def _arn(place: Place, api: Answer) -> str:
    return f"arn:{place.partition}:apigateway:{place.region}::/apis/{api['ApiId']}"
