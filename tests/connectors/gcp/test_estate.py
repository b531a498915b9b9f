from __future__ import annotations

import json
import re
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.connectors.gcp.access import Grants
from residency.connectors.gcp.asset import NotAnAsset, asset_of
from residency.connectors.gcp.read import read
from residency.connectors.gcp.rows import READERS, At, KeyUse
from residency.connectors.gcp.tally import Asked, services_read
from residency.connectors.gcp.universe import UNIVERSES, offer_of_universe
from residency.model import Account, Coverage, Placement, Resource, Role, Row, Status
from tests.connectors.gcp import estate, estate_services


def rows(*items: dict[str, Any], **more: Any) -> list[Row]:
    return list(read([asset_of(item, "cloudasset:ListAssets") for item in items], **more))


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


RECORDED = Path(__file__).parents[2] / "data" / "recordings" / "gcp-policy-library.json"
ITEMS = [*estate.ESTATE, *estate_services.ITEMS]
PLACES = estate.PLACES | estate_services.PLACES
FOUND = rows(*ITEMS)
BY_UID = {row.uid: row for row in of(FOUND, Resource)}


def test_exactly_the_places_of_the_estate_are_found() -> None:
    found = {(BY_UID[row.uid].name, str(row.role), row.location) for row in of(FOUND, Placement)}
    assert found == PLACES


def test_the_estate_has_something_of_every_type_that_is_read() -> None:
    assert {item["assetType"] for item in ITEMS} >= set(READERS)


def test_every_placement_says_how_it_is_known() -> None:
    for row in of(FOUND, Placement):
        assert row.evidence is not None
        assert row.evidence.api == "cloudasset:ListAssets"
        assert row.evidence.field.startswith(("resource.", "name", "iamPolicy"))


def test_every_reader_declares_the_fields_it_reads() -> None:
    for item in map(asset_of, ITEMS, repeat("api")):
        reader = READERS.get(item.type)
        declared = {(tells.field, tells.role) for tells in reader.fields} if reader else set()
        for row in reader.read(item) if reader else ():
            if isinstance(row, Grants):
                paths = {re.sub(r"\[\d+\]", "[]", grant.path.removeprefix("resource.data.")) for grant in row.grants}
                assert {(path, Role.SHARE) for path in paths} <= declared
            match row:
                case Placement(role=role, evidence=evidence) | At(Placement(role=role, evidence=evidence)):
                    used = (evidence, role)
                case KeyUse(evidence=evidence):
                    used = (evidence, Role.KEY)
                case _:
                    continue
            assert used[0] is not None
            field = re.sub(r"\[\d+\]", "[]", used[0].field)
            field = field.removeprefix("resource.data.") if field.startswith("resource.data.") else f"@{field}"
            assert (field, used[1]) in declared, (item.type, field, used[1])


def test_what_is_declared_as_recorded_is_in_a_recorded_answer() -> None:
    recorded = [asset_of(item, "api") for item in json.loads(RECORDED.read_text(encoding="utf-8"))]
    declared = [(reader.type, tells.field) for reader in READERS.values() for tells in reader.fields
                if tells.proof == "recorded"]  # fmt: skip
    assert declared
    for type_, field in declared:
        assert any(item.type == type_ and item.text(field) for item in recorded), (type_, field)


def test_one_resource_for_each_asset_that_holds_something() -> None:
    # Settings, and relations that are told of the resources they join.
    apart = {
        "cloudresourcemanager.googleapis.com/Project", "compute.googleapis.com/Network", "orgpolicy.googleapis.com/Policy",
        "assuredworkloads.googleapis.com/Workload", "backupdr.googleapis.com/DataSource", "backupdr.googleapis.com/BackupPlan",
        "backupdr.googleapis.com/BackupPlanAssociation", "gkebackup.googleapis.com/BackupPlan", "netapp.googleapis.com/KmsConfig",
        "netapp.googleapis.com/Replication", "compute.googleapis.com/ResourcePolicy",
        "spanner.googleapis.com/InstanceConfig",
    }  # fmt: skip
    assert set(BY_UID) == {item["name"] for item in ITEMS if item["assetType"] not in apart}
    assert {row.account for row in BY_UID.values()} == {estate.PROJECT}
    assert {row.offer for row in BY_UID.values()} == {"gcp"}


def test_who_holds_the_keys() -> None:
    named = {row.name: row.key_custody for row in BY_UID.values() if row.name in estate.CUSTODY}
    assert named == estate.CUSTODY


def test_the_account_has_its_path_from_the_root() -> None:
    assert Account("gcp", "gcp", estate.PROJECT, "Hospital", (estate.ORGANIZATION, estate.FOLDER), {"team": "it"},
                   estate_services.SETTINGS) in of(FOUND, Account)  # fmt: skip


