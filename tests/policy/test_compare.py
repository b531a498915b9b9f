from __future__ import annotations

import pyarrow as pa

from residency.policy.compare import changes
from residency.policy.judge import FINDINGS


def judged(**verdicts: str) -> pa.Table:
    rows = [
        {"id": name, "policy": "p", "rule": "r", "subject": name, "verdict": verdict, "row": 0, "per": "placement"}
        for name, verdict in verdicts.items()
    ]
    return pa.Table.from_pylist(rows, schema=FINDINGS)


def test_only_what_differs_is_told_with_both_sides() -> None:
    old, new = judged(a="compliant", b="violation", c="unproven"), judged(a="compliant", b="unproven", d="violation")
    found = [(row["id"], row["before"], row["after"]) for row in changes(old, new).to_pylist()]
    assert found == [("b", "violation", "unproven"), ("c", "unproven", None), ("d", None, "violation")]
    assert changes(old, old).num_rows == 0
