"""The part of the known estate that hands data on: functions and topics, exports, batches, and who may take on a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.connectors.aws.estate_answered import always, arn, listed
from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
OUT, LAKE, COPY = "arn:aws:s3:::trail-logs", "arn:aws:s3:::lake", "arn:aws:s3:::lake-copy"


def add_outward(aws: AwsEmulator, estate: Estate) -> None:
    _roles(aws, estate)
    _functions(aws, estate)
    _topics(aws, estate)
    _policies(aws, estate)
    _exports(aws, estate)
    _batches(aws, estate)
    _organisation(aws, estate)
    _copies(aws, estate)


def _roles(aws: AwsEmulator, estate: Estate) -> None:
    iam = aws.client("iam", VIRGINIA)
    own = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/staff"}
    for name, principal in (("partner", {"AWS": ROOT}), ("staff", own), ("app", {"Federated": "accounts.google.com"})):
        text = policy("sts:AssumeRole", principal).replace(', "Resource": "*"', "")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, Tags=[{"Key": "data-class", "Value": "public"}])
    for name, target in (("partner", ROOT), ("app", "accounts.google.com")):
        uid = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        estate.is_at(uid, "aws-global", None)
        estate.also(uid, "share", None, "role-trust-policy", target)


def _functions(aws: AwsEmulator, estate: Estate) -> None:
    client, uid = aws.client("lambda", DUBLIN), arn("lambda", "function:intake", DUBLIN)
    client.add_permission(
        FunctionName="intake", StatementId="partner", Action="lambda:InvokeFunction", Principal=OTHER
    )
    estate.also(uid, "share", None, "function-policy", OTHER)
    done, lost = arn("sqs", "work"), arn("sns", "ready", DUBLIN)
    told = {"FunctionArn": uid, "DestinationConfig": {"OnSuccess": {"Destination": done}, "OnFailure": {}}}
    aws.answer("lambda:ListFunctionEventInvokeConfigs", lambda *_: {"FunctionEventInvokeConfigs": [told]})
    estate.also(uid, "replica", PARIS, "lambda-destination", done)
    feed = {"UUID": "u", "FunctionArn": uid, "DestinationConfig": {"OnFailure": {"Destination": lost}}}
    aws.answer("lambda:ListEventSourceMappings", listed("EventSourceMappings", feed, region=DUBLIN))
    estate.also(uid, "replica", DUBLIN, "lambda-destination", lost)


def _topics(aws: AwsEmulator, estate: Estate) -> None:
    sns, topic = aws.client("sns", DUBLIN), arn("sns", "ready", DUBLIN)
    for way, end in (
        ("sqs", arn("sqs", "work")), ("https", "https://user:word@hook.example.org/path?token=t"),
        ("email", "somebody@example.org"), ("email", "somebody.else@example.org"),
    ):  # fmt: skip
        sns.subscribe(TopicArn=topic, Protocol=way, Endpoint=end)
    estate.also(topic, "replica", PARIS, "sns-subscription", arn("sqs", "work"))
    estate.also(topic, "replica", None, "sns-subscription", "hook.example.org")
    estate.also(topic, "replica", None, "sns-subscription", "email")


def _policies(aws: AwsEmulator, estate: Estate) -> None:
    stream = arn("kinesis", "stream/events")
    text = policy("kinesis:GetRecords", {"AWS": ROOT})
    aws.client("kinesis", PARIS).put_resource_policy(ResourceARN=stream, Policy=text)
    estate.also(stream, "share", None, "stream-policy", ROOT)
    cluster = next(uid for uid, *_ in sorted(estate.places, key=str) if ":kafka:" in uid)
    text = policy("kafka:CreateVpcConnection", {"AWS": ROOT})
    aws.client("kafka", cluster.split(":")[3]).put_cluster_policy(ClusterArn=cluster, Policy=text)
    estate.also(cluster, "share", None, "cluster-policy", ROOT)
    api = next(uid for uid, *_ in estate.places if "::/restapis/" in uid)
    named = policy("execute-api:Invoke", {"AWS": ROOT})
    change = {"op": "replace", "path": "/policy", "value": named}
    aws.client("apigateway", PARIS).update_rest_api(restApiId=api.rpartition("/")[2], patchOperations=[change])
    estate.also(api, "share", None, "api-policy", ROOT)
    collections = sorted({uid for uid, *_ in estate.places if ":aoss:" in uid})
    rules = [{"ResourceType": "index", "Resource": ["index/*/*"], "Permission": ["aoss:ReadDocument"]}]
    own = f"arn:aws:iam::{ACCOUNT}:role/r"
    told = [{"Rules": rules, "Principal": [own, f"saml/{ACCOUNT}/staff/user/somebody", f"arn:aws:iam::{OTHER}:role/r"]}]
    found = listed("accessPolicySummaries", {"type": "data", "name": "readers"})
    aws.answer("opensearchserverless:ListAccessPolicies", found)
    aws.answer("opensearchserverless:GetAccessPolicy", always(accessPolicyDetail={"name": "readers", "policy": told}))
    for uid in collections:
        estate.also(uid, "share", None, "data-access-policy", f"arn:aws:iam::{OTHER}:role/r")


def _exports(aws: AwsEmulator, estate: Estate) -> None:
    image = next(uid for uid, *_ in estate.places if "::image/" in uid)
    machine = next(uid for uid, *_ in estate.places if ":instance/i-" in uid and ":ec2:" in uid)
    name = image.rpartition("/")[2]
    task: dict[str, Any] = {"ImageId": name, "Status": "completed", "S3ExportLocation": {"S3Bucket": "trail-logs"}}
    aws.answer("ec2:DescribeExportImageTasks", listed("ExportImageTasks", task, task | {"Status": "deleted"}))
    stored = {"AmiId": name, "Bucket": "lake-copy", "StoreTaskState": "Completed"}
    aws.answer("ec2:DescribeStoreImageTasks", listed("StoreImageTaskResults", stored))
    written = {
        "State": "completed", "InstanceExportDetails": {"InstanceId": machine.rpartition("/")[2]},
        "ExportToS3Task": {"S3Bucket": "trail-logs"},
    }  # fmt: skip
    aws.answer("ec2:DescribeExportTasks", listed("ExportTasks", written))
    estate.also(image, "replica", DUBLIN, "image-export", OUT)
    estate.also(image, "replica", VIRGINIA, "image-store", COPY)
    estate.also(machine, "replica", DUBLIN, "instance-export", OUT)
    backup = aws.client("dynamodb", VIRGINIA).create_backup(TableName="codes", BackupName="before")
    estate.is_at(backup["BackupDetails"]["BackupArn"], VIRGINIA, None)
    job: dict[str, Any] = {
        "JobId": "job-1", "JobArn": arn("s3", "job/job-1"), "Status": "Complete",
        "Operation": {"S3PutObjectCopy": {"TargetResource": COPY, "SSEAwsKmsKeyId": estate.key}},
        "Report": {"Enabled": True, "Bucket": OUT},
        "Manifest": {
            "Spec": {"Format": "S3BatchOperations_CSV_20180820"},
            "Location": {"ObjectArn": f"{LAKE}/list.csv", "ETag": "e"},
        },
    }  # fmt: skip
    aws.answer("s3control:ListJobs", listed("Jobs", {"JobId": "job-1", "Status": "Complete"}, {"JobId": "job-2", "Status": "New"}))
    aws.answer("s3control:DescribeJob", always(Job=job))
    aws.answer("s3control:GetJobTagging", always(Tags=[]))
    estate.is_at(job["JobArn"], PARIS, None)
    estate.encrypted(job["JobArn"], estate.key)
    for role, region, bucket in (("replica", VIRGINIA, COPY), ("log", DUBLIN, OUT), ("log", PARIS, LAKE)):
        estate.also(job["JobArn"], role, region, "s3-batch-job", bucket)
    elb = aws.client("elb", PARIS)
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    elb.create_load_balancer(LoadBalancerName="old", Listeners=[listener], AvailabilityZones=[f"{PARIS}a"])
    log = {"Enabled": True, "S3BucketName": "trail-logs", "EmitInterval": 5, "S3BucketPrefix": "p"}
    elb.modify_load_balancer_attributes(LoadBalancerName="old", LoadBalancerAttributes={"AccessLog": log})
    uid = arn("elasticloadbalancing", "loadbalancer/old")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "elb-logs", OUT)


def _batches(aws: AwsEmulator, estate: Estate) -> None:
    uid = arn("bedrock", "model-invocation-job/b")
    batch: dict[str, Any] = {
        "jobArn": uid, "jobName": "nightly", "modelId": "eu.claude", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "submitTime": 1, "status": "Completed",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://lake/in"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://trail-logs/out", "s3EncryptionKeyId": estate.key}},
    }  # fmt: skip
    again = batch | {"jobArn": arn("bedrock", "model-invocation-job/before")}
    aws.answer("bedrock:ListModelInvocationJobs", listed("invocationJobSummaries", batch, again))
    estate.is_at(uid, PARIS, None)
    estate.encrypted(uid, estate.key)
    estate.also(uid, "processing", PARIS, "batch-inference", LAKE)
    estate.also(uid, "replica", DUBLIN, "batch-inference", OUT)
    ours, copy = arn("bedrock", "custom-model/m"), arn("bedrock", "custom-model/c", VIRGINIA)
    told = {
        "jobArn": "j", "status": "Completed", "creationTime": 1, "sourceAccountId": ACCOUNT, "sourceModelArn": ours,
        "targetModelArn": copy,
    }  # fmt: skip
    aws.answer("bedrock:ListModelCopyJobs", listed("modelCopyJobSummaries", told, region=VIRGINIA))
    estate.also(ours, "replica", VIRGINIA, "model-copy", copy)
    imported = arn("bedrock", "imported-model/i")
    brought = {"modelArn": imported, "modelName": "open", "creationTime": 1}
    aws.answer("bedrock:ListImportedModels", listed("modelSummaries", brought))
    source = {"s3DataSource": {"s3Uri": "s3://lake-copy/weights"}}
    aws.answer("bedrock:GetImportedModel", always(**brought, modelDataSource=source))
    estate.is_at(imported, PARIS, "provider-managed")
    estate.also(imported, "replica", VIRGINIA, "model-import", COPY)
    flow, prompt = arn("bedrock", "flow/F"), arn("bedrock", "prompt/P")
    common = {"version": "DRAFT", "createdAt": 1, "updatedAt": 1}
    nodes = [
        {"name": "ask", "type": "Prompt", "configuration": {"prompt": {"sourceConfiguration": {"inline": {
            "modelId": "eu.claude", "templateType": "TEXT", "templateConfiguration": {"text": {"text": "t"}},
        }}}}},
        {"name": "keep", "type": "Storage", "configuration": {"storage": {"serviceConfiguration": {"s3": {"bucketName": "lake-copy"}}}}},
        {"name": "call", "type": "LambdaFunction", "configuration": {"lambdaFunction": {"lambdaArn": arn("lambda", "function:intake", DUBLIN)}}},
    ]  # fmt: skip
    of_flow = {"name": "triage", "id": "F", "arn": flow, "status": "Prepared", **common}
    aws.answer("bedrock-agent:ListFlows", listed("flowSummaries", of_flow))
    aws.answer("bedrock-agent:GetFlow", always(**of_flow, executionRoleArn="r", definition={"nodes": nodes}))
    aws.answer("bedrock-agent:ListTagsForResource", always(tags={}))
    of_prompt = {"name": "greeting", "id": "P", "arn": prompt, **common}
    aws.answer("bedrock-agent:ListPrompts", listed("promptSummaries", of_prompt))
    variant = {"name": "v", "templateType": "TEXT", "templateConfiguration": {"text": {"text": "t"}}, "modelId": "eu.claude"}
    aws.answer("bedrock-agent:GetPrompt", always(**of_prompt, customerEncryptionKeyArn=estate.key, variants=[variant]))
    estate.is_at(flow, PARIS, "provider-managed")
    estate.is_at(prompt, PARIS, "customer-managed")
    estate.encrypted(prompt, estate.key)
    estate.also(flow, "replica", VIRGINIA, "bedrock-flow", COPY)
    estate.also(flow, "processing", DUBLIN, "bedrock-flow", arn("lambda", "function:intake", DUBLIN))
    for asking in (uid, flow, prompt):
        for region in (DUBLIN, "eu-north-1"):
            estate.also(asking, "processing", region, "inference-profile", "eu.claude")


def _organisation(aws: AwsEmulator, estate: Estate) -> None:
    organisation = {"Id": "o-exampleorgid", "MasterAccountId": ACCOUNT}
    aws.answer("organizations:DescribeOrganization", always(Organization=organisation))
    uid = arn("observabilityadmin", "organization-centralization-rule/all")
    summary = {"RuleName": "all", "RuleArn": uid, "CreatedRegion": PARIS}
    aws.answer("observabilityadmin:ListCentralizationRulesForOrganization", always(CentralizationRuleSummaries=[summary]))
    second = {"Region": VIRGINIA, "KmsKeyArn": estate.key}
    logs = {"LogsEncryptionConfiguration": {"EncryptionStrategy": "AWS_OWNED"}, "BackupConfiguration": second}
    rule = {
        "Source": {"Regions": [PARIS, VIRGINIA]},
        "Destination": {"Region": DUBLIN, "Account": OTHER, "DestinationLogsConfiguration": logs},
    }
    aws.answer(
        "observabilityadmin:GetCentralizationRuleForOrganization", always(RuleName="all", RuleArn=uid, CentralizationRule=rule)
    )
    aws.answer("observabilityadmin:ListTagsForResource", always(Tags={}))
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "log-centralization", OTHER)
    estate.also(uid, "share", None, "log-centralization", OTHER)
    estate.also(uid, "backup", VIRGINIA, "log-centralization", OTHER)
    estate.encrypted(uid, estate.key)
    aws.client("config", PARIS).put_aggregation_authorization(AuthorizedAccountId=OTHER, AuthorizedAwsRegion=VIRGINIA)
    source = [{"AccountIds": [ACCOUNT], "AllAwsRegions": True}]
    made = aws.client("config", DUBLIN).put_configuration_aggregator(
        ConfigurationAggregatorName="all", AccountAggregationSources=source
    )
    estate.is_at(made["ConfigurationAggregator"]["ConfigurationAggregatorArn"], DUBLIN, None)
    uid = arn("config", f"aggregation-authorization/{OTHER}/{VIRGINIA}")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", VIRGINIA, "config-aggregation", OTHER)
    estate.also(uid, "share", None, "config-aggregation", OTHER)


def _copies(aws: AwsEmulator, estate: Estate) -> None:
    pool = next(uid for uid, *_ in estate.places if ":userpool/" in uid)
    name, region = pool.rpartition("/")[2], pool.split(":")[3]
    copy = pool.replace(region, VIRGINIA)
    found = [
        {"RegionName": region, "Status": "ACTIVE", "Role": "PRIMARY", "UserPoolArn": pool},
        {"RegionName": VIRGINIA, "Status": "ACTIVE", "Role": "SECONDARY", "UserPoolArn": copy},
    ]
    aws.answer("cognito-idp:ListUserPoolReplicas", listed("UserPoolReplicas", *found, region=region, UserPoolId=name))
    estate.also(pool, "replica", VIRGINIA, "cognito-replica", copy)
    uid = arn("imagebuilder", "distribution-configuration/golden")
    image = {"kmsKeyId": estate.key, "launchPermission": {"userIds": [ACCOUNT, OTHER], "userGroups": ["all"]}}
    told = {
        "arn": uid, "name": "golden", "timeoutMinutes": 1, "distributions": [
            {"region": PARIS, "amiDistributionConfiguration": image},
            {"region": DUBLIN, "s3ExportConfiguration": {"roleName": "r", "diskImageFormat": "RAW", "s3Bucket": "lake-copy"}},
        ],
    }  # fmt: skip
    aws.answer("imagebuilder:ListDistributionConfigurations", listed("distributionConfigurationSummaryList", {"arn": uid}))
    aws.answer("imagebuilder:GetDistributionConfiguration", always(distributionConfiguration=told))
    estate.is_at(uid, PARIS, None)
    estate.encrypted(uid, estate.key)
    estate.also(uid, "replica", DUBLIN, "image-distribution", None)
    estate.also(uid, "replica", VIRGINIA, "image-export", COPY)
    estate.also(uid, "share", None, "image-distribution", OTHER)
    estate.also(uid, "share", None, "image-distribution", "*")
    _offered(aws, estate)


def _offered(aws: AwsEmulator, estate: Estate) -> None:
    ec2 = aws.client("ec2", PARIS)
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = aws.client("elbv2", PARIS).create_load_balancer(Name="inner", Subnets=[subnet], Type="network")
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    estate.is_at(balancer, PARIS, None)
    service = ec2.create_vpc_endpoint_service_configuration(NetworkLoadBalancerArns=[balancer])["ServiceConfiguration"]
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=service["ServiceId"], AddAllowedPrincipals=[ROOT])
    uid = arn("ec2", f"vpc-endpoint-service/{service['ServiceId']}")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "share", None, "vpc-endpoint-service", ROOT)
