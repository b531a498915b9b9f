"""The sections of single clouds in the configuration: what they say, and one clear message for what they cannot mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from residency.config import AwsShape, Config, load_config
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.azure.settings import AzureSettings
from residency.errors import UserError


def load(folder: Path, text: str) -> dict[str, AwsSettings | AzureSettings]:
    file = folder / "residency.yaml"
    file.write_text(text, encoding="utf-8")
    return load_config(file).sections()


def test_no_section_says_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "regions: [eu-west-3]\n") == {}


def test_what_it_says(tmp_path: Path) -> None:
    told = load(
        tmp_path,
        """
aws:
  role: audit/residency
  external_id: 7f3c
  accounts: [111122223333, "012345678901", 012345678902]
  profiles: [lister]
  allowed_regions: [eu-west-3]
""",
    )
    accounts = ("111122223333", "012345678901", "012345678902")
    assert told == {"aws": AwsSettings("audit/residency", "7f3c", accounts, ("lister",), ("eu-west-3",))}


def test_an_aggregator_told_on_the_command_line_wins_over_a_role(tmp_path: Path) -> None:
    told = Config(aws=AwsShape(role="x", profiles=["lister"])).with_config_aggregator("all_of-it")
    assert told.sections() == {"aws": AwsSettings(profiles=("lister",), config_aggregator="all_of-it")}
    assert load(tmp_path, "aws: {config_aggregator: all_of-it}") == {"aws": AwsSettings(config_aggregator="all_of-it")}
    with pytest.raises(UserError, match="--config-aggregator: 'arn:x' is not the name"):
        Config().with_config_aggregator("arn:x")
    with pytest.raises(UserError, match="several profiles"):
        Config(aws=AwsShape(profiles=["a", "b"])).with_config_aggregator("x")


@pytest.mark.parametrize("cloud", ["AzureUSGovernment", "delos-cloud", "azurechinacloud"])
def test_which_azure(tmp_path: Path, cloud: str) -> None:
    assert load(tmp_path, f"azure: {{cloud: {cloud}}}\n") == {"azure": AzureSettings(cloud)}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("azure:\n  cloud: AzureGermanCloud", "2:10", "there is azure (AzureCloud), azure-china (AzureChinaCloud)"),
        ("azure: {clouds: x}", "1:", "known: cloud"),
        ("aws: {rôle: x}", "1:", "known: role, external_id"),
        ("aws:\n  role: arn:aws:iam::111122223333:role/x", "2:9", "its ARN follows from the account"),
        ("aws:\n  role: x\n  accounts: [1111]", "3:14", "'1111' is not the 12 digits of an AWS account"),
        ("aws: {external_id: abc}", "1:", "give role"),
        ("aws: {accounts: ['111122223333']}", "1:", "profiles instead of accounts"),
        ("aws:\n  config_aggregator: arn:x", "2:22", "the name of an aggregator"),
        ("aws: {config_aggregator: x, role: y}", "1:", "leave role out"),
        ("aws: {config_aggregator: x, profiles: [a, b]}", "1:", "one profile at most"),
        ("aws: {role: x, accounts: ['111122223333'], profiles: [a, b]}", "1:", "one profile at most"),
        ("contacts: {dpd: x}", "1:", "known: organisation, joint_controller, representative, dpo"),
        ("account_roles:\n  - {role: processor, account: '1*'}", "2:", "give controller, its name and contact"),
        ("account_roles:\n  - {role: controller, account: '1*', controller: x}", "2:", "or give role: processor"),
        ("account_roles:\n  - {role: controller}", "2:", "give account or path"),
        ("account_roles:\n  - {role: owner, path: x}", "2:", "'controller' or 'processor'"),
    ],
)
def test_what_it_cannot_mean(tmp_path: Path, text: str, place: str, words: str) -> None:
    with pytest.raises(UserError) as stop:
        load(tmp_path, f"{text}\n")
    told = str(stop.value)
    assert f"residency.yaml:{place}" in told
    assert words.lower() in told.lower()


def test_an_account_of_a_rule_needs_no_quotes(tmp_path: Path) -> None:
    file = tmp_path / "residency.yaml"
    told = """
contacts: {organisation: Hospital of Lyon}
account_roles: [{role: controller, account: 111122223333}]
data_classes: [{class: health, account: 012345678901}]
"""
    file.write_text(told, encoding="utf-8")
    config = load_config(file)
    assert [(rule.role, rule.account) for rule in config.role_rules()] == [("controller", "111122223333")]
    assert config.data_classes[0].account == "012345678901"
    assert config.named().organisation == "Hospital of Lyon"
