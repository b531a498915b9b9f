"""The part of the known estate that the emulator lacks: answered in its place, in the shape of AWS's own model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from residency.demo.aws_overlay import Answer
from tests.emulators.aws import ACCOUNT, AwsEmulator, Refused

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
TRAIL = "arn:aws:s3:::trail-logs"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def listed(member: str, *entries: Any, region: str = PARIS, **where: str) -> Answer:
    """The answer to a list: the entries in one region, when the parameters are those in `where`; else none."""

    def answer(asked: str, _account: str, params: Mapping[str, Any]) -> dict[str, Any]:
        there = asked == region and all(params.get(name) == value for name, value in where.items())
        return {member: list(entries) if there else []}

    return answer


def always(**answer: Any) -> Answer:
    return lambda *_: answer


def add_answered(aws: AwsEmulator, estate: Estate) -> None:
    _models(aws, estate)
    _network(aws, estate)
    _watching(aws, estate)
    _findings(aws, estate)
    _business(aws, estate)


def _models(aws: AwsEmulator, estate: Estate) -> None:
    europe, own = arn("bedrock", "inference-profile/eu.claude"), arn("bedrock", "application-inference-profile/a1")
    models = [
        {"modelArn": f"arn:aws:bedrock:{region}::foundation-model/claude"} for region in (PARIS, DUBLIN, "eu-north-1")
    ]
    shared = {"status": "ACTIVE", "models": models}
    of_aws = {
        **shared,
        "inferenceProfileName": "EU Claude",
        "inferenceProfileArn": europe,
        "inferenceProfileId": "eu.claude",
        "type": "SYSTEM_DEFINED",
    }
    of_ours = {
        **shared,
        "inferenceProfileName": "ours",
        "inferenceProfileArn": own,
        "inferenceProfileId": "a1",
        "type": "APPLICATION",
    }
    aws.answer("bedrock:ListInferenceProfiles", lambda region, account, params: {
        "inferenceProfileSummaries": [of_aws if params["typeEquals"] == "SYSTEM_DEFINED" else of_ours] if region == PARIS else [],
    })  # fmt: skip
    aws.answer("bedrock:ListTagsForResource", always(tags=[]))
    estate.is_at(own, PARIS, None)
    for model, region in zip(models[1:], (DUBLIN, "eu-north-1"), strict=True):
        estate.also(own, "processing", region, "inference-profile", model["modelArn"])
    # An agent is set to use the profile that AWS defines.
    agent = aws.client("bedrock-agent", PARIS).create_agent(
        agentName="far", agentResourceRoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", foundationModel="eu.claude"
    )
    uid = agent["agent"]["agentArn"]
    estate.is_at(uid, PARIS, "provider-managed")
    for region in (DUBLIN, "eu-north-1"):
        estate.also(uid, "processing", region, "inference-profile", "eu.claude")
    aws.client("bedrock", PARIS).put_model_invocation_logging_configuration(
        loggingConfig={"s3Config": {"bucketName": "trail-logs"}}
    )
    settings = arn("bedrock", "model-invocation-settings")
    estate.is_at(settings, PARIS, None)
    estate.also(settings, "log", DUBLIN, "bedrock-invocation-log", TRAIL)
    aws.answer(
        "bedrock:GetAccountDataRetention",
        lambda region, *_: {"mode": "provider_data_share" if region == PARIS else "inherit"},
    )
    estate.also(settings, "share", None, "bedrock-data-retention", "model provider")
    guard = arn("bedrock", "guardrail/g")
    profile = f"arn:aws:bedrock:{PARIS}:{ACCOUNT}:guardrail-profile/eu.guardrail.v1:0"
    told: dict[str, Any] = {
        "id": "g",
        "arn": guard,
        "name": "guard",
        "status": "READY",
        "version": "1",
        "createdAt": 1,
        "updatedAt": 1,
        "crossRegionDetails": {"guardrailProfileArn": profile},
    }
    aws.answer("bedrock:ListGuardrails", listed("guardrails", told))
    estate.is_at(guard, PARIS, None)
    estate.also(guard, "processing", None, "guardrail-profile", profile)
    name = "00000000-0000-0000-0000-000000000001"
    trained: dict[str, Any] = {
        "modelArn": arn("bedrock", "custom-model/m"), "modelName": "triage", "jobArn": "j", "baseModelArn": "b", "creationTime": 1,
        "modelKmsKeyArn": estate.key, "trainingDataConfig": {"s3Uri": "s3://lake/t"}, "outputDataConfig": {"s3Uri": "s3://lake-copy/o"},
    }  # fmt: skip
    told = {
        "modelArn": trained["modelArn"],
        "modelName": "triage",
        "creationTime": 1,
        "baseModelArn": "b",
        "baseModelName": "b",
    }
    aws.answer("bedrock:ListCustomModels", listed("modelSummaries", told))
    aws.answer("bedrock:GetCustomModel", always(**trained))
    estate.is_at(trained["modelArn"], PARIS, "customer-managed")
    estate.encrypted(trained["modelArn"], estate.key)
    estate.also(trained["modelArn"], "replica", PARIS, "model-training", "arn:aws:s3:::lake")
    estate.also(trained["modelArn"], "replica", VIRGINIA, "model-training", "arn:aws:s3:::lake-copy")
    base = next(uid for uid, *_ in estate.places if ":knowledge-base/" in uid)
    source: dict[str, Any] = {
        "knowledgeBaseId": "K" * 10,
        "dataSourceId": "D" * 10,
        "name": "s",
        "status": "AVAILABLE",
        "createdAt": 1,
        "updatedAt": 1,
    }
    aws.answer(
        "bedrock-agent:ListDataSources",
        always(dataSourceSummaries=[{k: v for k, v in source.items() if k != "createdAt"}]),
    )
    s3 = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::lake-copy"}}
    aws.answer("bedrock-agent:GetDataSource", always(dataSource=source | {"dataSourceConfiguration": s3}))
    estate.also(base, "primary", VIRGINIA, "knowledge-base-source", "arn:aws:s3:::lake-copy")
    application: dict[str, Any] = {
        "applicationId": name,
        "applicationArn": arn("qbusiness", f"application/{name}"),
        "displayName": "ask",
        "encryptionConfiguration": {"kmsKeyId": estate.key},
    }
    aws.answer("qbusiness:ListApplications", listed("applications", {"applicationId": name}))
    aws.answer("qbusiness:GetApplication", always(**application))
    aws.answer("qbusiness:ListTagsForResource", always(tags=[]))
    estate.is_at(application["applicationArn"], PARIS, "customer-managed")
    estate.encrypted(application["applicationArn"], estate.key)


def _network(aws: AwsEmulator, estate: Estate) -> None:
    uid = f"arn:aws:globalaccelerator::{ACCOUNT}:accelerator/a"
    aws.answer(
        "globalaccelerator:ListAccelerators",
        listed("Accelerators", {"AcceleratorArn": uid, "Name": "front", "DnsName": "a.example"}, region="us-west-2"),
    )
    aws.answer("globalaccelerator:ListListeners", always(Listeners=[{"ListenerArn": f"{uid}/listener/l"}]))
    aws.answer(
        "globalaccelerator:ListEndpointGroups",
        always(EndpointGroups=[{"EndpointGroupRegion": VIRGINIA}, {"EndpointGroupRegion": PARIS}]),
    )
    aws.answer(
        "globalaccelerator:DescribeAcceleratorAttributes",
        always(AcceleratorAttributes={"FlowLogsEnabled": True, "FlowLogsS3Bucket": "trail-logs"}),
    )
    aws.answer("globalaccelerator:ListTagsForResource", always(Tags=[]))
    estate.is_at(uid, PARIS, None, "accelerator-endpoints")
    estate.also(uid, "primary", VIRGINIA, "accelerator-endpoints", None)
    estate.also(uid, "processing", "aws-global", "accelerator-edge", None)
    estate.also(uid, "log", DUBLIN, "accelerator-flow-logs", TRAIL)
    line = {"connectionId": "dxcon-1", "connectionName": "line", "connectionState": "available", "location": "EqPA2"}
    way = {"virtualInterfaceId": "dxvif-1", "virtualInterfaceState": "available", "directConnectGatewayId": "gw"}
    aws.answer("directconnect:DescribeConnections", listed("connections", line))
    aws.answer("directconnect:DescribeVirtualInterfaces", listed("virtualInterfaces", way))
    joined = [
        {"associationState": "associated", "associatedGateway": {"id": "tgw-1", "region": region}}
        for region in (PARIS, VIRGINIA)
    ]
    aws.answer(
        "directconnect:DescribeDirectConnectGatewayAssociations", always(directConnectGatewayAssociations=joined)
    )
    estate.is_at(arn("directconnect", "dxcon/dxcon-1"), PARIS, None)
    estate.also(arn("directconnect", "dxcon/dxcon-1"), "processing", None, "direct-connect", "EqPA2")
    estate.is_at(arn("directconnect", "dxvif/dxvif-1"), PARIS, None)
    estate.also(arn("directconnect", "dxvif/dxvif-1"), "processing", VIRGINIA, "direct-connect-gateway", "tgw-1")
    core = next(uid for uid, *_ in estate.places if ":core-network/" in uid)
    edges = [{"EdgeLocation": PARIS}, {"EdgeLocation": VIRGINIA}]
    aws.answer("networkmanager:GetCoreNetwork", always(CoreNetwork={"CoreNetworkArn": core, "Edges": edges}))
    estate.places -= {place for place in estate.places if place[0] == core}
    estate.is_at(core, PARIS, None, "cloud-wan-edge")
    estate.also(core, "primary", VIRGINIA, "cloud-wan-edge", None)
    bus, twin = arn("events", "event-bus/care"), arn("events", "event-bus/care", DUBLIN)
    told = {"Name": "both", "EventBuses": [{"EventBusArn": bus}, {"EventBusArn": twin}], "State": "ACTIVE"}
    aws.answer("events:ListEndpoints", listed("Endpoints", told))
    estate.also(bus, "replica", DUBLIN, "event-global-endpoint", twin)


def _watching(aws: AwsEmulator, estate: Estate) -> None:
    delivery = arn("firehose", "deliverystream/metrics", VIRGINIA)
    stream = arn("cloudwatch", "metric-stream/all")
    aws.answer(
        "cloudwatch:ListMetricStreams", listed("Entries", {"Arn": stream, "Name": "all", "FirehoseArn": delivery})
    )
    aws.answer("cloudwatch:ListTagsForResource", always(Tags=[]))
    estate.is_at(stream, PARIS, None)
    estate.also(stream, "log", VIRGINIA, "metric-stream", delivery)
    link, sink = arn("oam", "link/l"), f"arn:aws:oam:{PARIS}:999999999999:sink/s"
    aws.answer("oam:ListLinks", listed("Items", {"Arn": link, "Label": "watch", "SinkArn": sink}))
    aws.answer("oam:ListTagsForResource", always(Tags={}))
    estate.is_at(link, PARIS, None)
    estate.also(link, "share", None, "observability-link", sink)
    board = {"id": "g-1", "name": "boards", "kmsKeyId": estate.key, "status": "ACTIVE"}
    aws.answer("grafana:ListWorkspaces", listed("workspaces", {"id": "g-1", "name": "boards", "status": "ACTIVE"}))
    aws.answer("grafana:DescribeWorkspace", always(workspace=board))
    uid = arn("grafana", "/workspaces/g-1")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    store = arn("cloudtrail", "eventdatastore/e")
    aws.answer("cloudtrail:ListEventDataStores", listed("EventDataStores", {"EventDataStoreArn": store}))
    aws.answer("cloudtrail:GetEventDataStore", always(EventDataStoreArn=store, Name="lake", KmsKeyId=estate.key))
    estate.is_at(store, PARIS, "customer-managed")
    estate.encrypted(store, estate.key)
    sync = {
        "SyncName": "inventory",
        "S3Destination": {"BucketName": "lake-copy", "Region": VIRGINIA, "SyncFormat": "JsonSerDe"},
    }
    aws.answer("ssm:ListResourceDataSync", listed("ResourceDataSyncItems", sync))
    uid = arn("ssm", "resource-data-sync/inventory")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", VIRGINIA, "inventory-sync", "arn:aws:s3:::lake-copy")


def _findings(aws: AwsEmulator, estate: Estate) -> None:
    detector = next(uid for uid, *_ in estate.places if ":detector/" in uid)
    aws.answer(
        "guardduty:ListPublishingDestinations",
        always(Destinations=[{"DestinationId": "d", "DestinationType": "S3", "Status": "PUBLISHING"}]),
    )
    aws.answer("guardduty:DescribePublishingDestination", always(
        DestinationId="d", Status="PUBLISHING", DestinationProperties={"DestinationArn": f"{TRAIL}/findings", "KmsKeyArn": estate.key},
    ))  # fmt: skip
    estate.also(detector, "log", DUBLIN, "guardduty-export", TRAIL)
    estate.encrypted(detector, estate.key)
    hub, gathers = arn("securityhub", "hub/default"), arn("securityhub", "finding-aggregator/f", DUBLIN)

    def hub_of(region: str, *_: object) -> dict[str, Any]:
        if region != PARIS:
            raise Refused("InvalidAccessException", 401, f"Account {ACCOUNT} is not subscribed to AWS Security Hub")
        return {"HubArn": hub}

    aws.answer("securityhub:DescribeHub", hub_of)
    aws.answer("securityhub:ListFindingAggregators", always(FindingAggregators=[{"FindingAggregatorArn": gathers}]))
    aws.answer(
        "securityhub:GetFindingAggregator",
        always(FindingAggregatorArn=gathers, FindingAggregationRegion=DUBLIN, RegionLinkingMode="ALL_REGIONS"),
    )
    aws.answer("securityhub:ListTagsForResource", always(Tags={}))
    estate.is_at(hub, PARIS, "provider-managed")
    estate.also(hub, "replica", DUBLIN, "finding-aggregator", gathers)
    lake = arn("securitylake", "data-lake/default")
    told = {
        "dataLakeArn": lake,
        "region": PARIS,
        "s3BucketArn": "arn:aws:s3:::lake",
        "encryptionConfiguration": {"kmsKeyId": estate.key},
        "replicationConfiguration": {"regions": [VIRGINIA]},
    }
    aws.answer("securitylake:ListDataLakes", listed("dataLakes", told))
    aws.answer("securitylake:ListTagsForResource", always(tags=[]))
    estate.is_at(lake, PARIS, "customer-managed")
    estate.encrypted(lake, estate.key)
    estate.also(lake, "primary", PARIS, "security-lake", "arn:aws:s3:::lake")
    estate.also(lake, "replica", VIRGINIA, "security-lake-replication", None)

    def session(region: str, *_: object) -> dict[str, Any]:
        if region != PARIS:
            raise Refused("AccessDeniedException", 403, "Macie is not enabled.")
        return {"status": "ENABLED"}

    aws.answer("macie2:GetMacieSession", session)
    aws.answer(
        "macie2:GetClassificationExportConfiguration",
        always(configuration={"s3Destination": {"bucketName": "trail-logs", "kmsKeyArn": estate.key}}),
    )
    uid = arn("macie2", "session")
    estate.is_at(uid, PARIS, "provider-managed")
    estate.also(uid, "log", DUBLIN, "macie-export", TRAIL)
    estate.encrypted(uid, estate.key)


def _business(aws: AwsEmulator, estate: Estate) -> None:
    flow: dict[str, Any] = {
        "flowName": "crm", "flowArn": arn("appflow", "flow/crm"), "kmsArn": estate.key, "destinationFlowConfigList": [
            {"connectorType": "S3", "destinationConnectorProperties": {"S3": {"bucketName": "lake-copy"}}},
            {"connectorType": "Salesforce", "connectorProfileName": "crm", "destinationConnectorProperties": {"Salesforce": {"object": "o"}}},
        ],
    }  # fmt: skip
    aws.answer("appflow:ListFlows", listed("flows", {"flowName": "crm"}))
    aws.answer("appflow:DescribeFlow", always(**flow))
    estate.is_at(flow["flowArn"], PARIS, "customer-managed")
    estate.encrypted(flow["flowArn"], estate.key)
    estate.also(flow["flowArn"], "replica", VIRGINIA, "appflow-flow", "arn:aws:s3:::lake-copy")
    estate.also(flow["flowArn"], "replica", None, "appflow-flow", "crm")
    aws.client("sesv2", PARIS).create_configuration_set(ConfigurationSetName="letters")
    topic = arn("sns", "ready", DUBLIN)
    aws.answer("sesv2:GetConfigurationSetEventDestinations", always(EventDestinations=[
        {"Name": "n", "Enabled": True, "MatchingEventTypes": ["BOUNCE"], "SnsDestination": {"TopicArn": topic}},
    ]))  # fmt: skip
    aws.answer("sesv2:ListTagsForResource", always(Tags=[]))
    uid = arn("ses", "configuration-set/letters")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "email-events", topic)
    aws.answer(
        "sesv2:ListMultiRegionEndpoints",
        listed("MultiRegionEndpoints", {"EndpointName": "two", "Regions": [PARIS, DUBLIN]}),
    )
    uid = arn("ses", "multi-region-endpoint/two")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "processing", DUBLIN, "email-multi-region", None)
    centre = {"Id": "c", "Arn": arn("connect", "instance/c"), "InstanceAlias": "hotline"}
    aws.answer("connect:ListInstances", listed("InstanceSummaryList", centre))
    aws.answer("connect:DescribeInstance", always(
        Instance=centre, ReplicationConfiguration={"ReplicationStatusSummaryList": [{"Region": "eu-central-1"}], "SourceRegion": PARIS},
    ))  # fmt: skip
    kept = {
        "S3Config": {
            "BucketName": "trail-logs",
            "BucketPrefix": "p",
            "EncryptionConfig": {"EncryptionType": "KMS", "KeyId": estate.key},
        },
        "StorageType": "S3",
    }
    aws.answer("connect:ListInstanceStorageConfigs", listed("StorageConfigs", kept, ResourceType="CALL_RECORDINGS"))
    estate.is_at(centre["Arn"], PARIS, None)
    estate.also(centre["Arn"], "replica", "eu-central-1", "connect-replication", None)
    estate.also(centre["Arn"], "replica", DUBLIN, "connect-storage", TRAIL)
    estate.encrypted(centre["Arn"], estate.key)
    report = {"ReportName": "usage", "S3Bucket": "lake-copy", "S3Region": VIRGINIA}
    aws.answer("cur:DescribeReportDefinitions", listed("ReportDefinitions", report, region=VIRGINIA))
    aws.answer("cur:ListTagsForResource", always(Tags=[]))
    uid = arn("cur", "definition/usage", VIRGINIA)
    estate.is_at(uid, VIRGINIA, None)
    estate.also(uid, "log", VIRGINIA, "usage-report", "arn:aws:s3:::lake-copy")
    uid = arn("bcm-data-exports", "export/focus", VIRGINIA)
    aws.answer(
        "bcm-data-exports:ListExports", listed("Exports", {"ExportArn": uid, "ExportName": "focus"}, region=VIRGINIA)
    )
    s3 = {"S3Bucket": "trail-logs", "S3Prefix": "p", "S3Region": DUBLIN}
    aws.answer(
        "bcm-data-exports:GetExport",
        always(Export={"ExportArn": uid, "Name": "focus", "DestinationConfigurations": {"S3Destination": s3}}),
    )
    aws.answer("bcm-data-exports:ListTagsForResource", always(ResourceTags=[]))
    estate.is_at(uid, VIRGINIA, None)
    estate.also(uid, "log", DUBLIN, "usage-report", TRAIL)
