"""Every data placement with what the rules say of it, the worst first."""

from __future__ import annotations

import duckdb
import pyarrow as pa

# A rule about a resource speaks of each of its places.
_TABLE = """
    WITH used AS (SELECT policy, per, "row", weight FROM judged JOIN weights USING (verdict)
                  WHERE per IN ('placement', 'resource')),
    spread AS (SELECT policy, "row", weight FROM used WHERE per = 'placement'
      UNION ALL SELECT used.policy, f."row", used.weight FROM used JOIN facts named ON named."row" = used."row"
      JOIN facts f ON f."resource.uid" = named."resource.uid" WHERE used.per = 'resource'),
    worst AS (SELECT policy, "row", max(weight) AS weight FROM spread GROUP BY ALL),
    said AS (SELECT "row", max(weight) AS weight, string_agg(policy || '=' || verdict, ' ' ORDER BY policy) AS judged
             FROM worst JOIN weights USING (weight) GROUP BY "row")
    SELECT "resource.uid" AS uid, "resource.name" AS name, "resource.type" AS type,
      "resource.provider" AS provider, "resource.account" AS account,
      coalesce("place.offer", "resource.offer") AS offer, "resource.data_class" AS data_class,
      "place.role" AS role, "place.location" AS location, area,
      CASE WHEN "place.extent" = 'anywhere' THEN '*'
           ELSE array_to_string(list_sort(coalesce("place.countries", [])), ' ') END AS countries,
      "place.via" AS via, "place.target" AS target, "key.custody" AS custody, "control.operator" AS operator,
      "control.parent" AS parent, "control.parent_country" AS parent_country, "evidence.api" AS evidence_api,
      "evidence.field" AS evidence_field, "evidence.value" AS evidence_value, judged
    FROM facts LEFT JOIN said USING ("row") ORDER BY coalesce(weight, -1) DESC, uid, "row\""""


def placements(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """The placements as columns of text.

    `countries` is `*` for a place that is anywhere and empty for one whose countries are not known; `judged` has
    `pack=verdict` for each pack that judged the place, and is null where none did.
    """
    return db.sql(_TABLE).to_arrow_table()
