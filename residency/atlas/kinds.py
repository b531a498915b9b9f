"""Kinds of resources, found by the type names that providers and tools use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from residency.atlas.values import Kind

if TYPE_CHECKING:
    from residency.atlas.register_shapes import KindsFile, KindShape

VOCABULARIES = (
    "aws_cloudformation", "aws_arn", "boto3_list", "gcp_cai", "azure_arm", "terraform_aws", "terraform_google",
    "terraform_azurerm", "terraform_ovh", "terraform_scaleway", "terraform_openstack",
)  # fmt: skip


class Kinds:
    """All kinds, and an index of every type name."""

    def __init__(self, file: KindsFile) -> None:
        self.by_id = {shape.id: _kind(shape) for shape in file.kinds}
        self._names: dict[tuple[str, str], str] = {}
        for kind in self.by_id.values():
            for vocabulary, name in kind.names.items():
                self._add(vocabulary, name, kind.id)
        for kind in self.by_id.values():
            for name in kind.also:
                self._add("terraform", name, kind.id)

    def _add(self, vocabulary: str, name: str, kind: str) -> None:
        family = "terraform" if vocabulary.startswith("terraform") else vocabulary
        self._names.setdefault((family, _compared(family, name)), kind)

    def kind_of(self, vocabulary: str, type_name: str) -> str | None:
        """The kind of a provider's type, the first one listed. `terraform` and its variants are one vocabulary."""
        family = "terraform" if vocabulary.startswith("terraform") else vocabulary
        return self._names.get((family, _compared(family, type_name)))


def _compared(family: str, name: str) -> str:
    return name.casefold() if family in ("azure_arm", "terraform") else name


def _kind(shape: KindShape) -> Kind:
    names = {v: name for v in VOCABULARIES if (name := getattr(shape, v)) is not None}
    return Kind(
        shape.id, shape.category, shape.stores_data, shape.holds_keys, names, tuple(shape.terraform_also or ()),
        tuple(shape.unconfirmed or ()), shape.note,
    )  # fmt: skip
