"""The configuration file, `residency.yaml`: defaults for the options of `scan` and `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from residency.errors import UserError
from residency.model import DataClass, Severity
from residency.yamlfile import read_yaml

DEFAULT_FILE = Path("residency.yaml")

Text = Annotated[str, StringConstraints(min_length=1, max_length=4_096)]


class ClassRuleShape(BaseModel):
    """What fits every pattern given (`*` stands for any text) has this data class."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    data_class: DataClass = Field(alias="class")
    account: Text | None = None
    path: Text | None = None
    name: Text | None = None
    uid: Text | None = None

    @model_validator(mode="after")
    def _speaks_of_something(self) -> ClassRuleShape:
        if not any((self.account, self.path, self.name, self.uid)):
            raise ValueError("give account, path, name or uid")
        return self


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
    data_classes: list[ClassRuleShape] = []
    ledger: Text | None = None
    papers: list[Text] = []
    atlas: list[Text] = []


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


def _problem(document: Any, entry: Any) -> Any:
    name = ".".join(str(part) for part in entry["loc"])
    known = ", ".join(Config.model_fields)
    if entry["type"] == "extra_forbidden":
        return document.problem(tuple(entry["loc"]), f"{name}: this key is not known.", f"Known: {known}.")
    return document.problem(tuple(entry["loc"]), f"{name}: {entry['msg'][0].lower()}{entry['msg'][1:]}.")
