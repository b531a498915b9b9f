"""The shape of a policy file, as pydantic models: what keys there are and what each may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from residency.result import Text

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(_Shape):
    """One sentence in English and in French."""

    en: Sentence
    fr: Sentence

    def text(self) -> Text:
        """The same as the value that results carry."""
        return Text(self.en.strip(), self.fr.strip())


class BasisShape(_Shape):
    """Where a rule comes from: how the law is cited, its date, and the atlas entry that tells more."""

    cite: Words
    atlas: str | None = None
    date: Date | None = None


class ExampleShape(_Shape):
    """A fact row, given by the facts that matter, and what the rule must say of it; `none` when it does not apply."""

    given: dict[str, bool | float | str | list[str]]
    expect: Literal["compliant", "violation", "unproven", "none"]


class RuleShape(_Shape):
    """One rule as it stands in the file."""

    id: Id
    title: Words
    severity: Literal["low", "medium", "high", "critical"]
    view: Literal["transfers", "sovereignty", "both"]
    decide: Literal["automatic", "assisted", "document"]
    per: Literal["placement", "resource", "account", "offer"] = "placement"
    basis: list[BasisShape] = Field(min_length=1)
    applies: Sentence
    require: Sentence | None = None
    unproven_when: Sentence | None = None
    reason: Words
    remediation: Words
    level: Id | None = None
    objective: Id | None = None
    examples: list[ExampleShape] = Field(min_length=1)


class LevelShape(_Shape):
    """A step of a scale. A pack lists its levels from the lowest to the highest."""

    id: Id
    title: Words


class ObjectiveShape(_Shape):
    """A part that is graded by itself, with its weight in each named set of weights."""

    id: Id
    title: Words
    weights: dict[Id, Annotated[float, Field(ge=0)]] = {}


class ProfileShape(_Shape):
    """A named choice of a pack's rules."""

    id: Id
    title: Words
    rules: list[Id] = Field(min_length=1)


class PackShape(_Shape):
    """A policy pack file."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Words
    description: Words
    profiles: list[ProfileShape] = []
    default_profile: Id | None = None
    levels: list[LevelShape] = []
    objectives: list[ObjectiveShape] = []
    rules: list[RuleShape] = Field(min_length=1, max_length=500)
