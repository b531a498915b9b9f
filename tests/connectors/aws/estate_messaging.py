"""The part of the known estate where events and messages are handed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.connectors.aws.estate_shares import OTHER, ROOT
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def add_messaging(aws: AwsEmulator, estate: Estate) -> None:
    _buses(aws, estate)
    _pipes(aws, estate)
    _machines(aws, estate)
    _brokers(aws, estate)


def _buses(aws: AwsEmulator, estate: Estate) -> None:
    events = aws.client("events", PARIS)
    bus = events.create_event_bus(Name="care")["EventBusArn"]
    estate.is_at(bus, PARIS, "provider-managed")
    text = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "in", "Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "events:PutEvents", "Resource": bus},
        {"Sid": "out", "Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "events:PutRule", "Resource": bus},
    ]})  # fmt: skip
    events.put_permission(EventBusName="care", Policy=text)
    estate.also(bus, "share", None, "event-bus-policy", ROOT)
    connection = events.create_connection(
        Name="c",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
    )["ConnectionArn"]
    for secret in aws.client("secretsmanager", PARIS).list_secrets(Filters=[{"Key": "name", "Values": ["events!"]}])[
        "SecretList"
    ]:
        estate.is_at(secret["ARN"], PARIS, "provider-managed")  # where the connection keeps its credentials
    web = events.create_api_destination(
        Name="web", ConnectionArn=connection, InvocationEndpoint="https://hooks.example.org/in", HttpMethod="POST"
    )["ApiDestinationArn"]
    estate.is_at(web, PARIS, None)
    estate.also(web, "replica", None, "api-destination", "https://hooks.example.org/in")
    rule = events.put_rule(Name="all", EventBusName="care", EventPattern='{"source": ["care"]}')["RuleArn"]
    estate.is_at(rule, PARIS, None)
    far, lost = arn("events", "event-bus/central", VIRGINIA), arn("sqs", "lost")
    events.put_targets(Rule="all", EventBusName="care", Targets=[
        {"Id": "far", "Arn": far, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": lost}}, {"Id": "web", "Arn": web, "RoleArn": ROLE},
    ])  # fmt: skip
    estate.also(rule, "replica", VIRGINIA, "event-target", far)
    estate.also(rule, "replica", None, "event-target", web)
    estate.also(rule, "replica", PARIS, "event-dead-letters", lost)
    events.create_archive(ArchiveName="kept", EventSourceArn=bus)
    estate.is_at(arn("events", "archive/kept"), PARIS, "provider-managed")
    # A rule on the bus that every region has: the bus counts from then on.
    rule = aws.client("events", DUBLIN).put_rule(Name="nightly", ScheduleExpression="rate(1 day)")["RuleArn"]
    estate.is_at(rule, DUBLIN, None)
    estate.is_at(arn("events", "event-bus/default", DUBLIN), DUBLIN, "provider-managed")


def _pipes(aws: AwsEmulator, estate: Estate) -> None:
    target = arn("sqs", "elsewhere", DUBLIN)
    pipe = aws.client("pipes", PARIS).create_pipe(
        Name="through", RoleArn=ROLE, Source=arn("sqs", "work"), Target=target, Enrichment=arn("lambda", "function:enrich"),
        LogConfiguration={"Level": "INFO", "S3LogDestination": {"BucketName": "trail-logs", "BucketOwner": ACCOUNT}},
    )["Arn"]  # fmt: skip
    estate.is_at(pipe, PARIS, "provider-managed")
    estate.also(pipe, "replica", DUBLIN, "pipe-target", target)
    estate.also(pipe, "processing", PARIS, "pipe-enrichment", arn("lambda", "function:enrich"))
    estate.also(pipe, "log", DUBLIN, "pipe-logs", "arn:aws:s3:::trail-logs")
    schedule = aws.client("scheduler", PARIS).create_schedule(
        Name="weekly", ScheduleExpression="rate(7 days)", FlexibleTimeWindow={"Mode": "OFF"}, KmsKeyArn=estate.key,
        Target={"Arn": arn("lambda", "function:intake", DUBLIN), "RoleArn": ROLE, "DeadLetterConfig": {"Arn": arn("sqs", "lost")}},
    )["ScheduleArn"]  # fmt: skip
    estate.is_at(schedule, PARIS, "customer-managed")
    estate.encrypted(schedule, estate.key)
    estate.also(schedule, "replica", DUBLIN, "schedule-target", arn("lambda", "function:intake", DUBLIN))
    estate.also(schedule, "replica", PARIS, "schedule-dead-letters", arn("sqs", "lost"))


def _machines(aws: AwsEmulator, estate: Estate) -> None:
    group = arn("logs", "log-group:/portal")
    machine = aws.client("stepfunctions", PARIS).create_state_machine(
        name="triage", definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}', roleArn=ROLE,
        loggingConfiguration={"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": f"{group}:*"}}]},
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": estate.key},
    )["stateMachineArn"]  # fmt: skip
    estate.is_at(machine, PARIS, "customer-managed")
    estate.encrypted(machine, estate.key)
    estate.also(machine, "log", PARIS, "state-machine-logs", group)


def _brokers(aws: AwsEmulator, estate: Estate) -> None:
    broker = aws.client("mq", PARIS).create_broker(
        BrokerName="bus", AutoMinorVersionUpgrade=True, DeploymentMode="SINGLE_INSTANCE", EngineType="ACTIVEMQ",
        EngineVersion="5.17.6", HostInstanceType="mq.t3.micro", PubliclyAccessible=False, Users=[{"Username": "u", "Password": "not-a-real-one"}],
        EncryptionOptions={"KmsKeyId": estate.key, "UseAwsOwnedKey": False},
    )["BrokerArn"]  # fmt: skip
    estate.is_at(broker, PARIS, "customer-managed")
    estate.encrypted(broker, estate.key)
    video = aws.client("kinesisvideo", PARIS).create_stream(StreamName="ward", KmsKeyId=estate.key)["StreamARN"]
    estate.is_at(video, PARIS, "customer-managed")
    estate.encrypted(video, estate.key)
