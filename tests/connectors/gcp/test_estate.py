from __future__ import annotations

from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.connectors.gcp.asset import NotAnAsset, asset_of
from residency.connectors.gcp.read import SERVICES, read
from residency.connectors.gcp.rows import READERS
from residency.model import Account, Coverage, Placement, Resource, Row, Status
from tests.connectors.gcp import estate


def rows(*items: dict[str, Any], **more: Any) -> list[Row]:
    return list(read([asset_of(item, "cloudasset:ListAssets") for item in items], **more))


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


FOUND = rows(*estate.ESTATE)
BY_UID = {row.uid: row for row in of(FOUND, Resource)}


def test_exactly_the_places_of_the_estate_are_found() -> None:
    found = {(BY_UID[row.uid].name, str(row.role), row.location) for row in of(FOUND, Placement)}
    assert found == estate.PLACES


def test_every_placement_says_how_it_is_known() -> None:
    for row in of(FOUND, Placement):
        assert row.evidence is not None
        assert row.evidence.api == "cloudasset:ListAssets"
        assert row.evidence.field.startswith(("resource.", "name"))


def test_one_resource_for_each_asset_that_holds_something() -> None:
    settings = {"cloudresourcemanager.googleapis.com/Project", "compute.googleapis.com/Network"}
    assert set(BY_UID) == {item["name"] for item in estate.ESTATE if item["assetType"] not in settings}
    assert {row.account for row in BY_UID.values()} == {estate.PROJECT}
    assert {row.offer for row in BY_UID.values()} == {"gcp"}


def test_who_holds_the_keys() -> None:
    named = {row.name: row.key_custody for row in BY_UID.values() if row.name in estate.CUSTODY}
    assert named == estate.CUSTODY


def test_the_account_has_its_path_from_the_root() -> None:
    assert of(FOUND, Account) == [
        Account("gcp", "gcp", estate.PROJECT, "Hospital", (estate.ORGANIZATION, estate.FOLDER))
    ]


def test_labels_are_tags() -> None:
    assert BY_UID["//storage.googleapis.com/patients"].tags == {"data-class": "health"}
    assert BY_UID[f"//cloudsql.googleapis.com/{estate.P}/instances/ward"].tags == {"team": "ward"}
    assert BY_UID["//storage.googleapis.com/pair"].tags == {}


def test_the_estate_is_read_whole() -> None:
    assert {row.status for row in of(FOUND, Coverage)} == {Status.READ}
    assert {row.region for row in of(FOUND, Coverage)} == {"*"}


def test_a_type_that_no_reader_covers_is_kept_and_reported() -> None:
    uid = f"//looker.googleapis.com/{estate.P}/locations/us-east1/instances/bi"
    found = rows(
        estate.project(),
        *[estate.asset(uid + str(n), "looker.googleapis.com/Instance", "us-east1", {"name": "bi"}) for n in range(3)],
    )
    assert next((row.uid, row.location, row.kind) for row in of(found, Resource)) == (uid + "0", "us-east1", None)
    assert {row.location for row in of(found, Placement)} == {"us-east1"}
    gap = next(row for row in of(found, Coverage) if row.status is Status.UNSUPPORTED)
    assert gap.service == "looker.googleapis.com/Instance"
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
    found = of(rows(estate.project(), *estate.BUCKETS, asked=[estate.PROJECT]), Coverage)
    assert {row.service for row in found} == {*SERVICES, "cloudresourcemanager"}
    assert {row.service: row.status for row in found}["spanner"] is Status.EMPTY


def test_an_empty_answer_is_not_an_empty_project() -> None:
    (gap,) = of(rows(asked=[estate.PROJECT]), Coverage)
    assert (gap.account, gap.service, gap.status) == (estate.PROJECT, "*", Status.UNSUPPORTED)


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
             "asyncSecondaryDisks", "primaryConfig", "linkedDatasetSource", "replicaNames", "settings", "spec")  # fmt: skip
    for wrong in (None, 7, "x", [], [None], [7], {}, {"a": None}):
        for type_ in READERS:
            name = f"//x.googleapis.com/{estate.P}/things/t"
            rows(estate.asset(name, type_, None, {**dict.fromkeys(paths, wrong), "always": 1}))
