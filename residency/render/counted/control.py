"""Who runs what is bought, with the certificates of its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from residency.render.counted.query import rows

_OFFER_FACTS = (
    "control.operator", "control.operator_country", "control.contracting_country", "control.parent",
    "control.parent_country", "control.seat_in_eu", "control.parent_in_eu", "control.laws_by_parent",
    "control.laws_by_operator", "control.laws_disputed", "control.non_eu_share_largest", "control.non_eu_share_total",
)  # fmt: skip
_CERTIFICATES = ("secnumcloud", "hds", "c5", "iso_27001")


@dataclass(frozen=True, slots=True)
class Offer:
    """Who runs an offer, and how many places it has. A name or list that is `None` is unknown."""

    id: str | None
    facts: dict[str, Any]
    places: int
    certificates: tuple[tuple[str, int, int, int], ...]


def offers(db: duckdb.DuckDBPyConnection) -> tuple[Offer, ...]:
    """The offers, the one with the most places first."""
    facts = ", ".join(f'max("{name}")' for name in _OFFER_FACTS)
    certificates = ", ".join(
        f'count(*) FILTER ("cert.{name}"), count(*) FILTER (NOT "cert.{name}"), count(*) FILTER ("cert.{name}" IS NULL)'
        for name in _CERTIFICATES
    )
    query = f"""SELECT coalesce("place.offer", "resource.offer") AS offer, count(*) AS n, {facts}, {certificates}
                FROM places GROUP BY offer ORDER BY n DESC, offer"""  # noqa: S608 - built from the names above
    made = []
    for row in rows(db, query):
        offer, count = row[:2]
        known = dict(zip(_OFFER_FACTS, row[2 : 2 + len(_OFFER_FACTS)], strict=True))
        rest = row[2 + len(_OFFER_FACTS) :]
        held = tuple((name, *rest[3 * i : 3 * i + 3]) for i, name in enumerate(_CERTIFICATES))
        made.append(Offer(offer, known, count, held))
    return tuple(made)