def test_settings_of_keys_and_of_organization_policies_are_shown_with_the_account() -> None:
    def policy(constraint: str, **rule: Any) -> dict[str, Any]:
        name = f"//orgpolicy.googleapis.com/{estate.FOLDER}/policies/{constraint}"
        above = [estate.FOLDER, estate.ORGANIZATION]
        return estate.asset(name, "orgpolicy.googleapis.com/Policy", None, {"spec": {"rules": [rule]}}, ancestors=above)

    autokey = estate.asset(
        f"//cloudkms.googleapis.com/{estate.FOLDER}/autokeyConfig", "cloudkms.googleapis.com/AutokeyConfig", None,
        {"keyProject": "projects/keys"}, ancestors=[estate.FOLDER, estate.ORGANIZATION],
    )  # fmt: skip
    reasons = {"allowedAccessReasons": ["CUSTOMER_INITIATED_SUPPORT"]}
    found = rows(
        estate.project(), autokey, estate.key(estate.KEY, "SOFTWARE"),
        estate.key(estate.HSM_KEY, "HSM", keyAccessJustificationsPolicy=reasons),
        policy("gcp.restrictNonCmekServices", values={"deniedValues": ["storage.googleapis.com"]}),
        policy("iam.allowedPolicyMemberDomains", values={"allowedValues": ["is:C01"]}),
        policy("storage.publicAccessPrevention", enforce=True), policy("unheard.of", enforce=True),
    )  # fmt: skip
    assert {row.id: row.settings for row in of(found, Account)}[estate.PROJECT] == {
        "key-access-justifications": "1 of 2 keys", "autokey-project": "projects/keys",
        "services-that-need-own-keys": "not storage.googleapis.com", "allowed-members": "is:C01",
        "public-access-prevention": "enforced",
    }  # fmt: skip


def test_lists_as_cloud_asset_spells_them_for_compute_engine() -> None:
    zones, disk = f"{estate._COMPUTE}/{estate.P}/zones", f"//compute.googleapis.com/{estate.P}/regions/europe-west9/disks/d"
    policy = f"{estate.P}/regions/europe-west9/resourcePolicies/p"
    found = rows(
        estate.project(),
        estate.asset(disk, "compute.googleapis.com/Disk", None, {
            "replicaZone": [f"{zones}/europe-west9-a", f"{zones}/europe-west9-b"], "resourcePolicy": [f"{estate._COMPUTE}/{policy}"]}),
        estate.asset(f"//compute.googleapis.com/{policy}", "compute.googleapis.com/ResourcePolicy", None,
                     {"snapshotSchedulePolicy": {"snapshotProperties": {"storageLocation": ["us"]}}}),
        estate.asset(f"//compute.googleapis.com/{estate.P}/global/images/i", "compute.googleapis.com/Image", "global", {"storageLocation": ["eu"]}),
    )  # fmt: skip
    told = {(row.uid.rpartition("/")[2], str(row.role), row.location, row.evidence.field) for row in of(found, Placement)}
    assert told == {
        ("d", "primary", "europe-west9-a", "resource.data.replicaZone[0]"), ("d", "primary", "europe-west9-b", "resource.data.replicaZone[1]"),
        ("d", "snapshot", "us", "resource.data.resourcePolicy[0]"), ("i", "primary", "eu", "resource.data.storageLocation[0]"),
    }  # fmt: skip


def test_a_policy_without_inheritance_hides_those_above() -> None:
    near = {**estate_services.ORG[0], "resource": {"data": {"spec": {"rules": [{"denyAll": True}]}}}}
    found = rows(estate.project(), near, estate_services.ORG[1])
    assert {row.id: row.settings for row in of(found, Account)}[estate.PROJECT] == {"allowed-locations": "none"}


@pytest.mark.parametrize(("domain", "prefix", "offer"), UNIVERSES)
def test_each_universe_is_an_offer_of_the_atlas(domain: str, prefix: str, offer: str) -> None:
    places = load_atlas().places(offer)
    assert {place.partition for place in places} == {domain}
    region = places[0].id
    name = f"//compute.googleapis.com/projects/{prefix}hospital/zones/{region}-a/disks/d"
    link = f"https://www.{domain}/compute/v1/projects/{prefix}hospital/regions/{region}/resourcePolicies/p"
    found = rows(
        estate.project("7", f"{prefix}hospital", ()),
        estate.asset(name, "compute.googleapis.com/Disk", None, {"resourcePolicies": [link]}, ancestors=["projects/7"]),
        estate.asset(f"//compute.googleapis.com/projects/{prefix}hospital/regions/{region}/resourcePolicies/p",
                     "compute.googleapis.com/ResourcePolicy", None,
                     {"snapshotSchedulePolicy": {"snapshotProperties": {"storageLocations": [region]}}}, ancestors=["projects/7"]),
    )  # fmt: skip
    assert offer_of_universe(domain) == offer
    assert {row.offer for row in of(found, Account)} == {row.offer for row in of(found, Resource)} == {offer}
    assert {(str(row.role), row.location) for row in of(found, Placement)} == {
        ("primary", f"{region}-a"),
        ("snapshot", region),
    }
    assert load_atlas().place(offer, f"{region}-a") is not None


