"""Readers of services that the emulator has in part, on answers of the shape that the client library describes."""

from __future__ import annotations

from residency.connectors.aws.services import cognito_idp, config, eks, kafka
from residency.demo.aws_answers import checked
from tests.connectors.aws.test_readers import HERE, KEY, finished, told


def test_a_replicator_copies_into_the_region_of_its_target() -> None:
    source, target = HERE.arn("kafka", "cluster/a/1"), HERE.arn("kafka", "cluster/b/2", "us-east-1")
    answer = checked(kafka.REPLICATORS.call, {"Replicators": [{
        "ReplicatorName": "r",
        "KafkaClustersSummary": [
            {"KafkaClusterAlias": "a", "AmazonMskCluster": {"MskClusterArn": source}},
            {"KafkaClusterAlias": "b", "AmazonMskCluster": {"MskClusterArn": target}},
        ],
        "ReplicationInfoSummaryList": [{"SourceKafkaClusterAlias": "a", "TargetKafkaClusterAlias": "b"}],
    }]})  # fmt: skip
    clusters = checked(kafka.CLUSTERS.call, {"ClusterInfoList": [{
        "ClusterArn": source, "ClusterName": "a", "ClusterType": "PROVISIONED", "Provisioned": {
            "EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": KEY}},
            "LoggingInfo": {"BrokerLogs": {"S3": {"Enabled": True, "Bucket": "logs"}}},
        },
    }]})  # fmt: skip
    copies = list(kafka.read_replicator(answer["Replicators"][0], 0))
    assert finished(copies) == ({}, []), "the source is in another region, which was not read"
    _, placements = finished([*kafka.read_cluster(HERE, clusters["ClusterInfoList"][0], 0), *copies])
    start = "ClusterInfoList[0]"
    at_rest = f"{start}.Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"
    copied = "Replicators[0].KafkaClustersSummary[1].AmazonMskCluster.MskClusterArn"
    assert {told(row) for row in placements} == {
        ("primary", "eu-west-3", "location", None, f"{start}.ClusterArn"),
        ("key", "eu-west-3", "encryption-key", KEY, at_rest),
        ("log", None, "msk-broker-logs", "arn:aws:s3:::logs", f"{start}.Provisioned.LoggingInfo.BrokerLogs.S3.Bucket"),
        ("replica", "us-east-1", "msk-replication", target, copied),
    }


def test_a_cluster_that_is_only_connected_is_nowhere_known() -> None:
    uid, outpost = HERE.arn("eks", "cluster/c"), HERE.arn("outposts", "outpost/op-1")
    far = checked(eks.CLUSTER.call, {"cluster": {"name": "c", "arn": uid, "connectorConfig": {"provider": "GKE"}}})
    resources, placements = finished(eks.read_cluster(HERE, far))
    assert [(row.location, row.key_custody) for row in resources.values()] == [(None, None)]
    assert [told(row) for row in placements] == [
        ("primary", None, "eks-connector", None, "cluster.connectorConfig.provider")
    ]
    kept = checked(
        eks.CLUSTER.call, {"cluster": {"name": "c", "arn": uid, "outpostConfig": {"outpostArns": [outpost]}}}
    )
    _, placements = finished(eks.read_cluster(HERE, kept))
    assert [told(row) for row in placements] == [
        ("primary", None, "outpost", outpost, "cluster.outpostConfig.outpostArns[0]")
    ]


def test_letters_of_a_user_pool_are_sent_from_the_region_of_their_sender() -> None:
    sender = HERE.arn("ses", "identity/example.org", "eu-west-1")
    pool = {"Id": "eu-west-3_a", "Name": "n", "EmailConfiguration": {"SourceArn": sender}}
    _, placements = finished(cognito_idp.read_pool(HERE, checked(cognito_idp.POOL.call, {"UserPool": pool})))
    assert told(placements[1]) == (
        "processing",
        "eu-west-1",
        "cognito-email",
        sender,
        "UserPool.EmailConfiguration.SourceArn",
    )


def test_the_key_of_a_delivery_channel() -> None:
    answer = checked(
        config.CHANNELS.call, {"DeliveryChannels": [{"name": "d", "s3BucketName": "b", "s3KmsKeyArn": KEY}]}
    )
    _, placements = finished(config.read_channel(HERE, answer["DeliveryChannels"][0], 0))
    assert {told(row) for row in placements if row.role != "primary"} == {
        ("key", "eu-west-3", "encryption-key", KEY, "DeliveryChannels[0].s3KmsKeyArn"),
        ("log", None, "config-delivery", "arn:aws:s3:::b", "DeliveryChannels[0].s3BucketName"),
    }
