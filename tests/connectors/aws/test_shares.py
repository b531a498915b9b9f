"""Which grants of a policy are shares, and with whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from residency.connectors.aws.place import Place
from residency.connectors.aws.services import ec2, rds
from residency.connectors.aws.shares import read_policy
from residency.model import Placement

HERE = Place("aws", "123456789012", "eu-west-3")
OTHER = "999999999999"
ROOT = f"arn:aws:iam::{OTHER}:root"
OWN = f"arn:aws:iam::{HERE.account}:role/reader"


def found(*statements: dict[str, Any]) -> list[tuple[str | None, str, str | None]]:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **told} for told in statements]})
    rows = list(read_policy(HERE, "arn:aws:s3:::b", text, "bucket-policy", "s3:GetBucketPolicy", "Policy"))
    assert {(str(row.role), row.location, row.via) for row in rows} <= {("share", None, "bucket-policy")}
    return [(row.target, row.evidence.field, row.evidence.value) for row in rows if row.evidence]


def condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Principal": "*", "Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("statement", "target", "field", "value"),
    [
        ({"Principal": "*"}, "*", "Principal", "*"),
        ({"Principal": {"AWS": "*"}}, "*", "Principal.AWS", "*"),
        ({"Principal": {"AWS": [OWN, ROOT]}}, ROOT, "Principal.AWS[1]", ROOT),
        ({"Principal": {"AWS": OTHER}}, OTHER, "Principal.AWS", OTHER),
        ({"Principal": {"CanonicalUser": "79a5"}}, "79a5", "Principal.CanonicalUser", "79a5"),
        ({"NotPrincipal": {"AWS": OWN}}, "*", "NotPrincipal", "*"),
        ({"Principal": {"AWS": OTHER}, "Action": ["s3:PutObject", "s3:GetObject"]}, OTHER, "Principal.AWS", OTHER),
        ({"Principal": {"AWS": OTHER}, "NotAction": "s3:PutObject", "Action": []}, OTHER, "Principal.AWS", OTHER),
        (condition("StringEquals", "aws:PrincipalAccount", [HERE.account, OTHER]), OTHER, "Principal", "*"),
        (condition("StringEqualsIfExists", "aws:PrincipalAccount", HERE.account), "*", "Principal", "*"),
        (condition("ForAllValues:StringEquals", "aws:PrincipalAccount", HERE.account), "*", "Principal", "*"),
        (condition("StringNotEquals", "aws:PrincipalAccount", HERE.account), "*", "Principal", "*"),
        (condition("StringLike", "aws:PrincipalAccount", "1234*"), "*", "Principal", "*"),
        (condition("StringLike", "aws:PrincipalOrgID", "*"), "*", "Principal", "*"),
        (condition("StringEquals", "aws:PrincipalOrgID", "o-1234567890"), "o-1234567890", "Principal", "*"),
        (condition("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*"), "o-1/*", "Principal", "*"),
        (condition("ArnLike", "aws:SourceArn", "arn:aws:s3:::b"), "*", "Principal", "*"),
        (condition("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/r"), "*", "Principal", "*"),
        (condition("Bool", "aws:SecureTransport", "true"), "*", "Principal", "*"),
    ],
)
def test_grants_to_others(statement: dict[str, Any], target: str, field: str, value: str) -> None:
    assert found({"Principal": {"AWS": OWN}}, statement) == [(target, f"Policy.Statement[1].{field}", value)]


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": OWN}}, {"Principal": {"AWS": HERE.account}}, {"Principal": "*", "Effect": "Deny"},
        {"Principal": {"Service": "cloudfront.amazonaws.com"}}, {"Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}},
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}},
        {"Principal": {"AWS": ROOT}, "Action": "s3:PutObject"},
        condition("StringEquals", "aws:PrincipalAccount", HERE.account),
        condition("StringEquals", "AWS:SourceOwner", HERE.account),
        condition("StringEquals", "aws:SourceAccount", [HERE.account]),
        condition("StringEquals", "kms:CallerAccount", HERE.account),
        condition("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE.account}:role/*"),
        condition("ArnEquals", "aws:SourceArn", f"arn:aws:sns:eu-west-3:{HERE.account}:t"),
    ],
)  # fmt: skip
def test_what_is_no_share(statement: dict[str, Any]) -> None:
    assert found(statement) == []


DENIED = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
PUBLIC = {"Principal": "*", "Resource": "arn:aws:s3:::b/*"}
GIVEN = {"Principal": {"AWS": ROOT}, "Resource": "arn:aws:s3:::b/*"}
IN_ORG = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
NOT_OURS = {"StringNotEquals": {"aws:PrincipalAccount": HERE.account}}


@pytest.mark.parametrize(
    ("grant", "denial", "left"),
    [
        (PUBLIC, DENIED, []), (GIVEN, DENIED, []), (GIVEN, {**DENIED, "Principal": {"AWS": OTHER}}, []),
        (GIVEN, {**DENIED, "Principal": {"AWS": ["x", ROOT]}, "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}, []),
        ({**GIVEN, "Principal": {"AWS": f"arn:aws:iam::{OTHER}:role/r"}}, {**DENIED, "Principal": {"AWS": ROOT}}, []),
        (PUBLIC, {**DENIED, "Condition": NOT_OURS}, []), (GIVEN, {**DENIED, "Condition": NOT_OURS}, []),
        (PUBLIC, {**DENIED, "Condition": IN_ORG}, ["o-1"]),
        (PUBLIC, {**DENIED, "Condition": {**IN_ORG, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}, ["o-1"]),
        (PUBLIC, {**DENIED, "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1", "aws:PrincipalAccount": OTHER}}}, ["o-1", OTHER]),
        (PUBLIC, {k: v for k, v in DENIED.items() if k != "Principal"} | {"NotPrincipal": {"AWS": [OWN]}}, []),
        (PUBLIC, {**DENIED, "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{HERE.account}:*"}}}, []),
        ({**PUBLIC, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, {**DENIED, "Condition": NOT_OURS}, []),
        # What follows does not plainly keep anybody out.
        (GIVEN, {**DENIED, "Condition": IN_ORG}, [ROOT]), (GIVEN, {**DENIED, "Principal": {"AWS": OWN}}, [ROOT]),
        (GIVEN, {**DENIED, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, [ROOT]),
        (GIVEN, {**DENIED, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, [ROOT]),
        (PUBLIC, {**DENIED, "Condition": {"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}}, ["*"]),
        (PUBLIC, {**DENIED, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}, ["*"]),
        (PUBLIC, {**DENIED, "Condition": {**NOT_OURS, "BoolIfExists": {"aws:ViaAWSService": "false"}}}, ["*"]),
        (GIVEN, {**DENIED, "Action": "s3:DeleteObject"}, [ROOT]), (GIVEN, {**DENIED, "Resource": "arn:aws:s3:::b/x/*"}, [ROOT]),
        (GIVEN, {**DENIED, "Action": "s3:GetObjec?"}, []), ({**GIVEN, "Action": "s3:Get*"}, {**DENIED, "Action": "s3:Get?"}, [ROOT]),
        ({**GIVEN, "Action": [], "NotAction": "s3:PutObject"}, DENIED, [ROOT]),
        (GIVEN, {**{k: v for k, v in DENIED.items() if k != "Action"}, "NotAction": "s3:PutObject"}, [ROOT]),
        (PUBLIC, {**DENIED, "Principal": {"Service": "ec2.amazonaws.com"}}, ["*"]),
        ({**PUBLIC, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
         {**DENIED, "Condition": {"StringNotEquals": {"aws:PrincipalAccount": OTHER}}}, ["o-1"]),
        ({**GIVEN, "Principal": {"CanonicalUser": "79a5"}}, {**DENIED, "Condition": NOT_OURS}, ["79a5"]),
    ],
)  # fmt: skip
def test_what_a_denial_takes_back(grant: dict[str, Any], denial: dict[str, Any], left: list[str]) -> None:
    assert [target for target, _, _ in found(grant, denial)] == left
    assert [target for target, _, _ in found(denial, grant)] == left


def test_one_target_is_told_once_and_one_statement_may_stand_alone() -> None:
    assert found({"Principal": {"AWS": ROOT}}, {"Principal": {"AWS": [ROOT]}}) == [
        (ROOT, "Policy.Statement[0].Principal.AWS", ROOT)
    ]
    alone = json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage"}})
    assert [row.target for row in read_policy(HERE, "u", alone, "v", "c", "p")] == ["*"]
    assert list(read_policy(HERE, "u", None, "v", "c", "p")) == list(read_policy(HERE, "u", "", "v", "c", "p")) == []


def test_permissions_of_snapshots_and_images() -> None:
    unit = "arn:aws:organizations::1:ou/o-1/ou-1"
    image = {"LaunchPermissions": [{"Group": "all"}, {"UserId": HERE.account}, {"OrganizationalUnitArn": unit}]}
    rows = [row for row in ec2.read_shares(HERE, "image", "ami-1", image) if isinstance(row, Placement)]
    assert [(row.uid, row.target, row.evidence and row.evidence.field) for row in rows] == [
        ("arn:aws:ec2:eu-west-3::image/ami-1", "*", "LaunchPermissions[0].Group"),
        ("arn:aws:ec2:eu-west-3::image/ami-1", unit, "LaunchPermissions[2].OrganizationalUnitArn"),
    ]
    told = {"DBSnapshotAttributesResult": {"DBSnapshotAttributes": [
        {"AttributeName": "other", "AttributeValues": ["x"]}, {"AttributeName": "restore", "AttributeValues": [HERE.account, OTHER]},
    ]}}  # fmt: skip
    rows = [row for row in rds.read_shares(HERE, "DBSnapshot", "u", told) if isinstance(row, Placement)]
    assert [(row.target, row.evidence and row.evidence.field) for row in rows] == [
        (OTHER, "DBSnapshotAttributesResult.DBSnapshotAttributes[1].AttributeValues[1]")
    ]
