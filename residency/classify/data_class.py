"""The data class of a resource: told, from its tags, from a rule of the configuration, from an option, or the default.

Tag keys and values are compared without case, accents left as they are. Where two tags disagree the more sensitive one
counts, so that a wrong tag never lowers a duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from residency.model import DataClass
from residency.patterns import first_that_fits, fits

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


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A rule of the configuration: what fits every pattern given has this data class.

    `path` is held against the names from the organisation's root down to the account, joined by `/`.
    """

    data_class: DataClass
    account: str | None = None
    path: str | None = None
    name: str | None = None
    uid: str | None = None

    @property
    def origin(self) -> str:
        """`account` where only the account decides, else `name`."""
        return "account" if self.name is None and self.uid is None else "name"


def rule_columns(rules: Sequence[ClassRule]) -> str:
    """SQL for the columns `rule_class` and `rule_origin`, by the first rule that fits; NULL where none does.

    It stands in a query over resources `r` and accounts `a`.
    """
    classes = first_that_fits([(_fits(rule), str(rule.data_class)) for rule in rules])
    origins = first_that_fits([(_fits(rule), rule.origin) for rule in rules])
    return f"{classes} AS rule_class, {origins} AS rule_origin"


def _fits(rule: ClassRule) -> exp.Condition:
    path = exp.Anonymous(this="array_to_string", expressions=[exp.column("path", table="a"), exp.Literal.string("/")])
    held = {
        "account": exp.column("account", table="r"), "path": path, "name": exp.column("name", table="r"),
        "uid": exp.column("uid", table="r"),
    }  # fmt: skip
    given = [fits(value, pattern) for key, value in held.items() if (pattern := getattr(rule, key)) is not None]
    return exp.and_(*given) if given else exp.true()


def from_tags(tags: Iterable[tuple[str, str]]) -> DataClass | None:
    """The class that tags declare, the most sensitive when they disagree; `None` when none of them does."""
    declared = {VALUES[value.strip().lower()] for key, value in tags if is_class_tag(key, value)}
    return min(declared, key=RANK.index) if declared else None


def is_class_tag(key: str, value: str) -> bool:
    """Whether a tag declares a data class in words known here."""
    return key.strip().lower() in TAG_KEYS and value.strip().lower() in VALUES
