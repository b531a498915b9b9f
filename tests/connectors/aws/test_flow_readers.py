"""Readers of what flows, on answers of the shape that the client library describes, for what the emulator lacks."""

from __future__ import annotations

import pytest

from residency.connectors.aws.control_plane import control_plane
from residency.connectors.aws.place import Place
from residency.connectors.aws.services import ec2_network, firehose, kinesis, logs
from residency.demo.aws_answers import checked
from residency.model import KeyCustody
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.test_readers import HERE, KEY, finished, told


def test_an_answer_of_a_wrong_shape_is_found_out() -> None:
    with pytest.raises(AssertionError, match="has no"):
        checked(kinesis.STREAM.call, {"StreamDescriptionSummary": {"Arn": "a"}})
    with pytest.raises(AssertionError, match="is one of"):
        checked(kinesis.STREAM.call, {"StreamDescriptionSummary": {"EncryptionType": "AES"}})


def test_what_keeps_no_region_has_its_control_plane_in_virginia() -> None:
    resources, placements = finished(control_plane(HERE))
    uid = "arn:aws:iam::123456789012:root"
    assert [(row.uid, row.kind, row.location) for row in resources.values()] == [(uid, "project", "us-east-1")]
    assert [told(row) for row in placements] == [
        ("control-plane", "us-east-1", "global-control-plane", None, "partition")
    ]
    assert placements[0].evidence is not None
    assert placements[0].evidence.api == "rule:aws-global-control-plane"
    for partition, region in (
        ("aws-eusc", "eusc-de-east-1"),
        ("aws-cn", "cn-north-1"),
        ("aws-us-gov", "us-gov-west-1"),
    ):
        assert list(control_plane(Place(partition, "1", region))) == []


def test_the_control_plane_is_told_once_whatever_the_regions(collect: Collect) -> None:
    assert len(collect("eu-west-3", "eu-west-1").control_plane) == 2


def test_firehose_destinations_that_are_no_bucket() -> None:
    domain = "arn:aws:es:eu-west-3:123456789012:domain/d"
    s3 = {"BucketARN": "arn:aws:s3:::b"}
    answer = checked(firehose.STREAM.call, {"DeliveryStreamDescription": {
        "DeliveryStreamName": "f", "DeliveryStreamARN": HERE.arn("firehose", "deliverystream/f"),
        "DeliveryStreamEncryptionConfiguration": {"KeyARN": KEY, "Status": "ENABLED"},
        "Destinations": [
            {"ExtendedS3DestinationDescription": {**s3, "S3BackupDescription": {"BucketARN": "arn:aws:s3:::backup"}}, "S3DestinationDescription": s3},
            {"AmazonopensearchserviceDestinationDescription": {"DomainARN": domain, "S3DestinationDescription": s3}},
            {"SplunkDestinationDescription": {"HECEndpoint": "https://splunk.example"}},
            {"SnowflakeDestinationDescription": {"AccountUrl": "https://snow.example"}},
            {"RedshiftDestinationDescription": {"ClusterJDBCURL": "jdbc:redshift://c"}},
            {"ElasticsearchDestinationDescription": {"DomainARN": domain}},
            {"AmazonOpenSearchServerlessDestinationDescription": {"CollectionEndpoint": "https://c"}},
            {"IcebergDestinationDescription": {"S3DestinationDescription": s3}},
        ],
    }})  # fmt: skip
    _, placements = finished(firehose.read_stream(HERE, answer, {}))
    start = "DeliveryStreamDescription.Destinations"
    assert {told(row)[1:] for row in placements if row.role == "replica"} == {
        (None, "firehose-delivery", "arn:aws:s3:::b", f"{start}[0].ExtendedS3DestinationDescription.BucketARN"),
        (None, "firehose-delivery", "arn:aws:s3:::backup", f"{start}[0].ExtendedS3DestinationDescription.S3BackupDescription.BucketARN"),
        (None, "firehose-delivery", "arn:aws:s3:::b", f"{start}[1].AmazonopensearchserviceDestinationDescription.S3DestinationDescription.BucketARN"),
        ("eu-west-3", "firehose-delivery", domain, f"{start}[1].AmazonopensearchserviceDestinationDescription.DomainARN"),
        (None, "firehose-delivery", "https://splunk.example", f"{start}[2].SplunkDestinationDescription.HECEndpoint"),
        (None, "firehose-delivery", "https://snow.example", f"{start}[3].SnowflakeDestinationDescription.AccountUrl"),
        (None, "firehose-delivery", "jdbc:redshift://c", f"{start}[4].RedshiftDestinationDescription.ClusterJDBCURL"),
        ("eu-west-3", "firehose-delivery", domain, f"{start}[5].ElasticsearchDestinationDescription.DomainARN"),
        (None, "firehose-delivery", "https://c", f"{start}[6].AmazonOpenSearchServerlessDestinationDescription.CollectionEndpoint"),
        (None, "firehose-delivery", "arn:aws:s3:::b", f"{start}[7].IcebergDestinationDescription.S3DestinationDescription.BucketARN"),
    }  # fmt: skip
    assert [row.target for row in placements if row.role == "key"] == [KEY]


