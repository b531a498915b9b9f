"""Readers of what leads outward, in the cases that the known estate does not have."""

from __future__ import annotations

import pytest

from residency.connectors.aws.found import KnownProfile, Routed
from residency.connectors.aws.rows import tags_in
from residency.connectors.aws.services import (
    apigateway,
    appflow,
    bedrock,
    ec2_network,
    elbv2,
    globalaccelerator,
    guardduty,
    pipes,
    scheduler,
    securityhub,
)
from residency.demo.aws_answers import checked
from residency.model import Evidence
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.estate import PARIS
from tests.connectors.aws.test_readers import HERE, finished, told
from tests.emulators.aws import AwsEmulator


def test_tags_in_any_spelling() -> None:
    assert tags_in({"Tags": [{"Key": "a", "Value": "b"}]}, "Tags") == {"a": "b"}
    assert tags_in({"tags": [{"key": "a"}]}, "tags") == {"a": ""}
    assert tags_in({"Tags": {"a": "b"}}, "Tags") == {"a": "b"}
    assert tags_in({"Info": {"TagList": []}}, "Info.TagList") == tags_in({}, "Tags") == {}
    assert tags_in(None, "Tags") is None


def test_a_list_without_a_paginator_is_read_to_its_end(aws: AwsEmulator, collect: Collect) -> None:
    arns = [HERE.arn("cloudwatch", f"metric-stream/{number}") for number in (1, 2)]
    delivery = HERE.arn("firehose", "deliverystream/d")

    def pages(region: str, account: str, params: dict[str, str]) -> dict[str, object]:
        at = int(params.get("NextToken", "0"))
        more = {"NextToken": "1"} if at == 0 else {}
        return {"Entries": [{"Arn": arns[at], "Name": "n", "FirehoseArn": delivery}], **more}

    aws.answer("cloudwatch:ListMetricStreams", pages)
    aws.answer("cloudwatch:ListTagsForResource", lambda *_: {"Tags": []})
    found = collect(PARIS)
    assert set(found.resources) == set(arns)
    assert found.status(PARIS, "cloudwatch") == "read"


def test_one_member_that_is_gone_keeps_the_others(aws: AwsEmulator, collect: Collect) -> None:
    names = [aws.client("amp", PARIS).create_workspace(alias=alias)["arn"] for alias in ("a", "b")]
    sets = ["kept", "gone"]
    for name in sets:
        aws.client("sesv2", PARIS).create_configuration_set(ConfigurationSetName=name)
    aws.answer("sesv2:GetConfigurationSetEventDestinations", lambda *_: {"EventDestinations": []})

    def tags(region: str, account: str, params: dict[str, str]) -> dict[str, object]:
        from tests.emulators.aws import Refused

        if params["ResourceArn"].endswith("/gone"):
            raise Refused("NotFoundException", 404)
        return {"Tags": []}

    aws.answer("sesv2:ListTagsForResource", tags)
    found = collect(PARIS)
    assert set(found.resources) == {*names, HERE.arn("ses", "configuration-set/kept")}
    assert found.incomplete() == {}


def test_a_bus_that_nobody_uses_is_not_told(aws: AwsEmulator, collect: Collect) -> None:
    assert [bus["Name"] for bus in aws.client("events", PARIS).list_event_buses()["EventBuses"]] == ["default"]
    assert collect(PARIS).status(PARIS, "events") == "empty"


def test_a_universal_target_is_called_in_the_region_of_the_schedule() -> None:
    arn = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
    answer = checked(scheduler.SCHEDULE.call, {"Arn": HERE.arn("scheduler", "schedule/default/s"), "Name": "s", "Target": {"Arn": arn, "RoleArn": "r"}})
    _, placements = finished(scheduler.read_schedule(HERE, answer))
    assert told(placements[1]) == ("replica", PARIS, "schedule-target", arn, "Target.Arn")


def test_a_pipe_into_a_web_address_ends_nowhere_known() -> None:
    target = HERE.arn("events", "api-destination/web/1")
    answer = checked(pipes.PIPE.call, {
        "Arn": HERE.arn("pipes", "pipe/p"), "Name": "p", "Target": target,
        "LogConfiguration": {"CloudwatchLogsLogDestination": {"LogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:g:*"}},
    })  # fmt: skip
    _, placements = finished(pipes.read_pipe(HERE, answer))
    field = "LogConfiguration.CloudwatchLogsLogDestination.LogGroupArn"
    assert [told(row) for row in placements[1:]] == [
        ("replica", None, "pipe-target", target, "Target"), ("log", "eu-west-1", "pipe-logs", "arn:aws:logs:eu-west-1:1:log-group:g", field),
    ]  # fmt: skip


def test_a_link_into_a_vpc_stays_and_each_integration_is_told_once() -> None:
    web = {"methodIntegration": {"type": "HTTP", "uri": "https://a.example", "connectionType": "INTERNET"}}
    link = {"methodIntegration": {"type": "HTTP", "uri": "https://inside.example", "connectionType": "VPC_LINK"}}
    answer = checked(apigateway.RESOURCES.call, {"items": [{"id": "r", "resourceMethods": {"POST": web, "GET": web, "PUT": link}}, {"id": "s", "resourceMethods": {"GET": web}}]})
    _, placements = finished(apigateway.read_integrations(HERE, {"id": "a"}, answer["items"]))
    assert [told(row) for row in placements] == [
        ("processing", None, "api-integration", "https://a.example", "items[0].resourceMethods.GET.methodIntegration.uri"),
    ]


