"""The grant as a stack: what CloudFormation's own linter accepts, and never more than a managed policy holds."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from cfnlint.api import lint_all

from residency.cli.main import main
from residency.connectors.aws.grant_templates import MOST, size_of, split_policies
from residency.connectors.aws.permissions import iam_policy


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["permissions", *arguments])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_parts_are_the_whole_and_each_fits() -> None:
    parts = split_policies()
    assert [statement for part in parts for statement in part["Statement"]] == iam_policy()["Statement"]
    assert all(size_of(part["Statement"]) <= MOST for part in parts)
    assert len(parts) <= 10, "a role takes ten managed policies"


def test_cloudformation_accepts_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "aws", "--format", "cloudformation")
    # I4010 asks for notes on the architecture.
    assert [str(problem) for problem in lint_all(text) if problem.rule.id != "I4010"] == []
    template = yaml.safe_load(text)
    role = template["Resources"]["Role"]["Properties"]
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert "Default" not in template["Parameters"]["ExternalId"]
    policies = [template["Resources"][entry["Ref"]]["Properties"]["PolicyDocument"] for entry in role["ManagedPolicyArns"]]
    assert policies == split_policies()


def test_terraform_names_nothing_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "aws", "--format", "terraform")
    configuration = json.loads(text)
    for variable in re.findall(r"\$\{var\.(\w+)\}", text):
        assert variable in configuration["variable"]
    for type_, name in re.findall(r"\$\{(aws_\w+)\.(\w+)\.\w+\}", text):
        assert name in configuration["resource"][type_]
    policies = configuration["resource"]["aws_iam_policy"]
    assert [json.loads(entry["policy"]) for entry in policies.values()] == split_policies()
    assert set(configuration["resource"]["aws_iam_role_policy_attachment"]) == set(policies)


def test_a_format_that_a_source_has_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["permissions", "gcp", "--format", "cloudformation"])
    assert ended.value.code == 2
    assert "There is: json, terraform" in capsys.readouterr().err
