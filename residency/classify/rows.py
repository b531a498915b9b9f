"""Fact rows: each placement joined with its resource, its account and what the atlas knows of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from residency.atlas.atlas import Atlas
from residency.classify import data_class, knowledge
from residency.facts import arrow_schema
from residency.model import DataClass, KeyCustody
from residency.on_disk import Growing, let_go
from residency.tables import Inventory

# Resources joined at a time.
SLICE = 20_000
# Fact rows handed on at a time.
_ROWS = 50_000


def classify(
    inventory: Inventory,
    atlas: Atlas,
    as_of: date,
    untagged: DataClass | None = None,
    class_rules: Sequence[data_class.ClassRule] = (),
) -> pa.Table:
    """Fact rows of an inventory under the law of a day, with the columns of `residency.facts.arrow_schema()`.

    A resource without a primary placement gets a row whose place is unknown. `untagged` is the class of what carries
    none (the option `--data-class`); without it such data is judged as personal and `resource.classified` is false.
    `class_rules` are those of the configuration: the first that fits counts, after the inventory and the resource's
    tags, and before the tags of its account.
    Rows are ordered by resource, role, location, via and target.
    """
    facts = Growing(arrow_schema())
    for part in _slices(inventory):
        for batch in _classified(part, atlas, as_of, untagged, class_rules):
            facts.add(batch)
        let_go()
    return facts.table()


def _slices(inventory: Inventory) -> Iterator[Inventory]:
    """The inventory in parts of whole resources, so that joining a large estate takes the memory of one part."""
    resources, placements = inventory.resources, inventory.placements
    owners = placements["uid"]
    begin = 0
    for start in range(0, max(resources.num_rows, 1), SLICE):
        end = placements.num_rows
        if start + SLICE < resources.num_rows:
            next_uid = resources["uid"][start + SLICE].as_py()
            end = bisect_left(range(placements.num_rows), next_uid, key=lambda index: owners[index].as_py())
        part = placements.slice(begin, end - begin)
        yield Inventory(inventory.accounts, resources.slice(start, SLICE), part, inventory.coverage)
        begin = end


def _classified(
    inventory: Inventory,
    atlas: Atlas,
    as_of: date,
    untagged: DataClass | None,
    class_rules: Sequence[data_class.ClassRule],
) -> Iterator[pa.Table]:
    connection = duckdb.connect(config={"enable_external_access": False})
    connection.register("resources", inventory.resources)
    connection.register("placements", inventory.placements)
    connection.register("accounts", inventory.accounts)
    connection.register(
        "kinds", knowledge.kinds(atlas, _distinct(connection, "SELECT DISTINCT type, kind FROM resources"))
    )
    _classes(connection, "classes", "SELECT uid, tags FROM resources")
    _classes(connection, "account_classes", "SELECT provider || ' ' || id AS uid, tags FROM accounts")
    _fallback(connection, untagged)
    connection.execute(_joined(class_rules))
    distinct_places = _distinct(connection, 'SELECT DISTINCT "place.offer", "place.location" FROM joined')
    offers = [row[0] for row in _distinct(connection, 'SELECT DISTINCT "place.offer" FROM joined')]
    questions = _distinct(connection, 'SELECT DISTINCT "place.offer", "resource.kind", "place.location" FROM joined')
    known = {
        "places": knowledge.places(atlas, distinct_places, as_of),
        "control": knowledge.control(atlas, offers, as_of),
        "certificates": knowledge.certificates(atlas, questions, as_of),
    }
    for name, table in known.items():
        connection.register(name, table.append_column("n", pa.arange(0, table.num_rows)))
    connection.execute(_KEYS)
    schema = arrow_schema()
    for batch in connection.sql(f"{_FACTS} ORDER BY {_ORDER}").to_arrow_reader(_ROWS):
        yield pa.Table.from_batches([_with_knowledge(batch, known, schema)], schema)


def _with_knowledge(batch: pa.RecordBatch, known: Mapping[str, pa.Table], schema: pa.Schema) -> pa.RecordBatch:
    """Fact rows: what the inventory tells of each, and of the tables of the atlas the row that it names by number."""
    owner = {column: name for name, table in known.items() for column in table.column_names}
    columns = []
    for field in schema:
        if field.name in owner:
            name = owner[field.name]
            column = _encoded(known[name][field.name].combine_chunks(), field).take(batch[f"n.{name}"])
        else:
            column = _encoded(batch[field.name], field)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _encoded(column: pa.Array, field: pa.Field) -> pa.Array:
    if pa.types.is_dictionary(field.type):
        column = column.dictionary_encode()
    return column.cast(field.type)


def _distinct(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(query).fetchall(), key=repr)


def _classes(connection: duckdb.DuckDBPyConnection, table: str, tagged: str) -> None:
    """A table of the data class of each thing in `tagged` whose tags say one. What they say is asked once each."""
    keys = ", ".join(f"'{key}'" for key in sorted(data_class.TAG_KEYS))
    connection.execute(f"""
        CREATE OR REPLACE TABLE said AS
        SELECT uid, list_filter(map_entries(tags), lambda e: lower(trim(e.key)) IN ({keys})) AS pairs
        FROM ({tagged}) WHERE tags IS NOT NULL AND len(pairs) > 0
    """)  # noqa: S608
    words: list[dict[str, str]] = []
    for text, pairs in connection.execute("SELECT DISTINCT pairs::VARCHAR, pairs FROM said").fetchall():
        declared = data_class.from_tags((entry["key"], entry["value"] or "") for entry in pairs)
        if declared is not None:
            words.append({"text": text, "class": str(declared)})
    schema = pa.schema([("text", pa.string()), ("class", pa.string())])
    connection.register("words", pa.Table.from_pylist(words, schema=schema))
    connection.execute(
        f"CREATE TABLE {table} AS SELECT uid, words.class FROM said JOIN words ON pairs::VARCHAR = words.text"  # noqa: S608
    )


def _fallback(connection: duckdb.DuckDBPyConnection, untagged: DataClass | None) -> None:
    default = untagged or data_class.DEFAULT
    connection.execute("CREATE TABLE fallback AS SELECT ? AS class, ? AS origin, ? AS declared", [
        str(default), "option" if untagged else "default", untagged is not None,
    ])  # fmt: skip


_UNKNOWN = str(KeyCustody.UNKNOWN)
_UNCLASSIFIED = str(DataClass.UNCLASSIFIED)


def _joined(class_rules: Sequence[data_class.ClassRule]) -> str:
    return f"""
