from __future__ import annotations

import random

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
