from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.connectors.azure.item import GRAPH, item_of
from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS, parts_of
from residency.connectors.azure.read import read
from residency.connectors.azure.rows import EVERYWHERE, READERS, At, AtEach, DataZone, KeyUse, Paired
from residency.model import Account, Coverage, Placement, Resource, Role, Row, Status
from tests.connectors.azure import estate, objects
from tests.connectors.azure.estate import PLACES, arm

ITEMS = [item_of(found, GRAPH) for found in estate.ESTATE]


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


FOUND = list(read(ITEMS, asked=[estate.SUB], parts=[part.type for part in (*PARTS, INSTANCE_FAILOVER)]))
BY_UID = {row.uid: row for row in of(FOUND, Resource)}


def test_exactly_the_places_of_the_estate_are_found() -> None:
    found: dict[str, set[str]] = {str(row.name): set() for row in BY_UID.values()}
    for row in of(FOUND, Placement):
        found[str(BY_UID[row.uid].name)].add(f"{row.role}:{row.location or '?'}")
    assert found == {name: set(places.split()) for name, places in PLACES.items()}


def test_every_placement_says_how_it_is_known() -> None:
    for row in of(FOUND, Placement):
        assert row.evidence is not None
        assert row.evidence.api in (GRAPH, "rule:azure-paired-region", "rule:azure-key-vault-paired-region")


def test_a_copy_in_the_paired_region_is_told_as_a_rule() -> None:
    (row,) = [row for row in of(FOUND, Placement) if row.uid.endswith("/images") and row.location == "northeurope"]
    assert (row.evidence.api, row.evidence.field) == ("rule:azure-paired-region", "sku.name")
    assert row.evidence.value == "StandardV2_GZRS"


def test_one_resource_for_each_thing_that_holds_something() -> None:
    assert {row.account for row in BY_UID.values()} == {estate.SUB}
    assert {row.offer for row in BY_UID.values()} == {"azure"}
    listed = {item.uid for item in ITEMS}
    assert set(BY_UID) <= listed
    assert len(BY_UID) == len(PLACES)


def test_who_holds_the_keys() -> None:
    named = {row.name: row.key_custody for row in BY_UID.values() if row.name in estate.CUSTODY}
    assert named == estate.CUSTODY


def test_the_estate_is_read_whole() -> None:
    assert {row.status for row in of(FOUND, Coverage)} == {Status.READ, Status.EMPTY}
    assert {row.region for row in of(FOUND, Coverage)} == {"*"}
    assert of(FOUND, Account) == [Account("azure", "azure", estate.SUB, "prod", ("Root", "Health"))]


def test_the_order_of_items_does_not_matter() -> None:
    assert set(map(repr, read(ITEMS[::-1]))) == set(map(repr, read(ITEMS)))


def test_every_reader_declares_the_fields_it_reads() -> None:
    for item in ITEMS:
        reader = READERS.get(item.key)
        told = [] if reader is None else list(reader.read(item))
        declared = {(tells.field, tells.role) for tells in (*(reader.fields if reader else ()), *EVERYWHERE)}
        for row in told:
            match row:
                case Placement():
                    used: tuple[Any, Role] = (row.evidence, row.role)
                case At() | AtEach() | Paired() | DataZone():
                    used = (row.placement.evidence, row.placement.role)
                case KeyUse():
                    used = (row.evidence, Role.KEY)
                case _:
                    continue
            field = re.sub(r"\[\d+\]", "[]", used[0].field)
            known = (field, used[1]) in declared or (field, None) in declared
            assert known, (item.type, field, used[1])


def test_the_estate_has_every_reader_that_does_more_than_one_place() -> None:
    plain = {type_ for type_, reader in READERS.items() if reader.read.__qualname__.startswith("regional.")}
    seen = {item.key for item in ITEMS}
    assert {READERS[type_].type for type_ in set(READERS) - plain - seen} == {
        # Read by the same function as one that is there.
        "Microsoft.AzureArcData/sqlManagedInstances", "Microsoft.AzureArcData/sqlServerInstances",
        "Microsoft.AzureStackHCI/clusters", "Microsoft.Cdn/cdnWebApplicationFirewallPolicies", "Microsoft.Cdn/profiles",
        "Microsoft.Cdn/profiles/afdEndpoints", "Microsoft.Cdn/profiles/endpoints", "Microsoft.Communication/emailServices",
        "Microsoft.Compute/galleries/applications/versions", "Microsoft.ConnectedVMwarevSphere/virtualMachines",
        "Microsoft.DBforMariaDB/servers", "Microsoft.DBforMySQL/flexibleServers", "Microsoft.DBforPostgreSQL/servers",
        "Microsoft.EventGrid/domains", "Microsoft.HealthcareApis/services", "Microsoft.HealthcareApis/workspaces/dicomServices",
        "Microsoft.Kubernetes/connectedClusters", "Microsoft.Network/frontDoorWebApplicationFirewallPolicies",
        "Microsoft.ScVmm/virtualMachines", "Microsoft.Synapse/workspaces/integrationRuntimes",
        "Microsoft.AzureArcData/postgresInstances", "Microsoft.AzureStackHCI/virtualMachineInstances",
        "Microsoft.DataBoxEdge/dataBoxEdgeDevices", "Microsoft.EventGrid/domains/eventSubscriptions",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions", "Microsoft.SignalRService/WebPubSub/replicas",
        *PARTNERS, *REST,
    }  # fmt: skip