CREATE TABLE joined AS
WITH described AS (
  SELECT r.*, k.kind AS known_kind, k.category, coalesce(r.stores_data, k.stores_data) AS stores, k.holds_keys,
    nullif(r.data_class, '{_UNCLASSIFIED}') AS told_class, c.class AS tag_class, ac.class AS account_class,
    f.class AS fallback_class, f.origin AS fallback_origin, f.declared AS fallback_declared,
    coalesce(a.path, []) AS account_path,
    {data_class.rule_columns(class_rules)}
  FROM resources r
  JOIN kinds k ON r.type = k.type AND r.kind IS NOT DISTINCT FROM k.given_kind
  LEFT JOIN classes c ON r.uid = c.uid
  LEFT JOIN accounts a ON r.provider = a.provider AND r.account = a.id
  LEFT JOIN account_classes ac ON r.provider || ' ' || r.account = ac.uid
  CROSS JOIN fallback f
), placed AS (
  SELECT uid, role, location, via, target, offer, evidence_api, evidence_field, evidence_value FROM placements
  UNION ALL
  SELECT uid, 'primary', NULL, 'unknown', NULL, NULL, NULL, NULL, NULL FROM resources
  WHERE uid NOT IN (SELECT uid FROM placements WHERE role = 'primary')
)
SELECT r.uid AS "resource.uid", r.provider AS "resource.provider", r.offer AS "resource.offer",
  r.account AS "resource.account", r.account_path AS "resource.account_path", r.type AS "resource.type",
  r.known_kind AS "resource.kind", r.category AS "resource.category", r.holds_keys AS "resource.holds_keys",
  coalesce(r.name, r.uid) AS "resource.name", r.stores AS "resource.stores_data",
  coalesce(r.told_class, r.tag_class, r.rule_class, r.account_class, r.fallback_class) AS "resource.data_class",
  CASE WHEN r.told_class IS NOT NULL THEN 'inventory' WHEN r.tag_class IS NOT NULL THEN 'tag'
    WHEN r.rule_class IS NOT NULL THEN r.rule_origin WHEN r.account_class IS NOT NULL THEN 'account'
    ELSE r.fallback_origin END AS "resource.data_class_from",
  (coalesce(r.told_class, r.tag_class, r.rule_class, r.account_class) IS NOT NULL OR r.fallback_declared)
    AS "resource.classified",
  p.role AS "place.role", p.location AS "place.location", p.via AS "place.via", p.target AS "place.target",
  coalesce(p.offer, r.offer) AS "place.offer", nullif(r.key_custody, '{_UNKNOWN}') AS "key.custody",
  p.evidence_api AS "evidence.api", p.evidence_field AS "evidence.field", p.evidence_value AS "evidence.value"
FROM placed p JOIN described r ON p.uid = r.uid
"""  # noqa: S608


# All keys of a resource together: a place that is not known makes the whole unknown, one outside makes it false.
_KEYS = """
CREATE TABLE keys AS
SELECT "resource.uid" AS uid,
  CASE WHEN bool_and("place.countries" IS NOT NULL) THEN list_sort(list_distinct(flatten(list("place.countries")))) END
    AS countries,
  CASE WHEN bool_or("place.in_eu" IS FALSE) THEN FALSE WHEN bool_or("place.in_eu" IS NULL) THEN NULL ELSE TRUE END
    AS in_eu,
  CASE WHEN bool_or("place.in_eea" IS FALSE) THEN FALSE WHEN bool_or("place.in_eea" IS NULL) THEN NULL ELSE TRUE END
    AS in_eea
FROM joined j LEFT JOIN places p
  ON j."place.offer" IS NOT DISTINCT FROM p.offer AND j."place.location" IS NOT DISTINCT FROM p.location
WHERE "place.role" = 'key' GROUP BY 1
"""

_FACTS = """
SELECT j.*, p.n AS "n.places", c.n AS "n.control", x.n AS "n.certificates",
  k.countries AS "key.countries", k.in_eu AS "key.in_eu", k.in_eea AS "key.in_eea"
FROM joined j
LEFT JOIN places p ON j."place.offer" IS NOT DISTINCT FROM p.offer
  AND j."place.location" IS NOT DISTINCT FROM p.location
LEFT JOIN control c ON j."place.offer" IS NOT DISTINCT FROM c.offer
LEFT JOIN certificates x ON j."place.offer" IS NOT DISTINCT FROM x.offer
  AND j."resource.kind" IS NOT DISTINCT FROM x.kind AND j."place.location" IS NOT DISTINCT FROM x.location
LEFT JOIN keys k ON j."resource.uid" = k.uid
"""

_ORDER = ", ".join(
    f'"{name}" NULLS FIRST'
    for name in ("resource.uid", "place.role", "place.location", "place.via", "place.target", "place.offer")
)
