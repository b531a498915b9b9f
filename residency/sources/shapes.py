"""The shape of `inventory.json`, the import format for any cloud without a connector."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from residency.model import (
    Account,
    Coverage,
    DataClass,
    Evidence,
    KeyCustody,
    Placement,
    Resource,
    Role,
    Status,
    StoresData,
)

SCHEMA_ID = "residency/inventory/v1"

Name = Annotated[str, StringConstraints(min_length=1, max_length=8_192)]
Words = Annotated[str, StringConstraints(max_length=65_536)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountShape(_Shape):
    """An account, project or subscription. `path` runs from the organisation's root down.

    `settings` are what the provider says of the whole account that bears on residency.
    """

    provider: Name
    offer: Name | None = None
    id: Name
    name: Words | None = None
    path: list[Words] = []
    tags: dict[Words, Words] | None = None
    settings: dict[Words, Words] = {}

    def row(self) -> Account:
        """The account as the model's value."""
        return Account(
            self.provider, self.offer, self.id, self.name, tuple(self.path), self.tags, self.settings,
        )  # fmt: skip


class ResourceShape(_Shape):
    """One cloud object. A missing optional field is unknown, never a default."""

    uid: Name
    provider: Name
    offer: Name | None = Field(None, description="Id of the offer in the atlas, for example aws, ovhcloud, scaleway.")
    account: Name
    type: Name = Field(description="The provider's own type name, for example AWS::S3::Bucket.")
    kind: Name | None = Field(None, description="Normalised kind, an id of the atlas's resource types.")
    name: Words | None = None
    location: Name | None = None
    stores_data: StoresData | None = None
    tags: dict[Words, Words] | None = None
    data_class: DataClass | None = None
    key_custody: KeyCustody | None = None

    def row(self) -> Resource:
        """The resource as the model's value."""
        return Resource(
            self.uid, self.provider, self.offer, self.account, self.type, self.kind, self.name, self.location,
            self.stores_data, self.tags, self.data_class, self.key_custody,
        )  # fmt: skip


class EvidenceShape(_Shape):
    """The call, the field in its answer and the value there that show a placement."""

    api: Words
    field: Words
    value: Words | None = None


class PlacementShape(_Shape):
    """One place where a resource's data is."""

    uid: Name = Field(description="uid of the resource.")
    role: Role
    location: Name | None = None
    via: Name = Field(description="The setting or relation that puts data there.")
    target: Words | None = None
    offer: Name | None = Field(None, description="Only where the place belongs to another offer than the resource.")
    evidence: EvidenceShape | None = None

    def row(self) -> Placement:
        """The placement as the model's value."""
        said = self.evidence
        evidence = Evidence(said.api, said.field, said.value) if said else None
        return Placement(self.uid, self.role, self.location, self.via, evidence, self.target, self.offer)


class CoverageShape(_Shape):
    """How reading one (account, region, service) ended."""

    provider: Name
    account: Name
    region: Name
    service: Name
    status: Status
    detail: Words = ""

    def row(self) -> Coverage:
        """The coverage row as the model's value."""
        return Coverage(self.provider, self.account, self.region, self.service, self.status, self.detail)


RowShape = AccountShape | ResourceShape | PlacementShape | CoverageShape


class InventoryShape(_Shape):
    """An inventory file: accounts, resources, their placements, and what was read to find them."""

    schema_: Literal["residency/inventory/v1"] = Field(alias="schema")
    accounts: list[AccountShape] = []
    resources: list[ResourceShape] = []
    placements: list[PlacementShape] = []
    coverage: list[CoverageShape] = []


SECTIONS: dict[str, type[RowShape]] = {
    "accounts": AccountShape,
    "resources": ResourceShape,
    "placements": PlacementShape,
    "coverage": CoverageShape,
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `inventory.json`."""
    schema = InventoryShape.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
