"""The grant for AWS as a stack: a role that an auditor assumes with an external id, and the policies it needs.

A managed policy holds 6,144 characters without white space (IAM quotas, AWS documentation): the grant is split into as
many as it takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from residency.connectors.aws.permissions import iam_policy

MOST = 6144
ROLE = "residency-audit"
_WHO = "Who may assume the role: the ARN of the auditor's role, user or account."
_WHY = "Told by the auditor; without it the role cannot be assumed."


def split_policies() -> list[dict[str, Any]]:
    """The grant as policy documents, each small enough for a managed policy: the statements of `iam_policy`."""
    return [{"Version": "2012-10-17", "Statement": part} for part in _parts(iam_policy()["Statement"])]


def cloudformation() -> str:
    """A template for a stack, or for a stack set over all accounts of an organisation. YAML."""
    import yaml

    policies = {
        f"Policy{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Description": f"Residency audit, part {number}", "PolicyDocument": document},
        }
        for number, document in enumerate(split_policies(), start=1)
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Ref": "RoleName"}, "MaxSessionDuration": 3600,
            "AssumeRolePolicyDocument": _trust({"Ref": "TrustedPrincipal"}, {"Ref": "ExternalId"}),
            "ManagedPolicyArns": [{"Ref": name} for name in policies],
        },
    }  # fmt: skip
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "A role that a data-residency audit assumes. It reads settings, never content.",
        "Parameters": {
            "RoleName": {"Type": "String", "Default": ROLE, "Description": "The same in every account."},
            "TrustedPrincipal": {"Type": "String", "MinLength": 20, "Description": _WHO},
            "ExternalId": {"Type": "String", "MinLength": 2, "NoEcho": True, "Description": _WHY},
        },
        "Resources": {**policies, "Role": role},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    text: str = yaml.safe_dump(template, sort_keys=False, width=1000)
    return text


def terraform() -> str:
    """The same for the aws provider of Terraform, in HCL."""
    documents = split_policies()
    policies = "\n".join(
        _POLICY.format(number=number, document=_literal(document)) for number, document in enumerate(documents, start=1)
    )
    arns = ", ".join(f"aws_iam_policy.residency_{number}.arn" for number in range(1, len(documents) + 1))
    trust = _literal(_trust("PRINCIPAL", "EXTERNAL")).replace('"PRINCIPAL"', "var.trusted_principal")
    trust = trust.replace('"EXTERNAL"', "var.external_id")
    head = _HEAD.format(role=_literal(ROLE), who=_literal(_WHO), why=_literal(_WHY), trust=trust)
    return f"{head}\n{policies}\n{_TAIL.format(arns=arns, count=len(documents))}"


_HEAD = """\
variable "role_name" {{
  type    = string
  default = {role}
}}

variable "trusted_principal" {{
  type        = string
  description = {who}
}}

variable "external_id" {{
  type        = string
  description = {why}
  sensitive   = true
}}

resource "aws_iam_role" "residency" {{
  name               = var.role_name
  assume_role_policy = jsonencode({trust})
}}
"""
_POLICY = """\
resource "aws_iam_policy" "residency_{number}" {{
  name   = "${{var.role_name}}-{number}"
  policy = jsonencode({document})
}}
"""
_TAIL = """\
resource "aws_iam_role_policy_attachment" "residency" {{
  count      = {count}
  role       = aws_iam_role.residency.name
  policy_arn = [{arns}][count.index]
}}

output "role_arn" {{
  value = aws_iam_role.residency.arn
}}
"""


def _literal(value: Any) -> str:
    """A value as HCL writes it: as JSON does, but for what begins a template there."""
    return json.dumps(value, indent=2).replace("${", "$${").replace("%{", "%%{").replace("\n", "\n  ")


def _trust(principal: Any, external_id: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal},
            "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
        }],
    }  # fmt: skip


def _parts(statements: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Statements in groups that fit, in their order."""
    part: list[dict[str, Any]] = []
    for statement in statements:
        if part and size_of([*part, statement]) > MOST:
            yield part
            part = []
        part.append(statement)
    yield part


def size_of(statements: list[dict[str, Any]]) -> int:
    """The characters of a policy document, white space left out, as IAM counts them."""
    document = {"Version": "2012-10-17", "Statement": statements}
    return len(json.dumps(document, separators=(",", ":")))
