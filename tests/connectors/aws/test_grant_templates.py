"""The grant as a stack: what CloudFormation's own linter accepts, and never more than a managed policy holds."""

from __future__ import annotations

import json
import re

import hcl2
import pytest
import yaml
from cfnlint.api import lint_all

from residency.cli.main import main
from residency.connectors.aws.grant_templates import MOST, _literal, size_of, split_policies
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


def test_terraform_reads_it_as_hcl_and_it_names_nothing_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "aws", "--format", "terraform")
    read = hcl2.loads(text)
    variables = {name.strip('"') for block in read["variable"] for name in block}
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables == {"role_name", "trusted_principal", "external_id"}
    blocks = [(kind.strip('"'), name.strip('"'), body) for block in read["resource"]
              for kind, named in block.items() for name, body in named.items()]  # fmt: skip
    assert set(re.findall(r"\b(aws_\w+)\.(\w+)\.\w+", text)) <= {(kind, name) for kind, name, _ in blocks}
    encoded = [body["policy"] for kind, _name, body in blocks if kind == "aws_iam_policy"]
    assert [json.loads(one[len("${jsonencode(") : -2].replace('" = ', '": ')) for one in encoded] == split_policies()
    attached = next(body for kind, _name, body in blocks if kind == "aws_iam_role_policy_attachment")
    assert attached["count"] == len(encoded)
    trust = next(body["assume_role_policy"] for kind, _name, body in blocks if kind == "aws_iam_role")
    assert '"sts:ExternalId" = var.external_id' in trust
    assert '"AWS" = var.trusted_principal' in trust


def test_what_begins_a_template_in_hcl_stays_text() -> None:
    told = _literal({"Resource": "arn:aws:s3:::${aws:username}/%{x}", "quote": 'a"b\n'})
    read = hcl2.loads(f"a = {told}\n")["a"]
    assert "$${aws:username}/%%{x}" in json.dumps(read)
    assert '\\"b\\n' in told


def test_a_format_that_a_source_has_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["permissions", "gcp", "--format", "cloudformation"])
    assert ended.value.code == 2
    assert "There is: json, terraform" in capsys.readouterr().err
