"""SageMaker: notebooks, domains, endpoints and models, the buckets of what goes in and comes out, and their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from residency.connectors.aws.caller import Operation
from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, at_address, encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role, StoresData

NOTEBOOKS = operation("sagemaker:ListNotebookInstances", lists="NotebookInstances")
NOTEBOOK = operation("sagemaker:DescribeNotebookInstance", lists="NotebookInstanceArn")
DOMAINS = operation("sagemaker:ListDomains", lists="Domains")
DOMAIN = operation("sagemaker:DescribeDomain", lists="DomainArn")
ENDPOINTS = operation("sagemaker:ListEndpoints", lists="Endpoints")
ENDPOINT = operation("sagemaker:DescribeEndpoint", lists="EndpointArn")
CONFIG = operation("sagemaker:DescribeEndpointConfig", lists="EndpointConfigArn")
MODELS = operation("sagemaker:ListModels", lists="Models")
MODEL = operation("sagemaker:DescribeModel", lists="ModelArn")
TAGS = operation("sagemaker:ListTags", lists="Tags")


@collector(
    service="sagemaker",
    actions=(NOTEBOOKS, NOTEBOOK, DOMAINS, DOMAIN, ENDPOINTS, ENDPOINT, CONFIG, MODELS, MODEL, TAGS),
    scope="regional",
    kinds=("ml-notebook", "ml-endpoint", "ml-model"),
    roles=(Role.PRIMARY, Role.REPLICA, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Four lists side by side, then each of their members."""
    calls.each(_list, NOTEBOOKS, NOTEBOOK, "NotebookInstanceName", "NotebookInstanceArn", read_notebook)
    calls.each(_list, DOMAINS, DOMAIN, "DomainId", "DomainArn", read_domain)
    calls.each(_list, ENDPOINTS, ENDPOINT, "EndpointName", "EndpointArn", read_endpoint)
    calls.each(_list, MODELS, MODEL, "ModelName", "ModelArn", read_model)


Read = Callable[[Place, Answer, Tags], Iterator[Found]]


def _list(calls: Calls, listing: Operation, details: Operation, name: str, arn: str, read: Read) -> None:
    for _, entry in calls.items(listing, MaxResults=100):
        calls.each(_one, details, {name: entry[name]}, entry[arn], read)


def _one(calls: Calls, details: Operation, params: dict[str, Any], arn: str, read: Read) -> None:
    answer = calls.one(details, **params)
    if answer is None:
        return
    calls.add(read(calls.place, answer, calls.tags(TAGS, ResourceArn=arn, MaxResults=100)))
    if details == ENDPOINT:
        config = calls.one(CONFIG, EndpointConfigName=answer["EndpointConfigName"])
        if config is not None:
            calls.add(read_config(calls.place, arn, config))


def read_notebook(place: Place, notebook: Answer, tags: Tags) -> Iterator[Found]:
    """A notebook, with a disk of its own."""
    uid, call = notebook["NotebookInstanceArn"], NOTEBOOK.call
    custody, keys = encrypted(place, uid, notebook.get("KmsKeyId"), call, "KmsKeyId", KeyCustody.PROVIDER_MANAGED)
    type_, name = "AWS::SageMaker::NotebookInstance", notebook["NotebookInstanceName"]
    yield resource(place, uid, type_, "ml-notebook", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "NotebookInstanceArn", uid)
    yield from keys


def read_domain(place: Place, domain: Answer, tags: Tags) -> Iterator[Found]:
    """A domain: the file system of its users, and the buckets that they share notebooks in."""
    uid, call = domain["DomainArn"], DOMAIN.call
    field = "KmsKeyId" if domain.get("KmsKeyId") else "HomeEfsFileSystemKmsKeyId"
    custody, keys = encrypted(place, uid, domain.get(field), call, field, KeyCustody.PROVIDER_MANAGED)
    type_, name = "AWS::SageMaker::Domain", domain.get("DomainName") or domain["DomainId"]
    yield resource(place, uid, type_, "ml-notebook", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "DomainArn", uid)
    yield from keys
    settings = domain.get("DefaultUserSettings") or {}
    for uri, field in (
        (settings.get("SharingSettings", {}).get("S3OutputPath"), "SharingSettings.S3OutputPath"),
        (
            settings.get("CanvasAppSettings", {}).get("WorkspaceSettings", {}).get("S3ArtifactPath"),
            "CanvasAppSettings.WorkspaceSettings.S3ArtifactPath",
        ),
    ):
        yield from at_address(place, uid, Role.REPLICA, uri, "sagemaker-sharing", call, f"DefaultUserSettings.{field}")


def read_endpoint(place: Place, endpoint: Answer, tags: Tags) -> Iterator[Found]:
    """An endpoint, and the buckets where requests and answers are kept."""
    uid, call = endpoint["EndpointArn"], ENDPOINT.call
    type_, stores = "AWS::SageMaker::Endpoint", StoresData.YES
    yield resource(place, uid, type_, "ml-endpoint", endpoint["EndpointName"], tags=tags, stores=stores)
    yield primary(place, uid, call, "EndpointArn", uid)
    capture = endpoint.get("DataCaptureConfig") or {}
    if capture.get("EnableCapture"):
        uri, field = capture.get("DestinationS3Uri"), "DataCaptureConfig.DestinationS3Uri"
        yield from at_address(place, uid, Role.LOG, uri, "sagemaker-capture", call, field)
    output = (endpoint.get("AsyncInferenceConfig") or {}).get("OutputConfig", {})
    for name in ("S3OutputPath", "S3FailurePath"):
        field = f"AsyncInferenceConfig.OutputConfig.{name}"
        yield from at_address(place, uid, Role.REPLICA, output.get(name), "sagemaker-async-output", call, field)


def read_config(place: Place, uid: str, config: Answer) -> Iterator[Found]:
    """The key of the disks behind an endpoint."""
    yield from encrypted(place, uid, config.get("KmsKeyId"), CONFIG.call, "KmsKeyId", None)[1]


def read_model(place: Place, model: Answer, tags: Tags) -> Iterator[Found]:
    """A model: what it has learnt lies in a bucket, which may be one of another region."""
    uid, call = model["ModelArn"], MODEL.call
    yield resource(place, uid, "AWS::SageMaker::Model", "ml-model", model["ModelName"], tags=tags)
    yield primary(place, uid, call, "ModelArn", uid)
    containers = [("PrimaryContainer", model.get("PrimaryContainer") or {})]
    containers += [(f"Containers[{index}]", told) for index, told in enumerate(model.get("Containers") or ())]
    for path, told in containers:
        source = told.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri")
        uri, field = told.get("ModelDataUrl"), f"{path}.ModelDataUrl"
        if source:
            uri, field = source, f"{path}.ModelDataSource.S3DataSource.S3Uri"
        # AWS gives the address of a model in a bucket in either form.
        yield from at_address(place, uid, Role.PRIMARY, uri, "model-artifacts", call, field)