def test_labels_are_tags() -> None:
    assert BY_UID["//storage.googleapis.com/patients"].tags == {"data-class": "health"}
    assert BY_UID[f"//cloudsql.googleapis.com/{estate.P}/instances/ward"].tags == {"team": "ward"}
    assert BY_UID["//storage.googleapis.com/pair"].tags == {}


def test_the_estate_is_read_whole() -> None:
    assert {row.status for row in of(FOUND, Coverage)} == {Status.READ}
    assert {row.region for row in of(FOUND, Coverage)} == {"*"}


def test_a_type_that_no_reader_covers_is_kept_and_reported() -> None:
    uid = f"//transcoder.googleapis.com/{estate.P}/locations/us-east1/jobs/bi"
    found = rows(
        estate.project(),
        *[estate.asset(uid + str(n), "transcoder.googleapis.com/Job", "us-east1", {"name": "bi"}) for n in range(3)],
    )
    assert next((row.uid, row.location, row.kind) for row in of(found, Resource)) == (uid + "0", "us-east1", None)
    assert {row.location for row in of(found, Placement)} == {"us-east1"}
    gap = next(row for row in of(found, Coverage) if row.status is Status.UNSUPPORTED)
    assert gap.service == "transcoder.googleapis.com/Job"
    assert gap.detail.startswith("3 of this type")


def test_names_alone_prove_nothing() -> None:
    bare = estate.asset("//storage.googleapis.com/b", "storage.googleapis.com/Bucket", None, None)
    found = rows(estate.project(), bare)
    assert of(found, Placement) == []
    assert of(found, Resource)[0].key_custody is None
    assert of(found, Resource)[0].tags is None
    gap = next(row for row in of(found, Coverage) if row.service == "storage")
    assert gap.status is Status.UNSUPPORTED
    assert gap.detail.startswith("1 of 1 without resource.data")


def test_a_list_without_the_project_itself_is_not_the_whole_list() -> None:
    found = rows(*estate.BUCKETS)
    gap = next(row for row in of(found, Coverage) if row.service == "*")
    assert (gap.account, gap.status) == (estate.NUMBER, Status.UNSUPPORTED)


def test_a_project_that_was_asked_for_has_every_service() -> None:
    found = of(rows(estate.project(), *estate.BUCKETS, asked=Asked((estate.PROJECT,))), Coverage)
    assert {row.service for row in found} == {*services_read(), "cloudresourcemanager", "iam"}
    assert {row.service: row.status for row in found}["spanner"] is Status.EMPTY


def test_an_empty_answer_is_not_an_empty_project() -> None:
    found = of(rows(asked=Asked((estate.PROJECT,))), Coverage)
    assert {(row.account, row.service, row.status) for row in found} == {
        (estate.PROJECT, "*", Status.UNSUPPORTED), (estate.PROJECT, "iam", Status.UNSUPPORTED)
    }  # fmt: skip


def test_the_kinds_are_those_of_the_atlas() -> None:
    atlas = load_atlas()
    for reader in READERS.values():
        listed = atlas.kind_of("gcp_cai", reader.type)
        assert listed is None or reader.kind == listed, reader.type
        assert reader.kind is None or reader.kind in atlas.kinds.by_id


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ([], "must be an object"),
        ({"assetType": "a"}, "`name` is missing"),
        ({"name": "//a/b"}, "`assetType` is missing"),
        ({"name": "bucket", "assetType": "a"}, "full resource name"),
        ({"name": "//a/b", "assetType": "a", "ancestors": "projects/1"}, "`ancestors`"),
        ({"name": "//a/b", "assetType": "a", "resource": []}, "`resource` must"),
        ({"name": "//a/b", "assetType": "a", "resource": {"data": "x"}}, "`resource.data`"),
    ],
)
def test_what_is_no_asset(item: Any, words: str) -> None:
    with pytest.raises(NotAnAsset, match=words):
        asset_of(item, "api")


def test_values_of_a_wrong_shape_never_crash_a_reader() -> None:
    paths = ("location", "replication", "labels", "storageLocations", "customPlacementConfig", "messageStoragePolicy",
             "asyncSecondaryDisks", "primaryConfig", "streamConfigs", "destinationConfigs", "config", "backupConfig", "access",
             "dataSourceGcpResource", "serviceResolvers", "resourcePolicies", "outputConfig", "transferSpec", "resources", "params",
             "crossClusterReplicationConfig", "destinationConfig", "snapshotSchedulePolicy", "linkedDatasetSource", "replicaNames", "settings", "spec")  # fmt: skip
    for wrong in (None, 7, "x", [], [None], [7], {}, {"a": None}):
        for type_ in READERS:
            name = f"//x.googleapis.com/{estate.P}/things/t"
            rows(estate.asset(name, type_, None, {**dict.fromkeys(paths, wrong), "always": 1}))
