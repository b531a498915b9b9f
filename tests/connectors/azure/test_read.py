from __future__ import annotations

from typing import Any

from residency.connectors.azure.hierarchy import Subscription, Tenant
from residency.connectors.azure.item import GRAPH, item_of
from residency.connectors.azure.parts import PARTS
from residency.connectors.azure.read import SERVICES, read
from residency.model import Account, Coverage, Placement, Resource, Role, Row, Status

SUB = "5aeb0000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUB}/resourceGroups/Hospital"


def rows(*objects: dict[str, Any], **more: Any) -> list[Row]:
    return list(read([item_of(found, GRAPH) for found in objects], **more))


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


def account(name: str, sku: str = "Standard_LRS", **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name}", "type": "microsoft.storage/storageaccounts",
        "location": "francecentral", "sku": {"name": sku}, "tags": {"data-class": "health"}, "properties": properties,
    }  # fmt: skip


SUBSCRIPTION = {
    "id": f"/subscriptions/{SUB}", "type": "microsoft.resources/subscriptions", "name": "prod", "tenantId": "T",
    "properties": {"managementGroupAncestorsChain": [{"displayName": "Health"}, {"displayName": "Root"}]},
}  # fmt: skip


def test_a_subscription_has_its_path_from_the_root() -> None:
    assert of(rows(SUBSCRIPTION), Account) == [Account("azure", "azure", SUB, "prod", ("Root", "Health"))]
    told = {SUB.upper(): Subscription("prod", ("Root",))}
    assert of(rows(account("a"), subscriptions=told), Account) == [Account("azure", "azure", SUB, "prod", ("Root",))]


def test_a_type_that_no_reader_covers_is_kept_and_reported() -> None:
    uid = f"{GROUP}/providers/Microsoft.Quantum/Workspaces/q"
    found = rows(SUBSCRIPTION, *({"id": f"{uid}{n}", "location": "East US", "properties": {}} for n in range(3)))
    assert {(row.uid, row.location, row.kind) for row in of(found, Resource)} == {
        (f"{uid}{n}".lower(), "eastus", None) for n in range(3)
    }
    assert {row.location for row in of(found, Placement)} == {"eastus"}
    (gap,) = [row for row in of(found, Coverage) if row.service == "microsoft.quantum/workspaces"]
    assert gap.status is Status.UNSUPPORTED
    assert gap.detail.startswith("3 of this type")


def test_a_list_without_its_subscription_is_not_the_whole() -> None:
    gaps = {row.service: row.status for row in of(rows(account("a")), Coverage)}
    assert gaps["*"] is Status.UNSUPPORTED
    assert gaps["microsoft.storage"] is Status.READ


def test_a_subscription_that_was_asked_for_has_every_service_and_part() -> None:
    parts = [part.type for part in PARTS]
    found = {row.service: row.status for row in of(rows(account("a"), asked=[SUB], parts=parts), Coverage)}
    assert set(SERVICES) <= set(found)
    assert found.pop("microsoft.storage") is Status.READ
    assert found.pop("microsoft.storage/storageaccounts/objectreplicationpolicies") is Status.EMPTY
    assert {*found.values()} <= {Status.EMPTY}


def test_parts_that_were_not_asked_for_are_told() -> None:
    found = {row.service: row.status for row in of(rows(SUBSCRIPTION, account("a")), Coverage)}
    assert found["microsoft.storage/storageaccounts/objectreplicationpolicies"] is Status.UNSUPPORTED


def test_failures_are_told_by_service_and_for_all() -> None:
    refused = {
        (SUB, "Microsoft.Storage"): (Status.DENIED, "no"),
        (SUB.upper(), PARTS[0].type): (Status.THROTTLED, "429"),
    }
    found = {row.service: row for row in of(rows(account("a"), asked=[SUB], failures=refused), Coverage)}
    assert found["microsoft.storage"].status is Status.DENIED
    assert found[PARTS[0].type.lower()].detail == "429"
    cut = of(rows(asked=[SUB], failures={(SUB, "*"): (Status.UNREACHABLE, "cut")}), Coverage)
    assert {row.status for row in cut} == {Status.UNREACHABLE}


def test_properties_that_were_not_told_are_not_read() -> None:
    bare = {**account("a"), "properties": None}
    found = rows(SUBSCRIPTION, bare)
    (gap,) = [row for row in of(found, Coverage) if row.service == "microsoft.storage"]
    assert gap.status is Status.UNSUPPORTED
    assert "1 of 1 without `properties`" in gap.detail
    assert of(found, Resource)[0].key_custody is None


def test_what_is_told_of_something_unlisted_is_not_lost() -> None:
    policy = {
        "id": account("gone")["id"] + "/objectReplicationPolicies/p",
        "properties": {"sourceAccount": "gone", "destinationAccount": "far"},
    }
    (kept,) = of(rows(policy), Resource)
    assert (kept.name, kept.type, kept.location) == ("gone", "microsoft.storage/storageaccounts", None)


def test_policies_above_a_subscription_bind_it_and_those_within_it_do_not() -> None:
    def policy(scope: str, region: str) -> dict[str, Any]:
        return {
            "id": f"{scope}/providers/Microsoft.Authorization/policyAssignments/stay", "tenantId": "T",
            "properties": {
                "policyDefinitionId": "/providers/x/e56962a6-4747-49cd-b67b-bf8b01975c4c",
                "parameters": {"listOfAllowedLocations": {"value": [region]}}, "displayName": f"from {region}",
            },
        }  # fmt: skip

    above = "/providers/Microsoft.Management/managementGroups"
    chain = [{"name": "health", "displayName": "Health"}, {"name": "root", "displayName": "Root"}]
    subscription = {**SUBSCRIPTION, "properties": {"managementGroupAncestorsChain": chain}}
    policies = [
        policy(f"{above}/Root", "westeurope"), policy(f"{above}/Other", "eastus"), policy(GROUP, "westus"),
        policy(f"/subscriptions/{SUB}", "francecentral"),
    ]  # fmt: skip
    (found,) = of(rows(*policies, subscription), Account)
    assert found.settings == {
        "allowed locations: from westeurope": "westeurope", "allowed locations: from francecentral": "francecentral",
    }  # fmt: skip


def test_a_tenant_tells_where_its_directory_is_and_what_binds_its_subscriptions() -> None:
    tenants = [Tenant("T", "FR", "Hospital", "EU"), Tenant("U", "US"), Tenant("V", "DE", boundary="NotDefined")]
    policy = {
        "id": f"/subscriptions/{SUB}/providers/Microsoft.Authorization/policyAssignments/stay",
        "properties": {
            "displayName": "Stay",
            "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c",
            "parameters": {"listOfAllowedLocations": {"value": ["West Europe", "francecentral"]}},
        },
    }
    found = rows(SUBSCRIPTION, policy, tenants=tenants)
    settings = {row.id: row.settings for row in of(found, Account)}
    assert settings[SUB] == {
        "tenant country": "FR",
        "EU Data Boundary": "EU",
        "allowed locations: Stay": "francecentral, westeurope",
    }
    assert settings["u"] == {"tenant country": "US"}
    placed = {row.uid: row for row in of(found, Placement)}
    assert {uid: row.location for uid, row in placed.items()} == {
        "/tenants/t": "eudb", "/tenants/u": "unitedstates", "/tenants/v": None,
    }  # fmt: skip
    assert placed["/tenants/v"].evidence.value == "DE"
    assert {row.role for row in placed.values()} == {Role.CONTROL_PLANE}
