"""The part of the known estate through which data flows: streams, deliveries, ways into other regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"


def arn(service: str, region: str, rest: str) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def add_flows(aws: AwsEmulator, estate: Estate) -> None:
    _streams(aws, estate)
    _network(aws, estate)
    _log_flows(aws, estate)
    _services(aws, estate)
    _indexes(aws)


def _indexes(aws: AwsEmulator) -> None:
    """Both indexes are on, and name nothing that is not read."""
    indexes = [{"Region": region, "Type": "AGGREGATOR" if region == PARIS else "LOCAL"} for region in (PARIS, VIRGINIA, DUBLIN)]
    group = {"Arn": "arn:aws:ec2:x", "Region": PARIS, "CfnResourceType": "AWS::EC2::SecurityGroup"}
    recorder = {"name": "default", "recordingGroup": {"allSupported": True}}
    counts = [{"resourceType": "AWS::EC2::Subnet", "count": 6}]
    aws.answer("resource-explorer-2:ListIndexes", lambda region, account, params: {"Indexes": indexes})
    aws.answer("resource-explorer-2:ListViews", lambda region, account, params: {"Views": ["arn:aws:resource-explorer-2:v"]})
    aws.answer("resource-explorer-2:ListResources", lambda region, account, params: {"Resources": [group]})
    aws.answer("config:DescribeConfigurationRecorders", lambda region, account, params: {"ConfigurationRecorders": [recorder]})
    aws.answer("config:GetDiscoveredResourceCounts", lambda region, account, params: {"resourceCounts": counts})


def _streams(aws: AwsEmulator, estate: Estate) -> None:
    kinesis = aws.client("kinesis", PARIS)
    for name in ("events", "plain"):
        kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.start_stream_encryption(StreamName="events", EncryptionType="KMS", KeyId=estate.key)
    estate.is_at(arn("kinesis", PARIS, "stream/events"), PARIS, "customer-managed")
    estate.encrypted(arn("kinesis", PARIS, "stream/events"), estate.key)
    estate.is_at(arn("kinesis", PARIS, "stream/plain"), PARIS, "none")
    firehose = aws.client("firehose", PARIS)
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    for name, kind, settings in (
        ("to-bucket", "ExtendedS3DestinationConfiguration", {"BucketARN": "arn:aws:s3:::lake-copy"}),
        ("to-web", "HttpEndpointDestinationConfiguration", {
            "EndpointConfiguration": {"Url": "https://logs.example.org/in"},
            "S3Configuration": {"RoleARN": role, "BucketARN": "arn:aws:s3:::trail-logs"},
        }),
    ):  # fmt: skip
        firehose.create_delivery_stream(DeliveryStreamName=name, **{kind: {"RoleARN": role, **settings}})
        estate.is_at(arn("firehose", PARIS, f"deliverystream/{name}"), PARIS, "provider-managed")
    bucket, web = (arn("firehose", PARIS, f"deliverystream/{name}") for name in ("to-bucket", "to-web"))
    estate.also(bucket, "replica", VIRGINIA, "firehose-delivery", "arn:aws:s3:::lake-copy")
    estate.also(web, "replica", DUBLIN, "firehose-delivery", "arn:aws:s3:::trail-logs")
    estate.also(web, "replica", None, "firehose-delivery", "https://logs.example.org/in")


def _network(aws: AwsEmulator, estate: Estate) -> None:
    ec2, far = aws.client("ec2", PARIS), aws.client("ec2", VIRGINIA)
    here = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    there = far.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=here, PeerVpcId=there, PeerRegion=VIRGINIA)
    name = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    far.accept_vpc_peering_connection(VpcPeeringConnectionId=name)
    for region, other, vpc in ((PARIS, VIRGINIA, there), (VIRGINIA, PARIS, here)):
        uid = arn("ec2", region, f"vpc-peering-connection/{name}")
        estate.is_at(uid, region, None)
        estate.also(uid, "processing", other, "vpc-peering", arn("ec2", other, f"vpc/{vpc}"))
    gateways = [c.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for c in (ec2, far)]
    attachment = ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=gateways[0], PeerTransitGatewayId=gateways[1], PeerAccountId=ACCOUNT, PeerRegion=VIRGINIA
    )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
    for region, other, gateway in ((PARIS, VIRGINIA, gateways[1]), (VIRGINIA, PARIS, gateways[0])):
        uid = arn("ec2", region, f"transit-gateway-attachment/{attachment}")
        estate.is_at(uid, region, None)
        target = arn("ec2", other, f"transit-gateway/{gateway}")
        estate.also(uid, "processing", other, "transit-gateway-peering", target)
    endpoint = ec2.create_vpc_endpoint(VpcId=here, ServiceName=f"com.amazonaws.{PARIS}.s3", VpcEndpointType="Gateway")
    estate.is_at(arn("ec2", PARIS, f"vpc-endpoint/{endpoint['VpcEndpoint']['VpcEndpointId']}"), PARIS, None)
    flow = ec2.create_flow_logs(
        ResourceIds=[here], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
        LogDestination="arn:aws:s3:::trail-logs",
    )["FlowLogIds"][0]  # fmt: skip
    estate.is_at(arn("ec2", PARIS, f"vpc-flow-log/{flow}"), PARIS, None)
    estate.also(arn("ec2", PARIS, f"vpc-flow-log/{flow}"), "log", DUBLIN, "vpc-flow-logs", "arn:aws:s3:::trail-logs")


def _log_flows(aws: AwsEmulator, estate: Estate) -> None:
    logs = aws.client("logs", PARIS)
    stream = arn("kinesis", PARIS, "stream/events")
    logs.put_subscription_filter(logGroupName="/portal", filterName="all", filterPattern="", destinationArn=stream)
    logs.create_export_task(logGroupName="/portal", fromTime=1, to=2, destination="access-logs")
    group = arn("logs", PARIS, "log-group:/portal")
    estate.also(group, "log", PARIS, "logs-subscription", stream)
    estate.also(group, "log", PARIS, "logs-export", "arn:aws:s3:::access-logs")


def _services(aws: AwsEmulator, estate: Estate) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    config = aws.client("config", PARIS)
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "trail-logs"})
    channel = arn("config", PARIS, "delivery-channel/default")
    estate.is_at(channel, PARIS, None)
    estate.also(channel, "log", DUBLIN, "config-delivery", "arn:aws:s3:::trail-logs")
    sms = {"SnsCallerArn": role, "SnsRegion": DUBLIN}
    pool = aws.client("cognito-idp", PARIS).create_user_pool(PoolName="people", SmsConfiguration=sms)["UserPool"]["Arn"]
    estate.is_at(pool, PARIS, "provider-managed")
    estate.also(pool, "processing", DUBLIN, "cognito-sms", None)
    kafka = aws.client("kafka", PARIS).create_cluster_v2(
        ClusterName="log", Provisioned={
            "BrokerNodeGroupInfo": {"InstanceType": "kafka.m5.large", "ClientSubnets": ["subnet-1"]},
            "KafkaVersion": "3.6.0", "NumberOfBrokerNodes": 3,
        },
    )["ClusterArn"]  # fmt: skip
    estate.is_at(kafka, PARIS, "provider-managed")
    eks = aws.client("eks", PARIS).create_cluster(
        name="apps", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]},
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": estate.key}}],
    )["cluster"]["arn"]  # fmt: skip
    estate.is_at(eks, PARIS, "customer-managed")
    estate.encrypted(eks, estate.key)
    route53 = aws.client("route53", VIRGINIA)
    zone = route53.create_hosted_zone(Name="example.org.", CallerReference="c")["HostedZone"]["Id"].rpartition("/")[2]
    aws.client("logs", VIRGINIA).create_log_group(logGroupName="/aws/route53/example.org")
    group = arn("logs", VIRGINIA, "log-group:/aws/route53/example.org")
    estate.is_at(group, VIRGINIA, "provider-managed")
    route53.create_query_logging_config(HostedZoneId=zone, CloudWatchLogsLogGroupArn=f"{group}:*")
    uid = f"arn:aws:route53:::hostedzone/{zone}"
    estate.is_at(uid, "aws-global", None)
    estate.also(uid, "log", VIRGINIA, "dns-query-logs", group)
