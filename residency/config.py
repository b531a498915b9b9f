"""The configuration file, `residency.yaml`: defaults for the options of `scan` and `audit`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from residency.classify.roles import Contacts, RoleRule
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.azure.clouds import named, names
from residency.connectors.azure.settings import AzureSettings
from residency.duration import seconds
from residency.errors import Problem, UserError
from residency.model import DataClass, Duty, Severity
from residency.yamlfile import read_yaml

DEFAULT_FILE = Path("residency.yaml")

Text = Annotated[str, StringConstraints(min_length=1, max_length=4_096)]


def _as_text(told: Any) -> Any:
    """An account id without quotes is a number to YAML."""
    return str(told) if isinstance(told, int) and not isinstance(told, bool) else told


Accounts = Annotated[Text, BeforeValidator(_as_text)]


class ClassRuleShape(BaseModel):
    """What fits every pattern given (`*` stands for any text) has this data class."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    data_class: DataClass = Field(alias="class")
    account: Accounts | None = None
    path: Text | None = None
    name: Text | None = None
    uid: Text | None = None

    @model_validator(mode="after")
    def _speaks_of_something(self) -> ClassRuleShape:
        if not any((self.account, self.path, self.name, self.uid)):
            raise ValueError("give account, path, name or uid")
        return self


class RoleRuleShape(BaseModel):
    """For an account that fits every pattern given (`*` stands for any text), the organisation has this role."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Duty
    account: Accounts | None = None
    path: Text | None = None
    controller: Text | None = None

    @model_validator(mode="after")
    def _says_for_whom(self) -> RoleRuleShape:
        if not self.account and not self.path:
            raise ValueError("give account or path")
        if self.role is Duty.PROCESSOR and self.controller is None:
            raise ValueError("a processor serves a controller: give controller, its name and contact")
        if self.role is Duty.CONTROLLER and self.controller is not None:
            raise ValueError("controller names the one that a processor serves: leave it out, or give role: processor")
        return self


class ContactsShape(BaseModel):
    """Names and contacts for the registers of GDPR art. 30. `organisation` is the one whose accounts are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: Text | None = None
    joint_controller: Text | None = None
    representative: Text | None = None
    dpo: Text | None = None


def _fits(pattern: str, wanted: str) -> AfterValidator:
    def check(told: str) -> str:
        if re.fullmatch(pattern, told) is None:
            raise ValueError(f"{told!r} is not {wanted}")
        return told

    return AfterValidator(check)


AccountId = Annotated[str, BeforeValidator(_as_text), _fits(r"[0-9]{12}", "the 12 digits of an AWS account")]
RoleName = Annotated[str, _fits(r"[\w+=,.@/-]{1,512}", "the name of a role; its ARN follows from the account")]
ExternalId = Annotated[str, BeforeValidator(_as_text), _fits(r"[\w+=,.@:/-]{2,1224}", "an external id")]

_AGGREGATOR = r"[A-Za-z0-9_-]{1,256}"
AggregatorName = Annotated[str, _fits(_AGGREGATOR, "the name of an aggregator of AWS Config")]


def _seconds(told: Any) -> Any:
    return seconds(_as_text(told)) if isinstance(told, str | int) else told


class AwsShape(BaseModel):
    """Whose accounts to read, and as whom. With `role`, that role is assumed in `accounts`, or else in every account of
    the organisation. With `config_aggregator`, that aggregator of AWS Config is asked instead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: RoleName | None = None
    external_id: ExternalId | None = None
    accounts: list[AccountId] = []
    profiles: list[Text] = []
    allowed_regions: list[Text] = []
    config_aggregator: AggregatorName | None = None

    @model_validator(mode="after")
    def _says_who(self) -> AwsShape:
        if self.external_id is not None and self.role is None:
            raise ValueError("external_id is told when a role is assumed: give role")
        if self.accounts and self.role is None:
            raise ValueError("accounts are entered by a role: give role, or profiles instead of accounts")
        if self.accounts and len(self.profiles) > 1:
            raise ValueError("with accounts, give one profile at most: the one whose credentials assume the role")
        if self.config_aggregator is not None and (self.role is not None or len(self.profiles) > 1):
            raise ValueError("config_aggregator is asked in place of the accounts: leave role out, one profile at most")
        return self

    def settings(self) -> AwsSettings:
        """The section as the connector takes it."""
        return AwsSettings(
            self.role, self.external_id, tuple(self.accounts), tuple(self.profiles), tuple(self.allowed_regions),
            self.config_aggregator,
        )  # fmt: skip


def _cloud(told: str) -> str:
    if named(told) is None:
        raise ValueError(f"there is no Azure cloud {told!r}; there is {names()}")
    return told


class AzureShape(BaseModel):
    """Which of the separate Azures to read. A name of `az cloud list`, or the offer of the atlas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cloud: Annotated[str, AfterValidator(_cloud)] | None = None

    def settings(self) -> AzureSettings:
        """The section as the connector takes it."""
        return AzureSettings(self.cloud)


