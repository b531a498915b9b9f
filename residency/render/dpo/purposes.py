"""What resources are for, as their tags say."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from residency.result import AuditResult


def purposes(result: AuditResult) -> pa.Table:
    """The tag `purpose` of each resource that has one: columns `uid` and `purpose`."""
    resources = result.inventory.resources
    tagged = resources.filter(pc.is_valid(resources["tags"])).select(["uid", "tags"])
    found = [
        (uid, dict(tags).get("purpose"))
        for uid, tags in zip(tagged["uid"].to_pylist(), tagged["tags"].to_pylist(), strict=True)
    ]
    told = [(uid, purpose) for uid, purpose in found if purpose]
    schema = pa.schema([("uid", pa.string()), ("purpose", pa.string())])
    return pa.table([[uid for uid, _p in told], [p for _uid, p in told]], schema=schema)
