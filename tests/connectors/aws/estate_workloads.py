"""The part of the known estate that computes, answers and learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def add_workloads(aws: AwsEmulator, estate: Estate) -> None:
    _containers(aws, estate)
    _apis(aws, estate)
    _balancers(aws, estate)
    _learning(aws, estate)
    _agents(aws, estate)
    _watching(aws, estate)


def _containers(aws: AwsEmulator, estate: Estate) -> None:
    cluster = aws.client("ecs", PARIS).create_cluster(clusterName="apps", configuration={"executeCommandConfiguration": {
        "kmsKeyId": estate.key, "logging": "OVERRIDE",
        "logConfiguration": {"cloudWatchLogGroupName": "/portal", "s3BucketName": "trail-logs"},
    }})["cluster"]["clusterArn"]  # fmt: skip
    estate.is_at(cluster, PARIS, None)
    estate.encrypted(cluster, estate.key)
    estate.also(cluster, "log", DUBLIN, "ecs-exec-logs", "arn:aws:s3:::trail-logs")
    estate.also(cluster, "log", PARIS, "ecs-exec-logs", arn("logs", "log-group:/portal"))


def _apis(aws: AwsEmulator, estate: Estate) -> None:
    rest = aws.client("apigateway", PARIS)
    api = rest.create_rest_api(name="portal", endpointConfiguration={"types": ["EDGE"]})["id"]
    uid = f"arn:aws:apigateway:{PARIS}::/restapis/{api}"
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "processing", "aws-global", "api-edge", None)
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    uri = f"arn:aws:apigateway:{DUBLIN}:lambda:path/2015-03-31/functions/{arn('lambda', 'function:intake', DUBLIN)}/invocations"
    for method, sort, where in (("GET", "HTTP_PROXY", "https://old.example.org"), ("POST", "AWS_PROXY", uri)):
        rest.put_method(restApiId=api, resourceId=root, httpMethod=method, authorizationType="NONE")
        rest.put_integration(
            restApiId=api, resourceId=root, httpMethod=method, type=sort, integrationHttpMethod="POST", uri=where
        )
    estate.also(uid, "processing", None, "api-integration", "https://old.example.org")
    estate.also(uid, "processing", DUBLIN, "api-integration", uri)
    deployment = rest.create_deployment(restApiId=api)["id"]
    rest.create_stage(restApiId=api, stageName="live", deploymentId=deployment)
    group = arn("logs", "log-group:/portal")
    change = {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group}
    rest.update_stage(restApiId=api, stageName="live", patchOperations=[change])
    estate.also(uid, "log", PARIS, "api-access-log", group)
    http = aws.client("apigatewayv2", PARIS)
    api = http.create_api(Name="app", ProtocolType="HTTP")["ApiId"]
    uid = f"arn:aws:apigateway:{PARIS}::/apis/{api}"
    estate.is_at(uid, PARIS, None)
    http.create_integration(
        ApiId=api,
        IntegrationType="HTTP_PROXY",
        IntegrationUri="https://far.example.org",
        PayloadFormatVersion="1.0",
        IntegrationMethod="GET",
    )
    estate.also(uid, "processing", None, "api-integration", "https://far.example.org")
    http.create_stage(ApiId=api, StageName="live", AccessLogSettings={"DestinationArn": group})
    estate.also(uid, "log", PARIS, "api-access-log", group)


def _balancers(aws: AwsEmulator, estate: Estate) -> None:
    ec2, balancers = aws.client("ec2", PARIS), aws.client("elbv2", PARIS)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{index}.0/24", AvailabilityZone=f"{PARIS}{zone}")["Subnet"][
            "SubnetId"
        ]
        for index, zone in enumerate("ab")
    ]
    uid = balancers.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    told = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "trail-logs",
        "connection_logs.s3.bucket": "lake",
    }
    balancers.modify_load_balancer_attributes(
        LoadBalancerArn=uid, Attributes=[{"Key": key, "Value": value} for key, value in told.items()]
    )
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "elb-logs", "arn:aws:s3:::trail-logs")


def _learning(aws: AwsEmulator, estate: Estate) -> None:
    learn = aws.client("sagemaker", PARIS)
    notebook = learn.create_notebook_instance(
        NotebookInstanceName="notes", InstanceType="ml.t3.medium", RoleArn=ROLE, KmsKeyId=estate.key
    )["NotebookInstanceArn"]
    estate.is_at(notebook, PARIS, "customer-managed")
    estate.encrypted(notebook, estate.key)
    model = learn.create_model(
        ModelName="risk",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": "i", "ModelDataUrl": "s3://lake-copy/risk.tar.gz"},
    )["ModelArn"]
    estate.is_at(model, PARIS, None)
    estate.also(model, "primary", VIRGINIA, "model-artifacts", "arn:aws:s3:::lake-copy")
    learn.create_endpoint_config(
        EndpointConfigName="risk", KmsKeyId=estate.key,
        ProductionVariants=[{"VariantName": "v", "ModelName": "risk", "InitialInstanceCount": 1, "InstanceType": "ml.t2.medium", "InitialVariantWeight": 1}],
        DataCaptureConfig={"EnableCapture": True, "InitialSamplingPercentage": 100, "DestinationS3Uri": "s3://trail-logs/c", "CaptureOptions": [{"CaptureMode": "Input"}]},
    )  # fmt: skip
    endpoint = learn.create_endpoint(EndpointName="risk", EndpointConfigName="risk")["EndpointArn"]
    estate.is_at(endpoint, PARIS, "customer-managed")
    estate.encrypted(endpoint, estate.key)
    estate.also(endpoint, "log", DUBLIN, "sagemaker-capture", "arn:aws:s3:::trail-logs")
    domain = learn.create_domain(
        DomainName="lab", AuthMode="IAM", DefaultUserSettings={"ExecutionRole": ROLE, "SharingSettings": {"S3OutputPath": "s3://lake-copy/shared"}},
        VpcId="vpc-1", SubnetIds=["subnet-1"], KmsKeyId=estate.key,
    )["DomainArn"]  # fmt: skip
    estate.is_at(domain, PARIS, "customer-managed")
    estate.encrypted(domain, estate.key)
    estate.also(domain, "replica", VIRGINIA, "sagemaker-sharing", "arn:aws:s3:::lake-copy")


def _agents(aws: AwsEmulator, estate: Estate) -> None:
    agents = aws.client("bedrock-agent", PARIS)
    agent = agents.create_agent(
        agentName="helper",
        agentResourceRoleArn=ROLE,
        foundationModel="anthropic.claude-v2",
        customerEncryptionKeyArn=estate.key,
    )
    uid = agent["agent"]["agentArn"]
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    base = agents.create_knowledge_base(
        name="guidelines", roleArn=ROLE,
        knowledgeBaseConfiguration={"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": f"arn:aws:bedrock:{PARIS}::foundation-model/e"}},
        storageConfiguration={"type": "PINECONE", "pineconeConfiguration": {
            "connectionString": "https://idx.pinecone.example", "credentialsSecretArn": arn("secretsmanager", "secret:s"),
            "fieldMapping": {"textField": "t", "metadataField": "m"},
        }},
    )["knowledgeBase"]["knowledgeBaseArn"]  # fmt: skip
    estate.is_at(base, PARIS, None)
    estate.also(base, "primary", None, "knowledge-base-store", "https://idx.pinecone.example")


def _watching(aws: AwsEmulator, estate: Estate) -> None:
    metrics = aws.client("amp", PARIS).create_workspace(alias="metrics")["arn"]
    estate.is_at(metrics, PARIS, "provider-managed")
    detector = aws.client("guardduty", PARIS).create_detector(Enable=True)["DetectorId"]
    estate.is_at(arn("guardduty", f"detector/{detector}"), PARIS, "provider-managed")