PARTNERS = {
    reader.type for reader in READERS.values() if reader.read is READERS["microsoft.datadog/monitors"].read
} - {"Microsoft.Datadog/monitors"}  # fmt: skip
# Tested by themselves below.
REST = {
    "Microsoft.ContainerInstance/containerGroups", "Microsoft.ElasticSan/elasticSans",
    "Microsoft.ElasticSan/elasticSans/volumeGroups", "Microsoft.EventGrid/systemTopics",
    "Microsoft.NetApp/netAppAccounts/backupVaults/backups", "Microsoft.OperationalInsights/workspaces/linkedStorageAccounts",
    "Microsoft.StorageSync/storageSyncServices/syncGroups/cloudEndpoints",
}  # fmt: skip
VOLUME = estate.rid("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "anf/p/scans")


@pytest.mark.parametrize(
    ("items", "of_name", "places"),
    [
        ([arm("Microsoft.ContainerInstance/containerGroups", "cg", "westeurope",
              encryptionProperties={"vaultBaseUrl": estate.VAULT, "keyName": "k"},
              diagnostics={"logAnalytics": {"workspaceResourceId": estate.rid(estate.WORKSPACE, "w")}})],
         "cg", "primary:westeurope key:? log:?"),
        ([arm("Microsoft.ElasticSan/elasticSans/volumeGroups", "s/v", None,
              encryptionProperties={"keyVaultProperties": {"keyVaultUri": estate.VAULT, "keyName": "k"}}),
          arm("Microsoft.ElasticSan/elasticSans", "s", "uksouth")], "v", "primary:uksouth key:?"),
        ([arm("Microsoft.EventGrid/systemTopics", "t", "global", source=estate.GROUP)], "t", "primary:global"),
        ([arm("Microsoft.NetApp/netAppAccounts/backupVaults", "anf/bv", "uksouth"),
          arm("Microsoft.NetApp/netAppAccounts/backupVaults/backups", "anf/bv/b", None, volumeResourceId=VOLUME)],
         "scans", "backup:uksouth"),
        ([arm(f"{estate.WORKSPACE}/linkedStorageAccounts", "w/Query", None, storageAccountIds=[estate.rid(objects.STORE, "logs")]),
          arm(objects.STORE, "logs", "eastus")], "w", "replica:eastus"),
        ([arm("Microsoft.StorageSync/storageSyncServices/syncGroups/cloudEndpoints", "s/g/e", None,
              storageAccountResourceId=estate.rid(objects.STORE, "logs")), arm(objects.STORE, "logs", "eastus")],
         "g", "replica:eastus"),
    ],
)  # fmt: skip
def test_readers_by_themselves(items: list[dict[str, Any]], of_name: str, places: str) -> None:
    found = list(read([item_of(item, GRAPH) for item in items]))
    uids = {row.uid for row in of(found, Resource) if row.name == of_name}
    assert len(uids) == 1
    placed = {f"{row.role}:{row.location or '?'}" for row in of(found, Placement) if row.uid in uids}
    assert placed == set(places.split())


def test_every_part_has_a_reader_and_every_parent_too() -> None:
    for part in (*PARTS, INSTANCE_FAILOVER):
        assert part.type.lower() in READERS, part
        assert part.of.lower() in READERS or part.of == "Microsoft.Resources/subscriptions", part


def test_where_the_parts_of_a_resource_are_asked_for() -> None:
    account = item_of(estate.STORAGE[0], GRAPH)
    asked = [where for _, where in parts_of(account)]
    assert f"{account.id}/objectReplicationPolicies" in asked
    assert f"{account.id}/blobServices/default/providers/Microsoft.Insights/diagnosticSettings" in asked
    instance = item_of(arm("Microsoft.Sql/managedInstances", "mi", "westeurope"), GRAPH)
    (found,) = [where for part, where in parts_of(instance) if part is INSTANCE_FAILOVER]
    assert found.endswith("/hospital/providers/Microsoft.Sql/locations/westeurope/instanceFailoverGroups")


def test_the_kinds_are_those_of_the_atlas() -> None:
    atlas = load_atlas()
    for reader in READERS.values():
        listed = atlas.kind_of("azure_arm", reader.type)
        assert listed is None or reader.kind in (listed, None), reader.type
        assert reader.kind is None or reader.kind in atlas.kinds.by_id


WRONG: tuple[Any, ...] = (None, 7, "x", [], [None], [7], {}, {"a": None}, [{}], [{"a": 7}], True)


def broken(field: str) -> Iterator[dict[str, Any]]:
    """Objects in which something of a wrong shape stands at each step of a field."""
    steps = field.split(".")
    for depth in range(1, len(steps) + 1):
        for wrong in WRONG:
            value: Any = wrong
            for step in reversed(steps[:depth]):
                name = step.removesuffix("[]")
                value = {name: [value] if step.endswith("[]") else value}
            yield value


def test_values_of_a_wrong_shape_never_crash_a_reader() -> None:
    for reader in READERS.values():
        id_ = estate.rid(reader.type, "/".join("abcdef"[: reader.type.count("/")]))
        for tells in reader.fields:
            for body in broken(tells.field):
                whole = {"properties": {}, **body, "id": id_, "type": reader.type}
                if isinstance(whole["properties"], dict):
                    list(read([item_of(whole, GRAPH)]))