def test_a_stream_that_is_not_encrypted_has_no_key() -> None:
    answer = checked(kinesis.STREAM.call, {"StreamDescriptionSummary": {
        "StreamName": "s", "StreamARN": HERE.arn("kinesis", "stream/s"), "EncryptionType": "NONE", "KeyId": KEY,
    }})  # fmt: skip
    resources, placements = finished(kinesis.read_stream(HERE, answer, {}))
    assert [row.key_custody for row in resources.values()] == [KeyCustody.NONE]
    assert [row.role for row in placements] == ["primary"]


def test_endpoints_of_other_regions_and_closed_ways() -> None:
    answer = checked(ec2_network.ENDPOINTS.call, {"VpcEndpoints": [
        {"VpcEndpointId": "vpce-1", "ServiceName": "com.amazonaws.us-east-1.s3", "ServiceRegion": "us-east-1", "State": "Available"},
        {"VpcEndpointId": "vpce-2", "ServiceRegion": "eu-west-3", "State": "Available"},
        {"VpcEndpointId": "vpce-3", "ServiceRegion": "us-east-1", "State": "Deleted"},
    ]})  # fmt: skip
    found = [
        row
        for index, entry in enumerate(answer["VpcEndpoints"])
        for row in ec2_network.read_endpoints(HERE, entry, index)
    ]
    _, placements = finished(found)
    assert [told(row) for row in placements] == [
        ("primary", "eu-west-3", "location", None, "VpcEndpoints[0].VpcEndpointId"),
        ("processing", "us-east-1", "vpc-endpoint", "com.amazonaws.us-east-1.s3", "VpcEndpoints[0].ServiceRegion"),
        ("primary", "eu-west-3", "location", None, "VpcEndpoints[1].VpcEndpointId"),
    ]
    closed = {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "deleted"}}
    checked(ec2_network.PEERINGS.call, {"VpcPeeringConnections": [closed]})
    assert list(ec2_network.read_peerings(HERE, closed, 0)) == []
    gone = {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "deleted"}
    checked(ec2_network.GATEWAYS.call, {"TransitGatewayPeeringAttachments": [gone]})
    assert list(ec2_network.read_gateways(HERE, gone, 0)) == []


def test_a_peer_whose_region_is_not_told_has_no_place() -> None:
    peering = {
        "VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "123456789012", "Region": "eu-west-3"},
        "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": "999999999999"},
    }  # fmt: skip
    checked(ec2_network.PEERINGS.call, {"VpcPeeringConnections": [peering]})
    _, placements = finished(ec2_network.read_peerings(HERE, peering, 3))
    assert told(placements[1]) == (
        "processing",
        None,
        "vpc-peering",
        None,
        "VpcPeeringConnections[3].AccepterVpcInfo.Region",
    )


@pytest.mark.parametrize(
    ("flow", "place"),
    [
        ({"LogDestination": "arn:aws:logs:eu-west-1:1:log-group:g:*"}, ("log", "eu-west-1", "vpc-flow-logs", "arn:aws:logs:eu-west-1:1:log-group:g", "FlowLogs[0].LogDestination")),
        ({"LogGroupName": "g"}, ("log", "eu-west-3", "vpc-flow-logs", "arn:aws:logs:eu-west-3:123456789012:log-group:g", "FlowLogs[0].LogGroupName")),
        ({"LogDestination": "arn:aws:s3:::b/p"}, ("log", None, "vpc-flow-logs", "arn:aws:s3:::b", "FlowLogs[0].LogDestination")),
    ],
)  # fmt: skip
def test_flow_logs(flow: dict[str, str], place: tuple[str, str | None, str, str, str]) -> None:
    entry = checked(ec2_network.FLOW_LOGS.call, {"FlowLogs": [{"FlowLogId": "fl-1", **flow}]})["FlowLogs"][0]
    _, placements = finished(ec2_network.read_flow_logs(HERE, entry, 0))
    assert [told(row) for row in placements][1:] == [place]


def test_exports_of_other_groups_and_exports_that_came_to_nothing() -> None:
    group = {"logGroupName": "g", "arn": HERE.arn("logs", "log-group:g:*")}
    tasks = [
        {"logGroupName": "g", "destination": "one", "status": {"code": "FAILED"}},
        {"logGroupName": "h", "destination": "two", "status": {"code": "COMPLETED"}},
        {"logGroupName": "g", "destination": "three", "status": {"code": "COMPLETED"}},
    ]
    checked(logs.EXPORTS.call, {"exportTasks": tasks})
    _, placements = finished([*logs.read_group(HERE, group, 0, {}), *logs.read_exports(HERE, group, tasks)])
    assert [told(row) for row in placements if row.role == "log"] == [
        ("log", None, "logs-export", "arn:aws:s3:::three", "exportTasks[2].destination")
    ]
