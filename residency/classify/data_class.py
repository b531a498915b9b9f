"""The data class of a resource: from the inventory, from its tags, from an option, else the default, with the reason.

Tag keys and values are compared without case, accents left as they are. Where two tags disagree the more sensitive one
counts, so that a wrong tag never lowers a duty.
"""

from __future__ import annotations

from collections.abc import Iterable

from residency.model import DataClass

# Keys under which organisations keep the class of their data, in the spellings seen in tagging guides.
TAG_KEYS = frozenset({
    "data-class", "data_class", "dataclass", "data-classification", "data_classification", "dataclassification",
    "classification", "sensitivity", "data-sensitivity", "data_sensitivity", "confidentiality",
    "categorie-donnees", "categorie_donnees", "classe-donnees", "classification-donnees", "sensibilite",
})  # fmt: skip

VALUES: dict[str, DataClass] = {
    "health": DataClass.HEALTH, "phi": DataClass.HEALTH, "health-data": DataClass.HEALTH, "sante": DataClass.HEALTH,
    "santé": DataClass.HEALTH, "hds": DataClass.HEALTH, "snds": DataClass.HEALTH, "dscp": DataClass.HEALTH,
    "special-category": DataClass.SPECIAL_CATEGORY, "special_category": DataClass.SPECIAL_CATEGORY,
    "sensitive-personal": DataClass.SPECIAL_CATEGORY, "donnees-sensibles": DataClass.SPECIAL_CATEGORY,
    "state-sensitive": DataClass.STATE_SENSITIVE, "state_sensitive": DataClass.STATE_SENSITIVE,
    "sensibilite-particuliere": DataClass.STATE_SENSITIVE,
    "personal": DataClass.PERSONAL, "pii": DataClass.PERSONAL, "personal-data": DataClass.PERSONAL,
    "personnelles": DataClass.PERSONAL, "donnees-personnelles": DataClass.PERSONAL,
    "internal": DataClass.INTERNAL, "interne": DataClass.INTERNAL,
    "public": DataClass.PUBLIC, "publique": DataClass.PUBLIC,
}  # fmt: skip

# From the most to the least sensitive.
RANK = (
    DataClass.HEALTH, DataClass.SPECIAL_CATEGORY, DataClass.STATE_SENSITIVE, DataClass.PERSONAL, DataClass.INTERNAL,
    DataClass.PUBLIC,
)  # fmt: skip

# What data is judged as when nothing says its class.
DEFAULT = DataClass.PERSONAL


def from_tags(tags: Iterable[tuple[str, str]]) -> DataClass | None:
    """The class that tags declare, the most sensitive when they disagree; `None` when none of them does."""
    declared = {VALUES[value.strip().lower()] for key, value in tags if is_class_tag(key, value)}
    return min(declared, key=RANK.index) if declared else None


def is_class_tag(key: str, value: str) -> bool:
    """Whether a tag declares a data class in words known here."""
    return key.strip().lower() in TAG_KEYS and value.strip().lower() in VALUES
