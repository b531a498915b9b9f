from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from residency.atlas.atlas import load_atlas
from residency.classify.data_class import ClassRule, from_tags
from residency.classify.rows import classify
from residency.facts import arrow_schema
from residency.model import Account, DataClass, KeyCustody, Placement, Resource, Role, Row
from residency.tables import Inventory

DAY = date(2026, 11, 24)


def bucket(uid: str, **changes: Any) -> Resource:
    return Resource(
        **{"uid": uid, "provider": "aws", "offer": "aws", "account": "1", "type": "AWS::S3::Bucket", **changes}
    )


def rows(*given: Row, day: date = DAY, untagged: DataClass | None = None) -> list[dict[str, Any]]:
    table = classify(Inventory.of(given), load_atlas(), day, untagged)
    assert table.schema == arrow_schema()
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def test_a_placement_gets_country_control_and_kind() -> None:
    (row,) = rows(
        Account("aws", "aws", "1", path=("Root", "Health")),
        bucket("b"),
        Placement("b", Role.PRIMARY, "eu-west-3", "location"),
    )
    assert row["place.countries"] == ["FR"]
    assert (row["place.country"], row["place.in_eu"], row["place.in_eea"], row["place.adequate"]) == (
        "FR",
        True,
        True,
        True,
    )
    assert (row["resource.kind"], row["resource.category"], row["resource.stores_data"]) == (
        "object-bucket",
        "object-storage",
        "yes",
    )
    assert row["resource.holds_keys"] is False
    assert row["resource.account_path"] == ["Root", "Health"]
    assert row["control.parent_country"] == "US"
    assert "US-CLOUD-ACT" in row["control.laws_by_parent"]
    assert row["cert.secnumcloud"] is False


def test_a_resource_without_a_primary_place_keeps_a_row_of_unknown_place() -> None:
    found = rows(bucket("b"), Placement("b", Role.REPLICA, "us-east-1", "s3-replication"))
    assert [(row["place.role"], row["place.location"], row["place.in_eu"]) for row in found] == [
        ("primary", None, None),
        ("replica", "us-east-1", False),
    ]


@pytest.mark.parametrize(
    ("offer", "location"), [("aws", "mars-north-1"), ("nobody", "eu-west-3"), (None, "eu-west-3"), ("aws", None)]
)
def test_what_the_atlas_does_not_know_stays_unknown(offer: str | None, location: str | None) -> None:
    (row,) = rows(bucket("b", offer=offer), Placement("b", Role.PRIMARY, location, "location"))
    assert {
        row[name] for name in ("place.in_eu", "place.in_eea", "place.adequate", "place.country", "place.extent")
    } == {None}
    assert row["place.countries"] is None
    if offer != "aws":
        assert {row[name] for name in row if name.startswith(("control.", "cert."))} == {None}


def test_a_place_of_another_offer_is_judged_as_that_offer() -> None:
    (row,) = rows(bucket("b"), Placement("b", Role.PRIMARY, "fr-par", "copy", offer="scaleway"))
    assert (row["place.offer"], row["place.country"], row["control.parent_country"]) == ("scaleway", "FR", "FR")


def test_anywhere_is_outside_the_union() -> None:
    (row,) = rows(
        bucket("b", offer="gcp", provider="gcp", type="storage.googleapis.com/Bucket"),
        Placement("b", Role.PRIMARY, "global", "location"),
    )
    assert (row["place.extent"], row["place.in_eu"], row["place.countries"]) == ("anywhere", False, None)


def test_the_law_is_that_of_the_day() -> None:
    given = (bucket("b"), Placement("b", Role.PRIMARY, "eu-west-2", "location"))
    assert rows(*given, day=date(2019, 6, 1))[0]["place.in_eu"] is True
    assert rows(*given)[0]["place.in_eu"] is False
    assert rows(*given)[0]["place.adequate"] is True
    us = (bucket("b"), Placement("b", Role.PRIMARY, "us-east-1", "location"))
    assert "US-CLOUD-ACT" not in rows(*us, day=date(2018, 1, 1))[0]["control.laws_by_parent"]


def test_keys_of_a_resource_are_taken_together() -> None:
    base = (bucket("b", key_custody=KeyCustody.CUSTOMER_MANAGED), Placement("b", Role.PRIMARY, "eu-west-3", "location"))
    paris, virginia = (
        Placement("b", Role.KEY, place, "encryption-key", target=place) for place in ("eu-west-3", "us-east-1")
    )
    unknown = Placement("b", Role.KEY, None, "encryption-key", target="x")

    def keys(*places: Placement) -> tuple[Any, Any]:
        row = next(r for r in rows(*base, *places) if r["place.role"] == "primary")
        return row["key.countries"], row["key.in_eu"]

    assert keys() == (None, None)
    assert keys(paris) == (["FR"], True)
    assert keys(paris, virginia) == (["FR", "US"], False)
    assert keys(paris, unknown) == (None, None)
    assert keys(virginia, unknown) == (None, False)


