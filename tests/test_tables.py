from __future__ import annotations

import random

import pytest

from residency import columns
from residency.model import Account, Coverage, Evidence, Placement, Resource, Role, Row, Status, StoresData
from residency.tables import Inventory

ROWS: list[Row] = [
    Account("aws", "aws", "1", "prod", ("Root",)),
    Resource("b", "aws", "aws", "1", "T", "object-bucket", "b", "eu-west-3", StoresData.YES, {"k": "v", "a": "é"}),
    Resource("a", "aws", None, "1", "T"),
    Placement("b", Role.PRIMARY, "eu-west-3", "location", Evidence("api", "field", "value")),
    Placement("b", Role.REPLICA, None, "s3-replication", target="c"),
    Coverage("aws", "1", "eu-west-3", "s3", Status.READ),
    Coverage("aws", "1", "eu-west-3", "s3", Status.DENIED, "AccessDenied: s3:GetBucketTagging"),
    Coverage("aws", "1", "eu-west-3", "s3", Status.READ, ""),
    Coverage("aws", "1", "eu-west-1", "s3", Status.EMPTY),
]


def test_the_order_of_arrival_changes_nothing() -> None:
    expected = Inventory.of(ROWS)
    for seed in range(20):
        shuffled = ROWS * 2
        random.Random(seed).shuffle(shuffled)
        assert Inventory.of(shuffled) == expected


def test_a_denied_part_of_a_service_is_never_forgotten() -> None:
    rows = Inventory.of(ROWS).coverage.to_pylist()
    assert [(row["region"], row["status"]) for row in rows] == [("eu-west-1", "empty"), ("eu-west-3", "denied")]
    assert rows[1]["detail"] == "AccessDenied: s3:GetBucketTagging"


def test_rows_and_tables_are_the_same() -> None:
    inventory = Inventory.of(ROWS)
    assert Inventory.of(inventory.rows()) == inventory
    assert Inventory.merged([inventory, inventory]) == inventory


def test_unknown_stays_unknown() -> None:
    resource = Inventory.of(ROWS).resources.to_pylist()[0]
    assert resource["uid"] == "a"
    assert {resource[name] for name in ("offer", "kind", "location", "stores_data", "data_class", "key_custody")} == {
        None
    }
    assert resource["tags"] is None


def test_many_rows_in_any_order_give_the_same_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Row] = []
    for number in range(300):
        uid = f"b{number % 100:03d}"
        made.append(Resource(uid, "aws", "aws", str(number % 3), "T", name=str(number)))
        made.append(
            Placement(
                uid, Role.PRIMARY, ["", "eu-west-3", None][number % 3], "location", Evidence("a", "f", str(number))
            )
        )
        made.append(
            Placement(uid, Role.REPLICA, "us-east-1", "s3", target=f"t{number % 7}", offer=["aws", None][number % 2])
        )
    expected = Inventory.of(made)
    # So small that the rows go to disk in many runs, and are put in order in several parts.
    for name, rows in (("CHUNK", 7), ("RUN", 40), ("PART", 60)):
        monkeypatch.setattr(columns, name, rows)
    for seed in range(5):
        random.Random(seed).shuffle(made)
        assert Inventory.of(made) == expected
    # Each resource was told three times: the telling whose values come first counts.
    assert expected.resources.num_rows == 100
    assert expected.resources["uid"].to_pylist() == [f"b{number:03d}" for number in range(100)]
    first = {row["uid"]: row["name"] for row in expected.resources.to_pylist()}
    assert first["b000"] == "0"
    # A place that is not known and one without a name are the same.
    keys = [
        (row["uid"], row["role"], row["location"] or "", row["target"] or "", row["offer"] or "")
        for row in expected.placements.to_pylist()
    ]
    assert keys == sorted(set(keys))
