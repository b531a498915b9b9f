"""What the atlas says about each distinct place, offer and certificate question of an inventory, as small tables.

An estate has millions of placements but few distinct places: the atlas is asked once for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from residency.atlas.atlas import Atlas, LawLink, Offer, Place

EU, EEA = "eu_territory", "eea_territory"
CHECKS = ("secnumcloud", "hds", "c5", "iso_27001", "gaia_x_label")
# Best first.
STANDINGS = ("member", "treated", "full", "conditional", "none")
_DISPUTED = frozenset({"establishment", "technology-supplier", "minority-shareholder"})

_LIST = pa.list_(pa.string())
PLACES = pa.schema([
    ("offer", pa.string()), ("location", pa.string()), ("place.extent", pa.string()), ("place.countries", _LIST),
    ("place.country", pa.string()), ("place.in_eu", pa.bool_()), ("place.in_eea", pa.bool_()),
    ("place.adequate", pa.bool_()), ("place.adequacy", pa.string()),
])  # fmt: skip
CONTROL = pa.schema([
    ("offer", pa.string()), ("control.operator", pa.string()), ("control.operator_country", pa.string()),
    ("control.contracting_country", pa.string()), ("control.parent", pa.string()),
    ("control.parent_country", pa.string()), ("control.seat_in_eu", pa.bool_()), ("control.parent_in_eu", pa.bool_()),
    ("control.operator_in_eu", pa.bool_()), ("control.seat_in_eea", pa.bool_()), ("control.parent_in_eea", pa.bool_()),
    ("control.supplier_countries_outside_eu", _LIST),
    ("control.laws_by_parent", _LIST), ("control.laws_by_operator", _LIST), ("control.laws_disputed", _LIST),
    ("control.non_eu_share_largest", pa.float64()), ("control.non_eu_share_total", pa.float64()),
    ("control.non_eu_known_largest", pa.float64()), ("control.non_eu_known_total", pa.float64()),
])  # fmt: skip
CERTIFICATES = pa.schema([
    ("offer", pa.string()), ("kind", pa.string()), ("location", pa.string()),
    *((f"cert.{check}", pa.bool_()) for check in CHECKS),
])  # fmt: skip
KINDS = pa.schema([
    ("type", pa.string()), ("given_kind", pa.string()), ("kind", pa.string()), ("category", pa.string()),
    ("stores_data", pa.string()), ("holds_keys", pa.bool_()),
])  # fmt: skip

# Vocabularies in which an inventory may name a resource type.
_VOCABULARIES = ("aws_cloudformation", "gcp_cai", "azure_arm")


def places(atlas: Atlas, keys: Iterable[tuple[str | None, str | None]], as_of: date) -> pa.Table:
    """Geography of each (offer, location), schema `PLACES`. What the atlas does not know stays unknown."""
    return pa.Table.from_pylist([_place(atlas, offer, location, as_of) for offer, location in keys], schema=PLACES)


def _place(atlas: Atlas, offer: str | None, location: str | None, as_of: date) -> dict[str, Any]:
    place = atlas.place(offer, location) if offer and location else None
    row: dict[str, Any] = {"offer": offer, "location": location}
    if place is None:
        return row
    countries = atlas.countries(place, as_of)
    row |= {
        "place.extent": place.extent,
        "place.countries": None if countries is None else list(countries),
        "place.country": countries[0] if countries and len(countries) == 1 else None,
        "place.in_eu": atlas.within(place, EU, as_of),
        "place.in_eea": atlas.within(place, EEA, as_of),
        "place.adequate": atlas.adequate(place, as_of),
        "place.adequacy": _adequacy(atlas, place, countries, as_of),
    }
    return row


def _adequacy(atlas: Atlas, place: Place, countries: tuple[str, ...] | None, as_of: date) -> str | None:
    """The worst standing of the countries under GDPR chapter V; `None` when they are not known."""
    if not countries:
        return STANDINGS[-1] if place.anywhere else None
    standing = (atlas.adequacy(country, as_of) for country in countries)
    # Inside without being a member: a treaty says so, and is cited as the instrument.
    told = ("treated" if s.status == "member" and s.instrument else s.status for s in standing)
    return max(told, key=STANDINGS.index)


def control(atlas: Atlas, offers: Iterable[str | None], as_of: date) -> pa.Table:
    """Who controls each offer and which access laws reach it, schema `CONTROL`."""
    return pa.Table.from_pylist([_control(atlas, offer, as_of) for offer in offers], schema=CONTROL)


def _control(atlas: Atlas, offer_id: str | None, as_of: date) -> dict[str, Any]:
    offer = atlas.offer(offer_id, as_of) if offer_id else None
    row: dict[str, Any] = {"offer": offer_id}
    if offer is None or offer_id is None:
        return row
    contracting, parent = offer.contracting_entity, offer.ultimate_parent
    operator = offer.operator or contracting
    laws = atlas.laws(offer_id, as_of)
    shares = atlas.non_eu_share(offer_id, as_of)

    def within(country: str | None, group: str = EU) -> bool | None:
        return None if country is None else atlas.in_group(country, group, as_of)

    published = [holder.percent for holder in offer.non_eu_holders or () if holder.percent is not None]

    row |= {
        "control.operator": operator and operator.name,
        "control.operator_country": operator and operator.country,
        "control.contracting_country": contracting and contracting.country,
        "control.parent": parent and parent.name,
        "control.parent_country": parent and parent.country,
        "control.seat_in_eu": within(contracting.country if contracting else None),
        "control.parent_in_eu": within(parent.country if parent else None),
        "control.operator_in_eu": within(operator.country if operator else None),
        "control.seat_in_eea": within(contracting.country if contracting else None, EEA),
        "control.parent_in_eea": within(parent.country if parent else None, EEA),
        "control.supplier_countries_outside_eu": _suppliers_outside(atlas, offer, as_of),
        "control.non_eu_share_largest": shares and shares[0],
        "control.non_eu_share_total": shares and shares[1],
        "control.non_eu_known_largest": max(published, default=0.0),
        "control.non_eu_known_total": float(sum(published)),
    }
    if laws is not None:
        row["control.laws_by_parent"] = _law_ids(laws, {"parent"})
        row["control.laws_by_operator"] = _law_ids(laws, {"operator"})
        row["control.laws_disputed"] = _law_ids(laws, _DISPUTED)
    return row


def _suppliers_outside(atlas: Atlas, offer: Offer, as_of: date) -> list[str] | None:
    """Countries outside the Union of the suppliers named; `None` for none, as the list need not be complete."""
    countries = {supplier.country for supplier in offer.technology_suppliers if supplier.country}
    return sorted(country for country in countries if not atlas.in_group(country, EU, as_of)) or None


def _law_ids(laws: Iterable[LawLink], via: Iterable[str]) -> list[str]:
    wanted = set(via)
    return sorted({link.law for link in laws if link.access and link.via in wanted})


def certificates(atlas: Atlas, keys: Iterable[tuple[str | None, str | None, str | None]], as_of: date) -> pa.Table:
    """Whether a certificate covers each (offer, kind, location) on the date, schema `CERTIFICATES`."""
    rows: list[dict[str, Any]] = []
    for offer, kind, location in keys:
        row: dict[str, Any] = {"offer": offer, "kind": kind, "location": location}
        if offer:
            for check in CHECKS:
                row[f"cert.{check}"] = atlas.certificate(offer, check, kind, location, as_of).holds
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=CERTIFICATES)


def kinds(atlas: Atlas, keys: Iterable[tuple[str, str | None]]) -> pa.Table:
    """The normalised kind of each (type, kind given), its family and whether it stores data, schema `KINDS`."""
    rows: list[dict[str, Any]] = []
    for type_name, given in keys:
        kind_id = given or next((k for v in _VOCABULARIES if (k := atlas.kind_of(v, type_name))), None)
        kind = atlas.kind(kind_id) if kind_id else None
        rows.append({
            "type": type_name, "given_kind": given, "kind": kind_id, "category": kind and kind.category,
            "stores_data": kind and kind.stores_data, "holds_keys": bool(kind and kind.holds_keys),
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=KINDS)
