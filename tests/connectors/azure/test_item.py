from __future__ import annotations

from typing import Any

import pytest

from residency.connectors.azure.item import GRAPH, NotAnItem, item_of, parent_of, type_in

SUB = "/subscriptions/1F-0A"
GROUP = f"{SUB}/resourceGroups/Rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/Patients"
SETTING = f"{ACCOUNT}/providers/Microsoft.Insights/diagnosticSettings/out"


def test_an_item_is_compared_without_case() -> None:
    item = item_of({"id": ACCOUNT, "type": "microsoft.storage/storageaccounts", "location": "France Central"}, GRAPH)
    assert item.uid == ACCOUNT.lower()
    assert item.key == "microsoft.storage/storageaccounts"
    assert item.service == "microsoft.storage"
    assert item.location == "francecentral"
    assert item.name == "Patients"
    assert item.subscription == "1f-0a"
    assert item.tags is None
    assert not item.configured


@pytest.mark.parametrize(
    ("id_", "type_", "parent"),
    [
        (SUB, "Microsoft.Resources/subscriptions", ""),
        (GROUP, "Microsoft.Resources/subscriptions/resourceGroups", SUB),
        (ACCOUNT, "Microsoft.Storage/storageAccounts", GROUP),
        (f"{ACCOUNT}/objectReplicationPolicies/p", "Microsoft.Storage/storageAccounts/objectReplicationPolicies", ACCOUNT),
        (SETTING, "Microsoft.Insights/diagnosticSettings", ACCOUNT),
        (f"{SUB}/providers/Microsoft.Insights/diagnosticSettings/log", "Microsoft.Insights/diagnosticSettings", SUB),
        ("/providers/Microsoft.Management/managementGroups/top", "Microsoft.Management/managementGroups", ""),
        ("/something/else", None, ""),
    ],
)  # fmt: skip
def test_an_id_tells_its_type_and_what_it_is_a_part_of(id_: str, type_: str | None, parent: str) -> None:
    assert type_in(id_) == type_
    assert parent_of(id_) == parent


def test_names_of_fields_are_compared_without_case() -> None:
    body = {"id": ACCOUNT, "properties": {"KeyVaultProperties": {"keyName": "k"}}, "tags": None}
    item = item_of(body, GRAPH)
    assert item.type == "Microsoft.Storage/storageAccounts"
    assert item.text("properties.keyvaultproperties.keyname") == "k"
    assert item.get("properties.keyvaultproperties.keyname.more") is None
    assert item.tags == {}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "must be an object"),
        ({"type": "a/b"}, "`id` is missing"),
        ({"id": "patients", "type": "a/b"}, "not the id of a resource"),
        ({"id": ACCOUNT, "type": 7}, "`type` must be a text"),
        ({"id": "/x"}, "`id` does not tell it"),
        ({"id": ACCOUNT, "properties": "x"}, "`properties` must be"),
    ],
)
def test_what_is_no_item(found: Any, words: str) -> None:
    with pytest.raises(NotAnItem, match=words):
        item_of(found, GRAPH)
