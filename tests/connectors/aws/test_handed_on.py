"""Readers of what is handed on or let in, in the cases that the known estate does not have."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from residency.connectors.aws.found import Trust
from residency.connectors.aws.resolve import Knowledge, resolve
from residency.connectors.aws.services import (
    apigateway,
    bedrock_flows,
    dynamodb,
    ec2_exports,
    ec2_network,
    iam,
    lambda_,
    opensearchserverless,
    sns,
)
from residency.demo.aws_answers import checked
from residency.model import Placement, Role
from tests.connectors.aws.conftest import Collect
from tests.connectors.aws.estate import PARIS
from tests.connectors.aws.test_readers import HERE
from tests.emulators.aws import AwsEmulator

OTHER = "999999999999"


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    told = {
        "Path": "/", "RoleName": "r", "RoleId": "AROA", "CreateDate": "2026-11-24", "Arn": HERE.arn("iam", "role/r", ""),
        "AssumeRolePolicyDocument": quote(json.dumps({"Statement": list(statements)})),
    }  # fmt: skip
    checked(iam.ROLES.call, {"Roles": [told]})
    return told


def allow(principal: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def test_who_may_take_on_a_role() -> None:
    pool = {"Federated": "cognito-identity.amazonaws.com"}
    of_pool = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-3:0"}}
    found = iam.read_trust(HERE, role(
        allow({"AWS": OTHER}, Condition={"StringEquals": {"sts:ExternalId": "e"}}), allow({"Service": "ec2.amazonaws.com"}),
        allow(pool, Condition=of_pool), allow({"AWS": HERE.account}),
        allow({"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}),
    ), 3)  # fmt: skip
    assert [row.target for row in found] == [OTHER, "o-1234567890"]
    assert found[0].evidence is not None
    assert found[0].evidence.field == "Roles[3].AssumeRolePolicyDocument.Statement[0].Principal.AWS"
    assert [row.target for row in iam.read_trust(HERE, role(allow(pool)), 0)] == ["cognito-identity.amazonaws.com"]
    assert iam.read_trust(HERE, {"Arn": "a"}, 0) == []


def test_an_account_that_is_read_too_may_take_on_a_role() -> None:
    told = role(allow({"AWS": OTHER}))
    found = list(iam.read_role(HERE, told, 0, iam.read_trust(HERE, told, 0), {}))
    assert sum(isinstance(row, Trust) for row in found) == 1

    def shares(knowledge: Knowledge) -> list[str | None]:
        rows = resolve(found, knowledge, HERE.partition)
        return [row.target for row in rows if isinstance(row, Placement) and row.role is Role.SHARE]

    assert shares(Knowledge()) == [OTHER]
    assert shares(Knowledge(accounts={OTHER})) == []


def test_only_confirmed_subscriptions_get_messages() -> None:
    arn, app = f"{HERE.arn('sns', 'news')}:1", HERE.arn("sns", "endpoint/APNS/app/1", "us-east-1")
    told: list[dict[str, Any]] = [
        {"SubscriptionArn": "PendingConfirmation", "Protocol": "https", "Endpoint": "https://new.example.org"},
        {"SubscriptionArn": arn, "Protocol": "application", "Endpoint": app},
        {"SubscriptionArn": arn, "Protocol": "sms", "Endpoint": "+33600000000"},
        {"SubscriptionArn": arn, "Protocol": "https", "Endpoint": "https://u:p%40x@hook.example.org:8443/a?mail=b@example.com"},
    ]
    checked(sns.SUBSCRIPTIONS.call, {"Subscriptions": told})
    found = [row for row in sns.read_subscriptions(HERE, HERE.arn("sns", "news"), told) if isinstance(row, Placement)]
    assert [(row.location, row.target) for row in found] == [(None, app), (None, "sms"), (None, "hook.example.org")]
    assert "+33600000000" not in repr(found)


def test_what_a_function_failed_on() -> None:
    queue = HERE.arn("sqs", "lost", "us-east-1")
    function = {
        "FunctionArn": HERE.arn("lambda", "function:f"), "FunctionName": "f", "DeadLetterConfig": {"TargetArn": queue},
    }  # fmt: skip
    checked(lambda_.FUNCTIONS.call, {"Functions": [function]})
    found = [row for row in lambda_.read_function(HERE, function, 0, {}) if isinstance(row, Placement)]
    assert [(row.role, row.location, row.target) for row in found][1:] == [(Role.REPLICA, "us-east-1", queue)]


def test_policies_name_collections_and_indexes() -> None:
    def named(*patterns: str) -> list[str]:
        rules = [{"ResourceType": "index", "Resource": list(patterns)}]
        policy = [{"Rules": rules, "Principal": [f"arn:aws:iam::{OTHER}:role/r"]}] * 2
        answer = checked(opensearchserverless.POLICY.call, {"accessPolicyDetail": {"policy": policy}})
        found = opensearchserverless.read_access(HERE, answer, {"notes": "a", "notices": "b"})
        return [row.uid for row in found if isinstance(row, Placement)]

    assert named("collection/notes") == named("index/notes/*") == named("index/notes/a", "collection/notes") == ["a"]
    assert named("index/not*/*") == ["a", "b"]
    assert named("collection/other", "model/notes-2") == []


def test_an_open_api_is_no_share() -> None:
    policy = json.dumps({"Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"},
        {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "execute-api:Invoke"},
    ]})  # fmt: skip
    for told in (policy, policy.replace('"', '\\"')):
        found = apigateway.read_callers(HERE, "uid", told, "items[0].policy")
        assert [row.target for row in found if isinstance(row, Placement)] == [OTHER]
    assert list(apigateway.read_callers(HERE, "uid", None, "p")) == []


def test_a_loop_of_a_flow_is_followed() -> None:
    inner = [{"name": "f", "type": "LambdaFunction", "configuration": {"lambdaFunction": {"lambdaArn": "arn:aws:lambda:us-east-1:1:function:f"}}}]
    outer = [{"name": "l", "type": "Loop", "configuration": {"loop": {"definition": {"nodes": inner}}}}]
    flow = {"arn": "arn:flow", "name": "f", "definition": {"nodes": outer}}
    checked(bedrock_flows.FLOW.call, flow)
    found = [row for row in bedrock_flows.read_flow(HERE, flow, {}) if isinstance(row, Placement)]
    field = "definition.nodes[0].configuration.loop.definition.nodes[0].configuration.lambdaFunction.lambdaArn"
    assert [(row.location, row.evidence and row.evidence.field) for row in found][1:] == [("us-east-1", field)]


def test_what_was_never_written_is_nowhere() -> None:
    backup = {"BackupArn": "a", "BackupName": "n", "BackupStatus": "AVAILABLE", "BackupType": "AWS_BACKUP"}
    checked(dynamodb.BACKUPS.call, {"BackupSummaries": [backup]})
    assert list(dynamodb.read_backup(HERE, backup, 0)) == []
    task = {"State": "cancelled", "ExportToS3Task": {"S3Bucket": "b"}, "InstanceExportDetails": {"InstanceId": "i-1"}}
    checked(ec2_exports.MACHINE_TASKS.call, {"ExportTasks": [task]})
    assert list(ec2_exports.read_machine_task(HERE, task, 0)) == []
    stored = {"AmiId": "ami-1", "Bucket": "b", "StoreTaskState": "Failed"}
    checked(ec2_exports.STORE_TASKS.call, {"StoreImageTaskResults": [stored]})
    assert list(ec2_exports.read_store_task(HERE, stored, 0)) == []


def test_a_service_may_be_offered_to_everybody() -> None:
    guests = [{"Principal": told} for told in ("*", f"arn:aws:iam::{HERE.account}:root", "")]
    checked(ec2_network.GUESTS.call, {"AllowedPrincipals": guests})
    found = [row for guest in guests for row in ec2_network.read_guest(HERE, {"ServiceId": "vpce-svc-1"}, guest, 0)]
    assert [row.target for row in found if isinstance(row, Placement)] == ["*"]


def test_a_member_of_an_organisation_is_told_no_rules(aws: AwsEmulator, collect: Collect) -> None:
    organisation = {"Id": "o-exampleorgid", "MasterAccountId": OTHER}
    aws.answer("organizations:DescribeOrganization", lambda *_: {"Organization": organisation})
    row = collect(PARIS).coverage["aws-global", "observabilityadmin"]
    assert (str(row.status), row.status.complete) == ("disabled", True)
    assert row.detail.startswith(f"rules that copy logs across the organisation are told to its management account {OTHER}")
    assert "ListCentralizationRulesForOrganization" not in {call.operation for call in aws.calls}
