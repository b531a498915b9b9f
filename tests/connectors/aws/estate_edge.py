"""The part of the known estate that leads out of a region: lines, tunnels, networks over regions, logs of their traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def add_edge(aws: AwsEmulator, estate: Estate) -> None:
    _tunnels(aws, estate)
    _logs(aws, estate)


def _tunnels(aws: AwsEmulator, estate: Estate) -> None:
    ec2 = aws.client("ec2", PARIS)
    device = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="192.0.2.7", BgpAsn=65000)["CustomerGateway"][
        "CustomerGatewayId"
    ]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    tunnel = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=device, VpnGatewayId=gateway)["VpnConnection"][
        "VpnConnectionId"
    ]
    estate.is_at(arn("ec2", f"vpn-connection/{tunnel}"), PARIS, None)
    estate.also(arn("ec2", f"vpn-connection/{tunnel}"), "processing", None, "vpn", "192.0.2.7")
    networks = aws.client("networkmanager", VIRGINIA)
    whole = networks.create_global_network()["GlobalNetwork"]["GlobalNetworkId"]
    core = networks.create_core_network(GlobalNetworkId=whole, Description="wan")["CoreNetwork"]["CoreNetworkArn"]
    estate.is_at(core, "aws-global", None)  # the emulator gives a core network no edges


def _logs(aws: AwsEmulator, estate: Estate) -> None:
    group = arn("logs", "log-group:/portal")
    resolver = aws.client("route53resolver", PARIS)
    uid = resolver.create_resolver_query_log_config(
        Name="asked", DestinationArn="arn:aws:s3:::trail-logs", CreatorRequestId="c"
    )["ResolverQueryLogConfig"]["Arn"]
    aws.answer("route53resolver:ListTagsForResource", lambda region, account, params: {"Tags": []})
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "dns-query-logs", "arn:aws:s3:::trail-logs")
    for region, scope in ((PARIS, "REGIONAL"), (VIRGINIA, "CLOUDFRONT")):
        wall = aws.client("wafv2", region)
        seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
        uid = wall.create_web_acl(Name="wall", Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=seen)[
            "Summary"
        ]["ARN"]
        target = group if scope == "REGIONAL" else "arn:aws:s3:::trail-logs"
        wall.put_logging_configuration(LoggingConfiguration={"ResourceArn": uid, "LogDestinationConfigs": [target]})
        estate.is_at(uid, region, None)
        estate.also(uid, "log", PARIS if scope == "REGIONAL" else DUBLIN, "waf-logs", target)
    logs = aws.client("logs", PARIS)
    uid = logs.put_delivery_destination(
        name="vended", deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::trail-logs"}
    )["deliveryDestination"]["arn"]
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", DUBLIN, "logs-delivery", "arn:aws:s3:::trail-logs")
    stream = arn("kinesis", "stream/events")
    uid = logs.put_destination(destinationName="in", targetArn=stream, roleArn=f"arn:aws:iam::{ACCOUNT}:role/r")[
        "destination"
    ]["arn"]
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", PARIS, "logs-destination", stream)