def test_unknown_custody_is_absent() -> None:
    (row,) = rows(bucket("b", key_custody=KeyCustody.UNKNOWN), Placement("b", Role.PRIMARY, "eu-west-3", "location"))
    assert row["key.custody"] is None


def data_class(untagged: DataClass | None = None, **changes: Any) -> tuple[str, str, bool]:
    (row,) = rows(bucket("b", **changes), Placement("b", Role.PRIMARY, "eu-west-3", "location"), untagged=untagged)
    return row["resource.data_class"], row["resource.data_class_from"], row["resource.classified"]


def test_the_data_class_and_where_it_comes_from() -> None:
    assert data_class(tags={"Data-Class": " HEALTH "}) == ("health", "tag", True)
    assert data_class(tags={"data-class": "public"}, data_class=DataClass.HEALTH) == ("health", "inventory", True)
    assert data_class(data_class=DataClass.UNCLASSIFIED) == ("personal", "default", False)
    assert data_class(tags={"Name": "health"}) == ("personal", "default", False)
    assert data_class(tags={"data-class": "whatever"}) == ("personal", "default", False)
    assert data_class(tags=None, untagged=DataClass.HEALTH) == ("health", "option", True)


def test_where_tags_disagree_the_more_sensitive_counts() -> None:
    assert from_tags([("data-class", "public"), ("classification", "santé")]) is DataClass.HEALTH
    assert from_tags([("data-class", "internal"), ("sensitivity", "pii")]) is DataClass.PERSONAL
    assert from_tags([]) is None


def test_the_order_of_rows_is_fixed() -> None:
    given: list[Row] = []
    for number in range(300):
        given.append(bucket(f"b{number}", tags={"data-class": "health"} if number % 3 else None))
        given += [
            Placement(f"b{number}", Role.PRIMARY, "eu-west-3", "location"),
            Placement(f"b{number}", Role.KEY, None, "encryption-key", target=str(number)),
        ]
    first = classify(Inventory.of(given), load_atlas(), DAY)
    random.Random(1).shuffle(given)
    assert classify(Inventory.of(given), load_atlas(), DAY) == first


def test_a_rule_of_the_configuration_gives_a_class_with_its_reason() -> None:
    given = (
        Account("aws", "aws", "1", path=("Root", "Health")),
        bucket("b", name="patients_2024"),
        Placement("b", Role.PRIMARY, "eu-west-3", "location"),
    )

    def told(*rules: ClassRule, **changes: Any) -> tuple[str, str, bool]:
        rows: list[Row] = [given[0], bucket("b", name="patients_2024", **changes), given[2]]
        row = classify(Inventory.of(rows), load_atlas(), DAY, None, rules).to_pylist()[0]
        return row["resource.data_class"], row["resource.data_class_from"], row["resource.classified"]

    health = DataClass.HEALTH
    assert told(ClassRule(health, account="1")) == ("health", "account", True)
    assert told(ClassRule(health, path="Root/Health*")) == ("health", "account", True)
    assert told(ClassRule(health, name="patients_*")) == ("health", "name", True)
    assert told(ClassRule(health, name="patients-*")) == ("personal", "default", False)
    assert told(ClassRule(health, account="2", name="patients*")) == ("personal", "default", False)
    assert told(ClassRule(DataClass.PUBLIC, uid="b"), ClassRule(health, account="1")) == ("public", "name", True)
    assert told(ClassRule(health, account="1"), tags={"data-class": "public"}) == ("public", "tag", True)


def test_the_tags_of_an_account_give_the_class_of_what_no_tag_and_no_rule_describes() -> None:
    account = Account("aws", "aws", "1", tags={"Data-Class": "health", "team": "ward"})
    given = (
        account,
        bucket("plain"),
        bucket("tagged", tags={"classification": "public"}),
        bucket("named", name="named"),
    )
    table = classify(Inventory.of(given), load_atlas(), DAY, None, (ClassRule(DataClass.INTERNAL, name="named"),))
    found = {row["resource.uid"]: row for row in table.to_pylist()}
    told = {
        uid: (row["resource.data_class"], row["resource.data_class_from"], row["resource.classified"])
        for uid, row in found.items()
    }
    assert told["plain"] == ("health", "account", True)
    assert told["tagged"] == ("public", "tag", True)
    assert told["named"] == ("internal", "name", True)


def test_an_account_of_another_provider_lends_no_class() -> None:
    (row,) = rows(Account("gcp", "gcp", "1", tags={"data-class": "health"}), bucket("b"))
    assert (row["resource.data_class"], row["resource.data_class_from"]) == ("personal", "default")
