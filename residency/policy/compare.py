"""What differs between two judgements of the same estate, finding by finding."""

from __future__ import annotations

import duckdb
import pyarrow as pa

CHANGES = pa.schema([
    ("id", pa.string()), ("policy", pa.string()), ("rule", pa.string()), ("subject", pa.string()), ("row", pa.int64()),
    ("per", pa.string()), ("before", pa.string()), ("after", pa.string()),
])  # fmt: skip

_QUERY = """
SELECT coalesce(n.id, o.id) AS id, coalesce(n.policy, o.policy) AS policy, coalesce(n.rule, o.rule) AS rule,
  coalesce(n.subject, o.subject) AS subject, coalesce(n.row, o.row) AS row, coalesce(n.per, o.per) AS per,
  o.verdict AS before, n.verdict AS after
FROM old o FULL JOIN new n USING (id)
WHERE o.verdict IS DISTINCT FROM n.verdict
ORDER BY policy, rule, subject, id
"""


def changes(old: pa.Table, new: pa.Table) -> pa.Table:
    """The findings whose verdict is not the same in both, schema `CHANGES`.

    `old` and `new` have the schema `residency.policy.judge.FINDINGS`. A side in which the rule says nothing of the
    subject is NULL. Ordered by pack, rule and subject.
    """
    connection = duckdb.connect(config={"enable_external_access": False})
    connection.register("old", old)
    connection.register("new", new)
    return connection.sql(_QUERY).to_arrow_table().cast(CHANGES)