def test_logs_that_are_off_go_nowhere() -> None:
    told_of = {"access_logs.s3.enabled": "false", "access_logs.s3.bucket": "a", "connection_logs.s3.bucket": "b", "idle_timeout.timeout_seconds": "60"}
    answer = checked(elbv2.ATTRIBUTES.call, {"Attributes": [{"Key": key, "Value": value} for key, value in told_of.items()]})
    assert list(elbv2.read_logs(HERE, "lb", answer)) == []
    off = checked(globalaccelerator.ATTRIBUTES.call, {"AcceleratorAttributes": {"FlowLogsEnabled": False, "FlowLogsS3Bucket": "b"}})
    assert list(globalaccelerator.read_flow_logs(HERE, "ga", off)) == []
    stopped = checked(guardduty.EXPORT.call, {"Status": "STOPPED", "DestinationProperties": {"DestinationArn": "arn:aws:s3:::b"}})
    assert list(guardduty.read_export(HERE, "d", stopped)) == []


@pytest.mark.parametrize(
    ("mode", "regions", "copied"),
    [
        ("ALL_REGIONS", [], True), ("SPECIFIED_REGIONS", [PARIS], True), ("SPECIFIED_REGIONS", ["eu-west-1"], False),
        ("ALL_REGIONS_EXCEPT_SPECIFIED", [PARIS], False), ("ALL_REGIONS_EXCEPT_SPECIFIED", [], True), ("NO_REGIONS", [], False),
    ],
)  # fmt: skip
def test_which_findings_are_gathered(mode: str, regions: list[str], copied: bool) -> None:
    arn = HERE.arn("securityhub", "finding-aggregator/f", "us-east-1")
    answer = checked(securityhub.AGGREGATOR.call, {"FindingAggregatorArn": arn, "RegionLinkingMode": mode, "Regions": regions})
    _, placements = finished(securityhub.read_aggregator(HERE, "hub", answer))
    expected = [("replica", "us-east-1", "finding-aggregator", arn, "FindingAggregatorArn")] if copied else []
    assert [told(row) for row in placements] == expected


def test_a_model_answers_where_it_is_asked_unless_it_is_a_profile() -> None:
    arn = HERE.arn("bedrock", "inference-profile/global.m")
    profile = {"inferenceProfileArn": arn, "inferenceProfileId": "global.m", "models": [
        {"modelArn": f"arn:aws:bedrock:{PARIS}::foundation-model/m"}, {"modelArn": "arn:aws:bedrock:::foundation-model/m"},
    ]}  # fmt: skip
    known = bedrock.known_profile(HERE, profile)
    assert known == KnownProfile(arn, "global.m", HERE, (PARIS, None))
    asked = Evidence("bedrock-agent:GetAgent", "agent.foundationModel", "m")
    unknown = HERE.arn("bedrock", "inference-profile/lost")
    routed = [Routed("agent", model, HERE, asked) for model in ("vendor.plain-model", "global.m", unknown)]
    _, placements = finished([known, *routed])
    assert [(row.location, row.target) for row in placements] == [(None, "global.m"), (None, unknown)]


def test_a_flow_into_a_warehouse_passes_a_bucket() -> None:
    answer = checked(appflow.FLOW.call, {"flowName": "f", "flowArn": HERE.arn("appflow", "flow/f"), "destinationFlowConfigList": [
        {"connectorType": "Redshift", "connectorProfileName": "dwh", "destinationConnectorProperties": {"Redshift": {"object": "t", "intermediateBucketName": "between"}}},
        {"connectorType": "EventBridge", "destinationConnectorProperties": {"EventBridge": {"object": "bus"}}},
    ]})  # fmt: skip
    _, placements = finished(appflow.read_flow(HERE, answer))
    assert [(row.location, row.target) for row in placements[1:]] == [
        (None, "arn:aws:s3:::between"), (None, "dwh"), (PARIS, "EventBridge"),
    ]  # fmt: skip


def test_tunnels_and_services_for_others() -> None:
    gone = checked(ec2_network.TUNNELS.call, {"VpnConnections": [{"VpnConnectionId": "vpn-1", "State": "deleted"}]})
    assert list(ec2_network.read_tunnels(HERE, gone["VpnConnections"][0], 0, ())) == []
    bare = checked(ec2_network.TUNNELS.call, {"VpnConnections": [{"VpnConnectionId": "vpn-2", "State": "available", "CustomerGatewayId": "cgw-1"}]})
    _, placements = finished(ec2_network.read_tunnels(HERE, bare["VpnConnections"][0], 0, ()))
    assert told(placements[1]) == ("processing", None, "vpn", "cgw-1", "VpnConnections[0].CustomerGatewayId")
    answer = checked(ec2_network.OFFERED.call, {"ServiceConfigurations": [{
        "ServiceId": "vpce-svc-1", "ServiceState": "Available", "SupportedRegions": [{"Region": PARIS}, {"Region": "us-east-1", "ServiceState": "Available"}],
    }]})  # fmt: skip
    _, placements = finished(ec2_network.read_offered(HERE, answer["ServiceConfigurations"][0], 0))
    assert told(placements[1])[:3] == ("processing", "us-east-1", "vpc-endpoint-service")
