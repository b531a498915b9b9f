"""The tables of a run with pseudonyms in them. Every column that can name something has its way to hide it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

import pyarrow as pa

from residency.classify.data_class import TAG_KEYS, VALUES
from residency.redact.alias import Aliases
from residency.tables import Inventory

Hide = Callable[[str], str]


def known_names(inventory: Inventory, facts: pa.Table) -> dict[str, str]:
    """Whatever names an account or a resource, with its kind. Where one text is several things, the first counts."""
    known: dict[str, str] = {}
    columns = (
        ("account", inventory.accounts, "id"), ("account", inventory.resources, "account"),
        ("account", facts, "resource.account"), ("account", inventory.coverage, "account"),
        ("resource", inventory.resources, "uid"), ("resource", facts, "resource.uid"),
        ("target", inventory.placements, "target"), ("name", inventory.accounts, "name"),
        ("name", inventory.resources, "name"), ("name", facts, "resource.name"),
    )  # fmt: skip
    for kind, table, column in columns:
        for text in table[column].unique().to_pylist():
            if text not in (None, "", "*"):
                known.setdefault(text, kind)
    for text in _others(inventory):
        known.setdefault(text, "name")
    return known


def _others(inventory: Inventory) -> Iterator[str]:
    for row in inventory.accounts.to_pylist():
        yield from (text for text in row["path"] if text)
        yield from (value for _key, value in row["tags"] or () if _telling(value))
    for tags in inventory.resources["tags"].to_pylist():
        yield from (value for _key, value in tags or () if _telling(value))


def _telling(value: str | None) -> TypeGuard[str]:
    """Whether a tag value names something: not a data class, a yes or no, or nothing."""
    return (
        value is not None
        and value != ""
        and value.casefold() not in VALUES
        and value.casefold() not in ("true", "false", "yes", "no")
    )


def shown_texts(inventory: Inventory, facts: pa.Table) -> set[str]:
    """Codes that a report is about and that stay: locations, regions, services, types, offers, providers."""
    columns = (
        (facts, "place.location"), (facts, "place.offer"), (facts, "resource.type"), (facts, "resource.provider"),
        (inventory.resources, "location"), (inventory.placements, "location"), (inventory.coverage, "region"),
        (inventory.coverage, "service"), (inventory.coverage, "provider"),
    )  # fmt: skip
    return {text for table, column in columns for text in table[column].unique().to_pylist() if text}


def hidden_inventory(inventory: Inventory, aliases: Aliases) -> Inventory:
    """The inventory with pseudonyms, ordered by them; coverage keeps its order, which findings count on."""
    name: Hide = lambda text: aliases.of(text, "name")  # noqa: E731 - one word each, named for the table below
    account: Hide = lambda text: text if text in ("*", "") else aliases.of(text, "account")  # noqa: E731
    uid: Hide = lambda text: aliases.of(text, "resource")  # noqa: E731
    accounts = hide(inventory.accounts, {"id": account, "name": name})
    accounts = _lists(accounts, "path", lambda path: [name(part) for part in path or ()])
    accounts = _lists(accounts, "tags", lambda tags: _tags(tags, aliases))
    accounts = _lists(accounts, "settings", lambda told: [(key, aliases.value(text)) for key, text in told or ()])
    resources = hide(inventory.resources, {"uid": uid, "account": account, "name": name})
    resources = _lists(resources, "tags", lambda tags: _tags(tags, aliases))
    placements = hide(
        inventory.placements,
        {
            "uid": uid, "target": lambda text: aliases.of(text, "target"), "via": aliases.free,
            "evidence_api": aliases.free, "evidence_field": aliases.free, "evidence_value": aliases.value,
        },
    )  # fmt: skip
    coverage = hide(inventory.coverage, {"account": account, "detail": aliases.free})
    return Inventory(accounts.sort_by("id"), resources.sort_by("uid"), placements.sort_by("uid"), coverage)


def hidden_facts(facts: pa.Table, aliases: Aliases) -> pa.Table:
    """The fact rows with pseudonyms, in their order."""
    path = "resource.account_path"
    table = hide(
        facts,
        {
            "resource.uid": lambda text: aliases.of(text, "resource"),
            "resource.account": lambda text: aliases.of(text, "account"),
            "resource.name": lambda text: aliases.of(text, "name"),
            "place.target": lambda text: aliases.of(text, "target"), "place.via": aliases.free,
            "evidence.api": aliases.free, "evidence.field": aliases.free, "evidence.value": aliases.value,
        },
    )  # fmt: skip
    return _lists(table, path, lambda names: None if names is None else [aliases.of(part, "name") for part in names])


def hidden_verdicts(verdicts: pa.Table, coverage: pa.Table, aliases: Aliases) -> pa.Table:
    """The verdicts with new ids and subjects; `coverage` is that with pseudonyms already."""
    places = coverage.to_pylist()
    subjects: list[str | None] = []
    for row in verdicts.select(["per", "subject", "row"]).to_pylist():
        if row["per"] == "coverage":
            place = places[row["row"]]
            subjects.append(" ".join(place[part] for part in ("provider", "account", "region", "service")))
        else:
            subjects.append(None if row["subject"] is None else aliases.of(row["subject"], "paper"))
    paper: Hide = lambda text: aliases.of(text, "paper")  # noqa: E731
    table = hide(verdicts, {"id": aliases.finding, "waiver": paper, "attestation": paper})
    field = table.schema.field("subject")
    return table.set_column(table.schema.names.index("subject"), field, pa.array(subjects, field.type))


def hide(table: pa.Table, ways: Mapping[str, Hide]) -> pa.Table:
    """The table with each text of these columns hidden in its way. What is unknown stays unknown."""
    for name, way in ways.items():
        if name not in table.column_names:
            continue
        place, field = table.schema.names.index(name), table.schema.field(name)
        coded = table[name].cast(pa.string()).combine_chunks().dictionary_encode()
        texts = pa.array([way(text) for text in coded.dictionary.to_pylist()], pa.string())
        column = pa.DictionaryArray.from_arrays(coded.indices, texts).cast(pa.string())
        if pa.types.is_dictionary(field.type):
            column = column.dictionary_encode().cast(field.type)
        table = table.set_column(place, field, column)
    return table


def _lists(table: pa.Table, name: str, way: Callable[[Any], Any]) -> pa.Table:
    if name not in table.column_names:
        return table
    place, field = table.schema.names.index(name), table.schema.field(name)
    return table.set_column(place, field, pa.array([way(value) for value in table[name].to_pylist()], field.type))


def _tags(tags: Any, aliases: Aliases) -> list[tuple[str, str | None]] | None:
    """Tags that give a data class stay. Of all others neither key nor value does."""
    if tags is None:
        return None
    hidden: list[tuple[str, str | None]] = []
    for key, value in tags:
        stays = key.casefold() in TAG_KEYS
        shown = value if value is None or not _telling(value) else aliases.of(value, "tag")
        hidden.append((key if stays else aliases.of(key, "key"), shown))
    return sorted(hidden, key=str)
