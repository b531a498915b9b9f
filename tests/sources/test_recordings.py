"""Answers of real clouds that other projects published go through the readers. See tests/data/recordings/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.sources.resolve import collect
from residency.tables import Inventory

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"


def read(file: Path) -> Inventory:
    return collect([str(file)], Scope(), Silent()).inventory


def places(inventory: Inventory) -> set[tuple[str, str, str | None]]:
    names = {row["uid"]: row["name"] for row in inventory.resources.to_pylist()}
    return {(names[row["uid"]], row["role"], row["location"]) for row in inventory.placements.to_pylist()}


def test_answers_of_azure_that_cloud_custodian_recorded() -> None:
    found = read(RECORDINGS / "azure-cloud-custodian.json")
    assert places(found) == {
        ("cs210032001279900ed", "primary", "eastus"),
        ("JamisonsCMKDisk", "primary", "eastus"), ("JamisonsCMKDisk", "key", None),
        ("JamisonTestVM_OsDisk_1_0217b3db61cb4bf6bbfbe1bbddadf4d4", "primary", "eastus"),
        ("JamisonTestVM_OsDisk_1_0217b3db61cb4bf6bbfbe1bbddadf4d4", "key", None),
        ("UnattachedDiskExample", "primary", "eastus"), ("cctestsearchc129bfa71a47", "primary", "centralus"),
        ("cctestsqlserverj6y6cbbtaphs4", "primary", "eastus2"),
        ("cctestmyflexibleserverbge56pdztub5y", "primary", "eastus"),
        ("cfbukqrkhntars655e53akvrc4k", "primary", "southcentralus"),
    }  # fmt: skip
    held = {row["name"]: row["key_custody"] for row in found.resources.to_pylist()}
    assert held["cs210032001279900ed"] == held["UnattachedDiskExample"] == "provider-managed"
    assert held["JamisonsCMKDisk"] is None


def test_more_answers_of_azure_that_cloud_custodian_recorded() -> None:
    found = read(RECORDINGS / "azure-cloud-custodian-more.json")
    assert places(found) == {
        ("cctstoragey6akyqpagdt3o", "primary", "southcentralus"), ("vvehn1", "primary", "eastus"),
        ("0a8f805d-de1d-465c-9aa5-ea859cf4da26", "primary", "eastus"), ("databricks-vnet", "primary", "eastus"),
    }  # fmt: skip
    gaps = {row["service"] for row in found.coverage.to_pylist() if row["status"] == "unsupported"}
    assert "microsoft.eventhub/namespaces/privateendpointconnections" in gaps


def test_resources_as_powershell_exports_them() -> None:
    found = read(RECORDINGS / "azure-psrule.json")
    assert places(found) == {
        ("workspace-a", "primary", "westus"), ("workspace-b", "primary", "westeurope"),
        ("workspace-c", "primary", "westeurope"), ("workspace-c", "replica", None),
        ("workspace-d", "primary", "westeurope"), ("workspace-d", "replica", "northeurope"),
        ("vault-A", "primary", "westeurope"),
    }  # fmt: skip
    assert {row["account"] for row in found.resources.to_pylist()} == {"00000000-0000-0000-0000-000000000000"}


def test_a_page_of_resource_graph_that_the_azure_client_recorded(tmp_path: Path) -> None:
    recorded = RECORDINGS / "azure-cli-resource-graph-page.json"
    with pytest.raises(UserError, match="not the last"):
        read(recorded)
    page: dict[str, Any] = json.loads(recorded.read_text())
    last = tmp_path / "last.json"
    last.write_text(json.dumps({**page, "$skipToken": None, "totalRecords": 2}))
    found = read(last)
    # A query for ids alone: each thing is kept, with its type, without a place, and nothing counts as read.
    assert {row["name"]: row["location"] for row in found.resources.to_pylist()} == {
        "eventhub-local-aaaaaaa": None, "LB-aaa-aaa-aaa-aa-a-aa": None,
    }  # fmt: skip
    assert {row["status"] for row in found.coverage.to_pylist()} == {"unsupported"}


def test_cloud_assets_that_the_policy_library_tests_with() -> None:
    found = read(RECORDINGS / "gcp-policy-library.json")
    assert places(found) == {
        ("my-storage-bucket", "primary", "us-central1"), ("my-storage-bucket-with-logging", "primary", "us-central1"),
        ("my-storage-bucket-with-logging", "log", None), ("us_west2_test_dataset", "primary", "us-west2"),
        ("eu_test_dataset", "primary", "eu"), ("rotation-never", "primary", "us-central1"),
    }  # fmt: skip
    owners = {row["name"]: row["account"] for row in found.resources.to_pylist()}
    assert owners["my-storage-bucket"] == "68478495408"
    assert owners["eu_test_dataset"] == "remund-sandbox2"


def test_cloud_assets_of_more_services_that_the_policy_library_tests_with() -> None:
    found = read(RECORDINGS / "gcp-policy-library-services.json")
    assert places(found) == {
        ("my-test-bucket", "share", None), ("my-second-test-bucket", "share", None),
        ("world-readable", "share", None), ("not-world-readable", "share", None),
        # Cloud Asset spells `storageLocation` for one; the cluster is of the region `global`, in a zone.
        ("snapshot-1-valid", "primary", "us-east1"), ("test-instance", "primary", "asia-southeast1"),
        ("cluster-a1b6-test-dataproc", "primary", "europe-north1-c"),
    }  # fmt: skip
    shared = {(row["uid"].rpartition("/")[2], row["target"]) for row in found.placements.to_pylist() if row["role"] == "share"}
    outside = {"projects/test-editor", "projects/test-owner", "projects/test-viewer"}
    assert shared == {
        *((name, project) for name in ("my-test-bucket", "my-second-test-bucket", "world-readable", "not-world-readable") for project in outside),
        ("my-test-bucket", "*"), ("world-readable", "*"),
    }  # fmt: skip
    # Types as they were called before 2019 are kept and named.
    old = {row["type"] for row in found.resources.to_pylist()} - {row["service"] for row in found.coverage.to_pylist()}
    assert "google.bigtable.Instance" not in old
    assert not [row for row in found.coverage.to_pylist() if row["service"] == "*" and row["status"] == "read"]


def test_a_type_that_we_do_not_know_is_kept_and_named(tmp_path: Path) -> None:
    recorded = json.loads((RECORDINGS / "azure-cloud-custodian.json").read_text())
    unknown = {**recorded["value"][0], "type": "Microsoft.Unheard/things", "id": f"{recorded['value'][0]['id']}-of"}
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"value": [unknown]}))
    found = read(file)
    assert [(row["type"], row["location"]) for row in found.resources.to_pylist()] == [
        ("Microsoft.Unheard/things", "eastus")
    ]
    gaps = {row["service"]: row for row in found.coverage.to_pylist()}
    assert gaps["microsoft.unheard/things"]["status"] == "unsupported"
    assert gaps["microsoft.unheard/things"]["detail"].startswith("1 of this type")