class Config(BaseModel):
    """What a configuration file may say. Every key is optional; an option on the command line wins over it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policies: list[Text] = []
    regions: list[Text] = []
    data_class: DataClass | None = None
    fail_on: Severity | None = None
    formats: list[Text] = []
    lang: Literal["fr", "en"] | None = None
    out: Text | None = None
    jobs: Annotated[int, Field(ge=1, le=512)] | None = None
    deadline: Annotated[float, BeforeValidator(_seconds)] | None = None
    data_classes: list[ClassRuleShape] = []
    account_roles: list[RoleRuleShape] = []
    contacts: ContactsShape = ContactsShape()
    ledger: Text | None = None
    papers: list[Text] = []
    atlas: list[Text] = []
    aws: AwsShape | None = None
    azure: AzureShape | None = None

    def with_config_aggregator(self, name: str) -> Config:
        """The same with an aggregator of AWS Config to ask in place of the accounts. Raises `UserError` for what is no
        name of one, or with several profiles."""
        if re.fullmatch(_AGGREGATOR, name) is None:
            told = f"--config-aggregator: {name!r} is not the name of an aggregator of AWS Config."
            raise UserError(Problem(told, remedy="Give its name, not its ARN: letters, digits, _ and -."))
        profiles = self.aws.profiles if self.aws else []
        if len(profiles) > 1:
            told = "--config-aggregator: the configuration has several profiles."
            raise UserError(Problem(told, remedy="Leave the one in whose account and region the aggregator is."))
        return self.model_copy(update={"aws": AwsShape(profiles=profiles, config_aggregator=name)})

    def with_azure_cloud(self, cloud: str) -> Config:
        """The same with another Azure to read. Raises `UserError` when there is none of that name."""
        if named(cloud) is None:
            told = f"--azure-cloud: there is no Azure cloud {cloud!r}."
            raise UserError(Problem(told, remedy=f"There is: {names()}."))
        return self.model_copy(update={"azure": AzureShape(cloud=cloud)})

    def role_rules(self) -> tuple[RoleRule, ...]:
        """Which role the organisation has for which account."""
        return tuple(RoleRule(told.role, told.account, told.path, told.controller) for told in self.account_roles)

    def named(self) -> Contacts:
        """Whom the registers name."""
        return Contacts(**self.contacts.model_dump())

    def sections(self) -> dict[str, AwsSettings | AzureSettings]:
        """What is said of single sources, by the id of the source."""
        told = {"aws": self.aws, "azure": self.azure}
        return {source: section.settings() for source, section in told.items() if section is not None}


def load_config(file: Path | None) -> Config:
    """The configuration in `file`, or in `./residency.yaml` when there is one, else an empty one.

    Raises `UserError` with file, line and column for whatever is wrong in it.
    """
    if file is None and not DEFAULT_FILE.is_file():
        return Config()
    document = read_yaml(file or DEFAULT_FILE)
    try:
        return Config.model_validate(document.value or {})
    except ValidationError as error:
        raise UserError(*(_problem(document, entry) for entry in error.errors(include_url=False))) from None


_SECTIONS: dict[Any, type[BaseModel]] = {
    "aws": AwsShape, "azure": AzureShape, "contacts": ContactsShape, "account_roles": RoleRuleShape,
}  # fmt: skip


def _problem(document: Any, entry: Any) -> Any:
    name = ".".join(str(part) for part in entry["loc"])
    shape: type[BaseModel] = _SECTIONS.get(entry["loc"][0], Config) if entry["loc"] else Config
    known = ", ".join(shape.model_fields)
    if entry["type"] == "extra_forbidden":
        return document.problem(tuple(entry["loc"]), f"{name}: this key is not known.", f"Known: {known}.")
    return document.problem(tuple(entry["loc"]), f"{name}: {entry['msg'][0].lower()}{entry['msg'][1:]}.")
