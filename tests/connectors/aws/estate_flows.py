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
